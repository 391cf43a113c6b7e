//! Ports of the app that never answer: a sale goes on without them, but only after their time limit. `stuck` has ports
//! that block a thread.

use std::future::pending;

use salekit_core::{
    InitiateSaleRequest, InvoiceRequest, StoredCard, Unanswered,
    wire::{initiate::InitiateAnswer, merchant::SessionAnswer},
};
use tokio::time::Instant;

use super::*;

/// Not the defaults, so that a limit that ignores the configuration is noticed.
const LIMITS: [Duration; 2] = [Duration::from_secs(20), Duration::from_secs(70)];
/// When a port of the app times out: soon after its own time limits.
const GIVEN_UP: std::ops::RangeInclusive<Duration> = Duration::from_secs(90)..=Duration::from_secs(100);
/// The limit for each test. Whatever takes longer hangs.
const HANGS: Duration = Duration::from_secs(24 * 60 * 60);

/// What was asked for, and when.
#[derive(Clone)]
struct Log {
    begin: Instant,
    lines: Arc<Mutex<Vec<(String, Duration)>>>,
}

impl Log {
    fn new() -> Self {
        Self {
            begin: Instant::now(),
            lines: Arc::default(),
        }
    }

    fn add(&self, what: &str) {
        let line = (what.to_owned(), self.begin.elapsed());
        self.lines.lock().unwrap().push(line);
    }

    /// The time from the first request for `what` to the next request of any kind.
    fn after(&self, what: &str) -> Duration {
        let lines = self.lines.lock().unwrap();
        let first = lines
            .iter()
            .position(|(line, _)| line == what)
            .expect("it was asked for");
        let next = lines.get(first + 1).expect("something came next");
        next.1 - lines[first].1
    }
}

/// A merchant backend of the app that never answers one of the requests, and the others as documented.
struct Silent {
    question: &'static str,
    others: DocumentedMerchant,
    log: Log,
}

impl Silent {
    fn unless_silent<'a, T: 'a>(&self, question: &str, answer: PortFuture<'a, T>) -> PortFuture<'a, T> {
        self.log.add(question);
        if self.question == question {
            Box::pin(pending())
        } else {
            answer
        }
    }
}

impl MerchantBackend for Silent {
    fn access_token<'a>(&'a self, serial_number: &'a str) -> PortFuture<'a, Result<Secret, Unanswered>> {
        self.unless_silent("access token", self.others.access_token(serial_number))
    }

    fn initiate(&self, request: InitiateSaleRequest) -> PortFuture<'_, Result<InitiateAnswer, Failure>> {
        self.unless_silent("initiate", self.others.initiate(request))
    }

    fn session_token(&self, request: InvoiceRequest, void: bool) -> PortFuture<'_, Result<SessionAnswer, Unanswered>> {
        self.unless_silent("session token", self.others.session_token(request, void))
    }

    fn stored_card(&self, request: InvoiceRequest) -> PortFuture<'_, Result<StoredCard, Unanswered>> {
        self.unless_silent("stored card", self.others.stored_card(request))
    }
}

/// A client with a silent merchant, and servers that answer as `answers` says and record their requests.
fn silent(
    question: &'static str,
    answers: impl Fn(&str, usize) -> Answer + Send + Sync + 'static,
) -> (SaleClient, Log) {
    let log = Log::new();
    let noted = log.clone();
    let servers = Servers::new(move |path, before| {
        if path.starts_with("/paynet") {
            noted.add(path);
        }
        answers(path, before)
    });
    let config = config().with_connection_timeouts(LIMITS[0], LIMITS[1]);
    let mut ports = ports(&servers, Arc::new(MemoryStore::new()));
    ports.merchant = Arc::new(Silent {
        question,
        others: DocumentedMerchant::new(&config, Arc::clone(&ports.transport)),
        log: log.clone(),
    });
    (client_here(config, ports).unwrap(), log)
}

/// The outcome of a sale. The sale must not hang.
async fn outcome(client: &SaleClient, log: &Log) -> SaleOutcome {
    let sale = client.start(request()).unwrap();
    let outcome = tokio::time::timeout(HANGS, sale.outcome()).await;
    log.add("end");
    outcome.expect("the sale hangs")
}

