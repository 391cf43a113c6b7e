//! The default transport against real sockets: what it sends, how often, on which connection, and how it handles
//! servers that misbehave.

use std::{
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use salekit_core::{
    Failure, FailureKind, Freshness, Headers, HttpRequest, HttpsTransport, Method, SaleClientConfig, Secret, Sent,
    Transport,
    wire::{Body, Reply},
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    time::Instant,
};
use url::Url;

/// What the server does with a connection after reading a request.
#[derive(Clone, Copy)]
enum Behaviour {
    Answer(&'static str),
    /// Answers the first request of a connection and closes after reading the second.
    CloseOnSecond,
    AnswerAndClose(&'static str),
    CloseUnanswered,
    Silence,
    Endless,
}

struct Server {
    url: Url,
    connections: Arc<AtomicUsize>,
    requests: Arc<AtomicUsize>,
}

const OK: &str = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}";

impl Server {
    async fn start(behaviour: Behaviour) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = Url::parse(&format!("http://{}/paynet", listener.local_addr().unwrap())).unwrap();
        let (connections, requests) = (Arc::<AtomicUsize>::default(), Arc::<AtomicUsize>::default());
        let server = Self {
            url,
            connections: Arc::clone(&connections),
            requests: Arc::clone(&requests),
        };
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                connections.fetch_add(1, Ordering::SeqCst);
                tokio::spawn(serve(stream, behaviour, Arc::clone(&requests)));
            }
        });
        server
    }

    /// Waits until that many requests were received.
    async fn receives(&self, requests: usize) {
        while self.counts().1 < requests {
            tokio::task::yield_now().await;
        }
    }

    fn counts(&self) -> (usize, usize) {
        (
            self.connections.load(Ordering::SeqCst),
            self.requests.load(Ordering::SeqCst),
        )
    }
}

async fn serve(mut stream: TcpStream, behaviour: Behaviour, requests: Arc<AtomicUsize>) {
    let mut number = 0;
    while let Some(is_head) = read_request(&mut stream).await {
        requests.fetch_add(1, Ordering::SeqCst);
        number += 1;
        match behaviour {
            Behaviour::Answer(answer) if is_head => {
                let head = answer.split_inclusive("\r\n\r\n").next().unwrap();
                stream.write_all(head.as_bytes()).await.unwrap();
            }
            Behaviour::Answer(answer) => stream.write_all(answer.as_bytes()).await.unwrap(),
            Behaviour::AnswerAndClose(answer) => {
                stream.write_all(answer.as_bytes()).await.unwrap();
                return;
            }
            Behaviour::CloseOnSecond if number == 1 => stream.write_all(OK.as_bytes()).await.unwrap(),
            Behaviour::CloseOnSecond | Behaviour::CloseUnanswered => return,
            Behaviour::Silence => std::future::pending().await,
            Behaviour::Endless => {
                let head = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
                stream.write_all(head.as_bytes()).await.unwrap();
                let chunk = format!("4000\r\n{}\r\n", " ".repeat(0x4000));
                while stream.write_all(chunk.as_bytes()).await.is_ok() {}
                return;
            }
        }
    }
}

/// Reads a request with its body, if there is one. Returns whether it is a HEAD request.
async fn read_request(stream: &mut TcpStream) -> Option<bool> {
    let mut read = Vec::new();
    loop {
        let text = String::from_utf8_lossy(&read).to_lowercase();
        if let Some((head, body)) = text.split_once("\r\n\r\n") {
            let length = head
                .lines()
                .find_map(|line| line.strip_prefix("content-length: "))
                .map(|n| n.parse().unwrap());
            if body.len() >= length.unwrap_or(0) {
                return Some(head.starts_with("head "));
            }
        }
        let mut buffer = [0; 4_096];
        match stream.read(&mut buffer).await {
            Ok(0) | Err(_) => return None,
            Ok(length) => read.extend_from_slice(&buffer[..length]),
        }
    }
}

fn transport(url: &Url) -> HttpsTransport {
    let config = SaleClientConfig::for_loopback(url.as_str(), url.as_str()).unwrap();
    HttpsTransport::new(&config.with_connection_timeouts(Duration::from_secs(5), Duration::from_secs(5))).unwrap()
}

fn post(url: &Url, freshness: Freshness) -> HttpRequest {
    let time_limit = Duration::from_secs(5);
    HttpRequest {
        method: Method::Post,
        url: url.clone(),
        body: Body::empty(),
        headers: Headers::none(),
        freshness,
        time_limit,
    }
}

async fn send_once(behaviour: Behaviour) -> (Result<Reply, Failure>, (usize, usize)) {
    let server = Server::start(behaviour).await;
    let answer = transport(&server.url).send(post(&server.url, Freshness::Recent)).await;
    (answer, server.counts())
}

