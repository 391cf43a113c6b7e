//! A challenge from a running sale, because there is no other way to get one.

use std::sync::Arc;

use salekit_core::{
    Challenge, DocumentedMerchant, Failure, HttpRequest, MemoryStore, PortFuture, Ports, SaleClient, SaleClientConfig,
    SaleState, Transport, wire::Reply,
};
use salekit_testkit::{clock::VirtualClock, request::request};
use url::Url;

use super::examples::PAGE;

/// The merchant's server, and a gateway that asks for the page at [`PAGE`].
struct Servers;

impl Transport for Servers {
    fn send(&self, request: HttpRequest) -> PortFuture<'_, Result<Reply, Failure>> {
        let body = match request.url.path().rsplit('/').next().unwrap() {
            "request-access-token" => r#"{"session":{"accessToken":"tok00000000000000000000000000000000"}}"#.to_owned(),
            "initiate-sale" => {
                r#"{"endpointId":"1","invoiceId":"i","session":{"nonce":"n","signature":"s"}}"#.to_owned()
            }
            "status" => format!(r#"{{"state":"REDIRECT_REQUEST","redirectUrl":"{PAGE}"}}"#),
            _ => r#"{"session":{"token":"t"}}"#.to_owned(),
        };
        Box::pin(std::future::ready(Ok(Reply::new(200, body))))
    }

    fn preconnect<'a>(&'a self, _url: &'a Url) -> PortFuture<'a, ()> {
        Box::pin(std::future::ready(()))
    }
}

/// The challenge of a running sale.
pub(crate) async fn challenge() -> Challenge {
    let config = SaleClientConfig::new("https://gateway.example", "https://shop.example").unwrap();
    let transport: Arc<dyn Transport> = Arc::new(Servers);
    let ports = Ports {
        merchant: Arc::new(DocumentedMerchant::new(&config, Arc::clone(&transport))),
        transport,
        store: Arc::new(MemoryStore::new()),
        clock: Arc::new(VirtualClock::new()),
        presenter: None,
    };
    let sale = SaleClient::with_ports(config, ports).unwrap().start(request()).unwrap();
    let mut states = sale.states();
    while !matches!(states.next().await.unwrap(), SaleState::Challenge { .. }) {}
    let challenge = sale.challenge().unwrap();
    assert_eq!(challenge.url(), PAGE);
    challenge
}
