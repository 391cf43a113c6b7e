//! Connections that are opened ahead of time: a request uses a running preconnect, as long as that is not slower than a
//! new connection. Time passes only when a test advances it.

use std::{
    future::{Future, poll_fn},
    pin::{Pin, pin},
    sync::mpsc,
    task::Poll,
    time::Duration,
};

use salekit_core::{Transport, wire::Reply};
use tokio::{
    task::spawn_blocking,
    time::{advance, pause, resume},
};

use super::{
    get, perform,
    server::{OK, Reaction, Server, answer},
    transport,
};

const SHORT: Duration = Duration::from_millis(100);
const MOMENT: Duration = Duration::from_millis(1);

/// Stops the clock until it is dropped. A paused clock advances when all tasks wait, but not while a blocking thread
/// works. If a test waits for something that does not come, the clock advances in the end, and time limits apply.
pub struct StoppedClock {
    _until_dropped: mpsc::Sender<()>,
}

pub fn stop_the_clock() -> StoppedClock {
    pause();
    let (until_dropped, dropped) = mpsc::channel();
    spawn_blocking(move || dropped.recv_timeout(Duration::from_secs(30)));
    StoppedClock {
        _until_dropped: until_dropped,
    }
}

impl Drop for StoppedClock {
    fn drop(&mut self) {
        resume();
    }
}

/// Polls `future` until it waits, and not to its end.
async fn begin(mut future: Pin<&mut impl Future>) {
    poll_fn(|context| {
        assert!(future.as_mut().poll(context).is_pending());
        Poll::Ready(())
    })
    .await;
}

/// Runs a preconnect until its request has arrived at `server`.
async fn until_it_arrives(warming: Pin<&mut impl Future>, server: &mut Server) {
    tokio::select! {
        _ = warming => panic!("it was not answered"),
        () = server.gets("HEAD /paynet") => {}
    }
}

/// A server that answers HEAD when the test allows it, and everything else at once.
async fn slow_to_warm_up() -> Server {
    Server::start(|method, _| match method {
        "HEAD" => Reaction::AnswerWhenAllowed(answer(method, "")),
        _ => Reaction::Answer(OK.to_owned()),
    })
    .await
}

fn is_good(reply: Result<Reply, salekit_core::Failure>) -> bool {
    reply.is_ok_and(|reply| reply.status == 200)
}

#[tokio::test]
async fn perform_takes_the_connection_that_is_being_made() {
    let _clock = stop_the_clock();
    let mut server = slow_to_warm_up().await;
    let transport = transport();
    let url = server.url.clone();
    let mut warming = pin!(transport.preconnect(&url));
    until_it_arrives(warming.as_mut(), &mut server).await;
    advance(SHORT).await;
    let mut sending = pin!(transport.send(perform(&server.url)));
    begin(sending.as_mut()).await;
    advance(SHORT - MOMENT).await;
    begin(sending.as_mut()).await;
    server.allow(1);
    let ((), reply) = tokio::join!(warming, sending);
    assert!(is_good(reply));
    assert_eq!(server.log(), "1 HEAD /paynet, 1 POST /paynet");
    assert_eq!(server.connections(), 1);
}

#[tokio::test]
async fn a_warm_up_that_hangs_costs_a_request_no_longer_than_it_has_taken_and_a_second_at_most() {
    let _clock = stop_the_clock();
    for (taken, costs) in [(SHORT, SHORT), (Duration::from_secs(5), Duration::from_secs(1))] {
        let mut server = slow_to_warm_up().await;
        let transport = transport();
        let url = server.url.clone();
        let mut warming = pin!(transport.preconnect(&url));
        until_it_arrives(warming.as_mut(), &mut server).await;
        advance(taken).await;
        let mut sending = pin!(transport.send(perform(&server.url)));
        begin(sending.as_mut()).await;
        advance(costs + MOMENT).await;
        assert!(is_good(sending.await));
        assert_eq!(server.log(), "1 HEAD /paynet, 2 POST /paynet");
    }
}

#[tokio::test]
async fn a_warm_up_that_has_only_begun_is_not_waited_for() {
    let _clock = stop_the_clock();
    let mut server = slow_to_warm_up().await;
    let transport = transport();
    let url = server.url.clone();
    let mut warming = pin!(transport.preconnect(&url));
    until_it_arrives(warming.as_mut(), &mut server).await;
    let mut sending = pin!(transport.send(get(&server.url)));
    begin(sending.as_mut()).await;
    advance(MOMENT).await;
    assert!(is_good(sending.await));
    assert_eq!(server.log(), "1 HEAD /paynet, 2 GET /paynet");
}