#[tokio::test]
async fn a_request_without_an_answer_is_never_sent_again_by_itself() {
    let (answer, counts) = send_once(Behaviour::CloseUnanswered).await;
    assert_eq!(answer.unwrap_err(), Failure::after_sending(FailureKind::ConnectionLost));
    assert_eq!(counts, (1, 1));
}

#[tokio::test]
async fn nothing_resends_on_a_connection_that_was_used_before_either() {
    let server = Server::start(Behaviour::CloseOnSecond).await;
    let transport = transport(&server.url);
    assert_eq!(
        transport.send(post(&server.url, Freshness::Any)).await.unwrap().status,
        200
    );
    let failure = transport.send(post(&server.url, Freshness::Any)).await.unwrap_err();
    assert_eq!(failure.sent, Sent::Possibly);
    assert_eq!(
        server.counts(),
        (1, 2),
        "the HTTP library must not try again after an answer was lost"
    );
    assert_eq!(
        transport.send(post(&server.url, Freshness::Any)).await.unwrap().status,
        200
    );
    assert_eq!(server.counts(), (2, 3), "and the broken connection is not used again");
}

#[tokio::test]
async fn a_refused_connection_certainly_carried_nothing() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = Url::parse(&format!("http://{}/", listener.local_addr().unwrap())).unwrap();
    drop(listener);
    let failure = transport(&url).send(post(&url, Freshness::Any)).await.unwrap_err();
    assert_eq!(failure, Failure::before_sending(FailureKind::NotConnected));
}

#[tokio::test]
async fn a_host_without_an_address_certainly_got_nothing() {
    let url = Url::parse("https://gateway.invalid/paynet").unwrap();
    let transport = HttpsTransport::new(&SaleClientConfig::new(url.as_str(), url.as_str()).unwrap()).unwrap();
    let failure = transport.send(post(&url, Freshness::Any)).await.unwrap_err();
    assert_eq!(failure, Failure::before_sending(FailureKind::NameNotResolved));
}

#[tokio::test]
async fn plain_http_is_refused_where_it_was_not_allowed() {
    let server = Server::start(Behaviour::Answer(OK)).await;
    let config = SaleClientConfig::new("https://gateway.example", "https://shop.example").unwrap();
    let answer = HttpsTransport::new(&config)
        .unwrap()
        .send(post(&server.url, Freshness::Any))
        .await;
    assert!(answer.is_err());
    assert_eq!(server.counts(), (0, 0));
}

#[tokio::test]
async fn no_redirect_is_followed() {
    let answer = "HTTP/1.1 307 Temporary Redirect\r\nLocation: /elsewhere\r\nContent-Length: 0\r\n\r\n";
    let (answer, counts) = send_once(Behaviour::Answer(answer)).await;
    assert_eq!((answer.unwrap().status, counts), (307, (1, 1)));
}

#[tokio::test]
async fn an_answer_without_end_is_cut_off() {
    let (answer, _) = send_once(Behaviour::Endless).await;
    assert_eq!(answer.unwrap_err(), Failure::after_sending(FailureKind::AnswerTooLong));
    let announced = "HTTP/1.1 200 OK\r\nContent-Length: 999999999\r\n\r\n";
    let (answer, _) = send_once(Behaviour::Answer(announced)).await;
    assert_eq!(answer.unwrap_err(), Failure::after_sending(FailureKind::AnswerTooLong));
}

#[tokio::test]
async fn a_compressed_answer_is_not_unpacked() {
    let answer = "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 4\r\n\r\nbomb";
    let (answer, _) = send_once(Behaviour::Answer(answer)).await;
    assert_eq!(answer.unwrap().body, b"bomb");
}

#[tokio::test]
async fn what_is_not_http_is_an_unreadable_answer_and_possibly_an_accepted_request() {
    let (answer, _) = send_once(Behaviour::Answer("SSH-2.0-OpenSSH_9.2\r\n\r\n")).await;
    assert_eq!(
        answer.unwrap_err(),
        Failure::after_sending(FailureKind::AnswerUnreadable)
    );
}

#[tokio::test]
async fn an_answer_that_breaks_off_is_a_lost_one() {
    let answer = "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{";
    let (answer, counts) = send_once(Behaviour::AnswerAndClose(answer)).await;
    assert_eq!((answer.unwrap_err().sent, counts), (Sent::Possibly, (1, 1)));
}

