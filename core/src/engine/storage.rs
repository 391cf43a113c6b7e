//! Calls to the store, on other threads than the engine's and one at a time.
//!
//! One at a time, so that a save that timed out never overtakes a later one, and so that a store that hangs blocks only
//! one thread. While it hangs, further calls fail at once. Waiting for a permit does not count as hanging: a thousand
//! sales may take minutes on a phone's flash, but each of them is saved.

use std::{
    pin::pin,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use tokio::{
    runtime::Handle,
    sync::{Mutex as AsyncMutex, Notify, OwnedMutexGuard, oneshot},
};

use super::scrub;
use crate::port::{Blocking, Clock, Device, PortFuture, SnapshotStore, StoreError};

/// The time limit of one call. A phone's flash needs milliseconds, or tens of them on a bad day.
const LONGEST_CALL: Duration = Duration::from_secs(10);

/// Work with the store, which returns how its result is passed on.
type Work = Box<dyn FnOnce(&Arc<dyn SnapshotStore>) -> Blocking + Send>;

/// The store of a client. Clones are the same.
#[derive(Clone)]
pub(super) struct Storage {
    store: Arc<dyn SnapshotStore>,
    clock: Arc<dyn Clock>,
    device: Arc<dyn Device>,
    /// The runtime of the clock's timers, because an app may wait for a call outside of it.
    runtime: Handle,
    access: Arc<AsyncMutex<()>>,
    progress: Arc<Mutex<Progress>>,
    /// Notifies those who wait for a permit that the store hangs.
    hangs: Arc<Notify>,
}

/// The progress of the store's calls.
#[derive(Default)]
struct Progress {
    /// The number of the call that began last.
    begun: u64,
    /// The call timed out and has not ended yet.
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
            access: Arc::default(),
            progress: Arc::default(),
            hangs: Arc::default(),
        }
    }

    /// Runs `work` with the store. A call that takes too long fails; if `work` has not begun by then, it never runs.
    pub(super) async fn call<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Arc<dyn SnapshotStore>) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, StoreError> {
        let (sender, result) = oneshot::channel();
        self.run(Box::new(move |store| {
            let done = work(store);
            Box::new(move || {
                // The receiver is gone if the call timed out.
                let _ = sender.send(done);
            })
        }))
        .await?;
        result
            .await
            .unwrap_or_else(|_| Err(panicked()))
            .map_err(scrub::any_store_error)
    }

    /// The same for work of all types, so that this is compiled once.
    async fn run(&self, work: Work) -> Result<(), StoreError> {
        let permit = self.permit_in_time().await?;
        let (number, time_is_up) = (permit.number, self.time());
        let done = async {
            let store = Arc::clone(&self.store);
            let (sender, receiver) = oneshot::channel();
            let done = self.device.run_blocking(Box::new(move || {
                if sender.is_closed() {
                    // It timed out before a thread was free.
                    return;
                }
                let pass_on = work(&store);
                // Release the permit before the caller learns the result.
                drop(permit);
                pass_on();
                let _ = sender.send(());
            }));
            done.await;
            receiver.await.map_err(|_| panicked())
        };
        tokio::select! {
            // On a busy device both may be ready: then the result counts.
            biased;
            done = done => return done,
            () = time_is_up => {}
        }
        let is_stuck = self.progress().give_up(number);
        if is_stuck {
            self.hangs.notify_waiters();
        }
        Err(failed("the store did not answer in time"))
    }

    /// Waits for a permit, as long as earlier calls return in time.
    async fn permit_in_time(&self) -> Result<Permit, StoreError> {
        let stuck = || failed("the store has not answered an earlier call");
        // Created before the check, so that no notification is missed.
        let mut hangs = pin!(self.hangs.notified());
        if self.progress().is_stuck {
            return Err(stuck());
        }
        if let Ok(guard) = Arc::clone(&self.access).try_lock_owned() {
            return Ok(self.begin(guard));
        }
        let mut permit = pin!(self.permit());
        loop {
            let begun = self.progress().begun;
            tokio::select! {
                biased;
                permit = &mut permit => return Ok(permit),
                () = &mut hangs => return Err(stuck()),
                // Nobody notifies if the caller of the hanging call is gone.
                () = self.time() => if self.progress().begun == begun {
                    return Err(stuck());
                },
            }
        }
    }

    /// Waits as long as one call may take.
    fn time(&self) -> PortFuture<'static, ()> {
        self.pause(LONGEST_CALL)
    }

    /// Waits, even outside of a runtime.
    pub(super) fn pause(&self, length: Duration) -> PortFuture<'static, ()> {
        let _entered = self.runtime.enter();
        self.clock.sleep(length)
    }

    /// Runs `work` after all earlier calls, however long they take. It runs even if the returned future is dropped.
    pub(super) fn afterwards(&self, work: Blocking) -> PortFuture<'static, ()> {
        let storage = self.clone();
        let doing: PortFuture<'static, ()> = Box::pin(async move {
            let permit = storage.permit().await;
            let work = Box::new(move || {
                work();
                drop(permit);
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
    async fn permit(&self) -> Permit {
        let guard = Arc::clone(&self.access).lock_owned().await;
        self.begin(guard)
    }

    fn begin(&self, guard: OwnedMutexGuard<()>) -> Permit {
        let number = {
            let mut progress = self.progress();
            progress.begun += 1;
            progress.begun
        };
        Permit {
            number,
            progress: Arc::clone(&self.progress),
            _guard: guard,
        }
    }
}

fn failed(detail: &str) -> StoreError {
    StoreError::Failed {
        detail: detail.to_owned(),
    }
}

fn panicked() -> StoreError {
    failed("the store's code panicked")
}

impl Progress {
    /// The call with this number timed out. Returns whether the store hangs.
    const fn give_up(&mut self, number: u64) -> bool {
        // If the call has ended meanwhile, another number is the last one.
        let is_stuck = self.begun == number;
        self.is_stuck |= is_stuck;
        is_stuck
    }
}

/// The permit for one call. Dropped at the end of the call, even by a panic.
struct Permit {
    number: u64,
    progress: Arc<Mutex<Progress>>,
    _guard: OwnedMutexGuard<()>,
}

impl Drop for Permit {
    fn drop(&mut self) {
        let mut progress = self.progress.lock().unwrap_or_else(PoisonError::into_inner);
        progress.begun += 1;
        progress.is_stuck = false;
    }
}
