//! The invoices that a client knows, so that no two sales perform the same one: those of its running and ended sales,
//! and those it found in the store.

use std::{
    collections::{HashMap, VecDeque},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use crate::{
    flow::{Snapshot, State},
    port::{SnapshotStore, StoreError},
    value::SaleId,
};

/// How many invoices of ended sales are remembered. A repeated answer arrives within seconds of the first.
const MOST_INVOICES: usize = 1_024;
/// Entries of removed snapshots are dropped once there are more than this and half of all entries.
const MOST_GONE: usize = 64;

#[derive(Debug, Default)]
pub(super) struct Invoices(Mutex<Known>);

#[derive(Debug, Default)]
struct Known {
    /// The running sales and their invoices.
    running: HashMap<SaleId, Option<String>>,
    owners: HashMap<String, SaleId>,
    /// The invoices of ended sales, oldest first.
    ended: VecDeque<String>,
    /// Invoices of stored snapshots that were read once and cannot change. Reading snapshots takes longer than anything
    /// else here.
    stored: HashMap<SaleId, Option<String>>,
}

/// A running sale of the client. Its invoice is remembered at least until this is dropped.
pub(super) struct Entry {
    invoices: Arc<Invoices>,
    id: SaleId,
}

impl Drop for Entry {
    fn drop(&mut self) {
        let mut known = self.invoices.lock();
        let Some(Some(invoice_id)) = known.running.remove(&self.id) else {
            return;
        };
        known.ended.push_back(invoice_id);
        if known.ended.len() > MOST_INVOICES
            && let Some(oldest) = known.ended.pop_front()
        {
            known.owners.remove(&oldest);
        }
    }
}

impl Entry {
    pub(super) const fn invoices(&self) -> &Arc<Invoices> {
        &self.invoices
    }

    /// Gives the invoice to the sale. If another sale already has it, returns that sale's id.
    pub(super) fn claim(&self, invoice_id: &str) -> Option<SaleId> {
        let known = &mut *self.invoices.lock();
        if let Some(owner) = known.owners.get(invoice_id) {
            if *owner != self.id {
                return Some(owner.clone());
            }
            // The sale was resumed, so its invoice is no longer an ended sale's.
            known.ended.retain(|ended| ended != invoice_id);
        }
        known.owners.insert(invoice_id.to_owned(), self.id.clone());
        known.running.insert(self.id.clone(), Some(invoice_id.to_owned()));
        None
    }

    /// Takes the invoice from this sale, because a stored sale has it.
    pub(super) fn release(&self, invoice_id: &str) {
        let known = &mut *self.invoices.lock();
        if known.owners.get(invoice_id) == Some(&self.id) {
            known.owners.remove(invoice_id);
            known.running.insert(self.id.clone(), None);
        }
    }
}

impl Invoices {
    fn lock(&self) -> MutexGuard<'_, Known> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Registers a sale that begins to run.
    pub(super) fn enter(self: &Arc<Self>, state: &State) -> Entry {
        let (invoices, id) = (Arc::clone(self), state.id().clone());
        self.lock().running.insert(id.clone(), None);
        let entry = Entry { invoices, id };
        if let Some(invoice_id) = state.invoice_id() {
            // A stored sale keeps its invoice: one that runs and has just been given the same finds it in the store.
            if entry.claim(invoice_id).is_some() {
                entry.invoices.lock().running.remove(&entry.id);
            }
        }
        entry
    }

    /// The stored sale that has this invoice, except `sale` and the sales that are running here. Damaged snapshots
    /// count, as far as they can be read.
    pub(super) fn stored_owner(
        &self,
        store: &dyn SnapshotStore,
        listed: &[SaleId],
        invoice_id: &str,
        sale: &SaleId,
    ) -> Result<Option<SaleId>, StoreError> {
        let mut unread = Vec::new();
        {
            let known = &mut *self.lock();
            for id in listed {
                match known.stored.get(id) {
                    Some(Some(stored)) if stored == invoice_id && id != sale => return Ok(Some(id.clone())),
                    Some(_) => {}
                    None if id == sale || known.running.contains_key(id) => {}
                    None => unread.push(id.clone()),
                }
            }
            if known.stored.len() > listed.len().saturating_mul(2).saturating_add(MOST_GONE) {
                let listed: std::collections::HashSet<_> = listed.iter().collect();
                known.stored.retain(|id, _| listed.contains(id));
            }
        }
        for id in unread {
            let Some(bytes) = store.load(&id)? else { continue };
            let stored = Snapshot::invoice_id_in(&bytes);
            // A sale without an invoice may get one in another process.
            let stays =
                stored.is_some() || Snapshot::decode(&bytes).is_ok_and(|Snapshot(state)| state.outcome().is_some());
            let is_owner = stored.as_deref() == Some(invoice_id);
            if stays {
                self.lock().stored.insert(id.clone(), stored);
            }
            if is_owner {
                return Ok(Some(id));
            }
        }
        Ok(None)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::adapter::MemoryStore;

    fn entry(invoices: &Arc<Invoices>, id: u8) -> Entry {
        let id = SaleId::from_random([id; 16]);
        invoices.lock().running.insert(id.clone(), None);
        Entry {
            invoices: Arc::clone(invoices),
            id,
        }
    }

    #[test]
    fn the_invoice_of_a_sale_that_runs_is_never_forgotten() {
        let invoices = Arc::default();
        let runs = entry(&invoices, 1);
        assert_eq!(runs.claim("its own"), None);
        for number in 0..2 * MOST_INVOICES {
            assert_eq!(entry(&invoices, 2).claim(&number.to_string()), None);
        }
        assert_eq!(entry(&invoices, 3).claim("its own"), Some(runs.id.clone()));
        let known = invoices.lock();
        assert_eq!(
            (known.owners.len(), known.ended.len()),
            (MOST_INVOICES + 1, MOST_INVOICES)
        );
    }

    #[test]
    fn a_stored_sale_keeps_its_invoice_although_a_running_one_was_given_it_when_it_is_resumed() {
        let bytes = include_bytes!("../../tests/snapshots/v2/processing.json");
        let Ok(Snapshot(state)) = Snapshot::decode(bytes) else {
            panic!()
        };
        let (id, invoice_id) = (state.id(), state.invoice_id().unwrap());
        let store = MemoryStore::new();
        store.save(id, bytes).unwrap();
        let invoices = Arc::default();
        let begun = entry(&invoices, 1);
        assert_eq!(begun.claim(invoice_id), None);
        let _resumed = invoices.enter(&state);
        let listed = [id.clone()];
        let owner = invoices.stored_owner(&store, &listed, invoice_id, &begun.id);
        assert_eq!(owner, Ok(Some(id.clone())));
    }

    #[test]
    fn a_released_invoice_is_free() {
        let invoices = Arc::default();
        let one = entry(&invoices, 1);
        assert_eq!(one.claim("stored"), None);
        one.release("stored");
        assert_eq!(entry(&invoices, 2).claim("stored"), None);
    }
}
