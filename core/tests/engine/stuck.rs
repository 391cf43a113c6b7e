//! Stores and presenters that block their thread and never return: a sale goes on without them, but only after their
//! time limit.

use std::{future::pending, sync::mpsc};

use tokio::{
    sync::{mpsc as channel, watch},
    task::yield_now,
};

use salekit_core::StoreLock;

use super::*;

const STATUS: &str = "/paynet/dapi/v1/sale/1144/invoice-1/status";

/// A clock that the test advances, because virtual time stands still while a store or a presenter blocks.
struct SetClock(watch::Sender<Duration>);

impl SetClock {
    fn new() -> Arc<Self> {
        Arc::new(Self(watch::Sender::new(Duration::ZERO)))
    }

    fn set(&self, now: Duration) {
        self.0.send_replace(now);
    }

    fn pass(&self, time: Duration) {
        self.0.send_modify(|now| *now += time);
    }
}

impl Clock for SetClock {
    fn now(&self) -> Timestamp {
        Timestamp(1_800_000_000_000).plus(self.0.borrow().as_millis() as u64)
    }

    fn sleep(&self, duration: Duration) -> PortFuture<'static, ()> {
        let mut now = self.0.subscribe();
        let until = *now.borrow() + duration;
        Box::pin(async move {
            let _ = now.wait_for(|now| *now >= until).await;
        })
    }
}

/// Blocks each caller until the test ends.
struct Door {
    entered: channel::UnboundedSender<()>,
    open: Mutex<mpsc::Receiver<()>>,
}

/// The test's side of a [`Door`].
struct Key {
    entered: channel::UnboundedReceiver<()>,
    _open: mpsc::Sender<()>,
}

fn door() -> (Door, Key) {
    let (entered, seen) = channel::unbounded_channel();
    let (key, open) = mpsc::channel();
    let door = Door {
        entered,
        open: Mutex::new(open),
    };
    let key = Key {
        entered: seen,
        _open: key,
    };
    (door, key)
}

impl Door {
    /// Fails the test instead of hanging if the sale cannot go on.
    const NET: Duration = Duration::from_secs(20);

    fn enter(&self) {
        let _ = self.entered.send(());
        let _ = self.open.lock().unwrap().recv_timeout(Self::NET);
    }
}

/// A store with one call that never returns.
struct Stuck {
    call: &'static str,
    store: MemoryStore,
    door: Door,
}

impl Stuck {
    fn enter(&self, call: &str) {
        if self.call == call {
            self.door.enter();
        }
    }
}

impl SnapshotStore for Stuck {
    fn save(&self, sale: &SaleId, snapshot: &[u8]) -> Result<(), StoreError> {
        self.enter("save");
        self.store.save(sale, snapshot)
    }

    fn load(&self, sale: &SaleId) -> Result<Option<Vec<u8>>, StoreError> {
        self.enter("load");
        self.store.load(sale)
    }

    fn list(&self) -> Result<Vec<SaleId>, StoreError> {
        self.enter("list");
        self.store.list()
    }

    fn remove(&self, sale: &SaleId) -> Result<(), StoreError> {
        self.enter("remove");
        self.store.remove(sale)
    }

    fn lock(&self, name: &str) -> Result<StoreLock, StoreError> {
        self.enter("lock");
        self.store.lock(name)
    }

    fn unlock(&self, name: &str) -> Result<(), StoreError> {
        if name.len() == 32 {
            self.enter("unlock");
        }
        self.store.unlock(name)
    }
}

/// The time limit of a store, and a time just below it.
const STORE_LIMIT: Duration = Duration::from_secs(10);
const JUST_BEFORE: Duration = Duration::from_millis(9_999);

fn stuck(call: &'static str) -> (SaleClient, Arc<Servers>, Arc<SetClock>, Key) {
    let (door, key) = door();
    let (servers, clock) = (Servers::new(good(1)), SetClock::new());
    let store = Stuck {
        call,
        store: MemoryStore::new(),
        door,
    };
    let ports = Ports {
        clock: Arc::<SetClock>::clone(&clock),
        ..ports(&servers, Arc::new(store))
    };
    let client = client_here(config(), ports).unwrap();
    (client, servers, clock, key)
}

