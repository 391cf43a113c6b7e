//! The store, off the engine's threads and one call at a time.
//!
//! One at a time, so that a save that was given up never overtakes a later one, and so that a store that hangs holds one
//! thread and not all of them. As long as it hangs, further calls fail at once.

use std::{
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use tokio::{
    runtime::Handle,
    sync::{Mutex as Lane, OwnedMutexGuard, oneshot},
};

use super::scrub;
use crate::{Blocking, Clock, Device, PortFuture, SaleStore, StoreError};

/// A phone's flash takes milliseconds, tens of them on a bad day.
const LONGEST_CALL: Duration = Duration::from_secs(10);

/// The store of a client. Clones are the same.
#[derive(Clone)]
pub(super) struct Storage {
    store: Arc<dyn SaleStore>,
    clock: Arc<dyn Clock>,
    device: Arc<dyn Device>,
    /// Where the clock's timers run: an app may wait for its calls elsewhere.
    runtime: Handle,
    lane: Arc<Lane<()>>,
    progress: Arc<Mutex<Progress>>,
}

/// How the call stands that the store is at.
#[derive(Default)]
struct Progress {
    /// The number of the call that was begun last.
    begun: u64,
    /// Nobody waits for it any more, and it has not ended.
    is_stuck: bool,
}

impl Storage {
    pub(super) fn new(
        store: Arc<dyn SaleStore>,
        clock: Arc<dyn Clock>,
        device: Arc<dyn Device>,
        runtime: Handle,
    ) -> Self {
        Self {
            store,
            clock,
            device,
            runtime,
            lane: Arc::default(),
            progress: Arc::default(),
        }
    }

    /// Does `work` with the store. A store that does not come back in time has failed; work that it has not begun by
    /// then is not done at all.
    pub(super) async fn call<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Arc<dyn SaleStore>) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, StoreError> {
        if self.progress().is_stuck {
            return Err(failed("the store has not come back from an earlier call"));
        }
        let time_is_up = {
            let _entered = self.runtime.enter();
            self.clock.sleep(LONGEST_CALL)
        };
        let mut number = None;
        let done = async {
            let turn = self.turn().await;
            number = Some(turn.number);
            let store = Arc::clone(&self.store);
            let (tell, told) = oneshot::channel();
            let done = self.device.run_blocking(Box::new(move || {
                if tell.is_closed() {
                    // Given up before a thread was free for it.
                    return;
                }
                let result = work(&store);
                // The next call's turn comes before anybody hears of this one's end.
                drop(turn);
                // Nobody waits any more if the call was given up.
                let _ = tell.send(result);
            }));
            done.await;
            told.await.unwrap_or_else(|_| Err(failed("the store's code panicked")))
        };
        tokio::select! {
            // On a busy device both may be ready: what is done is done.
            biased;
            done = done => return done.map_err(scrub::any_store_error),
            () = time_is_up => {}
        }
        if let Some(number) = number {
            self.progress().give_up(number);
        }
        Err(failed("the store did not come back in time"))
    }

    /// Does `work` after all that the store was asked before, however long that takes. It is done whether or not anybody
    /// waits for it.
    pub(super) fn afterwards(&self, work: Blocking) -> PortFuture<'static, ()> {
        let storage = self.clone();
        let doing: PortFuture<'static, ()> = Box::pin(async move {
            let turn = storage.turn().await;
            let work = Box::new(move || {
                work();
                drop(turn);
            });
            storage.device.run_blocking(work).await;
        });
        let done = self.runtime.spawn(doing);
        Box::pin(async move {
            let _ = done.await;
        })
    }

    fn progress(&self) -> std::sync::MutexGuard<'_, Progress> {
        self.progress.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Waits until the store is free.
    async fn turn(&self) -> Turn {
        let lane = Arc::clone(&self.lane).lock_owned().await;
        let number = {
            let mut progress = self.progress();
            progress.begun += 1;
            progress.begun
        };
        Turn {
            number,
            progress: Arc::clone(&self.progress),
            _lane: lane,
        }
    }
}

fn failed(detail: &str) -> StoreError {
    StoreError::Failed {
        detail: detail.to_owned(),
    }
}

impl Progress {
    /// Nobody waits for the call with this number any more.
    const fn give_up(&mut self, number: u64) {
        // If it has ended meanwhile, its number is no longer the last one's.
        self.is_stuck = self.begun == number;
    }
}

/// The store's work at one call. Ends with it, by a panic, too.
struct Turn {
    number: u64,
    progress: Arc<Mutex<Progress>>,
    _lane: OwnedMutexGuard<()>,
}

impl Drop for Turn {
    fn drop(&mut self) {
        let mut progress = self.progress.lock().unwrap_or_else(PoisonError::into_inner);
        progress.begun += 1;
        progress.is_stuck = false;
    }
}
