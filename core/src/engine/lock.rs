//! The store's locks, each given back by whoever drops it last.

use std::{
    panic::{AssertUnwindSafe, catch_unwind},
    sync::Arc,
};

use tracing::warn;

use super::storage::Storage;
use crate::{PortFuture, SnapshotStore, StoreError, StoreLock};

/// What became of asking for a lock.
pub(super) enum Lock {
    /// It is this run's.
    Held(Held),
    /// Somebody else has it.
    Taken,
    /// The store has none.
    Unsupported,
}

impl Lock {
    /// Asks for the lock `name`. To be called where a store may be.
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

/// A lock that is held. Dropped, it is given back there and then, so it is to be dropped where a store may be called.
pub(super) struct Held {
    store: Arc<dyn SnapshotStore>,
    name: String,
}

impl Drop for Held {
    fn drop(&mut self) {
        // It may be dropped because the store panicked, and a second panic would end the app.
        let given_back = catch_unwind(AssertUnwindSafe(|| self.store.unlock(&self.name)));
        if let Ok(Err(error)) = given_back {
            warn!(name = self.name, %error, "a lock of the store could not be given back");
        }
    }
}

/// The lock of a sale that runs. Whatever ends the sale's task, it is given back: off the engine's threads, and after
/// everything that the store was asked before, so that a save that was given up does not outlive it.
pub(super) struct SaleLock {
    held: Option<Held>,
    storage: Storage,
}

impl SaleLock {
    pub(super) const fn new(held: Held, storage: Storage) -> Self {
        let held = Some(held);
        Self { held, storage }
    }

    /// Gives it back; the future waits for that, and need not be waited for.
    pub(super) fn give_back(mut self) -> PortFuture<'static, ()> {
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
