//! Each fault of the proxy once, on the one exchange where it matters most: perform sale.

use std::time::Duration;

use salekit_core::{NotChargedReason, SaleClient, SaleOutcome, UnknownReason};
use salekit_sandbox::{
    CheckTiming, ConnectionFault, EntryState, ExchangeFault, FaultPlan, FaultProxy, Flaw, Pass, Passing,
    RepeatedPerform, Sandbox, SandboxConfig, TokenExtension,
};
use tokio::task::JoinSet;

use crate::support::{ANSWER_LIMIT, MACHINE, RECOVERY_WINDOW, Truth, config, lie, request};

/// A time limit that is longer than anything takes that comes at all, on any machine.
const NEVER_REACHED: Duration = Duration::from_secs(60);

/// What an app must make of a fault.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum End {
    /// Approved at once.
    Approved,
    /// Approved, and the session token had to be asked of the merchant.
    Recovered,
    /// Unknown: perform never arrived, and nobody can tell.
    Lost,
    NotCharged(NotChargedReason),
}

const EXCHANGES: [(ExchangeFault, End); 26] = [
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
    (passed_on_late(200), End::Recovered),
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

/// How long an app waits. Only what never comes ends by a limit; what comes late on a busy machine is not missed.
#[derive(Clone, Copy)]
struct Limits {
    answer: Duration,
    recovery: Duration,
}

impl Limits {
    const LONG: Self = Self {
        answer: NEVER_REACHED,
        recovery: NEVER_REACHED,
    };

    /// Those for an exchange with this fault: short where the app has to wait them out.
    fn of(fault: ExchangeFault, expected: End) -> Self {
        let never_ends = [
            ExchangeFault::StallUnforwarded,
            ExchangeFault::StallUnanswered,
            ExchangeFault::EndlessBody,
            drip(2_000),
        ];
        let mut limits = Self::LONG;
        if never_ends.contains(&fault) {
            limits.answer = ANSWER_LIMIT;
        }
        if expected == End::Lost {
            limits.recovery = RECOVERY_WINDOW;
        }
        limits
    }

    fn is_long(self) -> bool {
        self.answer == NEVER_REACHED && self.recovery == NEVER_REACHED
    }
}

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

const fn passed_on_late(milliseconds: u64) -> ExchangeFault {
    ExchangeFault::PassedOnLate {
        after: Duration::from_millis(milliseconds),
    }
}

/// A merchant that only tells what it knows: one that voids would settle what is lost here.
fn tokens_only() -> SandboxConfig {
    SandboxConfig::default().token_extension(TokenExtension::TokensOnly)
}

/// Makes one sale through proxies of its own, after `prepare` has asked for faults at the gateway's. Answers how it
/// ended and how many performs the gateway received.
async fn sell(limits: Limits, prepare: impl FnOnce(&FaultProxy)) -> (End, u32) {
    sell_within(limits, tokens_only(), 1, |gateway, _| prepare(gateway)).await
}

/// The same with long limits, these parties and faults at the merchant's proxy, too; perform is passed on `passes` times if it is.
async fn sell_with(parties: SandboxConfig, passes: u32, prepare: impl FnOnce(&FaultProxy, &FaultProxy)) -> (End, u32) {
    sell_within(Limits::LONG, parties, passes, prepare).await
}

async fn sell_within(
    limits: Limits,
    parties: SandboxConfig,
    passes: u32,
    prepare: impl FnOnce(&FaultProxy, &FaultProxy),
) -> (End, u32) {
    let sandbox = Sandbox::start(parties.immediate()).await.unwrap();
    let (gateway, merchant) = FaultProxy::pair(&sandbox, FaultPlan::quiet(), (0, 0)).await.unwrap();
    prepare(&gateway, &merchant);
    let config = config(gateway.url(), merchant.url(), sandbox.ca_pem())
        .with_processing_timeout(NEVER_REACHED)
        .with_recovery_timeout(limits.recovery)
        .with_connection_timeouts(limits.answer, limits.answer);
    let client = SaleClient::new(config).unwrap();
    let sale = client.start(request("device", "123")).unwrap();
    let outcome = sale.outcome().await;
    let invoice = sale.invoice_id().unwrap();
    gateway.settled().await;
    sandbox.ledger().settled().await;
    let entry = sandbox.ledger().entry(&invoice);
    let truth = Truth {
        passes,
        ..Truth::of(entry.as_ref(), TokenExtension::Off)
    };
    assert_eq!(lie(&outcome, truth), None);
    assert_eq!(gateway.totals().redirects_followed, 0);
    assert_eq!(
        entry.as_ref().map_or(0, |entry| entry.performs_received),
        passes * u32::from(entry.as_ref().is_some_and(|entry| entry.state == EntryState::Approved)),
        "what is received is processed once"
    );
    let asked = merchant.passages(&invoice);
    let was_asked = asked.iter().any(|passage| passage.passing == Passing::SessionToken);
    let end = match outcome {
        SaleOutcome::Approved(_) if was_asked => End::Recovered,
        SaleOutcome::Approved(_) => End::Approved,
        SaleOutcome::Unknown(end) if end.reason == UnknownReason::PerformAnswerLost => End::Lost,
        SaleOutcome::NotCharged(end) => End::NotCharged(end.reason),
        other => panic!("{other:?}"),
    };
    let performs = entry.map_or(0, |entry| entry.performs_received);
    sandbox.shutdown().await;
    (end, performs)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn every_fault_of_perform_ends_in_the_truth() {
    let _machine = MACHINE.read().await;
    // Those with short limits come last, when the others do not keep the machine busy any more.
    for is_long in [true, false] {
        let mut selling = JoinSet::new();
        for (fault, expected) in EXCHANGES {
            let limits = Limits::of(fault, expected);
            if limits.is_long() != is_long {
                continue;
            }
            selling.spawn(async move {
                let (end, performs) = sell(limits, |gateway| gateway.next_exchange(Passing::Perform, fault)).await;
                assert_eq!(end, expected, "{fault:?}");
                let arrives = matches!(expected, End::Approved | End::Recovered);
                assert_eq!(performs, u32::from(arrives), "{fault:?}");
            });
        }
        selling.join_all().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_connection_that_cannot_be_made_charges_nothing() {
    let _machine = MACHINE.read().await;
    let mut selling = JoinSet::new();
    for (fault, expected) in CONNECTIONS {
        selling.spawn(async move {
            // Silence is waited out.
            let answer = match fault {
                ConnectionFault::Silence => ANSWER_LIMIT,
                _ => NEVER_REACHED,
            };
            let limits = Limits { answer, ..Limits::LONG };
            let (end, performs) = sell(limits, |gateway| {
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
    let _machine = MACHINE.read().await;
    let (end, performs) = sell(Limits::LONG, |gateway| gateway.set_up(false)).await;
    assert_eq!((end, performs), (UNREACHABLE, 0));
    let (end, performs) = sell(Limits::LONG, |gateway| {
        gateway.set_up(false);
        gateway.next_exchange(Passing::Perform, ExchangeFault::ResetUnread);
        gateway.heal();
    })
    .await;
    assert_eq!((end, performs), (End::Approved, 1));
}

const fn passed_on_twice(answer: Pass) -> ExchangeFault {
    ExchangeFault::PassedOnTwice { answer }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_perform_that_is_passed_on_twice_charges_once_and_ends_approved() {
    let _machine = MACHINE.read().await;
    let refuse = RepeatedPerform::refuse;
    for (repeated, answer, expected) in [
        (RepeatedPerform::default(), Pass::First, End::Approved),
        (RepeatedPerform::Replay, Pass::First, End::Approved),
        (RepeatedPerform::Replay, Pass::Second, End::Approved),
        (refuse(409, "INVALID_REQUEST"), Pass::Second, End::Recovered),
    ] {
        let parties = tokens_only().repeated_perform(repeated.clone());
        let (end, performs) = sell_with(parties, 2, |gateway, _| {
            gateway.next_exchange(Passing::Perform, passed_on_twice(answer));
        })
        .await;
        assert_eq!((end, performs), (expected, 2), "{repeated:?}, {answer:?}");
    }
}

/// The gateway refuses the second perform, and charges for the first.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_refusal_of_the_second_pass_is_not_believed_where_the_merchant_can_be_asked() {
    let _machine = MACHINE.read().await;
    for (status, cause) in [(400, "INVALID_REQUEST"), (200, "FILTERED")] {
        for merchant in [TokenExtension::WithVoid, TokenExtension::TokensOnly] {
            // The merchant knows of the sale when the refusal arrives.
            let parties = SandboxConfig::default()
                .token_extension(merchant)
                .check_timing(CheckTiming::BeforeAnswer)
                .repeated_perform(RepeatedPerform::refuse(status, cause));
            let (end, performs) = sell_with(parties, 2, |gateway, _| {
                gateway.next_exchange(Passing::Perform, passed_on_twice(Pass::Second));
            })
            .await;
            assert_eq!((end, performs), (End::Recovered, 2), "{status}, {merchant:?}");
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn every_other_request_may_be_passed_on_twice() {
    let _machine = MACHINE.read().await;
    for answer in [Pass::First, Pass::Second] {
        let (end, performs) = sell_with(SandboxConfig::default(), 1, |gateway, merchant| {
            merchant.next_exchange(Passing::Initiate, passed_on_twice(answer));
            merchant.next_exchange(Passing::StoredCard, passed_on_twice(answer));
            gateway.next_exchange(Passing::Status, passed_on_twice(answer));
        })
        .await;
        assert_eq!((end, performs), (End::Approved, 1), "{answer:?}");
        // The merchant knows of the sale when it is asked.
        let parties = SandboxConfig::default().check_timing(CheckTiming::BeforeAnswer);
        let (end, performs) = sell_with(parties, 1, |gateway, merchant| {
            gateway.next_exchange(Passing::Perform, ExchangeFault::ResetUnanswered);
            merchant.next_exchange(Passing::SessionToken, passed_on_twice(answer));
        })
        .await;
        assert_eq!((end, performs), (End::Recovered, 1), "{answer:?}");
    }
}
