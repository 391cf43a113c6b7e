//! Snapshots in memory: for tests, and for tools that end with their sale. Nothing survives the process.

use std::{
    collections::BTreeMap,
    sync::{Mutex, MutexGuard, PoisonError},
};

use crate::{SaleId, SaleStore, StoreError};

/// A store in memory.
#[derive(Debug, Default)]
pub struct MemoryStore(Mutex<BTreeMap<SaleId, Vec<u8>>>);

impl MemoryStore {
    /// An empty store.
    pub fn new() -> Self {
        Self::default()
    }

    fn snapshots(&self) -> MutexGuard<'_, BTreeMap<SaleId, Vec<u8>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl SaleStore for MemoryStore {
    fn save(&self, sale: &SaleId, snapshot: &[u8]) -> Result<(), StoreError> {
        self.snapshots().insert(sale.clone(), snapshot.to_vec());
        Ok(())
    }

    fn load(&self, sale: &SaleId) -> Result<Option<Vec<u8>>, StoreError> {
        Ok(self.snapshots().get(sale).cloned())
    }

    fn list(&self) -> Result<Vec<SaleId>, StoreError> {
        Ok(self.snapshots().keys().cloned().collect())
    }

    fn remove(&self, sale: &SaleId) -> Result<(), StoreError> {
        self.snapshots().remove(sale);
        Ok(())
    }
}
