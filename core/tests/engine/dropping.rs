//! Acknowledging final outcomes and forgetting unknown ones: nothing else is removed, and nothing comes back.

use std::{future::poll_fn, pin::Pin, task::Poll};

use salekit_core::StoreLock;

use super::{process::Process, *};

/// A sale whose bank never answers.
fn undecided() -> Arc<Servers> {
    Servers::new(|path, before| match path {
        "/paynet/dapi/v1/sale/1144/invoice-1/status" => Answer::Json(PROCESSING),
        _ => good(1)(path, before),
    })
}

async fn pending_ids(client: &SaleClient) -> Vec<SaleId> {
    let pending = client.pending().await.unwrap();
    pending.sales.into_iter().map(|sale| sale.id).collect()
}

/// A store in which a killed process has left an unfinished sale.
async fn left_unfinished() -> (Arc<MemoryStore>, SaleId) {
    let servers = Servers::new(|path, before| match path {
        "/paynet/dapi/v1/sale/1144/invoice-1/status" => Answer::Never,
        _ => good(1)(path, before),
    });
    let (store, copy) = (Arc::new(MemoryStore::new()), Arc::new(MemoryStore::new()));
    // The other process does not proceed, as the client under test sees it.
    let client = Process::new().client(&servers, store.clone());
    let sale = client.start(request()).unwrap();
    let mut states = sale.states();
    while states.next().await.unwrap() != SaleState::Processing {}
    let id = sale.id().clone();
    copy.save(&id, &store.load(&id).unwrap().unwrap()).unwrap();
    (copy, id)
}

#[tokio::test(start_paused = true)]
async fn an_unfinished_sale_is_neither_acknowledged_nor_forgotten() {
    let (store, id) = left_unfinished().await;
    let servers = Servers::new(|path, before| match path {
        "/sale/invoice-1/session-token" => Answer::Json(PERFORMED),
        _ => good(2)(path, before),
    });
    let client = client_here(config(), ports(&servers, store)).unwrap();
    let unfinished = ClientError::Unfinished { id: id.clone() };
    assert_eq!(client.acknowledge(&id).await.unwrap_err(), unfinished);
    assert_eq!(client.forget(&id).await.unwrap_err(), unfinished);
    assert!(unfinished.to_string().contains("resume it"), "{unfinished}");

    let sale = client.resume(&id).await.unwrap();
    let running = ClientError::StillRunning { id: id.clone() };
    assert_eq!(client.acknowledge(&id).await.unwrap_err(), running);
    assert_eq!(client.forget(&id).await.unwrap_err(), running);
    assert!(running.to_string().contains("resume it"), "{running}");

    assert_eq!(sale.outcome().await.charge(), Charge::Charged);
    client.acknowledge(&id).await.unwrap();
    assert_eq!(pending_ids(&client).await, []);
}

#[tokio::test(start_paused = true)]
async fn a_sale_that_ended_here_is_acknowledged_once_its_lock_is_free() {
    let store = Arc::new(MemoryStore::new());
    let client = Process::new().client(&Servers::new(good(1)), store.clone());
    let sale = client.start(request()).unwrap();
    assert_eq!(sale.outcome().await.charge(), Charge::Charged);
    // As after a release that is late, or while another process looks for locks that are left over.
    assert_eq!(store.lock(sale.id().as_str()).unwrap(), StoreLock::Held);
    let still_running = ClientError::StillRunning { id: sale.id().clone() };
    assert_eq!(client.acknowledge(sale.id()).await, Err(still_running), "not for ever");
    let (acknowledged, ()) = tokio::join!(client.acknowledge(sale.id()), async {
        tokio::time::sleep(Duration::from_secs(1)).await;
        store.unlock(sale.id().as_str()).unwrap();
    });
    acknowledged.unwrap();
    assert_eq!(pending_ids(&client).await, []);
}

