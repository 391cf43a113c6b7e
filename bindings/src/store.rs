//! The app's `SnapshotStore`, as an implementation of the core's port. The core calls it on threads that may block.

use std::sync::Arc;

use salekit_core::{SaleId, StoreError, StoreLock};

use crate::CallbackError;

/// Keeps one snapshot for each sale. See the contract.
#[uniffi::trait_interface]
pub trait SnapshotStore: Send + Sync {
    /// Stores a snapshot in place of the sale's earlier one.
    ///
    /// # Errors
    /// If it is not safely stored.
    fn save(&self, sale_id: String, snapshot: Vec<u8>) -> Result<(), CallbackError>;

    /// The sale's snapshot.
    ///
    /// # Errors
    /// If there is one that cannot be read.
    fn load(&self, sale_id: String) -> Result<Option<Vec<u8>>, CallbackError>;

    /// The ids of all sales that have a snapshot.
    ///
    /// # Errors
    /// If the store cannot be read at all.
    fn list(&self) -> Result<Vec<String>, CallbackError>;

    /// Removes the sale's snapshot.
    ///
    /// # Errors
    /// If it is still there.
    fn remove(&self, sale_id: String) -> Result<(), CallbackError>;

    /// Takes a lock, if nothing else holds it.
    ///
    /// # Errors
    /// If the store cannot find out whether it is held.
    fn lock(&self, name: String) -> Result<StoreLock, CallbackError>;

    /// Releases a lock.
    ///
    /// # Errors
    /// If it may still be held.
    fn unlock(&self, name: String) -> Result<(), CallbackError>;
}

/// The app's store.
pub(crate) struct Store(pub(crate) Arc<dyn SnapshotStore>);

impl salekit_core::SnapshotStore for Store {
    fn save(&self, sale: &SaleId, snapshot: &[u8]) -> Result<(), StoreError> {
        Ok(self.0.save(sale.to_string(), snapshot.to_vec())?)
    }

    fn load(&self, sale: &SaleId) -> Result<Option<Vec<u8>>, StoreError> {
        Ok(self.0.load(sale.to_string())?)
    }

    fn list(&self) -> Result<Vec<SaleId>, StoreError> {
        // Skip entries whose name is not a sale's id: they are something else that the app keeps there.
        let ids = self.0.list()?;
        Ok(ids.iter().filter_map(|id| SaleId::parse(id).ok()).collect())
    }

    fn remove(&self, sale: &SaleId) -> Result<(), StoreError> {
        Ok(self.0.remove(sale.to_string())?)
    }
    fn lock(&self, name: &str) -> Result<StoreLock, StoreError> {
        Ok(self.0.lock(name.to_owned())?)
    }

    fn unlock(&self, name: &str) -> Result<(), StoreError> {
        Ok(self.0.unlock(name.to_owned())?)
    }
}
