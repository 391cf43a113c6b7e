//! The engine with ports of the test's own, under virtual time: what it sends, stores, shows and survives.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test says what it expects by unwrapping it"
)]

use std::{
    sync::{Arc, Mutex},
    time::Duration,
};

use salekit_core::{
    Card, CardNumber, Charge, ClientError, Clock, Config, Consumer, DirectoryStore, DocumentedShop, Expiry, Failure,
    FailureKind, Holder, HttpRequest, MemoryStore, NotChargedReason, Outcome, PortFuture, Ports, RedirectPresenter,
    Sale, SaleClient, SaleId, SaleRequest, SaleState, SaleStore, Secret, SecurityCode, ShopServer, StoreError,
    Timestamp, Transport, message::Reply,
};
use tokio::time::Instant;
use tokio_stream::StreamExt;
use url::Url;

const PAN: &str = "4111111111111111";
const ACCESS: &str =
    r#"{"session":{"accessToken":"tok0000000000000000000000000000000000000000000000000000000000001"}}"#;
const INITIATED: &str =
    r#"{"endpointId":"1144","invoiceId":"invoice-1","session":{"nonce":"nonce","signature":"signature"}}"#;
const PERFORMED: &str = r#"{"session":{"token":"session-token-1"}}"#;
const PROCESSING: &str = r#"{"state":"PROCESSING"}"#;
const APPROVED: &str = r#"{"state":"APPROVED"}"#;
const STORED: &str = r#"{"sourceOfFunds":{"reference":{"clientCardId":"card-1"}}}"#;

/// What a server answers to its n-th request (from 0) at a path.
type Answers = dyn Fn(&str, usize) -> Answer + Send + Sync;

enum Answer {
    Json(&'static str),
    Status(u16),
    Fail(Failure),
    Never,
}

/// Two servers in one, and a list of what was sent to them.
struct Servers {
    answers: Box<Answers>,
    sent: Mutex<Vec<String>>,
}

impl Servers {
    fn new(answers: impl Fn(&str, usize) -> Answer + Send + Sync + 'static) -> Arc<Self> {
        Arc::new(Self {
            answers: Box::new(answers),
            sent: Mutex::default(),
        })
    }

    fn sent(&self) -> Vec<String> {
        self.sent.lock().unwrap().clone()
    }

    fn performs(&self) -> usize {
        self.sent().iter().filter(|path| path.ends_with("/invoice-1")).count()
    }
}

impl Transport for Servers {
    fn send(&self, request: HttpRequest) -> PortFuture<'_, Result<Reply, Failure>> {
        Box::pin(async move {
            let path = request.url.path().to_owned();
            let before = {
                let mut sent = self.sent.lock().unwrap();
                sent.push(path.clone());
                sent.iter().filter(|earlier| **earlier == path).count() - 1
            };
            match (self.answers)(&path, before) {
                Answer::Json(body) => Ok(Reply::new(200, body)),
                Answer::Status(status) => Ok(Reply::new(status, "")),
                Answer::Fail(failure) => Err(failure),
                Answer::Never => std::future::pending().await,
            }
        })
    }

    fn warm<'a>(&'a self, _url: &'a Url) -> PortFuture<'a, ()> {
        Box::pin(std::future::ready(()))
    }
}

/// Answers of a sale in which nothing goes wrong; approved at the `polls`-th status request.
fn good(polls: usize) -> impl Fn(&str, usize) -> Answer + Send + Sync + 'static {
    move |path, before| match path {
        "/auth/request-access-token" => Answer::Json(ACCESS),
        "/sale/initiate-sale" => Answer::Json(INITIATED),
        "/paynet/dapi/v1/sale/1144/invoice-1" => Answer::Json(PERFORMED),
        "/paynet/dapi/v1/sale/1144/invoice-1/status" if before + 1 < polls => Answer::Json(PROCESSING),
        "/paynet/dapi/v1/sale/1144/invoice-1/status" => Answer::Json(APPROVED),
        "/sale/invoice-1/stored-card" => Answer::Json(STORED),
        _ => Answer::Status(404),
    }
}

/// The test runtime's virtual time as a wall clock.
struct VirtualClock(Instant);

impl Clock for VirtualClock {
    fn now(&self) -> Timestamp {
        Timestamp(1_800_000_000_000).plus(self.0.elapsed().as_millis() as u64)
    }

