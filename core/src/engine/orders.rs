//! The orders that are being paid, by the sales' merchant order ids: unless the app says otherwise, an order is not paid by a second
//! sale while a first one runs, is unfinished or has an unknown outcome.

use std::{
    collections::{HashMap, HashSet},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use super::client::{ClientError, SaleClient};
use crate::{
    Charge, SaleId, SnapshotStore, StoreError,
    flow::{Snapshot, State},
};

/// Sales that are known to have ended are forgotten as soon as there are more of them than this, and than stored ones.
const MOST_ENDED: usize = 64;

/// What a client knows of its sales' orders.
#[derive(Debug, Default)]
pub(super) struct Orders(Mutex<Known>);

#[derive(Debug, Default)]
struct Known {
    /// The sales that run, and their merchant order ids.
    running: HashMap<SaleId, Option<String>>,
    /// Stored sales whose outcome is final: that stays so, and they need not be read again.
    ended: HashSet<SaleId>,
}

impl Known {
    fn running_rival(&self, merchant_order_id: &str) -> Option<SaleId> {
        let mut running = self.running.iter();
        let rival =
            running.find(|(_, its_merchant_order_id)| its_merchant_order_id.as_deref() == Some(merchant_order_id));
        rival.map(|(id, _)| id.clone())
    }
}

/// A sale of the client that runs. Until it is dropped, its order is being paid.
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

    /// A sale begins to run, unless another one runs whose merchant order id is `only` this one's: that one's id.
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

    /// The stored sale with this merchant order id, other than `sale` and those that run here, that is unfinished, unknown or damaged.
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
                known.ended.retain(|id| listed.contains(id));
            }
            let is_read = |id: &&SaleId| known.ended.contains(id) || known.running.contains_key(id) || *id == sale;
            listed.iter().filter(|id| !is_read(id)).collect()
        };
        for id in unread {
            let Some(bytes) = store.load(id)? else { continue };
            let (is_open, its_merchant_order_id) = match Snapshot::decode(&bytes) {
                Ok(Snapshot(state)) => {
                    let charge = state.outcome().map(|outcome| outcome.charge());
                    let is_open = charge.is_none_or(|charge| charge == Charge::Unknown);
                    (is_open, state.order().merchant_order_id.clone())
                }
                Err(_) => (true, Snapshot::remains_in(&bytes).merchant_order_id),
            };
            if !is_open {
                self.lock().ended.insert(id.clone());
            } else if its_merchant_order_id.as_deref() == Some(merchant_order_id) {
                return Ok(Some(id.clone()));
            }
        }
        Ok(None)
    }
}

impl SaleClient {
    /// Whether a sale with this merchant order id can be started, as far as can be told at once: so that an app can learn of it before it
    /// takes the card out of its form. [`SaleClient::start`] looks again.
    ///
    /// # Errors
    /// [`ClientError::OrderInUse`] if another sale with this merchant order id runs.
    pub fn check_order(&self, merchant_order_id: &str) -> Result<(), ClientError> {
        match self.instruments.orders.running_rival(merchant_order_id) {
            Some(by) => Err(ClientError::OrderInUse { by }),
            None => Ok(()),
        }
    }
}
