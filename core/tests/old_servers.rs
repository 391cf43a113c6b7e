//! HTTP as old servers, caches and appliances write it, over real sockets: an unusual head must not make the answer
//! unreadable.

use std::time::{Duration, SystemTime};

use salekit_core::{
    Failure, FailureKind, Freshness, Headers, HttpRequest, HttpsTransport, Method, SaleClientConfig, Transport,
    wire::{Body, Reply},
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpListener,
};

/// How the transport reads `answer`, and the head of the request that its server got.
async fn ask(answer: &str) -> (Result<Reply, Failure>, String) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/paynet", listener.local_addr().unwrap());
    let config = SaleClientConfig::for_loopback(&url, &url).unwrap();
    let transport = HttpsTransport::new(&config).unwrap();
    let request = HttpRequest {
        method: Method::Get,
        url: url.parse().unwrap(),
        body: Body::empty(),
        headers: Headers::none(),
        freshness: Freshness::Any,
        time_limit: Duration::from_secs(60),
    };
    let serving = async {
        let (mut stream, _) = listener.accept().await.unwrap();
        let mut head = Vec::new();
        while !head.ends_with(b"\r\n\r\n") {
            head.push(stream.read_u8().await.unwrap());
        }
        stream.write_all(answer.as_bytes()).await.unwrap();
        String::from_utf8(head).unwrap()
    };
    tokio::join!(transport.send(request), serving)
}

/// An answer whose head has `lines` between its status and its length.
fn with(lines: &str) -> String {
    format!("HTTP/1.1 200 OK\r\n{lines}Content-Length: 2\r\n\r\n{{}}")
}

/// The `Retry-After` of an answer with these lines.
async fn read(lines: &str) -> Option<Duration> {
    let (reply, _) = ask(&with(lines)).await;
    let reply = reply.unwrap_or_else(|failure| panic!("{failure:?} for {lines:?}"));
    assert_eq!((reply.status, reply.body.as_slice()), (200, &b"{}"[..]), "{lines:?}");
    reply.retry_after
}

#[tokio::test]
async fn a_folded_header_is_read_as_one_line() {
    // RFC 9112, section 5.2.
    read("Set-Cookie: a=b;\r\n path=/;\r\n\tSecure\r\n").await;
    assert_eq!(read("Retry-After:\r\n 7\r\n").await, Some(Duration::from_secs(7)));
}

#[tokio::test]
async fn white_space_before_a_colon_is_no_part_of_the_name() {
    assert_eq!(read("Retry-After : 7\r\n").await, Some(Duration::from_secs(7)));
    let (reply, _) = ask("HTTP/1.1 200 OK\r\nContent-Length : 2\r\n\r\n{}").await;
    assert_eq!(reply.unwrap().body, b"{}");
}

#[tokio::test]
async fn a_line_that_is_no_header_is_passed_over() {
    assert_eq!(
        read("X Odd Name: 1\r\nno colon at all\r\nRetry-After: 7\r\n").await,
        Some(Duration::from_secs(7))
    );
}

#[tokio::test]
async fn many_headers_are_read_and_too_many_cost_only_the_answer() {
    read(&"X-Trace: abc\r\n".repeat(500)).await;
    let (reply, _) = ask(&with(&"X-Trace: abc\r\n".repeat(600))).await;
    assert_eq!(reply.unwrap_err(), Failure::after_sending(FailureKind::AnswerTooLong));
}

#[tokio::test]
async fn a_date_to_retry_after_is_measured_against_the_answers_own() {
    // A day in a different year than any clock here.
    let own = "Date: Sun, 06 Nov 1994 08:49:37 GMT\r\n";
    let minute = "Retry-After: Sun, 06 Nov 1994 08:50:37 GMT\r\n";
    assert_eq!(read(&format!("{own}{minute}")).await, Some(Duration::from_secs(60)));
    let passed = "Retry-After: Sun, 06 Nov 1994 08:48:37 GMT\r\n";
    assert_eq!(read(&format!("{own}{passed}")).await, Some(Duration::ZERO));
    // Without it, only the device's clock is left.
    let hour = Duration::from_secs(3_600);
    let later = httpdate::fmt_http_date(SystemTime::now() + hour);
    for own in ["", "Date: today\r\n"] {
        let wait = read(&format!("{own}Retry-After: {later}\r\n")).await.unwrap();
        assert!(wait <= hour && wait > hour / 2, "{wait:?}");
    }
}

#[tokio::test]
async fn a_request_asks_for_json_that_is_not_compressed_and_tells_no_more_than_it_must() {
    let (_, head) = ask(&with("")).await;
    let mut lines: Vec<_> = head.trim_end().split("\r\n").skip(1).map(str::to_lowercase).collect();
    lines.retain(|line| !line.starts_with("host: "));
    lines.sort();
    let agent = format!("user-agent: salekit/{}", env!("CARGO_PKG_VERSION"));
    assert_eq!(lines, ["accept-encoding: identity", "accept: application/json", &agent]);
}