/// Lets all tasks run that can. The thread in the store cannot.
async fn settle() {
    for _ in 0..100 {
        yield_now().await;
    }
}

/// How often a sale may wait for its store's limit: the snapshots before perform sale, and its end.
const MOST_LIMITS: usize = 4;

#[tokio::test]
async fn a_store_that_never_comes_back_stops_a_sale_before_perform() {
    for call in ["list", "save", "lock"] {
        let (client, servers, clock, mut key) = stuck(call);
        let sale = client.start(request()).unwrap();
        key.entered.recv().await.unwrap();
        clock.set(JUST_BEFORE);
        settle().await;
        let went_on = sale.state().is_finished() || key.entered.try_recv().is_ok();
        assert!(!went_on, "{call}: it still has time");
        clock.set(STORE_LIMIT);
        let end = async {
            // The next snapshot, and the end, are to be saved too: in the store, or behind the call that is in it.
            for _ in 0..MOST_LIMITS {
                tokio::select! {
                    outcome = sale.outcome() => return outcome,
                    Some(()) = key.entered.recv() => clock.pass(STORE_LIMIT),
                    () = settle() => clock.pass(STORE_LIMIT),
                }
            }
            panic!("{call}: the sale waits for something else than its store")
        };
        let outcome = tokio::time::timeout(Door::NET / 2, end).await;
        let reason = not_charged(outcome.expect("the sale hangs"));
        assert_eq!(
            (reason, servers.performs()),
            (NotChargedReason::StorageFailed, 0),
            "{call}"
        );
    }
}

#[tokio::test]
async fn a_lock_that_cannot_be_given_back_only_holds_up_the_end_and_not_for_long() {
    let (door, mut key) = door();
    let store = Stuck {
        call: "unlock",
        store: MemoryStore::new(),
        door,
    };
    let (waits, mut waiting) = channel::unbounded_channel();
    let clock = Arc::new(LeapingClock {
        timers: Mutex::default(),
        presenter: SetClock(watch::Sender::new(Duration::ZERO)),
        waits,
    });
    let ports = Ports {
        clock: Arc::<LeapingClock>::clone(&clock),
        ..ports(&Servers::new(good(1)), Arc::new(store))
    };
    let client = client_here(config(), ports).unwrap();
    let sale = client.start(request()).unwrap();
    key.entered.recv().await.unwrap();
    waiting.recv().await.unwrap();
    clock.presenter.set(PRESENTER_LIMIT - Duration::from_millis(1));
    settle().await;
    assert!(!sale.state().is_finished(), "it still has time");
    clock.presenter.set(PRESENTER_LIMIT);
    settle().await;
    assert!(sale.state().is_finished(), "it had its time");
    assert!(client.running(sale.id()).is_none());
}

#[tokio::test]
async fn a_call_to_a_store_that_never_returns_fails() {
    for call in ["list", "load", "remove"] {
        let (client, _servers, clock, mut key) = stuck(call);
        let id = SaleId::from_random([1; 16]);
        let asking = tokio::spawn(async move {
            match call {
                "list" => client.pending().await.map(drop),
                "load" => client.resume(&id).await.map(drop),
                _ => client.acknowledge(&id).await,
            }
        });
        key.entered.recv().await.unwrap();
        clock.set(JUST_BEFORE);
        settle().await;
        assert!(!asking.is_finished(), "{call}: it still has time");
        clock.set(STORE_LIMIT);
        settle().await;
        assert!(asking.is_finished(), "{call}: it had its time");
        let error = asking.await.unwrap().unwrap_err();
        assert!(
            matches!(error, ClientError::Store(StoreError::Failed { .. })),
            "{error:?}"
        );
    }
}

/// A presenter with one call that never returns. It records its calls.
struct Blocking {
    call: &'static str,
    door: Door,
    asked: Mutex<Vec<&'static str>>,
}

impl Blocking {
    fn enter(&self, call: &'static str) {
        self.asked.lock().unwrap().push(call);
        if self.call == call {
            self.door.enter();
        }
    }
}

