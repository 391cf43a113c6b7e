//! Each fault of the proxy once, on the one exchange where it matters most: perform sale.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test says what it expects by unwrapping it"
)]

mod support;

use std::time::Duration;

use salekit_core::{NotChargedReason, Outcome, SaleClient, UnknownReason};
use salekit_sandbox::{
    ConnectionFault, EntryState, ExchangeFault, FaultPlan, FaultProxy, Flaw, Passing, Sandbox, SandboxConfig,
};
use tokio::task::JoinSet;

use support::{config, request, untruth};

/// What an app must make of a fault.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum End {
    /// Approved at once.
    Approved,
    /// Approved, and the session token had to be asked of the shop.
    Recovered,
    /// Unknown: perform never arrived, and nobody can tell.
    Lost,
    NotCharged(NotChargedReason),
}

const EXCHANGES: [(ExchangeFault, End); 25] = [
    (ExchangeFault::ResetUnread, End::Lost),
    (ExchangeFault::ResetUnforwarded, End::Lost),
    (ExchangeFault::CloseUnforwarded, End::Lost),
    (ExchangeFault::ResetUnanswered, End::Recovered),
    (ExchangeFault::StallUnforwarded, End::Lost),
    (ExchangeFault::StallUnanswered, End::Recovered),
    (cut(0, true), End::Recovered),
    (cut(9, false), End::Recovered),
    (cut(150, false), End::Recovered),
    (cut(150, true), End::Recovered),
    (drip(5), End::Approved),
    (drip(2_000), End::Recovered),
    (ExchangeFault::Garbage, End::Recovered),
    (ExchangeFault::GarbageBody, End::Recovered),
    (ExchangeFault::WrongContentType, End::Approved),
    (ExchangeFault::GzipBomb, End::Recovered),
    (ExchangeFault::EndlessBody, End::Recovered),
    (refused(400, true), End::NotCharged(NotChargedReason::PerformRefused)),
    (refused(404, false), End::Lost),
    (refused(503, true), End::Lost),
    (failed(502, false), End::Recovered),
    (failed(500, true), End::Recovered),
    (redirect(307, false), End::Lost),
    (redirect(308, true), End::Recovered),
    (
        ExchangeFault::Twice {
            pause: Duration::from_millis(3),
        },
        End::Approved,
    ),
];

/// Done to the connection that is made ahead of time and to the one that perform sale makes then.
const CONNECTIONS: [(ConnectionFault, End); 7] = [
    (ConnectionFault::Reset, End::Approved),
    (ConnectionFault::Silence, End::Approved),
    (ConnectionFault::NoTls, UNREACHABLE),
    (ConnectionFault::Certificate(Flaw::Expired), UNREACHABLE),
    (ConnectionFault::Certificate(Flaw::NotYetValid), UNREACHABLE),
    (ConnectionFault::Certificate(Flaw::WrongHost), UNREACHABLE),
    (ConnectionFault::Certificate(Flaw::Untrusted), UNREACHABLE),
];

const UNREACHABLE: End = End::NotCharged(NotChargedReason::GatewayUnreachable);

const fn cut(at: u16, reset: bool) -> ExchangeFault {
    ExchangeFault::Cut { at, reset }
}

const fn drip(milliseconds: u64) -> ExchangeFault {
    ExchangeFault::Drip {
        pieces: 4,
        pause: Duration::from_millis(milliseconds),
    }
}

const fn refused(status: u16, with_error_object: bool) -> ExchangeFault {
    ExchangeFault::Refused {
        status,
        with_error_object,
    }
}

const fn failed(status: u16, with_error_object: bool) -> ExchangeFault {
    ExchangeFault::Failed {
        status,
        with_error_object,
    }
}

const fn redirect(status: u16, forwarded: bool) -> ExchangeFault {
    ExchangeFault::Redirect { status, forwarded }
}

/// Makes one sale through proxies of its own, after `prepare` has asked for faults at the gateway's. Answers how it
/// ended and how many performs the gateway received.
async fn sell(prepare: impl FnOnce(&FaultProxy)) -> (End, u32) {
    let sandbox = Sandbox::start(SandboxConfig::default().immediate()).await.unwrap();
    let (gateway, shop) = FaultProxy::pair(&sandbox, FaultPlan::quiet(), (0, 0)).await.unwrap();
    prepare(&gateway);
    let client = SaleClient::new(config(gateway.url(), shop.url(), sandbox.ca_pem())).unwrap();
    let sale = client.start(request("device", "123", None)).unwrap();
    let outcome = sale.outcome().await;
    let invoice = sale.invoice_id().unwrap();
    let entry = sandbox.ledger().entry(&invoice);
    assert_eq!(untruth(&outcome, entry.as_ref()), None);
    assert_eq!(gateway.totals().redirects_followed, 0);
    assert_eq!(
        entry.as_ref().map_or(0, |entry| entry.performs_received),
        u32::from(entry.as_ref().is_some_and(|entry| entry.state == EntryState::Approved)),
        "what is received once is processed once"
    );
    let asked = shop.passages(&invoice);
    let was_asked = asked.iter().any(|passage| passage.passing == Passing::SessionToken);
    let end = match outcome {
        Outcome::Approved(_) if was_asked => End::Recovered,
        Outcome::Approved(_) => End::Approved,
        Outcome::Unknown(end) if end.reason == UnknownReason::PerformAnswerLost => End::Lost,
        Outcome::NotCharged(end) => End::NotCharged(end.reason),
        other => panic!("{other:?}"),
    };
    let performs = entry.map_or(0, |entry| entry.performs_received);
    sandbox.shutdown().await;
    (end, performs)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn every_fault_of_perform_ends_in_the_truth() {
    let mut selling = JoinSet::new();
    for (fault, expected) in EXCHANGES {
        selling.spawn(async move {
            let (end, performs) = sell(|gateway| gateway.next_exchange(Passing::Perform, fault)).await;
            assert_eq!(end, expected, "{fault:?}");
            let arrives = matches!(expected, End::Approved | End::Recovered);
            assert_eq!(performs, u32::from(arrives), "{fault:?}");
        });
    }
    selling.join_all().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_connection_that_cannot_be_made_charges_nothing() {
    let mut selling = JoinSet::new();
    for (fault, expected) in CONNECTIONS {
        selling.spawn(async move {
            let (end, performs) = sell(|gateway| {
                gateway.next_connection(fault);
                gateway.next_connection(fault);
            })
            .await;
            assert_eq!(end, expected, "{fault:?}");
            assert_eq!(performs, u32::from(expected == End::Approved), "{fault:?}");
        });
    }
    selling.join_all().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_gateway_that_is_down_is_unreachable_and_comes_back() {
    let (end, performs) = sell(|gateway| gateway.set_up(false)).await;
    assert_eq!((end, performs), (UNREACHABLE, 0));
    let (end, performs) = sell(|gateway| {
        gateway.set_up(false);
        gateway.next_exchange(Passing::Perform, ExchangeFault::ResetUnread);
        gateway.heal();
    })
    .await;
    assert_eq!((end, performs), (End::Approved, 1));
}
