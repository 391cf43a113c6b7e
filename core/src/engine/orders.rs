//! The orders that are being paid, or are paid, by merchant order id. Unless the app allows a duplicate, a second sale
//! cannot pay an order while the first one is running, unfinished or unknown, or is charged and not acknowledged: an app
//! that was killed before it saw the outcome would pay twice.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use crate::{
    flow::{Snapshot, State},
    outcome::Charge,
    port::{SnapshotStore, StoreError},
    value::SaleId,
};

/// The fewest entries of ended sales before removed ones are dropped. They are dropped once there are also more of them
/// than stored sales.
const MOST_ENDED: usize = 64;

/// The orders of a client's sales.
#[derive(Debug, Default)]
pub(super) struct Orders(Mutex<Known>);

#[derive(Debug, Default)]
struct Known {
    /// The running sales and their merchant order ids.
    running: HashMap<SaleId, Option<String>>,
    /// Stored sales whose outcome is final, with the merchant order id that they have paid. That cannot change, so they
    /// need not be read again.
    ended: HashMap<SaleId, Option<String>>,
}

impl Known {
    fn running_rival(&self, merchant_order_id: &str) -> Option<SaleId> {
        let mut running = self.running.iter();
        let rival =
            running.find(|(_, its_merchant_order_id)| its_merchant_order_id.as_deref() == Some(merchant_order_id));
        rival.map(|(id, _)| id.clone())
    }
}

/// A running sale of the client. Its order counts as being paid until this is dropped.
pub(super) struct OrderEntry {
    orders: Arc<Orders>,
    id: SaleId,
}

impl Drop for OrderEntry {
    fn drop(&mut self) {
        self.orders.lock().running.remove(&self.id);
    }
}

impl OrderEntry {
    pub(super) const fn orders(&self) -> &Arc<Orders> {
        &self.orders
    }
}

impl Orders {
    fn lock(&self) -> MutexGuard<'_, Known> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Registers a sale that begins to run. Fails with the id of another running sale if `only` is given and that sale
    /// has it as its merchant order id.
    pub(super) fn enter(self: &Arc<Self>, state: &State, only: Option<&str>) -> Result<OrderEntry, SaleId> {
        let (orders, id) = (Arc::clone(self), state.id().clone());
        let mut known = self.lock();
        if let Some(other) = only.and_then(|only| known.running_rival(only)) {
            return Err(other);
        }
        known
            .running
            .insert(id.clone(), state.order().merchant_order_id.clone());
        drop(known);
        Ok(OrderEntry { orders, id })
    }

    /// The running sale with this merchant order id.
    pub(super) fn running_rival(&self, merchant_order_id: &str) -> Option<SaleId> {
        self.lock().running_rival(merchant_order_id)
    }

    /// A stored sale with this merchant order id that is unfinished, unknown, charged or damaged, except `sale` and the
    /// sales that are running here.
    pub(super) fn stored_rival(
        &self,
        store: &dyn SnapshotStore,
        listed: &[SaleId],
        merchant_order_id: &str,
        sale: &SaleId,
    ) -> Result<Option<SaleId>, StoreError> {
        let unread: Vec<_> = {
            let known = &mut *self.lock();
            if known.ended.len() > MOST_ENDED.max(listed.len()) {
                known.ended.retain(|id, _| listed.contains(id));
            }
            let has_paid = |id: &&SaleId| known.ended.get(id).and_then(Option::as_deref) == Some(merchant_order_id);
            if let Some(id) = listed.iter().find(has_paid) {
                return Ok(Some(id.clone()));
            }
            let is_read = |id: &&SaleId| known.ended.contains_key(id) || known.running.contains_key(id) || *id == sale;
            listed.iter().filter(|id| !is_read(id)).collect()
        };
        for id in unread {
            let Some(bytes) = store.load(id)? else { continue };
            let (charge, its_merchant_order_id) = match Snapshot::decode(&bytes) {
                Ok(Snapshot(state)) => {
                    let charge = state.outcome().map_or(Charge::Unknown, |outcome| outcome.charge());
                    (charge, state.order().merchant_order_id.clone())
                }
                Err(_) => (Charge::Unknown, Snapshot::remains_in(&bytes).merchant_order_id),
            };
            let kept = its_merchant_order_id.filter(|_| charge != Charge::NotCharged);
            let is_rival = kept.as_deref() == Some(merchant_order_id);
            if charge != Charge::Unknown {
                self.lock().ended.insert(id.clone(), kept);
            }
            if is_rival {
                return Ok(Some(id.clone()));
            }
        }
        Ok(None)
    }
}