    fn sleep(&self, duration: Duration) -> PortFuture<'static, ()> {
        Box::pin(tokio::time::sleep(duration))
    }
}

fn config() -> Config {
    Config::new("https://gateway.example/paynet", "https://shop.example").unwrap()
}

fn ports(servers: &Arc<Servers>, store: Arc<dyn SaleStore>) -> Ports {
    let transport: Arc<dyn Transport> = Arc::<Servers>::clone(servers);
    Ports {
        shop: Arc::new(DocumentedShop::new(&config(), Arc::clone(&transport))),
        transport,
        store,
        clock: Arc::new(VirtualClock(Instant::now())),
        presenter: None,
    }
}

fn client(servers: &Arc<Servers>) -> SaleClient {
    SaleClient::with_ports(config(), ports(servers, Arc::new(MemoryStore::new()))).unwrap()
}

fn request() -> SaleRequest {
    let number = CardNumber::parse(PAN).unwrap();
    let (expiry, holder) = (
        Expiry::parse("12/2040").unwrap(),
        Holder::printed("ADA LOVELACE").unwrap(),
    );
    let card = Card::new(number, expiry, holder, SecurityCode::parse("123").unwrap()).unwrap();
    SaleRequest::new(
        "10.50 EUR".parse().unwrap(),
        Consumer::new("device-0001").unwrap(),
        card,
    )
    .with_label("order 7")
}

fn not_charged(outcome: Outcome) -> NotChargedReason {
    match outcome {
        Outcome::NotCharged(end) => end.reason,
        other => panic!("{other:?}"),
    }
}

#[tokio::test(start_paused = true)]
async fn a_sale_runs_through_every_message_once_and_ends_with_a_receipt() {
    let servers = Servers::new(good(2));
    let client = client(&servers);
    let sale = client.start(request()).unwrap();
    let states: Vec<_> = sale.states().map(|state| state.name()).collect().await;
    let Outcome::Approved(receipt) = sale.outcome().await else {
        panic!()
    };
    assert_eq!(receipt.stored_card.unwrap().client_card_id, "card-1");
    assert_eq!(receipt.card.unwrap().last4(), "1111");
    assert_eq!(receipt.amount.to_string(), "10.50 EUR");
    assert_eq!(sale.invoice_id().as_deref(), Some("invoice-1"));
    assert_eq!((states.first(), states.last()), (Some(&"preparing"), Some(&"finished")));
    let status = "/paynet/dapi/v1/sale/1144/invoice-1/status";
    assert_eq!(
        servers.sent(),
        [
            "/auth/request-access-token",
            "/sale/initiate-sale",
            "/paynet/dapi/v1/sale/1144/invoice-1",
            status,
            status,
            "/sale/invoice-1/stored-card"
        ]
    );
}

#[tokio::test(start_paused = true)]
async fn an_outcome_stays_until_it_is_acknowledged() {
    let client = client(&Servers::new(good(1)));
    let sale = client.start(request()).unwrap();
    let outcome = sale.outcome().await;
    let pending = client.pending().await.unwrap().sales;
    assert_eq!(pending.len(), 1);
    assert_eq!(
        (&pending[0].id, pending[0].label.as_deref()),
        (sale.id(), Some("order 7"))
    );
    assert_eq!(pending[0].state, SaleState::Finished(Box::new(outcome.clone())));
    assert_eq!(client.resume(sale.id()).await.unwrap().outcome().await, outcome);
    client.acknowledge(sale.id()).await.unwrap();
    assert!(client.pending().await.unwrap().sales.is_empty());
    assert_eq!(
        client.resume(sale.id()).await.unwrap_err(),
        ClientError::NotFound { id: sale.id().clone() }
    );
}

#[tokio::test(start_paused = true)]
async fn whoever_stops_looking_does_not_stop_the_payment() {
    let servers = Servers::new(good(3));
    let client = client(&servers);
    let id = {
        let sale = client.start(request()).unwrap();
        tokio::select! {
            _ = sale.outcome() => panic!("too early"),
            () = tokio::time::sleep(Duration::from_millis(10)) => {}
        }
        sale.id().clone()
    };
    assert_eq!(
        client.acknowledge(&id).await.unwrap_err(),
        ClientError::StillRunning { id: id.clone() }
    );
    let outcome = client.resume(&id).await.unwrap().outcome().await;
    assert_eq!((outcome.charge(), servers.performs()), (Charge::Charged, 1));
}

