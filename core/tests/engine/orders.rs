//! Only one sale pays an order, unless the app allows a duplicate.

use salekit_core::flow::{Remains, Snapshot};

use super::{process::Process, *};

/// A sale that stays unknown: nobody answers perform sale or knows about it.
fn lost() -> Arc<Servers> {
    Servers::new(|path, before| match path {
        "/paynet/dapi/v1/sale/1144/invoice-1" => Answer::Never,
        "/sale/invoice-1/session-token" => Answer::Status(503),
        _ => good(1)(path, before),
    })
}

/// The answers to initiate sale, each with an invoice of its own.
const INVOICES: [&str; 6] = [
    r#"{"endpointId":"1144","invoiceId":"invoice-2","session":{"nonce":"nonce","signature":"signature"}}"#,
    r#"{"endpointId":"1144","invoiceId":"invoice-3","session":{"nonce":"nonce","signature":"signature"}}"#,
    r#"{"endpointId":"1144","invoiceId":"invoice-4","session":{"nonce":"nonce","signature":"signature"}}"#,
    r#"{"endpointId":"1144","invoiceId":"invoice-5","session":{"nonce":"nonce","signature":"signature"}}"#,
    r#"{"endpointId":"1144","invoiceId":"invoice-6","session":{"nonce":"nonce","signature":"signature"}}"#,
    r#"{"endpointId":"1144","invoiceId":"invoice-7","session":{"nonce":"nonce","signature":"signature"}}"#,
];

/// Servers that return a new invoice for each sale, and approve it.
fn numbered() -> Arc<Servers> {
    numbered_with(|before| Answer::Json(INVOICES[before]), || Answer::Status(404))
}

/// The same with other answers to initiate sale, and to questions for the session token of the first invoice.
fn numbered_with(
    initiate: impl Fn(usize) -> Answer + Send + Sync + 'static,
    session_token: impl Fn() -> Answer + Send + Sync + 'static,
) -> Arc<Servers> {
    Servers::new(move |path, before| match path {
        "/sale/initiate-sale" => initiate(before),
        "/sale/invoice-1/session-token" => session_token(),
        path if path.ends_with("/status") => Answer::Json(APPROVED),
        path if path.contains("/dapi/v1/sale/") => Answer::Json(PERFORMED),
        path => good(1)(path, before),
    })
}

/// How often perform sale was sent, for any invoice.
fn performs(servers: &Servers) -> usize {
    let sent = servers.sent();
    let performs = sent
        .iter()
        .filter(|path| path.contains("/dapi/v1/sale/") && !path.ends_with("/status"));
    performs.count()
}

#[tokio::test(start_paused = true)]
async fn a_second_sale_of_an_order_is_refused_while_the_first_one_runs() {
    let servers = numbered();
    let client = client(&servers);
    let first = client.start(request()).unwrap();
    let refused = client.start(request()).unwrap_err();
    assert_eq!(refused, ClientError::OrderInUse { by: first.id().clone() });
    assert!(refused.to_string().contains("allow a duplicate"), "{refused}");
    let other = client.start(request().with_merchant_order_id("order 8")).unwrap();
    assert_eq!(first.outcome().await.charge(), Charge::Charged);
    assert_eq!(other.outcome().await.charge(), Charge::Charged);
    assert_eq!(performs(&servers), 2);
}

#[tokio::test(start_paused = true)]
async fn a_stored_sale_that_may_charge_for_the_order_keeps_it() {
    let store = Arc::new(MemoryStore::new());
    let first = Process::new().client(&lost(), store.clone()).start(request()).unwrap();
    assert_eq!(first.outcome().await.charge(), Charge::Unknown);

    let servers = numbered();
    let client = client_apart(ports(&servers, store.clone()));
    let SaleOutcome::NotCharged(end) = client.start(request()).unwrap().outcome().await else {
        panic!("the order is another sale's")
    };
    assert_eq!(end.reason, NotChargedReason::OrderInUse);
    assert!(end.detail.contains(first.id().as_str()), "{}", end.detail);
    assert_eq!(performs(&servers), 0);

    client.forget(first.id()).await.unwrap();
    let third = client.start(request()).unwrap().outcome().await;
    assert_eq!(third.charge(), Charge::Charged);
}

#[tokio::test(start_paused = true)]
async fn a_charged_sale_keeps_its_order_until_it_is_acknowledged() {
    let store = Arc::new(MemoryStore::new());
    let servers = numbered();
    let client = Process::new().client(&servers, store.clone());
    let first = client.start(request()).unwrap();
    assert_eq!(first.outcome().await.charge(), Charge::Charged);
    // The app is killed before it sees that, and its payer tries again, twice.
    let next = client_apart(ports(&servers, store));
    for client in [&next, &next, &client] {
        let SaleOutcome::NotCharged(end) = client.start(request()).unwrap().outcome().await else {
            panic!("the order is paid")
        };
        assert_eq!(end.reason, NotChargedReason::OrderInUse);
        assert!(end.detail.contains(first.id().as_str()), "{}", end.detail);
    }
    let other = next.start(request().with_merchant_order_id("order 8")).unwrap();
    assert_eq!(other.outcome().await.charge(), Charge::Charged);
    assert_eq!(performs(&servers), 2);

    next.acknowledge(first.id()).await.unwrap();
    let again = next.start(request()).unwrap().outcome().await;
    assert_eq!(again.charge(), Charge::Charged);
}

