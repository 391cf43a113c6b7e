//! The saves that are under way in this process.

use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::SaleId;

/// The sales whose snapshots are being saved in this process. Their unfinished files are nobody's leftovers, whichever
/// store of the process finds them.
static SAVING: Mutex<Vec<SaleId>> = Mutex::new(Vec::new());

pub(super) fn saving() -> MutexGuard<'static, Vec<SaleId>> {
    SAVING.lock().unwrap_or_else(PoisonError::into_inner)
}

/// One save under way.
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
