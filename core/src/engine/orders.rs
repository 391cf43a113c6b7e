//! The orders that are being paid, or are paid, by merchant order id. Unless the app allows a duplicate, a second sale
//! cannot pay an order while the first one is running, unfinished or unknown, or is charged and not acknowledged: an app
//! that was killed before it saw the outcome would pay twice.
//!
//! A sale looks at the running ones when it starts and at the stored ones when it commits. In between, which may be
//! minutes, an earlier sale may be resumed, or resumed and acknowledged: it keeps the order all the same.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use super::request::SaleRequest;
use crate::{
    flow::{Snapshot, State},
    outcome::Charge,
    port::{SnapshotStore, StoreError},
    value::{Parties, SaleId},
};

/// The fewest entries of ended sales before removed ones are dropped. They are dropped once there are also more of them
/// than stored sales.
const MOST_ENDED: usize = 64;

/// The orders of a process's sales.
#[derive(Debug, Default)]
pub(super) struct Orders(Mutex<Known>);

#[derive(Debug, Default)]
struct Known {
    running: HashMap<SaleId, Running>,
    /// Stored sales whose outcome is final, with the merchant order id that they have paid. That cannot change, so they
    /// need not be read again.
    ended: HashMap<SaleId, Option<String>>,
}

/// A running sale.
#[derive(Debug)]
struct Running {
    parties: Parties,
    merchant_order_id: Option<String>,
    /// It was resumed, and was not known to have charged nothing.
    may_have_charged: bool,
    /// A sale of the same order that had not ended as not charged, and was removed since this one began.
    removed: Option<SaleId>,
}

impl Running {
    fn pays(&self, merchant_order_id: &str, parties: &Parties) -> bool {
        self.merchant_order_id.as_deref() == Some(merchant_order_id) && self.parties.have_merchant_of(parties)
    }
}

impl Known {
    fn running_rival(&self, merchant_order_id: &str, parties: &Parties) -> Option<SaleId> {
        let mut running = self.running.iter();
        let rival = running.find(|(_, sale)| sale.pays(merchant_order_id, parties));
        rival.map(|(id, _)| id.clone())
    }

    /// A sale that had the order before `sale`, and was not stored any more or not yet running when that one started.
    fn earlier_rival(&self, merchant_order_id: &str, sale: &SaleId) -> Option<SaleId> {
        let own = self.running.get(sale)?;
        let is_rival = |(id, other): &(&SaleId, &Running)| {
            *id != sale && other.may_have_charged && other.pays(merchant_order_id, &own.parties)
        };
        let resumed = || self.running.iter().find(is_rival).map(|(id, _)| id.clone());
        own.removed.clone().or_else(resumed)
    }
}

/// A running sale. Its order counts as being paid until this is dropped.
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

    /// Registers a sale that begins to run, or with no `request` is resumed, for a client with these parties. Fails with
    /// the id of another running sale if that one has its order and the request does not allow a duplicate.
    pub(super) fn enter(
        self: &Arc<Self>,
        state: &State,
        parties: &Parties,
        request: Option<&SaleRequest>,
    ) -> Result<OrderEntry, SaleId> {
        let (orders, id) = (Arc::clone(self), state.id().clone());
        let only = request.and_then(SaleRequest::order_of_its_own);
        let mut known = self.lock();
        if let Some(other) = only.and_then(|only| known.running_rival(only, parties)) {
            return Err(other);
        }
        let running = Running {
            parties: parties.clone(),
            merchant_order_id: state.order().merchant_order_id.clone(),
            may_have_charged: request.is_none() && charge_of(state) != Charge::NotCharged,
            removed: None,
        };
        known.running.insert(id.clone(), running);
        drop(known);
        Ok(OrderEntry { orders, id })
    }

    /// A running sale with this merchant order id.
    pub(super) fn running_rival(&self, merchant_order_id: &str, parties: &Parties) -> Option<SaleId> {
        self.lock().running_rival(merchant_order_id, parties)
    }

    /// A sale that keeps its order is about to be removed: running sales may not pay that order any more, because they
    /// began while it was not settled.
    pub(super) fn remove(&self, sale: &SaleId, merchant_order_id: &str, parties: &Parties) {
        for (id, running) in &mut self.lock().running {
            if id != sale && running.pays(merchant_order_id, parties) {
                running.removed = Some(sale.clone());
            }
        }
    }

    /// A sale with this merchant order id that is unfinished, unknown, charged or damaged, and was not running when `sale`
    /// started.
    pub(super) fn rival(
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
            if let Some(id) = known.earlier_rival(merchant_order_id, sale) {
                return Ok(Some(id));
            }
            let has_paid = |id: &&SaleId| known.ended.get(id).and_then(Option::as_deref) == Some(merchant_order_id);
            if let Some(id) = listed.iter().find(has_paid) {
                return Ok(Some(id.clone()));
            }
            // A running sale of the same merchant was looked at when the later of the two began.
            let own = known.running.get(sale).map(|own| &own.parties);
            let runs = |id: &SaleId| {
                let other = known.running.get(id).map(|other| &other.parties);
                own.zip(other).is_some_and(|(own, other)| own.have_merchant_of(other))
            };
            let is_read = |id: &&SaleId| known.ended.contains_key(id) || runs(id) || *id == sale;
            listed.iter().filter(|id| !is_read(id)).collect()
        };
        for id in unread {
            let Some(bytes) = store.load(id)? else { continue };
            let (charge, kept) = match Snapshot::decode(&bytes) {
                Ok(Snapshot(state)) => (charge_of(&state), kept_order(&state).map(str::to_owned)),
                Err(_) => (Charge::Unknown, Snapshot::remains_in(&bytes).merchant_order_id),
            };
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

/// Whether the sale has charged, as far as is known.
fn charge_of(state: &State) -> Charge {
    state.outcome().map_or(Charge::Unknown, |outcome| outcome.charge())
}

/// The merchant order id of a sale that has charged or may charge for it.
pub(super) fn kept_order(state: &State) -> Option<&str> {
    let order = state.order().merchant_order_id.as_deref();
    order.filter(|_| charge_of(state) != Charge::NotCharged)
}
