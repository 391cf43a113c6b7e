//! A sale belongs to the gateway and the merchant's server that it was started with: no other server gets its tokens.

use super::*;
use salekit_core::{InitiateSaleRequest, InvoiceRequest, MerchantServer, Parties, StoredCard, Unanswered};

const GATEWAY_A: &str = "https://a.example/paynet";
const GATEWAY_B: &str = "https://b.example/paynet";
const MERCHANT: &str = "https://shop.example";

/// A client in a process of its own.
fn client_of(gateway: &str, merchant: &str, servers: &Arc<Servers>, store: &Arc<MemoryStore>) -> SaleClient {
    client_in(Arc::default(), (gateway, merchant), servers, store)
}

fn client_in(
    process: Arc<RunningSales>,
    (gateway, merchant): (&str, &str),
    servers: &Arc<Servers>,
    store: &Arc<MemoryStore>,
) -> SaleClient {
    let config = SaleClientConfig::new(gateway, merchant).unwrap();
    let transport: Arc<dyn Transport> = Arc::<Servers>::clone(servers);
    let ports = Ports {
        merchant: Arc::new(DocumentedMerchant::new(&config, Arc::clone(&transport))),
        ..ports(servers, store.clone())
    };
    SaleClient::on_device(config, ports, device(), process).unwrap()
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
async fn another_gateways_sale_is_not_acknowledged_here_although_its_end_is_known() {
    let (process, store) = (Arc::default(), Arc::new(MemoryStore::new()));
    let servers = Servers::new(good(1));
    let [brand_a, brand_b] =
        [GATEWAY_A, GATEWAY_B].map(|gateway| client_in(Arc::clone(&process), (gateway, MERCHANT), &servers, &store));
    let sale = brand_a.start(request()).unwrap();
    assert_eq!(sale.outcome().await.charge(), Charge::Charged);
    let refused = brand_b.acknowledge(sale.id()).await.unwrap_err();
    assert!(matches!(refused, ClientError::Foreign { .. }), "{refused}");
    brand_a.acknowledge(sale.id()).await.unwrap();
    assert_eq!(sales_in(&*store), []);
}

#[tokio::test(start_paused = true)]
async fn an_order_of_one_merchant_runs_once_whichever_gateway_it_goes_through() {
    let process = Arc::default();
    let client = |gateway, merchant| {
        // Each with a folder of its own.
        let store = Arc::new(MemoryStore::new());
        client_in(Arc::clone(&process), (gateway, merchant), &undecided(), &store)
    };
    let first = client(GATEWAY_A, MERCHANT).start(request()).unwrap();
    let by = first.id().clone();
    let (brand_b, other_shop) = (
        client(GATEWAY_B, MERCHANT),
        client(GATEWAY_B, "https://other-shop.example"),
    );
    assert_eq!(
        brand_b.start(request()).unwrap_err(),
        ClientError::OrderInUse { by: by.clone() }
    );
    assert_eq!(
        brand_b.check_order("order 7").unwrap_err(),
        ClientError::OrderInUse { by }
    );
    other_shop.start(request()).unwrap();
    brand_b.start(request().allow_duplicate()).unwrap();
}

#[tokio::test(start_paused = true)]
async fn in_one_store_an_order_runs_once_for_all_clients() {
    let (process, store) = (Arc::default(), Arc::new(MemoryStore::new()));
    let client = |parties, servers: &Arc<Servers>| client_in(Arc::clone(&process), parties, servers, &store);
    let never = Servers::new(|path, before| match path {
        "/paynet/dapi/v1/sale/1144/invoice-1/status" => Answer::Never,
        _ => good(1)(path, before),
    });
    let first = client((GATEWAY_A, MERCHANT), &never).start(request()).unwrap();
    let mut states = first.states();
    while states.next().await.unwrap() != SaleState::Processing {}
    let servers = Servers::new(|path, before| match path {
        "/sale/initiate-sale" => Answer::Json(
            r#"{"endpointId":"1144","invoiceId":"invoice-2","session":{"nonce":"nonce","signature":"signature"}}"#,
        ),
        _ => good(1)(path, before),
    });
    // It counts as another merchant's, but the store is the same.
    let other = client((GATEWAY_B, "https://other-shop.example"), &servers);
    let outcome = other.start(request()).unwrap().outcome().await;
    assert_eq!(not_charged(outcome), NotChargedReason::OrderInUse);
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
        client_here(config, ports).unwrap()
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
