//! The connections and requests of whole sales, counted at both servers.

use std::{pin::Pin, sync::Arc, time::Duration};

use salekit_core::{
    Charge, Failure, Freshness, HttpRequest, HttpsTransport, MerchantPaths, PortFuture, Ports, SaleClient,
    SaleClientConfig, Secret, Transport, wire::Reply,
};
use salekit_testkit::{clock::VirtualClock, request};
use tokio::{sync::Notify, time::advance};
use url::Url;

use super::{
    preconnect::stop_the_clock,
    server::{Reaction, Server, answer},
};

const INITIATED: &str =
    r#"{"endpointId":"1144","invoiceId":"invoice-1","session":{"nonce":"nonce","signature":"signature"}}"#;
const PERFORM: &str = "POST /paynet/dapi/v1/sale/1144/invoice-1";
const STATUS: &str = "POST /paynet/dapi/v1/sale/1144/invoice-1/status";

/// A gateway that approves at once, and answers HEAD when the test allows it.
async fn gateway() -> Server {
    Server::start(|method, path| match method {
        "HEAD" => Reaction::AnswerWhenAllowed(answer(method, "")),
        _ if path.ends_with("/status") => Reaction::Answer(answer(method, r#"{"state":"APPROVED"}"#)),
        _ => Reaction::Answer(answer(method, r#"{"session":{"token":"session-token-1"}}"#)),
    })
    .await
}

/// A merchant's server that answers when the test allows it.
async fn merchant() -> Server {
    Server::start(|method, path| {
        Reaction::AnswerWhenAllowed(match path {
            "/paynet/auth/request-access-token" => answer(method, r#"{"session":{"accessToken":"token"}}"#),
            _ => answer(method, INITIATED),
        })
    })
    .await
}

/// The transport, which notifies the test when perform sale begins.
struct Watched {
    transport: HttpsTransport,
    begun: Arc<Notify>,
}

impl Transport for Watched {
    fn send(&self, request: HttpRequest) -> PortFuture<'_, Result<Reply, Failure>> {
        let is_perform = request.freshness == Freshness::Recent;
        let mut sending: Pin<Box<_>> = self.transport.send(request);
        Box::pin(async move {
            tokio::select! {
                biased;
                reply = &mut sending => return reply,
                () = std::future::ready(()), if is_perform => self.begun.notify_one(),
            }
            sending.await
        })
    }

    fn preconnect<'a>(&'a self, url: &'a Url) -> PortFuture<'a, ()> {
        self.transport.preconnect(url)
    }
}

/// A client of both, and the notification about perform sale.
fn client(gateway: &Server, merchant: &Server) -> (SaleClient, Arc<Notify>) {
    let config = SaleClientConfig::for_loopback(gateway.url.as_str(), merchant.url.as_str()).unwrap();
    let config = config.with_merchant_paths(MerchantPaths {
        stored_card: None,
        ..MerchantPaths::default()
    });
    let begun = Arc::<Notify>::default();
    let transport: Arc<dyn Transport> = Arc::new(Watched {
        transport: HttpsTransport::new(&config).unwrap(),
        begun: Arc::clone(&begun),
    });
    let ports = Ports {
        clock: Arc::new(VirtualClock::new()),
        ..Ports::over(transport, &config)
    };
    (SaleClient::with_ports(config, ports).unwrap(), begun)
}

fn request() -> salekit_core::SaleRequest {
    request::request().with_access_token(Secret::new("t".repeat(64)))
}

#[tokio::test]
async fn a_cold_sale_makes_one_connection_to_each_server_and_begins_both_at_once() {
    let clock = stop_the_clock();
    let (mut gateway, mut merchant) = (gateway().await, merchant().await);
    let (client, performing) = client(&gateway, &merchant);
    let sale = client.start(request()).unwrap();
    // The gateway gets the first request before the merchant's server has answered anything.
    gateway.gets("HEAD /paynet").await;
    merchant.gets("POST /paynet/sale/initiate-sale").await;
    advance(Duration::from_millis(100)).await;
    merchant.allow(1);
    // Perform sale waits for the connection that is being opened.
    performing.notified().await;
    gateway.allow(1);
    gateway.gets(PERFORM).await;
    drop(clock);
    assert_eq!(sale.outcome().await.charge(), Charge::Charged);
    assert_eq!(gateway.log(), format!("1 HEAD /paynet, 1 {PERFORM}, 1 {STATUS}"));
    assert_eq!(merchant.log(), "1 POST /paynet/sale/initiate-sale");
    assert_eq!((gateway.connections(), merchant.connections()), (1, 1));
}

#[tokio::test]
async fn a_warmed_sale_uses_the_connections_that_are_there() {
    let clock = stop_the_clock();
    let (mut gateway, mut merchant) = (gateway().await, merchant().await);
    gateway.allow(1);
    merchant.allow(1);
    let (client, performing) = client(&gateway, &merchant);
    client.preconnect().await;
    gateway.gets("HEAD /paynet").await;
    merchant.gets("HEAD /paynet").await;
    // So long that the connection no longer counts as working: the sale's own preconnect must check it.
    advance(Duration::from_secs(10)).await;
    let sale = client.start(request()).unwrap();
    gateway.gets("HEAD /paynet").await;
    merchant.gets("POST /paynet/sale/initiate-sale").await;
    advance(Duration::from_millis(100)).await;
    gateway.allow(1);
    merchant.allow(1);
    performing.notified().await;
    drop(clock);
    assert_eq!(sale.outcome().await.charge(), Charge::Charged);
    assert_eq!(
        gateway.log(),
        format!("1 HEAD /paynet, 1 HEAD /paynet, 1 {PERFORM}, 1 {STATUS}")
    );
    assert_eq!(merchant.log(), "1 HEAD /paynet, 1 POST /paynet/sale/initiate-sale");
    assert_eq!((gateway.connections(), merchant.connections()), (1, 1));
}

#[tokio::test]
async fn a_sale_that_starts_while_the_app_warms_up_makes_no_second_connection() {
    let clock = stop_the_clock();
    let (mut gateway, mut merchant) = (gateway().await, merchant().await);
    let (client, performing) = client(&gateway, &merchant);
    let warming = tokio::spawn({
        let client = client.clone();
        async move { client.preconnect().await }
    });
    gateway.gets("HEAD /paynet").await;
    merchant.gets("HEAD /paynet").await;
    advance(Duration::from_millis(100)).await;
    let sale = client.start(request::request()).unwrap();
    // Initiate sale (here the request for a token) waits for the merchant's connection, as perform sale does for the
    // gateway's.
    merchant.allow(1);
    merchant.gets("GET /paynet/auth/request-access-token").await;
    merchant.allow(2);
    performing.notified().await;
    gateway.allow(1);
    gateway.gets(PERFORM).await;
    warming.await.unwrap();
    drop(clock);
    assert_eq!(sale.outcome().await.charge(), Charge::Charged);
    assert_eq!(gateway.log(), format!("1 HEAD /paynet, 1 {PERFORM}, 1 {STATUS}"));
    assert_eq!((gateway.connections(), merchant.connections()), (1, 1));
}
