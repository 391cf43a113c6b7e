//! The store's locks. Dropping the last holder of a lock releases it.

use std::{
    panic::{AssertUnwindSafe, catch_unwind},
    sync::Arc,
};

use tracing::warn;

use super::{scrub, storage::Storage};
use crate::port::{PortFuture, SnapshotStore, StoreError, StoreLock};

/// The result of asking for a lock.
pub(super) enum Lock {
    /// This run holds it.
    Held(Held),
    /// It is held elsewhere.
    Taken,
    /// The store has no locks.
    Unsupported,
}

impl Lock {
    /// Asks for the lock `name`. Call it only on a thread that may call the store.
    pub(super) fn ask(store: &Arc<dyn SnapshotStore>, name: &str) -> Result<Self, StoreError> {
        Ok(match store.lock(name)? {
            StoreLock::Held => Self::Held(Held {
                store: Arc::clone(store),
                name: name.to_owned(),
            }),
            StoreLock::Taken => Self::Taken,
            StoreLock::Unsupported => Self::Unsupported,
        })
    }
}

/// A held lock. Dropping it calls the store to release it, so drop it only on a thread that may call the store.
pub(super) struct Held {
    store: Arc<dyn SnapshotStore>,
    name: String,
}

impl Drop for Held {
    fn drop(&mut self) {
        // It may be dropped while the store's code panics, and a second panic would abort the app.
        let released = catch_unwind(AssertUnwindSafe(|| self.store.unlock(&self.name)));
        if let Ok(Err(error)) = released.map(|released| released.map_err(scrub::any_store_error)) {
            warn!(name = self.name, %error, "a lock of the store could not be released");
        }
    }
}

/// The lock of a running sale. Whatever ends the sale's task, the lock is released: on another thread than the
/// engine's, and after all earlier calls of the store, so that a save that timed out does not outlive the lock.
pub(super) struct SaleLock {
    held: Option<Held>,
    storage: Storage,
}

impl SaleLock {
    pub(super) const fn new(held: Held, storage: Storage) -> Self {
        let held = Some(held);
        Self { held, storage }
    }

    /// Releases it; the future completes once that is done. Dropping the future does not prevent it.
    pub(super) fn release(mut self) -> PortFuture<'static, ()> {
        match self.held.take() {
            Some(held) => self.storage.afterwards(Box::new(move || drop(held))),
            None => Box::pin(std::future::ready(())),
        }
    }
}

impl Drop for SaleLock {
    fn drop(&mut self) {
        if let Some(held) = self.held.take() {
            drop(self.storage.afterwards(Box::new(move || drop(held))));
        }
    }
}

/// A run's state of the store's lock on its sale.
pub(super) enum Hold {
    /// Not asked for yet, or it could not be taken.
    Missing,
    /// The store has no locks.
    Unsupported,
    Held(SaleLock),
}

impl Hold {
    /// Releases the lock if it is held; the future completes once that is done.
    pub(super) fn release(&mut self) -> Option<PortFuture<'static, ()>> {
        match std::mem::replace(self, Self::Missing) {
            Self::Held(lock) => Some(lock.release()),
            Self::Missing | Self::Unsupported => None,
        }
    }
}
