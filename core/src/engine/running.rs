//! The sales that run in a process, so that none runs twice, whichever client of the process runs it.

use std::{
    collections::{BTreeMap, VecDeque},
    sync::{Arc, LazyLock, Mutex, MutexGuard, PoisonError, Weak},
};

use tokio::sync::{Mutex as Lane, OwnedMutexGuard};

use super::sale::Sale;
use crate::SaleId;

/// Certain ends that are remembered. Only those matter that could not be stored.
const MOST_ENDS: usize = 1_024;

/// The sales that run in this process. All clients of a process share it, through [`crate::Device::running`].
#[derive(Debug, Default)]
pub struct RunningSales {
    /// In the order of their ids, so that all are notified in the same order each time.
    sales: Mutex<BTreeMap<SaleId, Sale>>,
    turns: Mutex<BTreeMap<SaleId, Weak<Lane<()>>>>,
    final_ends: Mutex<VecDeque<SaleId>>,
}

/// A sale's place among those that run. It is given up in the end, whatever ends the sale's task.
pub(super) struct Place {
    running: Arc<RunningSales>,
    id: Option<SaleId>,
}

impl Place {
    /// The place of the sale `id`, which its caller enters.
    pub(super) const fn new(running: Arc<RunningSales>, id: SaleId) -> Self {
        Self { running, id: Some(id) }
    }

    /// From now on the sale may run again, and then the place is another's.
    pub(super) fn give_up(&mut self) {
        if let Some(id) = self.id.take() {
            let left = self.running.lock().remove(&id);
            // Not while the others are locked out: it may be the last of its client, whose ports are the app's code.
            drop(left);
        }
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        self.give_up();
    }
}

impl RunningSales {
    /// Those of the operating system's process.
    pub fn of_this_process() -> Arc<Self> {
        static RUNNING: LazyLock<Arc<RunningSales>> = LazyLock::new(Arc::default);
        Arc::clone(&RUNNING)
    }

    pub(super) fn lock(&self) -> MutexGuard<'_, BTreeMap<SaleId, Sale>> {
        self.sales.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn get(&self, id: &SaleId) -> Option<Sale> {
        self.lock().get(id).cloned()
    }

    /// All of them, in the order of their ids.
    pub(super) fn all(&self) -> Vec<Sale> {
        self.lock().values().cloned().collect()
    }

    /// Waits until nobody else in this process resumes or removes this sale. So nothing is removed from the store that a
    /// run has begun with and will save again.
    pub(super) async fn turn(&self, id: &SaleId) -> OwnedMutexGuard<()> {
        let lane = {
            let mut turns = self.turns.lock().unwrap_or_else(PoisonError::into_inner);
            let lane = turns.get(id).and_then(Weak::upgrade);
            lane.unwrap_or_else(|| {
                turns.retain(|_, lane| lane.strong_count() > 0);
                let lane = Arc::default();
                turns.insert(id.clone(), Arc::downgrade(&lane));
                lane
            })
        };
        lane.lock_owned().await
    }

    fn ends(&self) -> MutexGuard<'_, VecDeque<SaleId>> {
        self.final_ends.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The sale has an outcome that is final. A full disk may have kept it out of the store, so it is remembered.
    pub(super) fn has_ended(&self, sale: &SaleId) {
        let mut ends = self.ends();
        if ends.contains(sale) {
            return;
        }
        if ends.len() == MOST_ENDS {
            ends.pop_front();
        }
        ends.push_back(sale.clone());
    }

    /// The app has settled the sale's end.
    pub(super) fn end_is_settled(&self, sale: &SaleId) {
        self.ends().retain(|ended| ended != sale);
    }

    /// Whether the sale had a final outcome in this process, which nobody has settled yet.
    pub(super) fn knows_end_of(&self, sale: &SaleId) -> bool {
        self.ends().contains(sale)
    }
}
