//! A store that hangs: it blocks one thread and no call of the app, and work that timed out is not done in the wrong
//! order.

use std::{
    pin::pin,
    sync::mpsc::{Receiver, Sender, channel},
    task::{Context, Poll, Waker},
};

use super::*;

/// A clock on which only the store's time limit ends, when the test says so.
struct ClockUntilOver {
    is_over: tokio::sync::watch::Sender<bool>,
}

impl Clock for ClockUntilOver {
    fn now(&self) -> Timestamp {
        Timestamp(1_800_000_000_000)
    }

    fn sleep(&self, duration: Duration) -> PortFuture<'static, ()> {
        if duration != Duration::from_secs(10) {
            return Box::pin(std::future::pending());
        }
        let mut is_over = self.is_over.subscribe();
        Box::pin(async move {
            let _ = is_over.wait_for(|is_over| *is_over).await;
        })
    }
}

/// A store whose first save blocks until the test releases it.
struct Hanging {
    begun: Mutex<Vec<u32>>,
    done: Mutex<Vec<u32>>,
    first_begins: Mutex<Option<tokio::sync::oneshot::Sender<()>>>,
    go_on: Mutex<Receiver<()>>,
}

impl Hanging {
    fn new() -> (Arc<Self>, tokio::sync::oneshot::Receiver<()>, Sender<()>) {
        let (first_begins, begins) = tokio::sync::oneshot::channel();
        let (release, go_on) = channel();
        let store = Arc::new(Self {
            begun: Mutex::default(),
            done: Mutex::default(),
            first_begins: Mutex::new(Some(first_begins)),
            go_on: Mutex::new(go_on),
        });
        (store, begins, release)
    }

    fn done(&self) -> Vec<u32> {
        self.done.lock().unwrap().clone()
    }
}

