//! Which connections the default transport keeps, which it never reuses, and when it closes them.

mod preconnect;
mod sales;
mod server;

use std::time::Duration;

use salekit_core::{Freshness, Headers, HttpRequest, HttpsTransport, Method, SaleClientConfig, Transport, wire::Body};
use url::Url;

use server::{OK, Reaction, Seen, Server};

fn transport() -> HttpsTransport {
    let config = SaleClientConfig::for_loopback("http://127.0.0.1", "http://127.0.0.1").unwrap();
    HttpsTransport::new(&config).unwrap()
}

fn get(url: &Url) -> HttpRequest {
    HttpRequest {
        method: Method::Get,
        url: url.clone(),
        body: Body::empty(),
        headers: Headers::none(),
        freshness: Freshness::Any,
        time_limit: Duration::from_secs(60),
    }
}

/// A request that is sent like perform sale.
fn perform(url: &Url) -> HttpRequest {
    HttpRequest {
        method: Method::Post,
        freshness: Freshness::Recent,
        ..get(url)
    }
}

async fn send(transport: &HttpsTransport, server: &Server) {
    assert_eq!(transport.send(get(&server.url)).await.unwrap().status, 200);
}

/// A server, and a transport with an idle connection to it.
async fn after_a_request() -> (Server, HttpsTransport) {
    let mut server = Server::answering().await;
    let transport = transport();
    send(&transport, &server).await;
    server.sees(Seen::Answered).await;
    (server, transport)
}

#[tokio::test]
async fn one_that_the_server_has_closed_is_not_used() {
    let mut server = Server::start(|_, _| Reaction::AnswerAndClose(OK.to_owned())).await;
    let other = Server::answering().await;
    let transport = transport();
    for connections in 1..5 {
        send(&transport, &server).await;
        server.sees(Seen::Answered).await;
        assert_eq!(server.connections(), connections);
        // By the time another server has answered, the transport has noticed the close.
        send(&transport, &other).await;
    }
    assert_eq!(other.connections(), 1, "this one was kept");
}

#[tokio::test]
async fn one_on_which_the_server_said_more_than_it_was_asked_is_not_used() {
    let answer = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}HTTP/1.1 500 Late\r\nContent-Length: 2\r\n\r\n{}";
    let server = Server::start(move |_, _| Reaction::Answer(answer.to_owned())).await;
    let transport = transport();
    for connections in 1..5 {
        send(&transport, &server).await;
        assert_eq!(server.connections(), connections);
    }
}

#[tokio::test]
async fn one_whose_request_was_dropped_is_closed_at_once() {
    for answer in [
        "",
        "HTTP/1.1 200 OK\r\nContent-",
        "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{",
    ] {
        let mut server = Server::start(move |_, _| Reaction::Answer(answer.to_owned())).await;
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
    let mut server = Server::start(move |_, _| Reaction::Answer(answer.to_owned())).await;
    let transport = transport();
    assert!(transport.send(get(&server.url)).await.is_err());
    server.sees(Seen::Answered).await;
    server.sees(Seen::Closed).await;
}

#[tokio::test]
async fn one_whose_answer_came_in_pieces_takes_the_next_request_at_once() {
    let server = Server::start(|_, _| Reaction::AnswerSlowly(OK.to_owned())).await;
    let url = server.url.clone();
    // A task, like the requests of sales: it runs before the tasks that its answer wakes.
    let sending = tokio::spawn(async move {
        let transport = transport();
        for _ in 0..5 {
            assert!(transport.send(get(&url)).await.is_ok());
        }
    });
    sending.await.unwrap();
    assert_eq!(server.connections(), 1);
}

#[tokio::test]
async fn an_unused_one_is_closed_after_a_while() {
    let (mut server, _transport) = after_a_request().await;
    tokio::time::pause();
    tokio::time::advance(Duration::from_secs(21)).await;
    tokio::time::resume();
    server.sees(Seen::Closed).await;
}

#[tokio::test]
async fn forget_idle_closes_idle_ones() {
    let (mut server, transport) = after_a_request().await;
    transport.forget_idle();
    server.sees(Seen::Closed).await;
    send(&transport, &server).await;
    assert_eq!(server.connections(), 2);
}

#[tokio::test]
async fn no_more_than_eight_wait_for_one_server() {
    let mut server = Server::answering().await;
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
