//! The port for storing snapshots.

use thiserror::Error;

use crate::value::SaleId;

/// Stores one snapshot for each sale, as bytes. The default is [`crate::DirectoryStore`].
///
/// Calls may block. The engine makes them on other threads, one at a time. A call that takes longer than ten seconds
/// fails for its caller, and until it returns every later call fails as well. Calls that wait for earlier ones do not
/// time out as long as the earlier ones return. When [`SnapshotStore::save`] returns without an error, the snapshot
/// must survive a power failure.
///
/// One record does not belong to a sale: under the id of 32 zeros SaleKit stores the invoices of the last 512 sales
/// that it removed, so that perform sale is never sent for them again. It is saved, loaded and listed like a snapshot.
/// If it cannot be loaded, no sale is performed, and [`crate::SaleClient::pending`] lists it as damaged until the app
/// forgets it.
pub trait SnapshotStore: Send + Sync {
    /// Replaces the sale's snapshot by `snapshot`, completely or not at all.
    ///
    /// # Errors
    /// [`StoreError`] if it is not safely stored.
    fn save(&self, sale: &SaleId, snapshot: &[u8]) -> Result<(), StoreError>;

    /// The sale's snapshot, or `None` if there is none.
    ///
    /// # Errors
    /// [`StoreError`] if there is a snapshot that cannot be read.
    fn load(&self, sale: &SaleId) -> Result<Option<Vec<u8>>, StoreError>;

    /// All sales that have a snapshot.
    ///
    /// # Errors
    /// [`StoreError`] if the store cannot be read at all.
    fn list(&self) -> Result<Vec<SaleId>, StoreError>;

    /// Removes the sale's snapshot, if there is one.
    ///
    /// # Errors
    /// [`StoreError`] if it is still there.
    fn remove(&self, sale: &SaleId) -> Result<(), StoreError>;

    /// Takes the lock `name` without waiting. It is taken if another process, another store on the same snapshots, or
    /// an earlier call on this store holds it. The system must release it when the process dies.
    ///
    /// `name` is a sale's id (held while the sale runs, so that it runs only once), or a word of `a-z` (held briefly,
    /// while a decision is made).
    ///
    /// The default answers that the store has no locks. Then only one process at a time may use the store: a second one
    /// could end a sale that the first one goes on to perform.
    ///
    /// # Errors
    /// [`StoreError`] if the store cannot find out whether the lock is held.
    fn lock(&self, name: &str) -> Result<StoreLock, StoreError> {
        let _ = name;
        Ok(StoreLock::Unsupported)
    }

    /// Releases the lock `name`, which was taken through this store.
    ///
    /// # Errors
    /// [`StoreError`] if it may still be held.
    fn unlock(&self, name: &str) -> Result<(), StoreError> {
        let _ = name;
        Ok(())
    }
}

/// The result of [`SnapshotStore::lock`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StoreLock {
    /// The caller holds it until it releases it or its process dies.
    Held,
    /// It is held elsewhere.
    Taken,
    /// The store has no locks.
    Unsupported,
}

/// Why a store failed.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[cfg_attr(not(feature = "exhaustive"), non_exhaustive)]
pub enum StoreError {
    /// There is no space left, or a quota is reached.
    #[error("the store is full; free some space ({detail})")]
    Full {
        /// What the system said.
        detail: String,
    },
    /// The app may not read or write the store.
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