#[tokio::test(start_paused = true)]
async fn two_resumes_of_a_running_sale_find_the_same_one() {
    let servers = Servers::new(good(2));
    let client = client(&servers);
    let sale = client.start(request()).unwrap();
    let (one, two) = tokio::join!(client.resume(sale.id()), client.resume(sale.id()));
    assert_eq!(one.unwrap().outcome().await, two.unwrap().outcome().await);
    assert_eq!(
        servers.sent().iter().filter(|path| path.ends_with("/status")).count(),
        2
    );
}

#[test]
fn a_killed_process_leaves_a_sale_that_another_one_ends() {
    let directory = tempfile();
    let store = || Arc::new(DirectoryStore::new(&directory));
    let started = || {
        tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .start_paused(true)
            .build()
            .unwrap()
    };
    let servers = Servers::new(|path, before| match path {
        "/paynet/dapi/v1/sale/1144/invoice-1/status" => Answer::Never,
        _ => good(1)(path, before),
    });
    let first = started();
    let id = first.block_on(async {
        let client = SaleClient::with_ports(config(), ports(&servers, store())).unwrap();
        let sale = client.start(request()).unwrap();
        let mut states = sale.states();
        while states.next().await.unwrap() != SaleState::Processing {}
        sale.id().clone()
    });
    drop(first);
    for file in std::fs::read_dir(&directory).unwrap() {
        let text = std::fs::read_to_string(file.unwrap().path()).unwrap();
        assert!(!text.contains(PAN) && !text.contains("securityCode"), "{text}");
    }
    let servers = Servers::new(good(1));
    started().block_on(async {
        let client = SaleClient::with_ports(config(), ports(&servers, store())).unwrap();
        assert_eq!(client.pending().await.unwrap().sales[0].id, id);
        assert_eq!(
            client.resume(&id).await.unwrap().outcome().await.charge(),
            Charge::Charged
        );
    });
    assert_eq!(servers.performs(), 0, "the second process never performs");
    std::fs::remove_dir_all(&directory).unwrap();
}

fn tempfile() -> std::path::PathBuf {
    let mut random = [0; 8];
    getrandom::fill(&mut random).unwrap();
    std::env::temp_dir().join(format!("salekit-test-{:016x}", u64::from_ne_bytes(random)))
}

#[tokio::test(start_paused = true)]
async fn a_port_that_hangs_cannot_hang_a_sale() {
    let servers = Servers::new(|path, before| match path {
        "/paynet/dapi/v1/sale/1144/invoice-1" => Answer::Never,
        _ => good(1)(path, before),
    });
    let outcome = client(&servers).start(request()).unwrap().outcome().await;
    assert_eq!((outcome.charge(), servers.performs()), (Charge::Unknown, 1));
}

#[tokio::test(start_paused = true)]
async fn a_lost_answer_is_found_again_by_way_of_the_shop() {
    let servers = Servers::new(|path, before| match (path, before) {
        ("/paynet/dapi/v1/sale/1144/invoice-1", _) => Answer::Fail(Failure::after_sending(FailureKind::ConnectionLost)),
        ("/sale/invoice-1/session-token", 0) => Answer::Status(404),
        ("/sale/invoice-1/session-token", _) => Answer::Json(PERFORMED),
        _ => good(1)(path, before),
    });
    let outcome = client(&servers).start(request()).unwrap().outcome().await;
    assert_eq!((outcome.charge(), servers.performs()), (Charge::Charged, 1));
}

/// A store that cannot save.
struct Full;

impl SaleStore for Full {
    fn save(&self, _sale: &SaleId, _snapshot: &[u8]) -> Result<(), StoreError> {
        Err(StoreError::Full {
            detail: "no space left on device".to_owned(),
        })
    }

    fn load(&self, _sale: &SaleId) -> Result<Option<Vec<u8>>, StoreError> {
        Ok(None)
    }

    fn list(&self) -> Result<Vec<SaleId>, StoreError> {
        Ok(Vec::new())
    }

    fn remove(&self, _sale: &SaleId) -> Result<(), StoreError> {
        Ok(())
    }
}

