//! The store, off the engine's threads and one call at a time.
//!
//! One at a time, so that a save that was given up never overtakes a later one, and so that a store that hangs holds one
//! thread and not all of them. As long as it hangs, further calls fail at once. Waiting for one's turn is no hanging: a
//! thousand sales on a phone's flash take minutes, and each gets there.

use std::{
    pin::pin,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use tokio::{
    runtime::Handle,
    sync::{Mutex as Lane, Notify, OwnedMutexGuard, oneshot},
};

use super::scrub;
use crate::{Blocking, Clock, Device, PortFuture, SnapshotStore, StoreError};

/// A phone's flash takes milliseconds, tens of them on a bad day.
const LONGEST_CALL: Duration = Duration::from_secs(10);

/// The store of a client. Clones are the same.
#[derive(Clone)]
pub(super) struct Storage {
    store: Arc<dyn SnapshotStore>,
    clock: Arc<dyn Clock>,
    device: Arc<dyn Device>,
    /// Where the clock's timers run: an app may wait for its calls elsewhere.
    runtime: Handle,
    lane: Arc<Lane<()>>,
    progress: Arc<Mutex<Progress>>,
    /// Tells those who wait for their turns that the store hangs.
    hangs: Arc<Notify>,
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
        store: Arc<dyn SnapshotStore>,
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
            hangs: Arc::default(),
        }
    }

    /// Does `work` with the store. A store that does not come back in time has failed; work that it has not begun by
    /// then is not done at all.
    pub(super) async fn call<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Arc<dyn SnapshotStore>) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, StoreError> {
        let turn = self.turn_in_time().await?;
        let (number, time_is_up) = (turn.number, self.time());
        let done = async {
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
        let is_stuck = self.progress().give_up(number);
        if is_stuck {
            self.hangs.notify_waiters();
        }
        Err(failed("the store did not come back in time"))
    }

    /// Waits until the store is free, as long as it comes back from what it was asked before.
    async fn turn_in_time(&self) -> Result<Turn, StoreError> {
        let stuck = || failed("the store has not come back from an earlier call");
        // Made before anybody looks: what is told from now on is heard.
        let mut hangs = pin!(self.hangs.notified());
        if self.progress().is_stuck {
            return Err(stuck());
        }
        if let Ok(lane) = Arc::clone(&self.lane).try_lock_owned() {
            return Ok(self.begin(lane));
        }
        let mut turn = pin!(self.turn());
        loop {
            let begun = self.progress().begun;
            tokio::select! {
                biased;
                turn = &mut turn => return Ok(turn),
                () = &mut hangs => return Err(stuck()),
                // Nobody tells if whoever waited for the call is gone.
                () = self.time() => if self.progress().begun == begun {
                    return Err(stuck());
                },
            }
        }
    }

    /// Waits as long as the store may take for one call.
    fn time(&self) -> PortFuture<'static, ()> {
        self.pause(LONGEST_CALL)
    }

    /// Waits, also where no runtime is.
    pub(super) fn pause(&self, length: Duration) -> PortFuture<'static, ()> {
        let _entered = self.runtime.enter();
        self.clock.sleep(length)
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
        self.begin(lane)
    }

    fn begin(&self, lane: OwnedMutexGuard<()>) -> Turn {
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
    /// Nobody waits for the call with this number any more. Whether the store hangs.
    const fn give_up(&mut self, number: u64) -> bool {
        // If it has ended meanwhile, its number is no longer the last one's.
        let is_stuck = self.begun == number;
        self.is_stuck |= is_stuck;
        is_stuck
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
