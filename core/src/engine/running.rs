//! The running sales of a process. They ensure that no sale runs twice and no two pay one order, whichever client of the
//! process runs them.

use std::{
    collections::{BTreeMap, VecDeque},
    fmt,
    sync::{Arc, LazyLock, Mutex, MutexGuard, PoisonError, Weak},
};

use tokio::sync::{Mutex as AsyncMutex, OwnedMutexGuard};

use super::{orders::Orders, sale::Sale};
use crate::value::SaleId;

/// How many final ends are remembered. They matter only for sales whose end could not be stored.
const MOST_ENDS: usize = 1_024;

/// The running sales of a process. All its clients share them, so that no two clients run the same sale.
#[derive(Default)]
pub struct RunningSales {
    /// Ordered by id, so that all sales are notified in the same order each time.
    sales: Mutex<BTreeMap<SaleId, Sale>>,
    permits: Mutex<BTreeMap<SaleId, Weak<AsyncMutex<()>>>>,
    final_ends: Mutex<VecDeque<SaleId>>,
    orders: Arc<Orders>,
}

/// Only how many there are: a log line that lists each sale of a process helps nobody.
impl fmt::Debug for RunningSales {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Without waiting: the thread that shows it may hold the lock.
        let running = self.sales.try_lock().ok().map(|sales| sales.len());
        f.debug_struct("RunningSales")
            .field("running", &running)
            .finish_non_exhaustive()
    }
}

/// Lists a sale as running. It is removed from the list when the sale's task ends, for whatever reason.
pub(super) struct Place {
    running: Arc<RunningSales>,
    id: Option<SaleId>,
}

impl Place {
    /// The place of the sale `id`. The caller adds the sale to the list.
    pub(super) const fn new(running: Arc<RunningSales>, id: SaleId) -> Self {
        Self { running, id: Some(id) }
    }

    /// Removes the sale from the list. From now on it may run again, and another run may be listed.
    pub(super) fn give_up(&mut self) {
        if let Some(id) = self.id.take() {
            let left = self.running.lock().remove(&id);
            // Drop it after the list is unlocked: it may be the last handle of its client, whose ports run the app's
            // code.
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
    /// The running sales of the operating system's process.
    pub fn of_this_process() -> Arc<Self> {
        static RUNNING: LazyLock<Arc<RunningSales>> = LazyLock::new(Arc::default);
        Arc::clone(&RUNNING)
    }

    pub(super) const fn orders(&self) -> &Arc<Orders> {
        &self.orders
    }

    pub(super) fn lock(&self) -> MutexGuard<'_, BTreeMap<SaleId, Sale>> {
        self.sales.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn get(&self, id: &SaleId) -> Option<Sale> {
        self.lock().get(id).cloned()
    }

    /// All running sales, in the order of their ids.
    pub(super) fn all(&self) -> Vec<Sale> {
        self.lock().values().cloned().collect()
    }

    /// Waits for the sale's permit, so that only one call in this process resumes or removes it at a time. Otherwise a
    /// sale could be removed after a run has loaded it, and that run would save it again.
    pub(super) async fn permit(&self, id: &SaleId) -> OwnedMutexGuard<()> {
        let permit = {
            let mut permits = self.permits.lock().unwrap_or_else(PoisonError::into_inner);
            let permit = permits.get(id).and_then(Weak::upgrade);
            permit.unwrap_or_else(|| {
                permits.retain(|_, permit| permit.strong_count() > 0);
                let permit = Arc::default();
                permits.insert(id.clone(), Arc::downgrade(&permit));
                permit
            })
        };
        permit.lock_owned().await
    }

    fn ends(&self) -> MutexGuard<'_, VecDeque<SaleId>> {
        self.final_ends.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The sale has a final outcome. It is remembered here, because a full disk may have kept it out of the store.
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

    /// The app has settled the sale's outcome.
    pub(super) fn end_is_settled(&self, sale: &SaleId) {
        self.ends().retain(|ended| ended != sale);
    }

    /// Whether the sale had a final outcome in this process that the app has not settled yet.
    pub(super) fn knows_end_of(&self, sale: &SaleId) -> bool {
        self.ends().contains(sale)
    }
}
