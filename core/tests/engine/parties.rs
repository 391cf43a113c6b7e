//! A sale belongs to the gateway and the merchant's server that it was started with: no other server gets its tokens.

use super::*;
use salekit_core::{InitiateSaleRequest, InvoiceRequest, MerchantServer, Parties, StoredCard, Unanswered};

const GATEWAY_A: &str = "https://a.example/paynet";
const GATEWAY_B: &str = "https://b.example/paynet";
const MERCHANT: &str = "https://shop.example";

fn client_of(gateway: &str, merchant: &str, servers: &Arc<Servers>, store: &Arc<MemoryStore>) -> SaleClient {
    let config = SaleClientConfig::new(gateway, merchant).unwrap();
    let transport: Arc<dyn Transport> = Arc::<Servers>::clone(servers);
    let ports = Ports {
        merchant: Arc::new(DocumentedMerchant::new(&config, Arc::clone(&transport))),
        ..ports(servers, store.clone())
    };
    SaleClient::with_ports(config, ports).unwrap()
}

fn parties(gateway: &str, merchant: &str) -> Parties {
    Parties {
        gateway_url: gateway.to_owned(),
        merchant: MerchantServer::At {
            url: merchant.to_owned(),
        },
    }
}

fn undecided() -> Arc<Servers> {
    Servers::new(|path, before| match path {
        "/paynet/dapi/v1/sale/1144/invoice-1/status" => Answer::Json(PROCESSING),
        _ => good(1)(path, before),
    })
}

#[tokio::test(start_paused = true)]
async fn a_sale_of_another_gateway_is_named_and_nothing_of_it_is_sent() {
    for (gateway, merchant) in [
        (GATEWAY_B, MERCHANT),
        (GATEWAY_A, "https://other-shop.example"),
        ("https://a.example/payment", MERCHANT),
    ] {
        let store = Arc::new(MemoryStore::new());
        let brand_a = client_of(GATEWAY_A, MERCHANT, &undecided(), &store);
        let sale = brand_a.start(request()).unwrap();
        assert_eq!(sale.outcome().await.charge(), Charge::Unknown);

        let servers = Servers::new(good(1));
        let brand_b = client_of(gateway, merchant, &servers, &store);
        let pending = brand_b.pending().await.unwrap();
        assert_eq!((pending.sales.len(), pending.damaged.len()), (0, 0));
        let foreign = &pending.foreign[0];
        assert_eq!(
            (&foreign.id, &foreign.parties),
            (sale.id(), &parties(GATEWAY_A, MERCHANT))
        );
        assert_eq!(foreign.amount.to_string(), "10.50 EUR");
        assert_eq!(
            (foreign.merchant_order_id.as_deref(), foreign.invoice_id.as_deref()),
            (Some("order 7"), Some("invoice-1"))
        );
        let refused = ClientError::Foreign {
            id: sale.id().clone(),
            sale: Box::new(parties(GATEWAY_A, MERCHANT)),
            client: Box::new(parties(gateway, merchant)),
        };
        assert_eq!(brand_b.resume(sale.id()).await.unwrap_err(), refused);
        assert_eq!(brand_b.acknowledge(sale.id()).await.unwrap_err(), refused);
        assert_eq!(brand_b.forget(sale.id()).await.unwrap_err(), refused);
        let text = refused.to_string();
        assert!(text.contains(GATEWAY_A) && text.contains(gateway), "{text}");
        assert_eq!(servers.sent(), [] as [String; 0], "{gateway}, {merchant}");

        // A client with the listed parties can resume it.
        let again = client_of(&foreign.parties.gateway_url, MERCHANT, &Servers::new(good(1)), &store);
        let outcome = again.resume(sale.id()).await.unwrap().outcome().await;
        assert_eq!(outcome.charge(), Charge::Charged);
    }
}

#[tokio::test(start_paused = true)]
async fn an_address_that_is_only_written_differently_is_the_same_gateway() {
    let store = Arc::new(MemoryStore::new());
    let sale = client_of(GATEWAY_A, MERCHANT, &undecided(), &store)
        .start(request())
        .unwrap();
    sale.outcome().await;
    let client = client_of(
        "https://A.example:443/paynet/",
        "https://shop.example/",
        &Servers::new(good(1)),
        &store,
    );
    assert_eq!(client.pending().await.unwrap().foreign, []);
    let outcome = client.resume(sale.id()).await.unwrap().outcome().await;
    assert_eq!(outcome.charge(), Charge::Charged);
}

/// A backend of the app's own.
struct Backend(DocumentedMerchant);

impl MerchantBackend for Backend {
    fn access_token<'a>(&'a self, serial_number: &'a str) -> PortFuture<'a, Result<Secret, Unanswered>> {
        self.0.access_token(serial_number)
    }

    fn initiate(
        &self,
        request: InitiateSaleRequest,
    ) -> PortFuture<'_, Result<salekit_core::wire::initiate::InitiateAnswer, Failure>> {
        self.0.initiate(request)
    }

    fn session_token(
        &self,
        request: InvoiceRequest,
        void: bool,
    ) -> PortFuture<'_, Result<salekit_core::wire::merchant::SessionAnswer, Unanswered>> {
        self.0.session_token(request, void)
    }

    fn stored_card(&self, request: InvoiceRequest) -> PortFuture<'_, Result<StoredCard, Unanswered>> {
        self.0.stored_card(request)
    }
}

#[tokio::test(start_paused = true)]
async fn a_backend_of_the_apps_own_is_known_as_that_and_not_by_an_address() {
    let (store, servers) = (Arc::new(MemoryStore::new()), undecided());
    let with_backend = |gateway: &str| {
        let config = SaleClientConfig::new(gateway, MERCHANT).unwrap();
        let transport: Arc<dyn Transport> = Arc::<Servers>::clone(&servers);
        let ports = Ports {
            merchant: Arc::new(Backend(DocumentedMerchant::new(&config, transport))),
            ..ports(&servers, store.clone())
        };
        SaleClient::with_ports(config, ports).unwrap()
    };
    let sale = with_backend(GATEWAY_A).start(request()).unwrap();
    sale.outcome().await;
    let other = client_of(GATEWAY_A, MERCHANT, &servers, &store);
    let foreign = other.pending().await.unwrap().foreign;
    assert_eq!(foreign[0].parties.merchant, MerchantServer::AppBackend);
    assert_eq!(with_backend(GATEWAY_B).pending().await.unwrap().foreign.len(), 1);
    assert_eq!(with_backend(GATEWAY_A).pending().await.unwrap().sales.len(), 1);
}

/// Version 1 did not store the parties of a sale, so each client treats such a sale as its own.
#[tokio::test(start_paused = true)]
async fn a_sale_of_the_first_version_is_every_clients_own() {
    let store = Arc::new(MemoryStore::new());
    let fixture = include_bytes!("../snapshots/v1/approved.json");
    let id = salekit_core::flow::Snapshot::decode(fixture).unwrap().0.id().clone();
    store.save(&id, fixture).unwrap();
    let client = client_of(GATEWAY_B, MERCHANT, &Servers::new(good(1)), &store);
    let pending = client.pending().await.unwrap();
    assert_eq!((pending.sales.len(), pending.foreign.len()), (1, 0));
    assert_eq!(
        client.resume(&id).await.unwrap().outcome().await.charge(),
        Charge::Charged
    );
}
