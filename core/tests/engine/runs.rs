//! One run for each sale: across the clients of a process, across processes, and what is guaranteed without locks.

use std::{
    env,
    io::{BufRead, BufReader},
    process::{Command, Stdio},
    sync::atomic::{AtomicBool, Ordering},
};

use salekit_core::{PendingSale, StoreLock};

use super::{process::Process, *};

/// When the first client is closed. The merchant's server answers initiate sale later.
const CLOSED_AFTER: Duration = Duration::from_millis(700);
const INITIATE_TAKES: Duration = Duration::from_secs(2);

/// The answers of a good sale with a slow merchant's server.
fn slow(path: &str, before: usize) -> Answer {
    match path {
        "/sale/initiate-sale" => Answer::Late(INITIATE_TAKES, INITIATED),
        _ => good(2)(path, before),
    }
}

/// A store without locks. Clones are the same.
#[derive(Clone, Default)]
struct Lockless(MemoryStore);

impl SnapshotStore for Lockless {
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
}

/// What files are in a store's folder.
fn files_in(folder: &Folder) -> Vec<std::ffi::OsString> {
    let left = std::fs::read_dir(folder.path()).unwrap();
    left.map(|file| file.unwrap().file_name()).collect()
}

/// The file with the record of spent invoices.
fn earlier_invoices() -> std::ffi::OsString {
    format!("{}.json", "0".repeat(32)).into()
}

async fn only_pending(client: &SaleClient) -> PendingSale {
    let mut sales = client.pending().await.unwrap().sales;
    assert_eq!(sales.len(), 1);
    sales.remove(0)
}

fn still_running(id: &SaleId) -> ClientError {
    ClientError::StillRunning { id: id.clone() }
}

#[tokio::test(start_paused = true)]
async fn a_second_client_finds_the_sale_that_a_closed_one_runs() {
    let (servers, folder) = (Servers::new(slow), Folder::new());
    let process = Process::new();
    let client = || process.client(&servers, Arc::new(DirectoryStore::new(folder.path())));
    let first = client();
    let sale = first.start(request()).unwrap();
    tokio::time::sleep(CLOSED_AFTER).await;
    drop(first);
    let second = client();
    let id = only_pending(&second).await.id;
    assert_eq!(second.acknowledge(&id).await, Err(still_running(&id)));
    let resumed = second.resume(&id).await.unwrap();
    assert_eq!(resumed.outcome().await.charge(), Charge::Charged);
    assert_eq!(sale.outcome().await, resumed.outcome().await);
    assert_eq!(servers.performs(), 1);
    second.acknowledge(&id).await.unwrap();
    assert_eq!(files_in(&folder), [earlier_invoices()], "nothing else is left");
}

#[tokio::test(start_paused = true)]
async fn clients_on_the_systems_device_share_its_process() {
    let servers = Servers::new(slow);
    let store = Arc::new(MemoryStore::new());
    let [one, other] = [(); 2].map(|()| client_here(config(), ports(&servers, store.clone())).unwrap());
    let sale = one.start(request()).unwrap();
    assert_eq!(other.running(sale.id()).unwrap().id(), sale.id());
    assert_eq!(other.acknowledge(sale.id()).await, Err(still_running(sale.id())));
    let (outcome, resumed) = tokio::join!(sale.outcome(), async {
        other.resume(sale.id()).await.unwrap().outcome().await
    });
    assert_eq!(outcome, resumed);
    assert!(other.running(sale.id()).is_none());
}

#[tokio::test(start_paused = true)]
async fn what_another_process_runs_can_be_neither_resumed_nor_acknowledged() {
    let (servers, folder) = (Servers::new(slow), Folder::new());
    let client = || Process::new().client(&servers, Arc::new(DirectoryStore::new(folder.path())));
    let (one, other) = (client(), client());
    let sale = one.start(request()).unwrap();
    tokio::time::sleep(CLOSED_AFTER).await;
    let id = only_pending(&other).await.id;
    assert_eq!(other.resume(&id).await.unwrap_err(), still_running(&id));
    assert_eq!(other.acknowledge(&id).await, Err(still_running(&id)));
    assert_eq!(sale.outcome().await.charge(), Charge::Charged);
    // Once it has ended, any client may resume it.
    assert_eq!(other.resume(&id).await.unwrap().outcome().await, sale.outcome().await);
    other.acknowledge(&id).await.unwrap();
    assert_eq!(servers.performs(), 1);
}