#[tokio::test]
async fn a_warm_up_that_fails_costs_nothing() {
    let _clock = stop_the_clock();
    let mut server = Server::start(|method, _| match method {
        "HEAD" => Reaction::CloseWhenAllowed,
        _ => Reaction::Answer(OK.to_owned()),
    })
    .await;
    let transport = transport();
    let url = server.url.clone();
    let mut warming = pin!(transport.preconnect(&url));
    until_it_arrives(warming.as_mut(), &mut server).await;
    advance(SHORT).await;
    let mut sending = pin!(transport.send(perform(&server.url)));
    begin(sending.as_mut()).await;
    server.allow(1);
    // No time passes.
    let ((), reply) = tokio::join!(warming, sending);
    assert!(is_good(reply));
    assert_eq!(server.log(), "1 HEAD /paynet, 2 POST /paynet");
}

#[tokio::test]
async fn a_dropped_preconnect_leaves_nothing_to_wait_for() {
    let _clock = stop_the_clock();
    let mut server = slow_to_warm_up().await;
    let transport = transport();
    {
        let url = server.url.clone();
        let mut warming = pin!(transport.preconnect(&url));
        until_it_arrives(warming.as_mut(), &mut server).await;
        advance(SHORT).await;
    }
    assert!(is_good(transport.send(perform(&server.url)).await));
    assert_eq!(server.log(), "1 HEAD /paynet, 2 POST /paynet");
}

#[tokio::test]
async fn two_warm_ups_at_once_make_one_connection() {
    let mut server = slow_to_warm_up().await;
    let transport = transport();
    let url = server.url.clone();
    let mut warming = pin!(transport.preconnect(&url));
    until_it_arrives(warming.as_mut(), &mut server).await;
    transport.preconnect(&url).await;
    server.allow(1);
    warming.await;
    assert_eq!((server.log().as_str(), server.connections()), ("1 HEAD /paynet", 1));
}

#[tokio::test]
async fn only_one_request_waits_for_a_warm_up() {
    let _clock = stop_the_clock();
    let mut server = slow_to_warm_up().await;
    let transport = transport();
    let url = server.url.clone();
    let mut warming = pin!(transport.preconnect(&url));
    until_it_arrives(warming.as_mut(), &mut server).await;
    advance(SHORT).await;
    let mut first = pin!(transport.send(perform(&server.url)));
    begin(first.as_mut()).await;
    assert!(is_good(transport.send(get(&server.url)).await));
    server.allow(1);
    let ((), reply) = tokio::join!(warming, first);
    assert!(is_good(reply));
    assert_eq!(server.log(), "1 HEAD /paynet, 2 GET /paynet, 1 POST /paynet");
}

#[tokio::test]
async fn a_warm_up_from_before_the_network_changed_is_not_used() {
    let _clock = stop_the_clock();
    let mut server = slow_to_warm_up().await;
    let transport = transport();
    let url = server.url.clone();
    let mut warming = pin!(transport.preconnect(&url));
    until_it_arrives(warming.as_mut(), &mut server).await;
    advance(SHORT).await;
    transport.forget_idle();
    assert!(is_good(transport.send(perform(&server.url)).await));
    server.allow(1);
    warming.await;
    assert!(is_good(transport.send(perform(&server.url)).await));
    assert_eq!(server.log(), "1 HEAD /paynet, 2 POST /paynet, 3 POST /paynet");
}

#[tokio::test]
async fn perform_does_not_go_out_on_a_connection_that_carried_another_request() {
    let server = Server::answering().await;
    let transport = transport();
    transport.preconnect(&server.url).await;
    assert!(is_good(transport.send(get(&server.url)).await));
    assert!(is_good(transport.send(perform(&server.url)).await));
    assert_eq!(server.log(), "1 HEAD /paynet, 1 GET /paynet, 2 POST /paynet");
    // Both can be used for any other request, and a preconnect makes one of them usable for perform sale.
    transport.preconnect(&server.url).await;
    assert!(is_good(transport.send(perform(&server.url)).await));
    assert!(server.log().ends_with(", 3 HEAD /paynet, 3 POST /paynet"));
}

#[tokio::test]
async fn perform_does_not_go_out_on_a_connection_that_was_idle_since_its_warm_up() {
    let _clock = stop_the_clock();
    let server = Server::answering().await;
    let transport = transport();
    transport.preconnect(&server.url).await;
    // Two seconds are the limit.
    advance(Duration::from_millis(2_100)).await;
    assert!(is_good(transport.send(perform(&server.url)).await));
    assert_eq!(server.log(), "1 HEAD /paynet, 2 POST /paynet");
    // The connection can still be used by another preconnect, which shows that it works.
    transport.preconnect(&server.url).await;
    assert!(is_good(transport.send(perform(&server.url)).await));
    assert!(server.log().ends_with(", 1 HEAD /paynet, 1 POST /paynet"));
    // And by any other request, as long as it was not idle for long.
    advance(Duration::from_secs(3)).await;
    assert!(is_good(transport.send(get(&server.url)).await));
    assert_eq!(server.connections(), 2);
}
