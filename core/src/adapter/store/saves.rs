//! The saves that are running in this process.

use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::value::SaleId;

/// The sales whose snapshots are being saved in this process. A listing must not remove their incomplete files,
/// whichever store of the process does it.
static SAVING: Mutex<Vec<SaleId>> = Mutex::new(Vec::new());

pub(super) fn saving() -> MutexGuard<'static, Vec<SaleId>> {
    SAVING.lock().unwrap_or_else(PoisonError::into_inner)
}

/// A running save.
pub(super) struct Saving<'a>(&'a SaleId);

impl<'a> Saving<'a> {
    pub(super) fn begin(sale: &'a SaleId) -> Self {
        saving().push(sale.clone());
        Self(sale)
    }
}

impl Drop for Saving<'_> {
    fn drop(&mut self) {
        let mut saving = saving();
        if let Some(place) = saving.iter().position(|sale| sale == self.0) {
            saving.swap_remove(place);
        }
    }
}