#[tokio::test(start_paused = true)]
async fn two_resumes_of_a_stored_sale_at_once_are_one_run() {
    let servers = Servers::new(|path, before| match path {
        "/sale/initiate-sale" => Answer::Never,
        _ => good(1)(path, before),
    });
    let store = Arc::new(MemoryStore::new());
    let client = |process: &Process| process.client(&servers, store.clone());
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(1)
        .enable_all()
        .build()
        .unwrap();
    let id = {
        let _entered = runtime.enter();
        let killed = client(&Process::new());
        killed.start(request()).unwrap().id().clone()
    };
    while store.list().unwrap().is_empty() {
        tokio::task::yield_now().await;
    }
    runtime.shutdown_background();
    let process = Process::new();
    let (one, other) = (client(&process), client(&process));
    // The dead process's lock is released soon after its runtime has ended.
    while store.lock(id.as_str()).unwrap() != StoreLock::Held {
        tokio::task::yield_now().await;
    }
    store.unlock(id.as_str()).unwrap();
    let (one, other) = tokio::join!(one.resume(&id), other.resume(&id));
    let resumed = [one.unwrap(), other.unwrap()];
    for sale in resumed {
        assert_eq!(not_charged(sale.outcome().await), NotChargedReason::Interrupted);
    }
}

#[tokio::test(start_paused = true)]
async fn without_locks_a_sale_that_was_taken_over_is_not_performed() {
    let (servers, store) = (Servers::new(slow), Lockless::default());
    let client = || Process::new().client(&servers, Arc::new(store.clone()));
    let (one, other) = (client(), client());
    let sale = one.start(request()).unwrap();
    tokio::time::sleep(CLOSED_AFTER).await;
    let id = only_pending(&other).await.id;
    let resumed = other.resume(&id).await.unwrap().outcome().await;
    assert_eq!(not_charged(resumed), NotChargedReason::Interrupted);
    other.acknowledge(&id).await.unwrap();
    assert_eq!(not_charged(sale.outcome().await), NotChargedReason::Interrupted);
    assert_eq!(servers.performs(), 0);
    assert_eq!(sales_in(&store), [], "what was acknowledged does not come back");
}

#[tokio::test(start_paused = true)]
async fn without_locks_a_run_that_lost_its_sale_saves_nothing_more() {
    let late = Servers::new(|path, before| match path {
        "/paynet/dapi/v1/sale/1144/invoice-1/status" => Answer::Late(Duration::from_secs(20), APPROVED),
        _ => good(1)(path, before),
    });
    let store = Lockless::default();
    let client = |servers| Process::new().client(servers, Arc::new(store.clone()));
    let sale = client(&late).start(request()).unwrap();
    let mut states = sale.states();
    while states.next().await.unwrap() != SaleState::Processing {}
    let soon = Servers::new(good(1));
    let other = client(&soon);
    let resumed = other.resume(sale.id()).await.unwrap();
    assert_eq!(resumed.outcome().await.charge(), Charge::Charged);
    other.acknowledge(sale.id()).await.unwrap();
    assert!(!sale.state().is_finished());
    assert_eq!(sale.outcome().await.charge(), Charge::Charged);
    assert_eq!(sales_in(&store), [], "what was acknowledged does not come back");
    assert_eq!(late.performs() + soon.performs(), 1);
}

/// A clock that fails when the test says so, and with it the task of every sale.
struct Broken(VirtualClock, AtomicBool);

impl Clock for Broken {
    fn now(&self) -> Timestamp {
        assert!(!self.1.load(Ordering::SeqCst), "the app's own mistake");
        self.0.now()
    }

    fn sleep(&self, duration: Duration) -> PortFuture<'static, ()> {
        self.0.sleep(duration)
    }
}

#[tokio::test(start_paused = true)]
async fn a_sale_whose_task_panics_is_running_nowhere() {
    let (servers, folder) = (Servers::new(slow), Folder::new());
    let store = || Arc::new(DirectoryStore::new(folder.path()));
    let clock = Arc::new(Broken(VirtualClock::new(), AtomicBool::new(false)));
    let ports = Ports {
        clock: Arc::<Broken>::clone(&clock),
        ..ports(&servers, store())
    };
    let sale = client_apart(ports).start(request()).unwrap();
    tokio::time::sleep(CLOSED_AFTER).await;
    clock.1.store(true, Ordering::SeqCst);
    assert_eq!(sale.outcome().await.charge(), Charge::Unknown, "the engine stopped");
    let other = Process::new().client(&servers, store());
    let resumed = loop {
        match other.resume(sale.id()).await {
            Ok(resumed) => break resumed,
            // The lock is released in the background.
            Err(error) => assert_eq!(error, still_running(sale.id())),
        }
        tokio::task::yield_now().await;
    };
    assert_eq!(not_charged(resumed.outcome().await), NotChargedReason::Interrupted);
}

