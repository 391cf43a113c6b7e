//! Both servers in one, with answers of the test, behind a transport that records where requests went.

use std::{
    path::Path,
    sync::{Arc, Mutex},
    time::Duration,
};

use salekit_core::{
    Challenge, DirectoryStore, DocumentedMerchant, Failure, HttpRequest, PortFuture, Ports, RedirectPresenter,
    SaleClient, SaleClientConfig, SaleOutcome, SnapshotStore, Transport, wire::Reply,
};
use salekit_testkit::{clock::VirtualClock, request::request};
use serde_json::{Value, json};
use url::Url;

/// The servers' answers to each request; `None` is a 404.
pub struct Answers {
    pub access_token: Value,
    pub initiated: Value,
    pub performed: Value,
    /// One answer after the other; the last one is repeated.
    pub status: Vec<Value>,
    pub session_token: Value,
    pub stored_card: Value,
}

impl Default for Answers {
    /// Correct answers.
    fn default() -> Self {
        Self {
            access_token: json!({"session": {"accessToken": "t".repeat(64)}}),
            initiated: initiated("1144", "invoice-1"),
            performed: json!({"session": {"token": "session-token-1"}}),
            status: vec![json!({"state": "APPROVED"})],
            session_token: json!({"session": {"token": "session-token-1"}}),
            stored_card: json!({"sourceOfFunds": {"reference": {"clientCardId": "card-1"}}}),
        }
    }
}

pub fn initiated(endpoint_id: &str, invoice_id: &str) -> Value {
    json!({
        "endpointId": endpoint_id,
        "invoiceId": invoice_id,
        "session": {"nonce": "nonce", "signature": "signature"},
    })
}

/// The two servers, and where requests went.
pub struct Peers {
    answers: Answers,
    polls: Mutex<usize>,
    pub asked: Mutex<Vec<Url>>,
    pub opened: Mutex<Vec<String>>,
}

impl Peers {
    fn answer(&self, url: &Url) -> Value {
        let path = url.path();
        let segments = path.split('/').count();
        if path == "/auth/request-access-token" {
            self.answers.access_token.clone()
        } else if path == "/sale/initiate-sale" {
            self.answers.initiated.clone()
        } else if path.ends_with("/session-token") {
            self.answers.session_token.clone()
        } else if path.ends_with("/stored-card") {
            self.answers.stored_card.clone()
        } else if segments == "/paynet/dapi/v1/sale/1144/invoice/status".split('/').count() {
            let mut polls = self.polls.lock().unwrap();
            *polls += 1;
            self.answers.status[(*polls - 1).min(self.answers.status.len() - 1)].clone()
        } else {
            self.answers.performed.clone()
        }
    }
}

impl Transport for Peers {
    fn send(&self, request: HttpRequest) -> PortFuture<'_, Result<Reply, Failure>> {
        let reply = Reply::new(200, self.answer(&request.url).to_string());
        self.asked.lock().unwrap().push(request.url);
        Box::pin(std::future::ready(Ok(reply)))
    }

    fn preconnect<'a>(&'a self, url: &'a Url) -> PortFuture<'a, ()> {
        self.asked.lock().unwrap().push(url.clone());
        Box::pin(std::future::ready(()))
    }

    fn forget_idle(&self) {}
}

impl RedirectPresenter for Peers {
    fn show(&self, challenge: &Challenge) {
        self.opened.lock().unwrap().push(challenge.url().to_owned());
    }

    fn dismiss(&self, _challenge: &Challenge) {}
}

/// Makes a whole sale against `answers`, with its snapshots in `store`. Returns its outcome and the recorded requests.
pub async fn sale(answers: Answers, store: &Path) -> (SaleOutcome, Arc<Peers>) {
    let (client, peers) = client(answers, Arc::new(DirectoryStore::new(store)));
    let sale = client.start(request()).unwrap();
    let outcome = sale.outcome().await;
    // The request for the stored card contains the invoice's id.
    let _ = sale.stored_card().await;
    let pending = client.pending().await.unwrap();
    assert!(pending.damaged.is_empty());
    assert_eq!(
        pending.sales.iter().map(|sale| &sale.id).collect::<Vec<_>>(),
        [sale.id()]
    );
    (outcome, peers)
}

/// A client whose servers give `answers`.
pub fn client(answers: Answers, store: Arc<dyn SnapshotStore>) -> (SaleClient, Arc<Peers>) {
    let peers = Arc::new(Peers {
        answers,
        polls: Mutex::default(),
        asked: Mutex::default(),
        opened: Mutex::default(),
    });
    // Long enough for twenty status requests: each of them may be as long as an answer can be.
    let config = SaleClientConfig::new("https://gateway.example/paynet", "https://shop.example")
        .unwrap()
        .with_challenge_timeout(Duration::from_secs(90))
        .with_processing_timeout(Duration::from_secs(90));
    let transport: Arc<dyn Transport> = peers.clone();
    let ports = Ports {
        merchant: Arc::new(DocumentedMerchant::new(&config, Arc::clone(&transport))),
        transport,
        store,
        clock: Arc::new(VirtualClock::new()),
        presenter: Some(peers.clone()),
    };
    (SaleClient::with_ports(config, ports).unwrap(), peers)
}
