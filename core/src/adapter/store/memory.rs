//! Snapshots in memory: for tests, and for tools that end when their sale ends. Nothing survives the process.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use crate::{
    port::{SnapshotStore, StoreError, StoreLock},
    value::SaleId,
};

/// A store in memory. Clones are the same store.
#[derive(Debug, Clone, Default)]
pub struct MemoryStore(Arc<Mutex<Contents>>);

#[derive(Debug, Default)]
struct Contents {
    snapshots: BTreeMap<SaleId, Vec<u8>>,
    locks: BTreeSet<String>,
}

impl MemoryStore {
    /// An empty store.
    pub fn new() -> Self {
        Self::default()
    }

    fn contents(&self) -> MutexGuard<'_, Contents> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl SnapshotStore for MemoryStore {
    fn save(&self, sale: &SaleId, snapshot: &[u8]) -> Result<(), StoreError> {
        self.contents().snapshots.insert(sale.clone(), snapshot.to_vec());
        Ok(())
    }

    fn load(&self, sale: &SaleId) -> Result<Option<Vec<u8>>, StoreError> {
        Ok(self.contents().snapshots.get(sale).cloned())
    }

    fn list(&self) -> Result<Vec<SaleId>, StoreError> {
        Ok(self.contents().snapshots.keys().cloned().collect())
    }

    fn remove(&self, sale: &SaleId) -> Result<(), StoreError> {
        self.contents().snapshots.remove(sale);
        Ok(())
    }

    fn lock(&self, name: &str) -> Result<StoreLock, StoreError> {
        let is_free = self.contents().locks.insert(name.to_owned());
        Ok(if is_free { StoreLock::Held } else { StoreLock::Taken })
    }

    fn unlock(&self, name: &str) -> Result<(), StoreError> {
        self.contents().locks.remove(name);
        Ok(())
    }
}