#[tokio::test(start_paused = true)]
async fn a_full_disk_stops_a_sale_before_perform() {
    let servers = Servers::new(good(1));
    let client = SaleClient::with_ports(config(), ports(&servers, Arc::new(Full))).unwrap();
    let outcome = client.start(request()).unwrap().outcome().await;
    assert_eq!(
        (not_charged(outcome), servers.performs()),
        (NotChargedReason::StorageFailed, 0)
    );
}

/// A shop backend of the app's own that panics.
struct Panicking;

impl ShopServer for Panicking {
    fn access_token<'a>(&'a self, _serial_number: &'a str) -> PortFuture<'a, Result<Secret, salekit_core::Unanswered>> {
        panic!("the app's own mistake")
    }

    fn initiate(
        &self,
        _request: salekit_core::InitiateRequest,
    ) -> PortFuture<'_, Result<salekit_core::message::initiate::InitiateAnswer, Failure>> {
        panic!("the app's own mistake")
    }

    fn session_token(
        &self,
        _question: salekit_core::InvoiceQuestion,
    ) -> PortFuture<'_, Result<Secret, salekit_core::Unanswered>> {
        panic!("the app's own mistake")
    }

    fn stored_card(
        &self,
        _question: salekit_core::InvoiceQuestion,
    ) -> PortFuture<'_, Result<salekit_core::StoredCardReference, salekit_core::Unanswered>> {
        panic!("the app's own mistake")
    }
}

#[tokio::test(start_paused = true)]
async fn a_panic_in_the_apps_own_code_ends_the_sale_with_an_outcome() {
    let servers = Servers::new(good(1));
    let ports = Ports {
        shop: Arc::new(Panicking),
        ..ports(&servers, Arc::new(MemoryStore::new()))
    };
    let outcome = SaleClient::with_ports(config(), ports)
        .unwrap()
        .start(request())
        .unwrap()
        .outcome()
        .await;
    let Outcome::NotCharged(end) = outcome else { panic!() };
    assert_eq!(
        (end.reason, end.failure),
        (NotChargedReason::ShopUnavailable, Some(FailureKind::HostFailed))
    );
}

/// A browser that notes what it is asked for.
#[derive(Default)]
struct Browser(Mutex<Vec<String>>);

impl RedirectPresenter for Browser {
    fn open(&self, _sale: &SaleId, url: &str) {
        self.0.lock().unwrap().push(url.to_owned());
    }

    fn close(&self, _sale: &SaleId) {
        self.0.lock().unwrap().push("closed".to_owned());
    }
}