#[tokio::test(start_paused = true)]
async fn an_unknown_outcome_is_not_acknowledged_and_can_be_forgotten() {
    let client = client(&undecided());
    let sale = client.start(request()).unwrap();
    assert_eq!(sale.outcome().await.charge(), Charge::Unknown);
    let refused = client.acknowledge(sale.id()).await.unwrap_err();
    assert_eq!(refused, ClientError::OutcomeUnknown { id: sale.id().clone() });
    assert!(
        refused.to_string().contains("resume it later, or forget it"),
        "{refused}"
    );
    assert_eq!(pending_ids(&client).await, [sale.id().clone()], "and it can be resumed");
    client.forget(sale.id()).await.unwrap();
    assert_eq!(pending_ids(&client).await, []);
    client.forget(sale.id()).await.unwrap();
    client.acknowledge(sale.id()).await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn a_final_outcome_is_not_forgotten() {
    let servers = Servers::new(good(1));
    let store = Arc::new(MemoryStore::new());
    let client = client_here(config(), ports(&servers, store.clone())).unwrap();
    let sale = client.start(request()).unwrap();
    sale.outcome().await;
    let later = client_here(config(), ports(&servers, store)).unwrap();
    for client in [&client, &later] {
        let refused = client.forget(sale.id()).await.unwrap_err();
        assert_eq!(refused, ClientError::OutcomeFinal { id: sale.id().clone() });
    }
    later.acknowledge(sale.id()).await.unwrap();
    later.acknowledge(sale.id()).await.unwrap();
    assert_eq!(pending_ids(&client).await, []);
}

/// A store that becomes full.
struct Filling {
    kept: MemoryStore,
    is_full: Mutex<bool>,
}

impl SnapshotStore for Filling {
    fn save(&self, sale: &SaleId, snapshot: &[u8]) -> Result<(), StoreError> {
        if *self.is_full.lock().unwrap() {
            return Err(StoreError::Full {
                detail: "full".to_owned(),
            });
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
}

#[tokio::test(start_paused = true)]
async fn an_end_that_could_not_be_stored_is_acknowledged_all_the_same() {
    let store = Arc::new(Filling {
        kept: MemoryStore::new(),
        is_full: Mutex::new(false),
    });
    let client = client_here(config(), ports(&Servers::new(good(3)), store.clone())).unwrap();
    let sale = client.start(request()).unwrap();
    let mut states = sale.states();
    while states.next().await.unwrap() != SaleState::Processing {}
    *store.is_full.lock().unwrap() = true;
    assert_eq!(sale.outcome().await.charge(), Charge::Charged);
    assert!(
        matches!(client.pending().await.unwrap().sales[0].state, SaleState::Processing),
        "the end is not stored"
    );
    let refused = client.forget(sale.id()).await.unwrap_err();
    assert_eq!(refused, ClientError::OutcomeFinal { id: sale.id().clone() });
    // Its invoice must be stored.
    let full = client.acknowledge(sale.id()).await.unwrap_err();
    assert!(matches!(full, ClientError::Store(StoreError::Full { .. })), "{full:?}");
    assert_eq!(pending_ids(&client).await, [sale.id().clone()], "nothing is lost");
    *store.is_full.lock().unwrap() = false;
    client.acknowledge(sale.id()).await.unwrap();
    assert_eq!(pending_ids(&client).await, []);
}

/// A store whose removals and loads are slow, so that another call can come in between.
struct Slow {
    kept: MemoryStore,
    loaded: Mutex<Option<std::sync::mpsc::Receiver<()>>>,
}

impl SnapshotStore for Slow {
    fn save(&self, sale: &SaleId, snapshot: &[u8]) -> Result<(), StoreError> {
        self.kept.save(sale, snapshot)
    }

    fn load(&self, sale: &SaleId) -> Result<Option<Vec<u8>>, StoreError> {
        let loaded = self.kept.load(sale);
        let until = self.loaded.lock().unwrap().take();
        if let Some(until) = until {
            let _ = until.recv();
        }
        loaded
    }

    fn list(&self) -> Result<Vec<SaleId>, StoreError> {
        self.kept.list()
    }

    fn remove(&self, sale: &SaleId) -> Result<(), StoreError> {
        self.kept.remove(sale)
    }
}

/// Resume and removal come one after the other, in either order: no sale is both removed and running.
#[tokio::test]
async fn a_sale_is_not_removed_while_it_is_being_resumed() {
    let (kept, id) = unknown_in_a_store();
    let (go_on, until) = std::sync::mpsc::channel();
    let store = Arc::new(Slow {
        kept,
        loaded: Mutex::new(Some(until)),
    });
    let servers = Servers::new(|path, before| match path {
        "/paynet/dapi/v1/sale/1144/invoice-1/status" => Answer::Never,
        _ => good(1)(path, before),
    });
    let client = client_here(config(), ports(&servers, store.clone())).unwrap();
    let mut resume = Box::pin(client.resume(&id));
    // While the snapshot is being loaded, the other call is made.
    begin(&mut resume).await;
    let mut forget = Box::pin(client.forget(&id));
    begin(&mut forget).await;
    go_on.send(()).unwrap();
    let (sale, forgotten) = tokio::join!(resume, forget);
    let sale = sale.unwrap();
    assert_eq!(forgotten.unwrap_err(), ClientError::StillRunning { id: id.clone() });
    assert!(store.load(&id).unwrap().is_some(), "a sale that runs is stored");
    assert!(!sale.state().is_finished());
}

#[tokio::test]
async fn a_sale_that_is_being_forgotten_is_not_resumed() {
    let (kept, id) = unknown_in_a_store();
    let (go_on, until) = std::sync::mpsc::channel();
    let store = Arc::new(Slow {
        kept,
        loaded: Mutex::new(Some(until)),
    });
    let servers = undecided();
    let client = client_here(config(), ports(&servers, store.clone())).unwrap();
    let mut forget = Box::pin(client.forget(&id));
    begin(&mut forget).await;
    let mut resume = Box::pin(client.resume(&id));
    begin(&mut resume).await;
    go_on.send(()).unwrap();
    let (forgotten, sale) = tokio::join!(forget, resume);
    forgotten.unwrap();
    assert_eq!(sale.unwrap_err(), ClientError::NotFound { id: id.clone() });
    assert_eq!(sales_in(&*store), []);
    assert_eq!(servers.sent(), [] as [String; 0]);
}

/// A store with a sale whose outcome is unknown, made in virtual time.
fn unknown_in_a_store() -> (MemoryStore, SaleId) {
    let ended = std::thread::spawn(|| {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .start_paused(true)
            .build()
            .unwrap();
        runtime.block_on(async {
            let store = Arc::new(MemoryStore::new());
            let client = client_here(config(), ports(&undecided(), store.clone())).unwrap();
            let sale = client.start(request()).unwrap();
            assert_eq!(sale.outcome().await.charge(), Charge::Unknown);
            (sale.id().clone(), store.load(sale.id()).unwrap().unwrap())
        })
    });
    let (id, snapshot) = ended.join().unwrap();
    let store = MemoryStore::new();
    store.save(&id, &snapshot).unwrap();
    (store, id)
}

/// Polls a call until it waits. It must not have ended.
async fn begin<T>(call: &mut (impl Future<Output = T> + Unpin)) {
    let is_pending = poll_fn(|context| Poll::Ready(Pin::new(&mut *call).poll(context).is_pending()));
    assert!(is_pending.await);
}
