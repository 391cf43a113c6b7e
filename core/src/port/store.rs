//! Storage of snapshots, from outside.

use thiserror::Error;

use crate::SaleId;

/// Keeps one snapshot a sale, as bytes. The default is [`crate::DirectoryStore`].
///
/// Calls may block; the engine makes them off its own threads, one at a time. One that takes longer than ten seconds has
/// failed for whoever waits, and as long as it has not come back, so has every later one. Those whose turn has not come
/// wait as long as the calls before them come back. When [`SnapshotStore::save`] returns without an error, the snapshot must
/// be there after a power cut.
///
/// One record is no sale's: under the id of 32 zeros SaleKit keeps the invoices of the last 512 sales that it removed, so
/// that perform sale is never sent for them again. It is saved, loaded and listed as a snapshot is. If it cannot be loaded,
/// no sale is performed, and [`crate::SaleClient::pending`] lists it as damaged until it is forgotten.
pub trait SnapshotStore: Send + Sync {
    /// Stores `snapshot` in place of the sale's earlier one, completely or not at all.
    ///
    /// # Errors
    /// [`StoreError`] if it is not safely stored.
    fn save(&self, sale: &SaleId, snapshot: &[u8]) -> Result<(), StoreError>;

    /// The sale's snapshot, or `None` if there is none.
    ///
    /// # Errors
    /// [`StoreError`] if there is one that cannot be read.
    fn load(&self, sale: &SaleId) -> Result<Option<Vec<u8>>, StoreError>;

    /// All sales that have a snapshot.
    ///
    /// # Errors
    /// [`StoreError`] if the store cannot be read at all.
    fn list(&self) -> Result<Vec<SaleId>, StoreError>;

    /// Forgets the sale's snapshot, if there is one.
    ///
    /// # Errors
    /// [`StoreError`] if it is still there.
    fn remove(&self, sale: &SaleId) -> Result<(), StoreError>;

    /// Takes the lock `name`, if nobody holds it: no other process, no other store on the same snapshots, and nobody who
    /// took it through this one. It does not wait. The system must give it back when the process dies.
    ///
    /// `name` is a sale's id (held as long as the sale runs, so that it runs once), or a word of `a-z` (held for the
    /// length of one decision).
    ///
    /// A store that cannot lock says so, which is what it does unless it does otherwise. Then one process at a time may
    /// use it: a second one could end a sale that the first one goes on to make.
    ///
    /// # Errors
    /// [`StoreError`] if it cannot be told whether anybody holds it.
    fn lock(&self, name: &str) -> Result<StoreLock, StoreError> {
        let _ = name;
        Ok(StoreLock::Unsupported)
    }

    /// Gives back the lock `name`, which was taken through this store.
    ///
    /// # Errors
    /// [`StoreError`] if it may still be held.
    fn unlock(&self, name: &str) -> Result<(), StoreError> {
        let _ = name;
        Ok(())
    }
}

/// What became of asking a store for a lock.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StoreLock {
    /// It is the caller's until it gives it back or its process dies.
    Held,
    /// Somebody else has it.
    Taken,
    /// The store has no locks.
    Unsupported,
}

/// What is wrong with the store.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum StoreError {
    /// No space left, or a quota is reached.
    #[error("the store is full; free some space ({detail})")]
    Full {
        /// What the system said.
        detail: String,
    },
    /// The app may not read or write there.
    #[error("the store may not be accessed; check the directory and its permissions ({detail})")]
    Denied {
        /// What the system said.
        detail: String,
    },
    /// Any other failure.
    #[error("the store failed: {detail}")]
    Failed {
        /// What the system or the app's own store said.
        detail: String,
    },
}

impl From<std::io::Error> for StoreError {
    fn from(error: std::io::Error) -> Self {
        use std::io::ErrorKind as Kind;
        let detail = error.to_string();
        match error.kind() {
            Kind::StorageFull | Kind::QuotaExceeded | Kind::FileTooLarge => Self::Full { detail },
            Kind::PermissionDenied | Kind::ReadOnlyFilesystem => Self::Denied { detail },
            _ => Self::Failed { detail },
        }
    }
}
