//! The sales that run in this process, so that none runs twice, and their invoices, so that none is paid twice.

use std::{
    collections::{BTreeMap, VecDeque},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use super::sale::Sale;
use crate::{SaleId, flow::Event};

/// Invoices that are remembered. An answer that comes twice comes twice within seconds.
const MOST_INVOICES: usize = 1_024;

#[derive(Debug, Default)]
pub(super) struct Registry {
    /// In the order of their ids, so that all are told in the same order each time.
    running: Mutex<BTreeMap<SaleId, Sale>>,
    invoices: Mutex<VecDeque<(String, SaleId)>>,
}

/// A sale's place among those that run. It is given up in the end, whatever ends the sale's task.
pub(super) struct Place {
    registry: Arc<Registry>,
    id: Option<SaleId>,
}

impl Place {
    /// The place of the sale `id`, which its caller enters.
    pub(super) const fn new(registry: Arc<Registry>, id: SaleId) -> Self {
        Self { registry, id: Some(id) }
    }

    pub(super) const fn registry(&self) -> &Arc<Registry> {
        &self.registry
    }

    /// From now on the sale may run again, and then the place is another's.
    pub(super) fn give_up(&mut self) {
        if let Some(id) = self.id.take() {
            self.registry.lock().remove(&id);
        }
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        self.give_up();
    }
}

impl Registry {
    pub(super) fn lock(&self) -> MutexGuard<'_, BTreeMap<SaleId, Sale>> {
        self.running.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn running(&self, id: &SaleId) -> Option<Sale> {
        self.lock().get(id).cloned()
    }

    pub(super) fn tell_all(&self, event: &Event) {
        self.lock().values().for_each(|sale| sale.tell(event.clone()));
    }

    /// Gives the invoice to the sale, unless another one has it: that one's id.
    pub(super) fn claim(&self, invoice_id: &str, sale: &SaleId) -> Option<SaleId> {
        let mut invoices = self.invoices.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, owner)) = invoices.iter().find(|(claimed, _)| claimed == invoice_id) {
            return (owner != sale).then(|| owner.clone());
        }
        if invoices.len() == MOST_INVOICES {
            invoices.pop_front();
        }
        invoices.push_back((invoice_id.to_owned(), sale.clone()));
        None
    }
}
