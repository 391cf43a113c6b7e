//! The sales that run in this process, so that none runs twice.

use std::{
    collections::HashMap,
    sync::{Mutex, MutexGuard, PoisonError},
};

use super::sale::Sale;
use crate::{SaleId, flow::Event};

#[derive(Debug, Default)]
pub(super) struct Registry(Mutex<HashMap<SaleId, Sale>>);

impl Registry {
    pub(super) fn lock(&self) -> MutexGuard<'_, HashMap<SaleId, Sale>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn running(&self, id: &SaleId) -> Option<Sale> {
        self.lock().get(id).cloned()
    }

    pub(super) fn tell_all(&self, event: &Event) {
        self.lock().values().for_each(|sale| sale.tell(event.clone()));
    }
}
