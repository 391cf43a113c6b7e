//! No two sales perform the same invoice, whether they are running or stored.

use super::*;

/// Answers of a sale whose gateway never answers a status request, so that it stays unfinished.
fn unfinished(path: &str, before: usize) -> Answer {
    match path {
        "/paynet/dapi/v1/sale/1144/invoice-1/status" => Answer::Never,
        _ => good(1)(path, before),
    }
}

#[tokio::test(start_paused = true)]
async fn an_invoice_of_a_stored_sale_is_not_performed_again_after_a_restart() {
    let servers = Servers::new(unfinished);
    let store = Arc::new(MemoryStore::new());
    let first = {
        let client = client_here(config(), ports(&servers, store.clone())).unwrap();
        let sale = client.start(request()).unwrap();
        let mut states = sale.states();
        while states.next().await.unwrap() != SaleState::Processing {}
        sale.id().clone()
    };
    // Another process knows the first one's sales only from the store.
    let client = client_apart(ports(&servers, store.clone()));
    let SaleOutcome::NotCharged(end) = client.start(request()).unwrap().outcome().await else {
        panic!()
    };
    assert_eq!(end.reason, NotChargedReason::InvoiceInUse);
    assert!(end.detail.contains(first.as_str()), "{}", end.detail);
    assert_eq!(servers.performs(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_damaged_snapshot_still_keeps_its_invoice() {
    let servers = Servers::new(unfinished);
    let store = Arc::new(MemoryStore::new());
    store
        .save(
            &SaleId::from_random([3; 16]),
            br#"{"version":1,"invoice":{"invoice_id":"invoice-1"#,
        )
        .unwrap();
    store
        .save(
            &SaleId::from_random([4; 16]),
            br#"{"version":1,"invoice":{"invoice_id":"invoice-1","#,
        )
        .unwrap();
    let client = client_here(config(), ports(&servers, store)).unwrap();
    let outcome = client.start(request()).unwrap().outcome().await;
    assert_eq!(not_charged(outcome), NotChargedReason::InvoiceInUse);
    assert_eq!(servers.performs(), 0);
}

#[tokio::test(start_paused = true)]
async fn of_two_sales_that_claim_one_invoice_at_once_one_performs_it() {
    let servers = Servers::new(good(1));
    let client = client(&servers);
    let another = client.start(request().with_merchant_order_id("order 8")).unwrap();
    let (one, other) = (client.start(request()).unwrap(), another);
    let (one, other) = tokio::join!(one.outcome(), other.outcome());
    let charged = [one.charge(), other.charge()]
        .into_iter()
        .filter(|charge| *charge == Charge::Charged);
    assert_eq!((charged.count(), servers.performs()), (1, 1));
}

/// A store that lists nothing, like one that was listed just before the other sale was saved.
struct Together(MemoryStore);

impl SnapshotStore for Together {
    fn save(&self, sale: &SaleId, snapshot: &[u8]) -> Result<(), StoreError> {
        self.0.save(sale, snapshot)
    }

    fn load(&self, sale: &SaleId) -> Result<Option<Vec<u8>>, StoreError> {
        self.0.load(sale)
    }

    fn list(&self) -> Result<Vec<SaleId>, StoreError> {
        Ok(Vec::new())
    }

    fn remove(&self, sale: &SaleId) -> Result<(), StoreError> {
        self.0.remove(sale)
    }
}

#[tokio::test(start_paused = true)]
async fn of_two_sales_that_find_nothing_stored_one_performs_the_invoice() {
    let servers = Servers::new(good(1));
    let store = Arc::new(Together(MemoryStore::new()));
    let client = client_here(config(), ports(&servers, store)).unwrap();
    let another = client.start(request().with_merchant_order_id("order 8")).unwrap();
    let (one, other) = (client.start(request()).unwrap(), another);
    let (one, other) = tokio::join!(one.outcome(), other.outcome());
    let charged = [one.charge(), other.charge()]
        .into_iter()
        .filter(|charge| *charge == Charge::Charged);
    assert_eq!((charged.count(), servers.performs()), (1, 1));
}

#[tokio::test(start_paused = true)]
async fn an_invoice_of_a_sale_that_was_acknowledged_is_not_performed_again() {
    let servers = Servers::new(good(1));
    let client = client(&servers);
    let first = client.start(request()).unwrap();
    assert_eq!(first.outcome().await.charge(), Charge::Charged);
    client.acknowledge(first.id()).await.unwrap();
    let outcome = client.start(request()).unwrap().outcome().await;
    assert_eq!(not_charged(outcome), NotChargedReason::InvoiceInUse);
    assert_eq!(servers.performs(), 1);
}

/// A store that can be written but not listed.
struct Unlisted(MemoryStore);

impl SnapshotStore for Unlisted {
    fn save(&self, sale: &SaleId, snapshot: &[u8]) -> Result<(), StoreError> {
        self.0.save(sale, snapshot)
    }

    fn load(&self, sale: &SaleId) -> Result<Option<Vec<u8>>, StoreError> {
        self.0.load(sale)
    }

    fn list(&self) -> Result<Vec<SaleId>, StoreError> {
        Err(StoreError::Failed {
            detail: "no list".to_owned(),
        })
    }

    fn remove(&self, sale: &SaleId) -> Result<(), StoreError> {
        self.0.remove(sale)
    }
}

#[tokio::test(start_paused = true)]
async fn a_store_that_does_not_tell_what_it_holds_stops_a_sale_before_perform() {
    let servers = Servers::new(good(1));
    let store = Arc::new(Unlisted(MemoryStore::new()));
    let client = client_here(config(), ports(&servers, store)).unwrap();
    let outcome = client.start(request()).unwrap().outcome().await;
    assert_eq!(
        (not_charged(outcome), servers.performs()),
        (NotChargedReason::StorageFailed, 0)
    );
}

#[tokio::test(start_paused = true)]
async fn an_invoice_is_not_performed_again_after_its_sale_was_acknowledged_and_a_restart() {
    let servers = Servers::new(good(1));
    let store = Arc::new(MemoryStore::new());
    let client = client_here(config(), ports(&servers, store.clone())).unwrap();
    let first = client.start(request()).unwrap();
    assert_eq!(first.outcome().await.charge(), Charge::Charged);
    client.acknowledge(first.id()).await.unwrap();
    assert_eq!(sales_in(&*store), []);
    for _ in 0..2 {
        let client = client_here(config(), ports(&servers, store.clone())).unwrap();
        assert_eq!(client.pending().await.unwrap(), salekit_core::PendingSales::default());
        let second = client.start(request()).unwrap();
        let SaleOutcome::NotCharged(end) = second.outcome().await else {
            panic!()
        };
        assert_eq!(end.reason, NotChargedReason::InvoiceInUse);
        assert!(end.detail.contains(first.id().as_str()), "{}", end.detail);
        client.acknowledge(second.id()).await.unwrap();
    }
    assert_eq!(servers.performs(), 1);
}

#[tokio::test(start_paused = true)]
async fn an_invoice_is_not_performed_again_after_its_sale_was_forgotten_and_a_restart() {
    let servers = Servers::new(|path, before| match path {
        "/paynet/dapi/v1/sale/1144/invoice-1/status" => Answer::Json(PROCESSING),
        _ => good(1)(path, before),
    });
    let store = Arc::new(MemoryStore::new());
    let client = client_here(config(), ports(&servers, store.clone())).unwrap();
    let first = client.start(request()).unwrap();
    assert_eq!(first.outcome().await.charge(), Charge::Unknown);
    client.forget(first.id()).await.unwrap();
    let client = client_here(config(), ports(&servers, store)).unwrap();
    let outcome = client.start(request()).unwrap().outcome().await;
    assert_eq!(not_charged(outcome), NotChargedReason::InvoiceInUse);
    assert_eq!(servers.performs(), 1);
}

#[tokio::test(start_paused = true)]
async fn an_invoice_is_not_performed_again_after_its_damaged_sale_was_forgotten() {
    let servers = Servers::new(good(1));
    let store = Arc::new(MemoryStore::new());
    let damaged = SaleId::from_random([3; 16]);
    let half = br#"{"version":1,"invoice":{"invoice_id":"invoice-1","#;
    store.save(&damaged, half).unwrap();
    let client = client_here(config(), ports(&servers, store.clone())).unwrap();
    client.forget(&damaged).await.unwrap();
    assert_eq!(sales_in(&*store), []);
    let outcome = client.start(request()).unwrap().outcome().await;
    assert_eq!(not_charged(outcome), NotChargedReason::InvoiceInUse);
    assert_eq!(servers.performs(), 0);
}

#[tokio::test(start_paused = true)]
async fn an_invoice_that_was_never_performed_can_be_named_again() {
    // The gateway cannot be reached at first.
    let servers = Servers::new(|path, before| match path {
        "/paynet/dapi/v1/sale/1144/invoice-1" if before < 3 => {
            Answer::Fail(Failure::before_sending(FailureKind::NotConnected))
        }
        _ => good(1)(path, before),
    });
    let store = Arc::new(MemoryStore::new());
    let client = client_here(config(), ports(&servers, store.clone())).unwrap();
    let first = client.start(request()).unwrap();
    assert_eq!(not_charged(first.outcome().await), NotChargedReason::GatewayUnreachable);
    client.acknowledge(first.id()).await.unwrap();
    let client = client_here(config(), ports(&servers, store)).unwrap();
    assert_eq!(
        client.start(request()).unwrap().outcome().await.charge(),
        Charge::Charged
    );
}

#[tokio::test(start_paused = true)]
async fn what_is_kept_of_earlier_invoices_is_no_sale() {
    let servers = Servers::new(good(1));
    let store = Arc::new(MemoryStore::new());
    let client = client_here(config(), ports(&servers, store.clone())).unwrap();
    let first = client.start(request()).unwrap();
    first.outcome().await;
    client.acknowledge(first.id()).await.unwrap();
    let id = SaleId::parse(&"0".repeat(32)).unwrap();
    assert_eq!(
        client.resume(&id).await.unwrap_err(),
        ClientError::NotFound { id: id.clone() }
    );
    client.forget(&id).await.unwrap();
    client.acknowledge(&id).await.unwrap();
    assert_eq!(store.list().unwrap(), [id], "it stays");
}

/// A store that cannot read the record of spent invoices.
struct Unread(MemoryStore);

impl SnapshotStore for Unread {
    fn save(&self, sale: &SaleId, snapshot: &[u8]) -> Result<(), StoreError> {
        self.0.save(sale, snapshot)
    }

    fn load(&self, sale: &SaleId) -> Result<Option<Vec<u8>>, StoreError> {
        match self.0.load(sale)? {
            Some(_) if sale.as_str() == "0".repeat(32) => Err(StoreError::Failed {
                detail: "torn".to_owned(),
            }),
            loaded => Ok(loaded),
        }
    }

    fn list(&self) -> Result<Vec<SaleId>, StoreError> {
        self.0.list()
    }

    fn remove(&self, sale: &SaleId) -> Result<(), StoreError> {
        self.0.remove(sale)
    }
}

#[tokio::test(start_paused = true)]
async fn earlier_invoices_that_cannot_be_read_stop_sales_until_the_app_forgets_them() {
    let servers = Servers::new(|path, before| match path {
        "/sale/initiate-sale" if before == 1 => Answer::Json(
            r#"{"endpointId":"1144","invoiceId":"invoice-0","session":{"nonce":"nonce","signature":"signature"}}"#,
        ),
        "/sale/initiate-sale" if before == 2 => Answer::Json(
            r#"{"endpointId":"1144","invoiceId":"invoice-2","session":{"nonce":"nonce","signature":"signature"}}"#,
        ),
        "/paynet/dapi/v1/sale/1144/invoice-2" => Answer::Json(PERFORMED),
        "/paynet/dapi/v1/sale/1144/invoice-2/status" => Answer::Json(APPROVED),
        _ => good(1)(path, before),
    });
    let store = Arc::new(Unread(MemoryStore::new()));
    let client = client_here(config(), ports(&servers, store.clone())).unwrap();
    let first = client.start(request()).unwrap();
    first.outcome().await;
    client.acknowledge(first.id()).await.unwrap();
    let second = client.start(request()).unwrap();
    assert_eq!(not_charged(second.outcome().await), NotChargedReason::StorageFailed);
    assert_eq!(servers.performs(), 1);

    let found = client.pending().await.unwrap();
    let id = &found.damaged[0].id;
    assert_eq!((found.damaged.len(), id.as_str()), (1, &*"0".repeat(32)));
    client.forget(id).await.unwrap();
    let third = client.start(request()).unwrap();
    let outcome = third.outcome().await;
    assert_eq!(outcome.charge(), Charge::Charged, "{outcome:?}");
}
