//! A store in memory whose calls begin with what a test says: it may block, or fail. It has locks.

use salekit_core::StoreLock;

use super::*;

/// What the engine calls.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum StoreCall {
    Save,
    Load,
    List,
    Remove,
    Lock,
    Unlock,
}

pub(super) struct FaultyStore {
    pub(super) kept: MemoryStore,
    before: Box<dyn Fn(StoreCall) -> Result<(), StoreError> + Send + Sync>,
}

impl FaultyStore {
    /// `before` runs before each call, on the store's thread. If it fails, so does the call, which does nothing then.
    pub(super) fn new(before: impl Fn(StoreCall) -> Result<(), StoreError> + Send + Sync + 'static) -> Arc<Self> {
        Arc::new(Self {
            kept: MemoryStore::new(),
            before: Box::new(before),
        })
    }

    /// `fault` runs before the first call of this kind only.
    pub(super) fn at_first(
        call: StoreCall,
        fault: impl FnOnce() -> Result<(), StoreError> + Send + 'static,
    ) -> Arc<Self> {
        let fault = Mutex::new(Some(fault));
        Self::new(move |called| {
            let first = (called == call).then(|| fault.lock().unwrap().take()).flatten();
            first.map_or(Ok(()), |fault| fault())
        })
    }
}

impl SnapshotStore for FaultyStore {
    fn save(&self, sale: &SaleId, snapshot: &[u8]) -> Result<(), StoreError> {
        (self.before)(StoreCall::Save)?;
        self.kept.save(sale, snapshot)
    }

    fn load(&self, sale: &SaleId) -> Result<Option<Vec<u8>>, StoreError> {
        (self.before)(StoreCall::Load)?;
        self.kept.load(sale)
    }

    fn list(&self) -> Result<Vec<SaleId>, StoreError> {
        (self.before)(StoreCall::List)?;
        self.kept.list()
    }

    fn remove(&self, sale: &SaleId) -> Result<(), StoreError> {
        (self.before)(StoreCall::Remove)?;
        self.kept.remove(sale)
    }

    fn lock(&self, name: &str) -> Result<StoreLock, StoreError> {
        (self.before)(StoreCall::Lock)?;
        self.kept.lock(name)
    }

    fn unlock(&self, name: &str) -> Result<(), StoreError> {
        (self.before)(StoreCall::Unlock)?;
        self.kept.unlock(name)
    }
}