#[tokio::test]
async fn a_silent_server_costs_the_time_limit_and_may_have_got_the_request() {
    let server = Server::start(Behaviour::Silence).await;
    let transport = transport(&server.url);
    let mut request = post(&server.url, Freshness::Any);
    request.time_limit = Duration::from_secs(60);
    let limit = request.time_limit;
    let began = Instant::now();
    let mut sending = transport.send(request);
    tokio::select! {
        answer = &mut sending => panic!("{answer:?}"),
        () = server.receives(1) => {}
    }
    // From here on nobody has anything to do, so the clock goes straight to the limit.
    tokio::time::pause();
    let received = Instant::now();
    assert_eq!(
        sending.await.unwrap_err(),
        Failure::after_sending(FailureKind::TimedOut)
    );
    assert!(began.elapsed() >= limit, "{:?}", began.elapsed());
    let rounding = Duration::from_millis(2);
    assert!(received.elapsed() <= limit + rounding, "{:?}", received.elapsed());
}

#[tokio::test]
async fn a_handshake_that_never_ends_certainly_carried_nothing_whatever_the_limits() {
    let server = Server::start(Behaviour::Silence).await;
    let url = Url::parse(&server.url.as_str().replace("http://", "https://")).unwrap();
    for answer_limit in [100, 200, 5_000].map(Duration::from_millis) {
        let config = SaleClientConfig::for_loopback(url.as_str(), url.as_str()).unwrap();
        let transport =
            HttpsTransport::new(&config.with_connection_timeouts(Duration::from_millis(200), answer_limit)).unwrap();
        let mut request = post(&url, Freshness::Recent);
        request.time_limit = answer_limit;
        assert_eq!(
            transport.send(request).await.unwrap_err(),
            Failure::before_sending(FailureKind::TimedOut),
            "{answer_limit:?}"
        );
    }
}

#[tokio::test]
async fn headers_are_written_as_they_are_beside_those_of_the_transport() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = Url::parse(&format!("http://{}/", listener.local_addr().unwrap())).unwrap();
    let transport = transport(&url);
    let given = [
        ("Authorization", "Bearer a.b=="),
        ("x-two", "1,\t2"),
        ("User-Agent", "Shop/7"),
    ];
    let headers = Headers::new(given.map(|(name, value)| (name.to_owned(), Secret::new(value)))).unwrap();
    let request = |headers| HttpRequest {
        headers,
        ..post(&url, Freshness::Any)
    };
    let receive = async {
        let (mut stream, _) = listener.accept().await.unwrap();
        let mut heads = Vec::new();
        for _ in 0..2 {
            let mut head = Vec::new();
            while !head.ends_with(b"\r\n\r\n") {
                head.push(stream.read_u8().await.unwrap());
            }
            stream.write_all(OK.as_bytes()).await.unwrap();
            heads.push(String::from_utf8(head).unwrap().to_lowercase());
        }
        heads
    };
    let send = async {
        assert!(transport.send(request(headers)).await.is_ok());
        assert!(transport.send(request(Headers::none())).await.is_ok());
    };
    let (heads, ()) = tokio::join!(receive, send);
    for line in ["authorization: bearer a.b==", "x-two: 1,\t2", "user-agent: shop/7"] {
        assert_eq!(
            heads[0].lines().filter(|other| *other == line).count(),
            1,
            "{}",
            heads[0]
        );
    }
    for line in [
        "accept: application/json",
        "content-type: application/json",
        "accept-encoding: identity",
    ] {
        assert!(
            heads.iter().all(|head| head.lines().any(|other| other == line)),
            "{heads:?}"
        );
    }
    assert!(
        !heads[1].contains("authorization") && !heads[1].contains("x-two"),
        "of its own request only"
    );
}

#[tokio::test]
async fn requests_side_by_side_do_not_share_a_connection() {
    let server = Server::start(Behaviour::Answer(OK)).await;
    let transport = transport(&server.url);
    let send = || transport.send(post(&server.url, Freshness::Recent));
    let (one, two, three) = tokio::join!(send(), send(), send());
    assert!([one, two, three].iter().all(Result::is_ok));
    assert_eq!(server.counts(), (3, 3));
}

#[tokio::test]
async fn retry_after_is_read_in_both_forms() {
    let seconds = "HTTP/1.1 429 Too Many Requests\r\nRetry-After: 7\r\nContent-Length: 0\r\n\r\n";
    let (answer, _) = send_once(Behaviour::Answer(seconds)).await;
    assert_eq!(answer.unwrap().retry_after, Some(Duration::from_secs(7)));
    let past = "HTTP/1.1 503 Busy\r\nRetry-After: Sun, 06 Nov 1994 08:49:37 GMT\r\nContent-Length: 0\r\n\r\n";
    let (answer, _) = send_once(Behaviour::Answer(past)).await;
    assert_eq!(answer.unwrap().retry_after, Some(Duration::ZERO));
}
