//! One call at a time for each sale: resuming, acknowledging and forgetting exclude each other. So nothing is removed
//! from the store that a run has begun with and will save again.

use std::{
    collections::{BTreeMap, VecDeque},
    sync::{Arc, Mutex, PoisonError, Weak},
};

use tokio::sync::{Mutex as Lane, OwnedMutexGuard};

use crate::SaleId;

/// Certain ends that are remembered. Only those matter that could not be stored.
const MOST_ENDS: usize = 1_024;

/// Whose turn it is, by sale, and which ends are certain whatever the store says.
#[derive(Default)]
pub(super) struct Turns {
    /// Lanes that nobody holds are dropped when the next turn is taken.
    lanes: Mutex<BTreeMap<SaleId, Weak<Lane<()>>>>,
    final_ends: Mutex<VecDeque<SaleId>>,
}

/// A call's turn with one sale.
pub(super) struct Turn {
    _lane: OwnedMutexGuard<()>,
}

impl Turns {
    /// Waits until no other call is at work with this sale.
    pub(super) async fn with(&self, sale: &SaleId) -> Turn {
        let lane = {
            let mut lanes = self.lanes.lock().unwrap_or_else(PoisonError::into_inner);
            lanes.retain(|_, lane| lane.strong_count() > 0);
            match lanes.get(sale).and_then(Weak::upgrade) {
                Some(lane) => lane,
                None => {
                    let lane = Arc::default();
                    lanes.insert(sale.clone(), Arc::downgrade(&lane));
                    lane
                }
            }
        };
        Turn {
            _lane: lane.lock_owned().await,
        }
    }

    /// The sale has told an outcome that is final. A full disk may have kept it out of the store, so it is remembered.
    pub(super) fn has_ended(&self, sale: &SaleId) {
        let mut ends = self.final_ends.lock().unwrap_or_else(PoisonError::into_inner);
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
        let mut ends = self.final_ends.lock().unwrap_or_else(PoisonError::into_inner);
        ends.retain(|ended| ended != sale);
    }

    /// Whether the sale has told a final outcome in this process.
    pub(super) fn knows_end_of(&self, sale: &SaleId) -> bool {
        let ends = self.final_ends.lock().unwrap_or_else(PoisonError::into_inner);
        ends.contains(sale)
    }
}
