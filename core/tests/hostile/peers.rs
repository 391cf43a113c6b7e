//! Both servers in one, their answers made by the test, behind a transport that writes down where requests went.

use std::{
    path::Path,
    sync::{Arc, Mutex},
};

use salekit_core::{
    Challenge, DirectoryStore, DocumentedMerchant, Failure, HttpRequest, PortFuture, Ports, RedirectPresenter,
    SaleClient, SaleClientConfig, SaleOutcome, SnapshotStore, Transport, message::Reply,
};
use serde_json::{Value, json};
use url::Url;

use super::app::{self, VirtualClock};

/// What the servers say, request by request; `None` is a 404.
pub struct Lies {
    pub access_token: Value,
    pub initiated: Value,
    pub performed: Value,
    /// One answer after the other, the last one for ever.
    pub status: Vec<Value>,
    pub session_token: Value,
    pub stored_card: Value,
}

impl Default for Lies {
    /// Nothing but the truth.
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
    lies: Lies,
    polls: Mutex<usize>,
    pub asked: Mutex<Vec<Url>>,
    pub opened: Mutex<Vec<String>>,
}

impl Peers {
    fn answer(&self, url: &Url) -> Value {
        let path = url.path();
        let segments = path.split('/').count();
        if path == "/auth/request-access-token" {
            self.lies.access_token.clone()
        } else if path == "/sale/initiate-sale" {
            self.lies.initiated.clone()
        } else if path.ends_with("/session-token") {
            self.lies.session_token.clone()
        } else if path.ends_with("/stored-card") {
            self.lies.stored_card.clone()
        } else if segments == "/paynet/dapi/v1/sale/1144/invoice/status".split('/').count() {
            let mut polls = self.polls.lock().unwrap();
            *polls += 1;
            self.lies.status[(*polls - 1).min(self.lies.status.len() - 1)].clone()
        } else {
            self.lies.performed.clone()
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

/// A whole sale against `lies`, with its snapshots in `store`. Its outcome, and what the peers saw.
pub async fn sale(lies: Lies, store: &Path) -> (SaleOutcome, Arc<Peers>) {
    let (client, peers) = client(lies, Arc::new(DirectoryStore::new(store)));
    let sale = client.start(app::request()).unwrap();
    let outcome = sale.outcome().await;
    // Whoever wants the stored card asks for it by the invoice's id.
    let _ = sale.stored_card().await;
    let pending = client.pending().await.unwrap();
    assert!(pending.damaged.is_empty());
    assert_eq!(
        pending.sales.iter().map(|sale| &sale.id).collect::<Vec<_>>(),
        [sale.id()]
    );
    (outcome, peers)
}

/// A client that knows no other servers than `lies`.
pub fn client(lies: Lies, store: Arc<dyn SnapshotStore>) -> (SaleClient, Arc<Peers>) {
    let peers = Arc::new(Peers {
        lies,
        polls: Mutex::default(),
        asked: Mutex::default(),
        opened: Mutex::default(),
    });
    let config = SaleClientConfig::new("https://gateway.example/paynet", "https://shop.example").unwrap();
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
