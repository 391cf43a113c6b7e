//! Servers on real sockets that send without end, to check that reading ends.

use std::{
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use salekit_core::{
    Failure, FailureKind, Freshness, Headers, HttpRequest, HttpsTransport, Method, SaleClientConfig, Sent, Transport,
    wire::{Body, Reply},
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpListener,
};

/// The most that may be read from a server, including the sockets' buffers.
const MOST_TAKEN: usize = 16 * 1024 * 1024;

/// Answers any request with `start`, and then repeats `rest` without end. Returns the result and how many bytes were
/// sent.
async fn endless(start: &'static str, rest: &'static str) -> (Result<Reply, Failure>, usize) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/", listener.local_addr().unwrap());
    let sent = Arc::<AtomicUsize>::default();
    let counter = Arc::clone(&sent);
    let server = tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.unwrap();
        let _ = stream.read(&mut [0; 4_096]).await;
        let (start, rest) = (start.as_bytes().to_vec(), rest.repeat(1 + 4_096 / rest.len()));
        let mut next = start;
        while stream.write_all(&next).await.is_ok() {
            let sent = counter.fetch_add(next.len(), Ordering::SeqCst) + next.len();
            assert!(sent <= MOST_TAKEN, "{sent} bytes were taken");
            next = rest.as_bytes().to_vec();
        }
    });
    let transport = HttpsTransport::new(&SaleClientConfig::for_loopback(&url, &url).unwrap()).unwrap();
    let request = HttpRequest {
        method: Method::Post,
        url: url.parse().unwrap(),
        body: Body::empty(),
        headers: Headers::none(),
        freshness: Freshness::Any,
        time_limit: Duration::from_secs(30),
    };
    let answer = transport.send(request).await;
    drop(transport);
    server.await.unwrap();
    (answer, sent.load(Ordering::SeqCst))
}

async fn cut(start: &'static str, rest: &'static str) -> FailureKind {
    let (answer, _) = endless(start, rest).await;
    let failure = answer.unwrap_err();
    assert_eq!(
        failure.sent,
        Sent::Possibly,
        "an answer, however mad, means that the request arrived"
    );
    failure.kind
}

#[tokio::test]
async fn a_body_without_end() {
    let start = "HTTP/1.1 200 OK\r\n\r\n";
    assert_eq!(cut(start, "{\"state\":\"APPROVED\"}").await, FailureKind::AnswerTooLong);
}

#[tokio::test]
async fn chunks_without_end() {
    let start = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
    assert_eq!(cut(start, "1\r\nx\r\n").await, FailureKind::AnswerTooLong);
}

#[tokio::test]
async fn headers_without_end() {
    assert_eq!(
        cut("HTTP/1.1 200 OK\r\n", "X-A: b\r\n").await,
        FailureKind::AnswerTooLong
    );
}

#[tokio::test]
async fn one_header_without_end() {
    assert_eq!(
        cut("HTTP/1.1 200 OK\r\nX-A: ", "bbbbbbbbbbbbbbbb").await,
        FailureKind::AnswerTooLong
    );
}

#[tokio::test]
async fn a_status_line_without_end() {
    assert_eq!(cut("HTTP/1.1 200 ", "OKOKOKOKOK").await, FailureKind::AnswerTooLong);
}

#[tokio::test]
async fn a_chunk_extension_without_end() {
    let start = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1;";
    assert_eq!(cut(start, "x=xxxxxxxxxxxxxx").await, FailureKind::AnswerUnreadable);
}

#[tokio::test]
async fn trailers_without_end() {
    let start = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n";
    assert_eq!(cut(start, "X-A: b\r\n").await, FailureKind::AnswerUnreadable);
}
