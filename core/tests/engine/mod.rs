//! The engine with simulated ports, in virtual time: what it sends, stores, shows and survives.

mod challenge;
mod dropping;
mod ends;
mod faulty_store;
mod invoices;
mod limits;
mod lost_saves;
mod merchant_requests;
mod orders;
mod parties;
mod ports;
mod process;
mod runs;
mod sales;
mod stored_card;
mod stuck;
mod stuck_store;

use std::{
    sync::{Arc, Mutex},
    time::Duration,
};

use salekit_core::{
    Challenge, Charge, ClientError, Clock, Consumer, DirectoryStore, DocumentedMerchant, Failure, FailureKind,
    HttpRequest, MemoryStore, MerchantBackend, NotChargedReason, PortFuture, Ports, RedirectPresenter, RunningSales,
    Sale, SaleClient, SaleClientConfig, SaleId, SaleOutcome, SaleRequest, SaleState, Secret, SnapshotStore, StoreError,
    SystemDevice, Timestamp, Transport, wire::Reply,
};
use salekit_testkit::{
    clock::VirtualClock,
    folder::Folder,
    request::{self, PAN},
};
use url::Url;

const ACCESS: &str =
    r#"{"session":{"accessToken":"tok0000000000000000000000000000000000000000000000000000000000001"}}"#;
const INITIATED: &str =
    r#"{"endpointId":"1144","invoiceId":"invoice-1","session":{"nonce":"nonce","signature":"signature"}}"#;
const PERFORMED: &str = r#"{"session":{"token":"session-token-1"}}"#;
const PROCESSING: &str = r#"{"state":"PROCESSING"}"#;
const APPROVED: &str = r#"{"state":"APPROVED"}"#;
const STORED: &str = r#"{"sourceOfFunds":{"reference":{"clientCardId":"card-1"}}}"#;

/// The sales that have a snapshot, without the record of spent invoices.
fn sales_in(store: &dyn SnapshotStore) -> Vec<SaleId> {
    let mut listed = store.list().unwrap();
    listed.retain(|id| id.as_str() != "0".repeat(32));
    listed
}

/// The answer of a server to its n-th request (from 0) at a path.
type Answers = dyn Fn(&str, usize) -> Answer + Send + Sync;

enum Answer {
    Json(&'static str),
    Late(Duration, &'static str),
    Status(u16),
    Fail(Failure),
    Never,
}

/// Two servers in one, and a list of the requests that they got.
struct Servers {
    answers: Box<Answers>,
    sent: Mutex<Vec<String>>,
    /// What perform sale said of the sale, by path.
    performed: Mutex<Vec<(String, serde_json::Value)>>,
    /// What each initiate sale said, in order.
    initiated: Mutex<Vec<serde_json::Value>>,
}

impl Servers {
    fn new(answers: impl Fn(&str, usize) -> Answer + Send + Sync + 'static) -> Arc<Self> {
        Arc::new(Self {
            answers: Box::new(answers),
            sent: Mutex::default(),
            performed: Mutex::default(),
            initiated: Mutex::default(),
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
            if let Ok(body) = serde_json::from_slice(request.body.as_bytes()) {
                match path.split('/').collect::<Vec<_>>().as_slice() {
                    ["", "sale", "initiate-sale"] => self.initiated.lock().unwrap().push(body),
                    [.., "sale", "1144", _] => self.performed.lock().unwrap().push((path.clone(), body)),
                    _ => {}
                }
            }
            let before = {
                let mut sent = self.sent.lock().unwrap();
                sent.push(path.clone());
                sent.iter().filter(|earlier| **earlier == path).count() - 1
            };
            match (self.answers)(&path, before) {
                Answer::Json(body) => Ok(Reply::new(200, body)),
                Answer::Late(after, body) => {
                    tokio::time::sleep(after).await;
                    Ok(Reply::new(200, body))
                }
                Answer::Status(status) => Ok(Reply::new(status, "")),
                Answer::Fail(failure) => Err(failure),
                Answer::Never => std::future::pending().await,
            }
        })
    }

    fn preconnect<'a>(&'a self, _url: &'a Url) -> PortFuture<'a, ()> {
        Box::pin(std::future::ready(()))
    }
}

/// The answers of a sale without faults, approved at the `polls`-th status request.
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

fn config() -> SaleClientConfig {
    SaleClientConfig::new("https://gateway.example/paynet", "https://shop.example").unwrap()
}

fn ports(servers: &Arc<Servers>, store: Arc<dyn SnapshotStore>) -> Ports {
    let transport: Arc<dyn Transport> = Arc::<Servers>::clone(servers);
    Ports {
        merchant: Arc::new(DocumentedMerchant::new(&config(), Arc::clone(&transport))),
        transport,
        store,
        clock: Arc::new(VirtualClock::new()),
        presenter: None,
    }
}

thread_local! {
    /// The running sales of this test, which has a thread of its own. Otherwise orders of other tests would be in its way.
    static PROCESS: Arc<RunningSales> = Arc::default();
}

/// A client in the test's process.
fn client_here(config: SaleClientConfig, ports: Ports) -> Result<SaleClient, ClientError> {
    SaleClient::on_device(config, ports, device(), PROCESS.with(Arc::clone))
}

fn client(servers: &Arc<Servers>) -> SaleClient {
    client_here(config(), ports(servers, Arc::new(MemoryStore::new()))).unwrap()
}

fn device() -> Arc<SystemDevice> {
    Arc::new(SystemDevice::new(tokio::runtime::Handle::current()))
}

/// A client in a process of its own, so that signals to all sales of a process do not affect other tests.
fn client_apart(ports: Ports) -> SaleClient {
    SaleClient::on_device(config(), ports, device(), Arc::default()).unwrap()
}

fn request() -> SaleRequest {
    request::request().with_merchant_order_id("order 7")
}

fn not_charged(outcome: SaleOutcome) -> NotChargedReason {
    match outcome {
        SaleOutcome::NotCharged(end) => end.reason,
        other => panic!("{other:?}"),
    }
}