#[tokio::test(start_paused = true)]
async fn the_challenge_is_shown_and_taken_away() {
    let servers = Servers::new(|path, before| match (path, before) {
        ("/paynet/dapi/v1/sale/1144/invoice-1/status", 0) => {
            Answer::Json(r#"{"state":"REDIRECT_REQUEST","redirectUrl":"https://acs.example/1"}"#)
        }
        ("/paynet/dapi/v1/sale/1144/invoice-1/status", 1) => Answer::Json(PROCESSING),
        _ => good(1)(path, before),
    });
    let browser = Arc::new(Browser::default());
    let ports = Ports {
        presenter: Some(browser.clone()),
        ..ports(&servers, Arc::new(MemoryStore::new()))
    };
    let sale: Sale = SaleClient::with_ports(config(), ports)
        .unwrap()
        .start(request())
        .unwrap();
    let mut states = sale.states();
    let challenge = loop {
        match states.next().await.unwrap() {
            SaleState::Challenge { url, is_open } => break (url, is_open),
            _ => continue,
        }
    };
    assert_eq!(challenge, ("https://acs.example/1".to_owned(), true));
    sale.browser_returned("myapp://back?status=declined");
    assert_eq!(sale.outcome().await.charge(), Charge::Charged);
    assert_eq!(*browser.0.lock().unwrap(), ["https://acs.example/1", "closed"]);
}

#[tokio::test(start_paused = true)]
async fn an_unusable_snapshot_is_kept_and_named_and_others_are_not_touched_by_it() {
    let servers = Servers::new(good(1));
    let store = Arc::new(MemoryStore::new());
    let client = SaleClient::with_ports(config(), ports(&servers, store.clone())).unwrap();
    let sale = client.start(request()).unwrap();
    sale.outcome().await;
    let [damaged, newer] = [SaleId::from_random([1; 16]), SaleId::from_random([2; 16])];
    store.save(&damaged, b"{\"version\":1,\"sale\":{").unwrap();
    store
        .save(&newer, b"{\"version\":999,\"sale\":{\"new\":true}}")
        .unwrap();
    let pending = client.pending().await.unwrap();
    assert_eq!(pending.sales.len(), 1);
    assert_eq!(
        pending.damaged.iter().map(|snapshot| &snapshot.id).collect::<Vec<_>>(),
        [&damaged, &newer]
    );
    assert!(pending.damaged[1].problem.to_string().contains("version 999"));
    assert!(matches!(
        client.resume(&damaged).await,
        Err(ClientError::Damaged { .. })
    ));
    assert!(store.load(&damaged).unwrap().is_some(), "kept");
}

#[tokio::test(start_paused = true)]
async fn what_does_not_fit_together_is_refused_before_anything_is_sent() {
    let servers = Servers::new(good(1));
    let client = client(&servers);
    let stored = salekit_core::StoredCard::new("card-1", b"123", true).unwrap();
    let amount = "1.00 EUR".parse().unwrap();
    let consumer = Consumer::new("device-0001").unwrap();
    let error = client.start(SaleRequest::new(amount, consumer, stored)).unwrap_err();
    assert!(error.to_string().starts_with("consumer.email: is missing"), "{error}");
    let short = request().with_access_token(Secret::new("short"));
    assert!(
        client
            .start(short)
            .unwrap_err()
            .to_string()
            .starts_with("session.accessToken: ")
    );
    assert!(servers.sent().is_empty());
}

#[test]
fn outside_of_a_runtime_a_client_says_what_is_missing() {
    assert_eq!(SaleClient::new(config()).unwrap_err(), ClientError::NoRuntime);
}

#[tokio::test(start_paused = true)]
async fn an_answer_of_another_request_does_not_end_a_sale_as_not_charged() {
    // A 404 without a word of the protocol, and then the gateway speaks it after all.
    let servers = Servers::new(|path, before| match path {
        "/paynet/dapi/v1/sale/1144/invoice-1" => Answer::Status(404),
        "/paynet/dapi/v1/sale/1144/invoice-1/status" if before == 0 => {
            Answer::Json(r#"{"error":{"cause":"INVALID_REQUEST"}}"#)
        }
        "/sale/invoice-1/session-token" => Answer::Json(PERFORMED),
        path => good(1)(path, before),
    });
    let outcome = client(&servers).start(request()).unwrap().outcome().await;
    assert_eq!(outcome.charge(), Charge::Charged, "{outcome:?}");
    assert_eq!(servers.performs(), 1);

    let silent = Servers::new(|path, before| match path {
        "/paynet/dapi/v1/sale/1144/invoice-1" => Answer::Status(404),
        "/paynet/dapi/v1/sale/1144/invoice-1/status" => {
            Answer::Fail(Failure::after_sending(FailureKind::ConnectionLost))
        }
        path => good(1)(path, before),
    });
    let outcome = client(&silent).start(request()).unwrap().outcome().await;
    assert_eq!(outcome.charge(), Charge::Unknown, "{outcome:?}");

    let elsewhere = Servers::new(|path, before| match path {
        path if path.starts_with("/paynet") => Answer::Status(404),
        path => good(1)(path, before),
    });
    let outcome = client(&elsewhere).start(request()).unwrap().outcome().await;
    assert_eq!(not_charged(outcome), NotChargedReason::WrongGatewayAddress);
}

#[tokio::test(start_paused = true)]
async fn two_sales_never_perform_one_invoice() {
    // The shop's first answer comes once more to the second sale, whose own comes when it asks again.
    let servers = Servers::new(|path, before| match path {
        "/sale/initiate-sale" if before == 2 => Answer::Json(
            r#"{"endpointId":"1144","invoiceId":"invoice-2","session":{"nonce":"nonce","signature":"signature"}}"#,
        ),
        "/paynet/dapi/v1/sale/1144/invoice-2" => Answer::Json(PERFORMED),
        "/paynet/dapi/v1/sale/1144/invoice-2/status" => Answer::Json(APPROVED),
        path => good(1)(path, before),
    });
    let client = client(&servers);
    let one = client.start(request()).unwrap();
    one.outcome().await;
    let two = client.start(request()).unwrap();
    two.outcome().await;
    assert_eq!(one.invoice_id().as_deref(), Some("invoice-1"));
    assert_eq!(two.invoice_id().as_deref(), Some("invoice-2"));
    assert_eq!(servers.performs(), 1);
}
