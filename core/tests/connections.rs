//! Which connections the default transport keeps, which it never uses again, and when it closes them.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test says what it expects by unwrapping it"
)]

use std::{
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use salekit_core::{Config, Freshness, HttpRequest, HttpsTransport, Method, Transport, message::Body};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel},
    time::timeout,
};
use url::Url;

const OK: &str = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}";

/// What a server says to every request, and whether it then closes the connection.
#[derive(Clone, Copy)]
struct Script {
    answer: &'static str,
    closes: bool,
}

/// What happened to a connection, as its server saw it.
#[derive(Debug, PartialEq, Eq)]
enum Seen {
    Answered,
    Closed,
}

struct Server {
    url: Url,
    connections: Arc<AtomicUsize>,
    seen: UnboundedReceiver<Seen>,
}

impl Server {
    async fn start(script: Script) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = Url::parse(&format!("http://{}/paynet", listener.local_addr().unwrap())).unwrap();
        let connections = Arc::<AtomicUsize>::default();
        let (sender, seen) = unbounded_channel();
        let counter = Arc::clone(&connections);
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                counter.fetch_add(1, Ordering::SeqCst);
                tokio::spawn(serve(stream, script, sender.clone()));
            }
        });
        Self { url, connections, seen }
    }

    /// One that answers and keeps its connections.
    async fn patient() -> Self {
        let closes = false;
        Self::start(Script { answer: OK, closes }).await
    }

    async fn sees(&mut self, expected: Seen) {
        let seen = timeout(Duration::from_secs(60), self.seen.recv()).await;
        assert_eq!(seen, Ok(Some(expected)));
    }

    fn connections(&self) -> usize {
        self.connections.load(Ordering::SeqCst)
    }
}

/// Requests have no body here, so each ends with an empty line.
async fn serve(mut stream: TcpStream, script: Script, seen: UnboundedSender<Seen>) {
    let mut read = Vec::new();
    let mut buffer = [0; 1_024];
    while let Ok(length @ 1..) = stream.read(&mut buffer).await {
        read.extend_from_slice(&buffer[..length]);
        if !read.ends_with(b"\r\n\r\n") {
            continue;
        }
        read.clear();
        stream.write_all(script.answer.as_bytes()).await.unwrap();
        if script.closes {
            drop(stream);
            let _ = seen.send(Seen::Answered);
            return;
        }
        let _ = seen.send(Seen::Answered);
    }
    let _ = seen.send(Seen::Closed);
}

fn transport() -> HttpsTransport {
    let config = Config::for_loopback("http://127.0.0.1", "http://127.0.0.1").unwrap();
    HttpsTransport::new(&config).unwrap()
}

fn get(url: &Url) -> HttpRequest {
    HttpRequest {
        method: Method::Get,
        url: url.clone(),
        body: Body::empty(),
        freshness: Freshness::Recent,
        time_limit: Duration::from_secs(60),
    }
}

async fn send(transport: &HttpsTransport, server: &Server) {
    assert_eq!(transport.send(get(&server.url)).await.unwrap().status, 200);
}

/// A server, and a transport with an idle connection to it.
async fn after_a_request() -> (Server, HttpsTransport) {
    let mut server = Server::patient().await;
    let transport = transport();
    send(&transport, &server).await;
    server.sees(Seen::Answered).await;
    (server, transport)
}

#[tokio::test]
async fn one_that_the_server_has_closed_is_not_used() {
    let mut server = Server::start(Script {
        answer: OK,
        closes: true,
    })
    .await;
    let other = Server::patient().await;
    let transport = transport();
    for connections in 1..5 {
        send(&transport, &server).await;
        server.sees(Seen::Answered).await;
        assert_eq!(server.connections(), connections);
        // By the time another server has answered, the close has been seen here too.
        send(&transport, &other).await;
    }
    assert_eq!(other.connections(), 1, "this one was kept");
}

#[tokio::test]
async fn one_on_which_the_server_said_more_than_it_was_asked_is_not_used() {
    let answer = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}HTTP/1.1 500 Late\r\nContent-Length: 2\r\n\r\n{}";
    let server = Server::start(Script { answer, closes: false }).await;
    let transport = transport();
    for connections in 1..5 {
        send(&transport, &server).await;
        assert_eq!(server.connections(), connections);
    }
}

#[tokio::test]
async fn one_whose_request_nobody_waits_for_any_more_is_closed_at_once() {
    for answer in [
        "",
        "HTTP/1.1 200 OK\r\nContent-",
        "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{",
    ] {
        let mut server = Server::start(Script { answer, closes: false }).await;
        let transport = transport();
        for connections in 1..3 {
            tokio::select! {
                answer = transport.send(get(&server.url)) => panic!("{answer:?}"),
                () = server.sees(Seen::Answered) => {}
            }
            server.sees(Seen::Closed).await;
            assert_eq!(server.connections(), connections, "{answer:?}");
        }
    }
}

#[tokio::test]
async fn one_whose_answer_is_too_long_is_closed_at_once() {
    let answer = "HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n";
    let mut server = Server::start(Script { answer, closes: false }).await;
    let transport = transport();
    assert!(transport.send(get(&server.url)).await.is_err());
    server.sees(Seen::Answered).await;
    server.sees(Seen::Closed).await;
}

#[tokio::test]
async fn one_that_nobody_needs_is_closed_after_a_while() {
    let (mut server, _transport) = after_a_request().await;
    tokio::time::pause();
    tokio::time::advance(Duration::from_secs(21)).await;
    tokio::time::resume();
    server.sees(Seen::Closed).await;
}

#[tokio::test]
async fn idle_ones_are_closed_when_told_to_forget_them() {
    let (mut server, transport) = after_a_request().await;
    transport.forget_idle();
    server.sees(Seen::Closed).await;
    send(&transport, &server).await;
    assert_eq!(server.connections(), 2);
}

#[tokio::test]
async fn no_more_than_eight_wait_for_one_server() {
    let mut server = Server::patient().await;
    let transport = transport();
    let send = || send(&transport, &server);
    tokio::join!(send(), send(), send(), send(), send(), send(), send(), send(), send());
    assert_eq!(server.connections(), 9);
    for _ in 0..9 {
        server.sees(Seen::Answered).await;
    }
    server.sees(Seen::Closed).await;
    assert!(server.seen.is_empty(), "one, and no more");
}