impl SnapshotStore for Hanging {
    fn save(&self, _sale: &SaleId, _snapshot: &[u8]) -> Result<(), StoreError> {
        let number = {
            let mut begun = self.begun.lock().unwrap();
            let number = u32::try_from(begun.len()).unwrap();
            begun.push(number);
            number
        };
        if number == 0 {
            let _ = self.first_begins.lock().unwrap().take().unwrap().send(());
            // Until the test releases it or ends.
            let _ = self.go_on.lock().unwrap().recv();
        }
        self.done.lock().unwrap().push(number);
        Ok(())
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

/// A sale that waits for its access token, and whose first save hangs and has timed out.
async fn with_a_save_given_up() -> (SaleClient, Sale, Arc<Hanging>, Arc<ClockUntilOver>, Sender<()>) {
    let servers = Servers::new(|path, before| match path {
        "/auth/request-access-token" => Answer::Never,
        _ => good(1)(path, before),
    });
    let (store, begins, release) = Hanging::new();
    let clock = Arc::new(ClockUntilOver {
        is_over: tokio::sync::watch::Sender::new(false),
    });
    let ports = Ports {
        clock: clock.clone(),
        ..ports(&servers, store.clone())
    };
    let client = client_apart(ports);
    let sale = client.start(request()).unwrap();
    // The first save has begun; now its time limit ends.
    begins.await.unwrap();
    clock.is_over.send_replace(true);
    (client, sale, store, clock, release)
}

#[tokio::test]
async fn a_save_that_was_given_up_never_overtakes_a_later_one() {
    let (client, sale, store, clock, release) = with_a_save_given_up().await;
    client.app_background();
    sale.cancel();
    assert_eq!(not_charged(sale.outcome().await), NotChargedReason::Cancelled);
    clock.is_over.send_replace(false);
    release.send(()).unwrap();
    while !store.done().contains(&0) {
        tokio::task::yield_now().await;
    }
    let done = store.done();
    assert!(done.is_sorted(), "{done:?}");
    // The store works again.
    while client.pending().await.is_err() {
        tokio::task::yield_now().await;
    }
}

#[tokio::test]
async fn a_store_that_hung_once_fails_fast_and_holds_no_second_thread() {
    let (client, sale, store, _patience, release) = with_a_save_given_up().await;
    client.app_background();
    client.app_background();
    sale.cancel();
    sale.outcome().await;
    let id = SaleId::from_random([7; 16]);
    let mut context = Context::from_waker(Waker::noop());
    assert!(matches!(
        pin!(client.acknowledge(&id)).poll(&mut context),
        Poll::Ready(Err(ClientError::Store(_)))
    ));
    assert!(matches!(
        pin!(client.pending()).poll(&mut context),
        Poll::Ready(Err(ClientError::Store(_)))
    ));
    assert_eq!(*store.begun.lock().unwrap(), [0]);
    drop(release);
}

/// A store that never returns from listing its contents.
struct Silent(Mutex<Receiver<()>>);

impl SnapshotStore for Silent {
    fn save(&self, _sale: &SaleId, _snapshot: &[u8]) -> Result<(), StoreError> {
        Ok(())
    }

    fn load(&self, _sale: &SaleId) -> Result<Option<Vec<u8>>, StoreError> {
        Ok(None)
    }

    fn list(&self) -> Result<Vec<SaleId>, StoreError> {
        let _ = self.0.lock().unwrap().recv();
        Ok(Vec::new())
    }

    fn remove(&self, _sale: &SaleId) -> Result<(), StoreError> {
        Ok(())
    }
}

#[tokio::test]
async fn a_call_of_the_app_waits_for_a_store_no_longer_than_a_sale_does() {
    let clock = Arc::new(ClockUntilOver {
        is_over: tokio::sync::watch::Sender::new(false),
    });
    clock.is_over.send_replace(true);
    let (release, silent) = channel();
    let ports = Ports {
        clock,
        ..ports(&Servers::new(good(1)), Arc::new(Silent(Mutex::new(silent))))
    };
    let client = client_here(config(), ports).unwrap();
    let mut context = Context::from_waker(Waker::noop());
    assert!(matches!(
        pin!(client.pending()).poll(&mut context),
        Poll::Ready(Err(ClientError::Store(_)))
    ));
    drop(release);
}

/// A store whose listings each block until the test releases one.
struct Slow(Mutex<Receiver<()>>);

impl SnapshotStore for Slow {
    fn save(&self, _sale: &SaleId, _snapshot: &[u8]) -> Result<(), StoreError> {
        Ok(())
    }

    fn load(&self, _sale: &SaleId) -> Result<Option<Vec<u8>>, StoreError> {
        Ok(None)
    }

    fn list(&self) -> Result<Vec<SaleId>, StoreError> {
        let _ = self.0.lock().unwrap().recv();
        Ok(Vec::new())
    }

    fn remove(&self, _sale: &SaleId) -> Result<(), StoreError> {
        Ok(())
    }
}

fn with_a_slow_store() -> (SaleClient, Sender<()>) {
    let (go_on, waits) = channel();
    let store = Arc::new(Slow(Mutex::new(waits)));
    (client_apart(ports(&Servers::new(good(1)), store)), go_on)
}

pub(super) fn is_pending<T>(future: std::pin::Pin<&mut impl Future<Output = T>>) -> bool {
    future.poll(&mut Context::from_waker(Waker::noop())).is_pending()
}

#[tokio::test(start_paused = true)]
async fn waiting_for_ones_turn_is_no_hanging_as_long_as_the_store_comes_back() {
    let (client, go_on) = with_a_slow_store();
    let [mut first, mut second, mut third] = [client.pending(), client.pending(), client.pending()].map(Box::pin);
    assert!(is_pending(first.as_mut()) && is_pending(second.as_mut()) && is_pending(third.as_mut()));
    tokio::time::advance(Duration::from_secs(6)).await;
    go_on.send(()).unwrap();
    assert!(first.await.is_ok());
    assert!(is_pending(second.as_mut()) && is_pending(third.as_mut()));
    tokio::time::advance(Duration::from_secs(6)).await;
    // Twelve seconds after the call, six of which the call before it took.
    assert!(is_pending(third.as_mut()));
    go_on.send(()).unwrap();
    assert!(second.await.is_ok());
    assert!(is_pending(third.as_mut()));
    go_on.send(()).unwrap();
    assert!(third.await.is_ok());
}

#[tokio::test(start_paused = true)]
async fn who_waits_for_a_turn_hears_at_once_that_the_store_hangs() {
    let (client, go_on) = with_a_slow_store();
    let mut first = Box::pin(client.pending());
    assert!(is_pending(first.as_mut()));
    tokio::time::advance(Duration::from_secs(6)).await;
    let mut second = Box::pin(client.pending());
    assert!(is_pending(second.as_mut()));
    tokio::time::advance(Duration::from_secs(4)).await;
    assert!(matches!(first.await, Err(ClientError::Store(_))));
    assert!(!is_pending(second.as_mut()), "after four seconds of its own");
    drop(go_on);
}

#[tokio::test(start_paused = true)]
async fn a_dropped_call_delays_the_next_one_by_ten_seconds_at_most() {
    let (client, go_on) = with_a_slow_store();
    let mut first = Box::pin(client.pending());
    assert!(is_pending(first.as_mut()));
    drop(first);
    let mut second = Box::pin(client.pending());
    assert!(is_pending(second.as_mut()));
    tokio::time::advance(Duration::from_secs(9)).await;
    assert!(is_pending(second.as_mut()));
    tokio::time::advance(Duration::from_secs(1)).await;
    assert!(matches!(second.await, Err(ClientError::Store(_))));
    drop(go_on);
}
