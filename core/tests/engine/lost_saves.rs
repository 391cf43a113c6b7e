//! Saves that failed or were given up, and what the sale does once the store works again: it goes on if nothing can have
//! been written, or if what was written is its own.

use std::sync::mpsc::{Receiver, channel};

use salekit_core::StoreLock;

use super::{process::Process, stuck_store::is_pending, *};

/// A store whose first listing blocks until the test releases it.
struct HangsOnce {
    kept: MemoryStore,
    go_on: Mutex<Option<Receiver<()>>>,
}

impl SnapshotStore for HangsOnce {
    fn save(&self, sale: &SaleId, snapshot: &[u8]) -> Result<(), StoreError> {
        self.kept.save(sale, snapshot)
    }

    fn load(&self, sale: &SaleId) -> Result<Option<Vec<u8>>, StoreError> {
        self.kept.load(sale)
    }

    fn list(&self) -> Result<Vec<SaleId>, StoreError> {
        if let Some(go_on) = self.go_on.lock().unwrap().take() {
            let _ = go_on.recv();
        }
        self.kept.list()
    }

    fn remove(&self, sale: &SaleId) -> Result<(), StoreError> {
        self.kept.remove(sale)
    }

    fn lock(&self, name: &str) -> Result<StoreLock, StoreError> {
        self.kept.lock(name)
    }

    fn unlock(&self, name: &str) -> Result<(), StoreError> {
        self.kept.unlock(name)
    }
}

#[tokio::test(start_paused = true)]
async fn a_sale_whose_save_had_no_turn_goes_on_once_the_store_works_again() {
    let (release, go_on) = channel();
    let store = Arc::new(HangsOnce {
        kept: MemoryStore::new(),
        go_on: Mutex::new(Some(go_on)),
    });
    let servers = Servers::new(|path, before| match path {
        "/sale/initiate-sale" => Answer::Late(Duration::from_secs(5), INITIATED),
        _ => good(1)(path, before),
    });
    let client = client_apart(ports(&servers, store.clone()));
    let mut listing = Box::pin(client.pending());
    assert!(is_pending(listing.as_mut()));
    tokio::time::advance(Duration::from_secs(10)).await;
    assert!(matches!(listing.await, Err(ClientError::Store(_))));
    let sale = client.start(request()).unwrap();
    let mut states = sale.states();
    while states.next().await.unwrap() != SaleState::Initiating {}
    client.app_background();
    // So that the sale has tried to save, while its request is under way.
    for _ in 0..100 {
        tokio::task::yield_now().await;
    }
    assert_eq!(sales_in(&store.kept), []);
    drop(release);
    while client.pending().await.is_err() {
        tokio::task::yield_now().await;
    }
    assert_eq!(sale.outcome().await.charge(), Charge::Charged);
}

/// A store with locks. Its first save takes until the test lets it go, and is carried out then.
struct SlowAtFirst {
    kept: MemoryStore,
    first_begins: Mutex<Option<tokio::sync::oneshot::Sender<()>>>,
    go_on: Mutex<Receiver<()>>,
}

impl SnapshotStore for SlowAtFirst {
    fn save(&self, sale: &SaleId, snapshot: &[u8]) -> Result<(), StoreError> {
        if let Some(begins) = self.first_begins.lock().unwrap().take() {
            begins.send(()).unwrap();
            self.go_on.lock().unwrap().recv().unwrap();
        }
        self.kept.save(sale, snapshot)
    }

    fn load(&self, sale: &SaleId) -> Result<Option<Vec<u8>>, StoreError> {
        self.kept.load(sale)
    }

    fn list(&self) -> Result<Vec<SaleId>, StoreError> {
        self.kept.list()
    }

    fn remove(&self, sale: &SaleId) -> Result<(), StoreError> {
        self.kept.remove(sale)
    }

    fn lock(&self, name: &str) -> Result<StoreLock, StoreError> {
        self.kept.lock(name)
    }

    fn unlock(&self, name: &str) -> Result<(), StoreError> {
        self.kept.unlock(name)
    }
}

#[tokio::test(start_paused = true)]
async fn a_sale_that_another_process_ended_after_a_save_that_was_given_up_is_not_performed() {
    for is_acknowledged in [true, false] {
        let servers = Servers::new(|path, before| match path {
            "/auth/request-access-token" => Answer::Late(Duration::from_secs(25), ACCESS),
            _ => good(1)(path, before),
        });
        let (first_begins, begins) = tokio::sync::oneshot::channel();
        let (release, go_on) = channel();
        let store = Arc::new(SlowAtFirst {
            kept: MemoryStore::new(),
            first_begins: Mutex::new(Some(first_begins)),
            go_on: Mutex::new(go_on),
        });
        let sale = Process::new().client(&servers, store.clone()).start(request()).unwrap();
        begins.await.unwrap();
        // Until the save is given up.
        for _second in 0..12 {
            tokio::time::advance(Duration::from_secs(1)).await;
            tokio::task::yield_now().await;
        }
        release.send(()).unwrap();
        let other = Process::new().client(&servers, store);
        let resumed = loop {
            match other.resume(sale.id()).await {
                Ok(resumed) => break resumed,
                // Until the save is done.
                Err(ClientError::NotFound { .. } | ClientError::StillRunning { .. }) => {
                    tokio::task::yield_now().await;
                }
                Err(error) => panic!("{error}"),
            }
        };
        assert_eq!(not_charged(resumed.outcome().await), NotChargedReason::Interrupted);
        if is_acknowledged {
            other.acknowledge(sale.id()).await.unwrap();
        }
        assert_eq!(sale.outcome().await.charge(), Charge::NotCharged);
        assert_eq!(servers.performs(), 0);
    }
}

/// A store whose first lock fails.
#[derive(Default)]
struct UnlockableAtFirst(MemoryStore, std::sync::atomic::AtomicBool);

impl SnapshotStore for UnlockableAtFirst {
    fn save(&self, sale: &SaleId, snapshot: &[u8]) -> Result<(), StoreError> {
        self.0.save(sale, snapshot)
    }

    fn load(&self, sale: &SaleId) -> Result<Option<Vec<u8>>, StoreError> {
        self.0.load(sale)
    }

    fn list(&self) -> Result<Vec<SaleId>, StoreError> {
        self.0.list()
    }

    fn remove(&self, sale: &SaleId) -> Result<(), StoreError> {
        self.0.remove(sale)
    }

    fn lock(&self, name: &str) -> Result<StoreLock, StoreError> {
        if !self.1.swap(true, std::sync::atomic::Ordering::SeqCst) {
            let detail = "a file system that is not there yet".to_owned();
            return Err(StoreError::Failed { detail });
        }
        self.0.lock(name)
    }

    fn unlock(&self, name: &str) -> Result<(), StoreError> {
        self.0.unlock(name)
    }
}

#[tokio::test(start_paused = true)]
async fn a_sale_whose_first_lock_failed_goes_on() {
    let store = Arc::<UnlockableAtFirst>::default();
    let client = Process::new().client(&Servers::new(good(1)), store.clone());
    let sale = client.start(request()).unwrap();
    assert_eq!(sale.outcome().await.charge(), Charge::Charged);
    assert!(store.load(sale.id()).unwrap().is_some());
}