const PERFORM: &str = "/paynet/dapi/v1/sale/1144/invoice-1";
const STATUS: &str = "/paynet/dapi/v1/sale/1144/invoice-1/status";

fn assert_given_up(what: &str, log: &Log) {
    let after = log.after(what);
    assert!(GIVEN_UP.contains(&after), "{what}: {after:?} of {GIVEN_UP:?}");
}

#[tokio::test(start_paused = true)]
async fn a_transport_that_never_answers_perform_sale_is_given_up() {
    let (client, log) = silent("", |path, before| match path {
        PERFORM => Answer::Never,
        _ => good(1)(path, before),
    });
    let outcome = outcome(&client, &log).await;
    assert_eq!(outcome.charge(), Charge::Unknown, "{outcome:?}");
    assert_given_up(PERFORM, &log);
}

#[tokio::test(start_paused = true)]
async fn a_transport_that_never_answers_a_status_request_is_given_up() {
    let (client, log) = silent("", |path, before| match (path, before) {
        (STATUS, 0) => Answer::Never,
        _ => good(1)(path, before),
    });
    let outcome = outcome(&client, &log).await;
    assert_eq!(outcome.charge(), Charge::Charged, "{outcome:?}");
    assert_given_up(STATUS, &log);
}

#[tokio::test(start_paused = true)]
async fn a_merchants_server_that_gives_no_access_token_is_given_up() {
    let (client, log) = silent("access token", good(1));
    assert_eq!(
        not_charged(outcome(&client, &log).await),
        NotChargedReason::MerchantUnavailable
    );
    assert_given_up("access token", &log);
}

#[tokio::test(start_paused = true)]
async fn a_merchants_server_that_does_not_initiate_is_given_up() {
    let (client, log) = silent("initiate", good(1));
    assert_eq!(
        not_charged(outcome(&client, &log).await),
        NotChargedReason::MerchantUnavailable
    );
    assert_given_up("initiate", &log);
}

#[tokio::test(start_paused = true)]
async fn a_merchants_server_that_gives_no_session_token_is_given_up() {
    let (client, log) = silent("session token", |path, before| match path {
        PERFORM => Answer::Fail(Failure::after_sending(FailureKind::ConnectionLost)),
        _ => good(1)(path, before),
    });
    let outcome = outcome(&client, &log).await;
    assert_eq!(outcome.charge(), Charge::Unknown, "{outcome:?}");
    assert_given_up("session token", &log);
}

#[tokio::test(start_paused = true)]
async fn a_merchants_server_that_names_no_stored_card_is_given_up() {
    let (client, log) = silent("stored card", good(1));
    let sale = client.start(request()).unwrap();
    let card = tokio::time::timeout(HANGS, sale.stored_card()).await;
    log.add("end");
    let card = card.expect("the request hangs");
    assert!(matches!(card, Err(Unanswered::Failed(_))), "{card:?}");
    assert_given_up("stored card", &log);
}

/// A transport that never returns from a preconnect.
struct Cold(Arc<Servers>);

impl Transport for Cold {
    fn send(&self, request: HttpRequest) -> PortFuture<'_, Result<Reply, Failure>> {
        self.0.send(request)
    }

    fn preconnect<'a>(&'a self, _url: &'a Url) -> PortFuture<'a, ()> {
        Box::pin(pending())
    }
}

#[tokio::test(start_paused = true)]
async fn a_sale_does_not_wait_for_the_connection_that_is_warmed_up() {
    let servers = Servers::new(good(1));
    let ports = Ports {
        transport: Arc::new(Cold(Arc::clone(&servers))),
        ..ports(&servers, Arc::new(MemoryStore::new()))
    };
    let sale = client_here(config(), ports).unwrap().start(request()).unwrap();
    let outcome = tokio::time::timeout(HANGS, sale.outcome()).await;
    assert_eq!(outcome.expect("the sale hangs").charge(), Charge::Charged);
}