/// A store whose lock on invoices is held elsewhere.
struct Contended(MemoryStore, std::sync::atomic::AtomicUsize);

impl SnapshotStore for Contended {
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
        let is_taken = name == "invoices"
            && self
                .1
                .fetch_update(Ordering::SeqCst, Ordering::SeqCst, |times| times.checked_sub(1))
                .is_ok();
        if is_taken {
            return Ok(StoreLock::Taken);
        }
        self.0.lock(name)
    }

    fn unlock(&self, name: &str) -> Result<(), StoreError> {
        self.0.unlock(name)
    }
}

#[tokio::test(start_paused = true)]
async fn a_commit_waits_for_another_ones_and_not_for_ever() {
    for (times, charge) in [(5, Charge::Charged), (usize::MAX, Charge::NotCharged)] {
        let servers = Servers::new(good(1));
        let store = Arc::new(Contended(MemoryStore::new(), times.into()));
        let client = Process::new().client(&servers, store.clone());
        let sale = client.start(request()).unwrap();
        let outcome = sale.outcome().await;
        assert_eq!(outcome.charge(), charge);
        assert_eq!(servers.performs(), usize::from(charge == Charge::Charged));
        if charge == Charge::NotCharged {
            assert_eq!(not_charged(outcome), NotChargedReason::StorageFailed);
        }
        for name in [sale.id().as_str(), "invoices"] {
            store.1.store(0, Ordering::SeqCst);
            assert_eq!(store.lock(name).unwrap(), StoreLock::Held, "given back");
        }
    }
}

const FOLDER: &str = "SALEKIT_TEST_FOLDER";

/// The next test runs it as a separate process.
#[tokio::test]
#[ignore = "it runs until it is killed"]
async fn a_process_that_runs_a_sale() {
    let servers = Servers::new(|path, before| match path {
        "/sale/initiate-sale" => Answer::Never,
        _ => good(1)(path, before),
    });
    let store = Arc::new(DirectoryStore::new(env::var_os(FOLDER).unwrap()));
    let client = client_here(config(), ports(&servers, store.clone())).unwrap();
    let sale = client.start(request()).unwrap();
    while store.load(sale.id()).unwrap().is_none() {
        tokio::task::yield_now().await;
    }
    eprintln!("runs");
    sale.outcome().await;
}

#[tokio::test]
async fn two_real_processes_never_run_one_sale() {
    let folder = Folder::new();
    let mut child = Command::new(env::current_exe().unwrap())
        .args([
            "engine::runs::a_process_that_runs_a_sale",
            "--exact",
            "--ignored",
            "--nocapture",
        ])
        .env(FOLDER, folder.path())
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(child.stderr.take().unwrap()).lines();
    while lines.next().unwrap().unwrap() != "runs" {}
    let servers = Servers::new(good(1));
    let store = Arc::new(DirectoryStore::new(folder.path()));
    let client = client_here(config(), ports(&servers, store)).unwrap();
    let id = only_pending(&client).await.id;
    assert_eq!(client.resume(&id).await.unwrap_err(), still_running(&id));
    assert_eq!(client.acknowledge(&id).await, Err(still_running(&id)));
    // Another client cannot pay its order meanwhile.
    let same = client.start(request()).unwrap();
    assert_eq!(not_charged(same.outcome().await), NotChargedReason::OrderInUse);
    client.acknowledge(same.id()).await.unwrap();
    // The lock on invoices is free, so a sale of another order can be made.
    let own = client.start(request().with_merchant_order_id("order 8")).unwrap();
    assert_eq!(own.outcome().await.charge(), Charge::Charged);
    child.kill().unwrap();
    child.wait().unwrap();
    let outcome = client.resume(&id).await.unwrap().outcome().await;
    assert_eq!(not_charged(outcome), NotChargedReason::Interrupted);
    client.acknowledge(&id).await.unwrap();
    client.acknowledge(own.id()).await.unwrap();
    assert_eq!(files_in(&folder), [earlier_invoices()], "nothing else is left");
}
