//! Ports that fail or panic, and ports that show pages. `limits` and `stuck` have ports that never return.

use std::sync::atomic::{AtomicUsize, Ordering};

use salekit_core::StoreLock;

use super::*;

/// A store that cannot save.
struct Full;

impl SnapshotStore for Full {
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
    let client = client_here(config(), ports(&servers, Arc::new(Full))).unwrap();
    let outcome = client.start(request()).unwrap().outcome().await;
    assert_eq!(
        (not_charged(outcome), servers.performs()),
        (NotChargedReason::StorageFailed, 0)
    );
}

/// A store whose saves fail from the `first` on, `many` times.
struct Failing {
    store: MemoryStore,
    saves: AtomicUsize,
    first: usize,
    many: usize,
}

impl SnapshotStore for Failing {
    fn save(&self, sale: &SaleId, snapshot: &[u8]) -> Result<(), StoreError> {
        let number = self.saves.fetch_add(1, Ordering::SeqCst);
        if (self.first..self.first.saturating_add(self.many)).contains(&number) {
            return Err(StoreError::Full {
                detail: "as the test asks".to_owned(),
            });
        }
        self.store.save(sale, snapshot)
    }

    fn load(&self, sale: &SaleId) -> Result<Option<Vec<u8>>, StoreError> {
        self.store.load(sale)
    }

    fn list(&self) -> Result<Vec<SaleId>, StoreError> {
        self.store.list()
    }

    fn remove(&self, sale: &SaleId) -> Result<(), StoreError> {
        self.store.remove(sale)
    }

    fn lock(&self, name: &str) -> Result<StoreLock, StoreError> {
        self.store.lock(name)
    }

    fn unlock(&self, name: &str) -> Result<(), StoreError> {
        self.store.unlock(name)
    }
}

#[tokio::test(start_paused = true)]
async fn only_the_save_before_perform_may_stop_a_sale() {
    let (mut stopped, mut approved) = (0, 0);
    for (first, many) in (0..8).flat_map(|first| [(first, 1), (first, usize::MAX)]) {
        let servers = Servers::new(good(2));
        let store = Failing {
            store: MemoryStore::new(),
            saves: AtomicUsize::new(0),
            first,
            many,
        };
        let outcome = client_apart(ports(&servers, Arc::new(store)))
            .start(request())
            .unwrap()
            .outcome()
            .await;
        match outcome {
            SaleOutcome::Approved(_) => {
                assert_eq!(servers.performs(), 1, "{first}, {many}");
                approved += 1;
            }
            SaleOutcome::NotCharged(end) if end.reason == NotChargedReason::StorageFailed => {
                assert_eq!(servers.performs(), 0, "{first}, {many}");
                stopped += 1;
            }
            other => panic!("{first}, {many}: {other:?}"),
        }
    }
    // The save before perform is the second of a sale: that one, and it or the one before it with all after it.
    assert_eq!((stopped, approved), (3, 13));
}

/// A merchant backend of the app's own that panics.
struct Panicking;

impl MerchantBackend for Panicking {
    fn access_token<'a>(&'a self, _serial_number: &'a str) -> PortFuture<'a, Result<Secret, salekit_core::Unanswered>> {
        panic!("the app's own mistake")
    }

    fn initiate(
        &self,
        _request: salekit_core::InitiateSaleRequest,
    ) -> PortFuture<'_, Result<salekit_core::wire::initiate::InitiateAnswer, Failure>> {
        panic!("the app's own mistake")
    }

    fn session_token(
        &self,
        _request: salekit_core::InvoiceRequest,
        _void: bool,
    ) -> PortFuture<'_, Result<salekit_core::wire::merchant::SessionAnswer, salekit_core::Unanswered>> {
        panic!("the app's own mistake")
    }

    fn stored_card(
        &self,
        _request: salekit_core::InvoiceRequest,
    ) -> PortFuture<'_, Result<salekit_core::StoredCard, salekit_core::Unanswered>> {
        panic!("the app's own mistake")
    }
}

#[tokio::test(start_paused = true)]
async fn a_panic_in_the_apps_own_code_ends_the_sale_with_an_outcome() {
    let servers = Servers::new(good(1));
    let ports = Ports {
        merchant: Arc::new(Panicking),
        ..ports(&servers, Arc::new(MemoryStore::new()))
    };
    let outcome = client_here(config(), ports)
        .unwrap()
        .start(request())
        .unwrap()
        .outcome()
        .await;
    let SaleOutcome::NotCharged(end) = outcome else {
        panic!()
    };
    assert_eq!(
        (end.reason, end.failure),
        (NotChargedReason::MerchantUnavailable, Some(FailureKind::CallbackFailed))
    );
}

/// A browser that records its calls.
#[derive(Default)]
struct Browser(Mutex<Vec<String>>);

impl RedirectPresenter for Browser {
    fn show(&self, challenge: &Challenge) {
        self.0.lock().unwrap().push(challenge.url().to_owned());
    }

    fn dismiss(&self, challenge: &Challenge) {
        self.0.lock().unwrap().push(format!("dismissed {}", challenge.url()));
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
    let sale: Sale = client_here(config(), ports).unwrap().start(request()).unwrap();
    let mut states = sale.states();
    let challenge = loop {
        match states.next().await.unwrap() {
            SaleState::Challenge { url, is_open } => break (url, is_open),
            _ => continue,
        }
    };
    assert_eq!(challenge, ("https://acs.example/1".to_owned(), true));
    sale.challenge().unwrap().returned();
    assert_eq!(sale.outcome().await.charge(), Charge::Charged);
    assert_eq!(
        *browser.0.lock().unwrap(),
        ["https://acs.example/1", "dismissed https://acs.example/1"]
    );
}

/// A presenter that panics.
struct PanickingPresenter;

impl RedirectPresenter for PanickingPresenter {
    fn show(&self, _challenge: &Challenge) {
        panic!("the app's own mistake")
    }

    fn dismiss(&self, _challenge: &Challenge) {
        panic!("the app's own mistake")
    }
}

#[tokio::test(start_paused = true)]
async fn a_panic_of_the_presenter_does_not_end_the_sale() {
    let servers = Servers::new(|path, before| match (path, before) {
        ("/paynet/dapi/v1/sale/1144/invoice-1/status", 0) => {
            Answer::Json(r#"{"state":"REDIRECT_REQUEST","redirectUrl":"https://acs.example/1"}"#)
        }
        _ => good(1)(path, before),
    });
    let ports = Ports {
        presenter: Some(Arc::new(PanickingPresenter)),
        ..ports(&servers, Arc::new(MemoryStore::new()))
    };
    let sale = client_here(config(), ports).unwrap().start(request()).unwrap();
    assert_eq!(sale.outcome().await.charge(), Charge::Charged);
}

#[tokio::test(start_paused = true)]
async fn an_unusable_snapshot_is_kept_and_named_and_others_are_not_touched_by_it() {
    let servers = Servers::new(good(1));
    let store = Arc::new(MemoryStore::new());
    let client = client_here(config(), ports(&servers, store.clone())).unwrap();
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

#[test]
fn outside_of_a_runtime_a_client_says_what_is_missing() {
    let ports = ports(&Servers::new(good(1)), Arc::new(MemoryStore::new()));
    let client = SaleClient::with_ports(config(), ports);
    assert_eq!(client.unwrap_err(), ClientError::NoRuntime);
}