impl RedirectPresenter for Blocking {
    fn show(&self, _challenge: &Challenge) {
        self.enter("show");
    }

    fn dismiss(&self, _challenge: &Challenge) {
        self.enter("dismiss");
    }
}

/// A clock on which timers fire at once. The test controls only the presenter's time limit; the limits of other ports
/// never end.
struct LeapingClock {
    timers: Mutex<Duration>,
    presenter: SetClock,
    /// Notified when the sale waits for the presenter.
    waits: channel::UnboundedSender<()>,
}

const PRESENTER_LIMIT: Duration = Duration::from_secs(2);

impl Clock for LeapingClock {
    fn now(&self) -> Timestamp {
        Timestamp(1_800_000_000_000).plus(self.timers.lock().unwrap().as_millis() as u64)
    }

    fn sleep(&self, duration: Duration) -> PortFuture<'static, ()> {
        if duration == PRESENTER_LIMIT {
            let _ = self.waits.send(());
            return self.presenter.sleep(duration);
        }
        if [STORE_LIMIT, Duration::from_secs(45)].contains(&duration) {
            return Box::pin(pending());
        }
        *self.timers.lock().unwrap() += duration;
        Box::pin(yield_now())
    }
}

/// A sale with a challenge whose page is never shown or never dismissed, as `call` says, and that is approved
/// nonetheless. Returns when only the presenter delays the end.
async fn approved_with_a_presenter_that_hangs(call: &'static str) -> (Sale, Arc<Blocking>, Arc<LeapingClock>, Key) {
    let servers = Servers::new(|path, before| match (path, before) {
        (STATUS, 0) => Answer::Json(r#"{"state":"REDIRECT_REQUEST","redirectUrl":"https://acs.example/1"}"#),
        (STATUS, 1) => Answer::Json(PROCESSING),
        _ => good(1)(path, before),
    });
    let (door, mut key) = door();
    let presenter = Arc::new(Blocking {
        call,
        door,
        asked: Mutex::default(),
    });
    let (waits, mut waiting) = channel::unbounded_channel();
    let clock = Arc::new(LeapingClock {
        timers: Mutex::default(),
        presenter: SetClock(watch::Sender::new(Duration::ZERO)),
        waits,
    });
    let ports = Ports {
        presenter: Some(Arc::<Blocking>::clone(&presenter)),
        clock: Arc::<LeapingClock>::clone(&clock),
        ..ports(&servers, Arc::new(MemoryStore::new()))
    };
    let sale = client_here(config(), ports).unwrap().start(request()).unwrap();
    let seen = async {
        key.entered.recv().await.unwrap();
        waiting.recv().await.unwrap();
    };
    let seen = tokio::time::timeout(Door::NET / 2, seen).await;
    assert!(
        seen.is_ok(),
        "the sale waits for the presenter, which should be done beside it"
    );
    (sale, presenter, clock, key)
}

#[tokio::test]
async fn a_presenter_that_never_comes_back_only_holds_up_the_end_and_not_for_long() {
    for (call, asked) in [("show", ["show"].as_slice()), ("dismiss", &["show", "dismiss"])] {
        let (sale, presenter, clock, _key) = approved_with_a_presenter_that_hangs(call).await;
        clock.presenter.set(PRESENTER_LIMIT - Duration::from_millis(1));
        settle().await;
        assert!(!sale.state().is_finished(), "{call}: it still has time");
        clock.presenter.set(PRESENTER_LIMIT);
        settle().await;
        assert!(sale.state().is_finished(), "{call}: it had its time");
        assert_eq!(sale.outcome().await.charge(), Charge::Charged, "{call}");
        assert_eq!(*presenter.asked.lock().unwrap(), asked, "one call at a time");
    }
}

#[tokio::test]
async fn a_page_that_is_shown_late_is_still_taken_away() {
    let (sale, presenter, _clock, key) = approved_with_a_presenter_that_hangs("show").await;
    drop(key);
    assert_eq!(sale.outcome().await.charge(), Charge::Charged);
    assert_eq!(*presenter.asked.lock().unwrap(), ["show", "dismiss"]);
}