/// Servers whose answer to initiate sale takes five seconds.
fn slow(session_token: impl Fn() -> Answer + Send + Sync + 'static) -> Arc<Servers> {
    let initiate = |before: usize| Answer::Late(Duration::from_secs(5), INVOICES[before]);
    numbered_with(initiate, session_token)
}

async fn order_is_taken(second: Sale, first: &SaleId, servers: &Servers) {
    let SaleOutcome::NotCharged(end) = second.outcome().await else {
        panic!("the order is another sale's")
    };
    assert_eq!(end.reason, NotChargedReason::OrderInUse);
    assert!(end.detail.contains(first.as_str()), "{}", end.detail);
    assert_eq!(performs(servers), 0);
}

#[tokio::test(start_paused = true)]
async fn a_sale_that_is_resumed_while_a_second_one_is_initiated_keeps_its_order() {
    let store = Arc::new(MemoryStore::new());
    let first = Process::new().client(&lost(), store.clone()).start(request()).unwrap();
    assert_eq!(first.outcome().await.charge(), Charge::Unknown);

    let servers = slow(|| Answer::Late(Duration::from_secs(20), PERFORMED));
    let client = client_apart(ports(&servers, store));
    let second = client.start(request()).unwrap();
    let resumed = client.resume(first.id()).await.unwrap();
    order_is_taken(second, first.id(), &servers).await;
    assert_eq!(resumed.outcome().await.charge(), Charge::Charged);
}

#[tokio::test(start_paused = true)]
async fn a_charged_sale_that_is_acknowledged_while_a_second_one_is_initiated_keeps_its_order() {
    let store = Arc::new(MemoryStore::new());
    let first = Process::new()
        .client(&Servers::new(good(1)), store.clone())
        .start(request())
        .unwrap();
    assert_eq!(first.outcome().await.charge(), Charge::Charged);

    // As an app does when it starts, while its payer tries again.
    let servers = slow(|| Answer::Never);
    let process = Process::new();
    let (client, other) = (
        process.client(&servers, store.clone()),
        process.client(&servers, store.clone()),
    );
    let second = client.start(request()).unwrap();
    other.resume(first.id()).await.unwrap().outcome().await;
    other.acknowledge(first.id()).await.unwrap();
    order_is_taken(second, first.id(), &servers).await;
    // From now on the order can be paid once more.
    let third = client.start(request()).unwrap().outcome().await;
    assert_eq!(third.charge(), Charge::Charged);
}

#[tokio::test(start_paused = true)]
async fn a_declined_sale_that_is_resumed_or_acknowledged_meanwhile_takes_no_order() {
    let store = Arc::new(MemoryStore::new());
    let refusing = Servers::new(|path, before| match path {
        "/sale/initiate-sale" => Answer::Json(r#"{"error":{"cause":"FILTERED"}}"#),
        _ => good(1)(path, before),
    });
    let first = Process::new()
        .client(&refusing, store.clone())
        .start(request())
        .unwrap();
    assert_eq!(first.outcome().await.charge(), Charge::NotCharged);
    let servers = slow(|| Answer::Never);
    let client = client_apart(ports(&servers, store));
    let second = client.start(request()).unwrap();
    client.resume(first.id()).await.unwrap().outcome().await;
    client.acknowledge(first.id()).await.unwrap();
    assert_eq!(second.outcome().await.charge(), Charge::Charged);
}

#[tokio::test(start_paused = true)]
async fn a_duplicate_can_be_allowed() {
    let store = Arc::new(MemoryStore::new());
    let first = Process::new().client(&lost(), store.clone()).start(request()).unwrap();
    assert_eq!(first.outcome().await.charge(), Charge::Unknown);
    let servers = numbered();
    let client = client_apart(ports(&servers, store));
    let duplicate = client.start(request().allow_duplicate()).unwrap();
    assert_eq!(duplicate.outcome().await.charge(), Charge::Charged);
    let another = client.start(request().allow_duplicate()).unwrap();
    assert_eq!(another.outcome().await.charge(), Charge::Charged);
}

#[tokio::test(start_paused = true)]
async fn a_damaged_snapshot_keeps_its_order_until_it_is_forgotten() {
    let store = Arc::new(MemoryStore::new());
    let id = SaleId::parse("0123456789abcdef0123456789abcdef").unwrap();
    let torn = br#"{"version":2,"sale":{"order":{"merchant_order_id":"order 7","#;
    assert_eq!(
        Snapshot::remains_in(torn),
        Remains {
            merchant_order_id: Some("order 7".to_owned()),
            ..Remains::default()
        }
    );
    store.save(&id, torn).unwrap();
    let servers = numbered();
    let client = client_apart(ports(&servers, store));
    let outcome = client.start(request()).unwrap().outcome().await;
    assert_eq!((outcome.charge(), performs(&servers)), (Charge::NotCharged, 0));
    client.forget(&id).await.unwrap();
    assert_eq!(
        client.start(request()).unwrap().outcome().await.charge(),
        Charge::Charged
    );
}
