//! One save of a snapshot, as the store's thread carries it out: under the store's lock on the sale, if the store has locks,
//! and never over a snapshot of another run of the sale.

use std::{sync::Arc, time::Duration};

use super::{
    invoices::Invoices,
    lock::{Held, Lock},
    orders::Orders,
    spent::SpentInvoices,
};
use crate::{
    flow::{Fence, Ownership, Snapshot, SnapshotError},
    port::{SnapshotStore, StoreError},
    value::{Parties, SaleId},
};

/// The lock that is held while an invoice is given to a sale.
pub(super) const INVOICES: &str = "invoices";
/// How long to wait before asking for it again. It is held only for a few disk accesses.
pub(super) const PAUSE: Duration = Duration::from_millis(20);
/// How often to ask for it: two seconds in all.
pub(super) const TRIES: u32 = 100;

/// A snapshot to save.
pub(super) struct Writing {
    pub(super) id: SaleId,
    pub(super) snapshot: Vec<u8>,
    pub(super) fence: Fence,
    pub(super) hold: Wanted,
}

/// What a sale reserves for itself when it commits.
pub(super) struct Claim {
    pub(super) invoice_id: String,
    /// Its merchant order id, unless the app allows a duplicate.
    pub(super) order: Option<String>,
    pub(super) parties: Parties,
    pub(super) invoices: Arc<Invoices>,
    pub(super) orders: Arc<Orders>,
}

/// What the store's thread has to do about the lock on the sale.
pub(super) enum Wanted {
    IsHeld,
    /// There is none, as far as is known.
    IsNone,
    Asked,
}

/// The result of saving.
pub(super) struct Written {
    /// The lock on the sale, if it was asked for and the store answered.
    pub(super) lock: Option<Lock>,
    pub(super) done: Result<Done, StoreError>,
}

pub(super) enum Done {
    Stored,
    /// Another run has taken over the sale.
    Superseded,
    InvoiceTaken(SaleId),
    OrderTaken(SaleId),
    /// Another sale holds the lock on invoices.
    Busy,
}

/// Runs on the store's thread.
impl Writing {
    pub(super) fn save(self, store: &Arc<dyn SnapshotStore>) -> Written {
        self.under_lock(store, |writing, is_locked| {
            // Nobody else saves while the sale is locked.
            if !is_locked && writing.ownership(&**store, is_locked)? == Ownership::Lost {
                return Ok(Done::Superseded);
            }
            store.save(&writing.id, &writing.snapshot)?;
            Ok(Done::Stored)
        })
    }

    pub(super) fn commit(self, store: &Arc<dyn SnapshotStore>, claim: &Claim) -> Written {
        self.under_lock(store, |writing, is_locked| {
            let _deciding: Option<Held> = match Lock::ask(store, INVOICES)? {
                Lock::Held(held) => Some(held),
                Lock::Taken => return Ok(Done::Busy),
                Lock::Unsupported => None,
            };
            // Check the stored snapshot even if the sale is locked.
            match writing.ownership(&**store, is_locked)? {
                Ownership::Own => {}
                Ownership::Lost => return Ok(Done::Superseded),
                Ownership::Unclear => return Err(unclear()),
            }
            let spent = SpentInvoices::in_store(&**store)?;
            match spent.owner(&claim.parties, &claim.invoice_id) {
                Some(owner) if *owner != writing.id => return Ok(Done::InvoiceTaken(owner.clone())),
                Some(_) | None => {}
            }
            let mut listed = store.list()?;
            listed.retain(SaleId::is_of_a_sale);
            let owner = claim
                .invoices
                .stored_owner(&**store, &listed, &claim.invoice_id, &writing.id)?;
            if let Some(owner) = owner {
                return Ok(Done::InvoiceTaken(owner));
            }
            if let Some(merchant_order_id) = &claim.order
                && let Some(rival) = claim.orders.rival(&**store, &listed, merchant_order_id, &writing.id)?
            {
                return Ok(Done::OrderTaken(rival));
            }
            store.save(&writing.id, &writing.snapshot)?;
            Ok(Done::Stored)
        })
    }

    /// Runs `work` with the sale locked, if possible. The second argument of `work` says whether it is locked.
    fn under_lock(
        self,
        store: &Arc<dyn SnapshotStore>,
        work: impl FnOnce(&Self, bool) -> Result<Done, StoreError>,
    ) -> Written {
        let lock = match self.hold {
            Wanted::IsHeld | Wanted::IsNone => None,
            Wanted::Asked => match Lock::ask(store, self.id.as_str()) {
                Ok(lock) => Some(lock),
                Err(error) => {
                    return Written {
                        lock: None,
                        done: Err(error),
                    };
                }
            },
        };
        let is_locked = match &lock {
            Some(Lock::Held(_)) => true,
            Some(Lock::Unsupported) => false,
            Some(Lock::Taken) => {
                return Written {
                    lock,
                    done: Ok(Done::Superseded),
                };
            }
            None => matches!(self.hold, Wanted::IsHeld),
        };
        // An earlier save was given up. It may have been carried out since, and another run may have taken over the sale
        // before it was locked. Without an answer the lock is given back, so that the next save asks again.
        if is_locked && lock.is_some() && self.fence.may_have_saved() {
            let done = match self.ownership(&**store, false) {
                Ok(Ownership::Own) => None,
                Ok(Ownership::Lost) => Some(Ok(Done::Superseded)),
                Ok(Ownership::Unclear) => Some(Err(unclear())),
                Err(error) => Some(Err(error)),
            };
            if let Some(done) = done {
                return Written { lock: None, done };
            }
        }
        let done = work(&self, is_locked);
        Written { lock, done }
    }

    /// Who wrote the stored snapshot. If the sale has been locked since this run first saved it, nobody else has.
    fn ownership(&self, store: &dyn SnapshotStore, is_locked: bool) -> Result<Ownership, StoreError> {
        let stored = store.load(&self.id)?.map(|bytes| Snapshot::decode(&bytes));
        let ownership = match stored {
            None => self.fence.ownership(None),
            Some(Ok(Snapshot(state))) => self.fence.ownership(Some(state.run())),
            // A later version of SaleKit has written it.
            Some(Err(SnapshotError::TooNew { .. })) => Ownership::Lost,
            Some(Err(SnapshotError::Damaged { .. })) => Ownership::Unclear,
        };
        let is_own = ownership == Ownership::Unclear && is_locked;
        Ok(if is_own { Ownership::Own } else { ownership })
    }
}

/// The error if it cannot be ruled out that another run has taken over the sale.
fn unclear() -> StoreError {
    StoreError::Failed {
        detail: "the stored snapshot of the sale is missing or cannot be read, so another run may have written it"
            .to_owned(),
    }
}

/// The error if the lock on invoices was never free.
pub(super) fn always_taken() -> StoreError {
    StoreError::Failed {
        detail: format!("its lock \"{INVOICES}\" was held elsewhere for too long"),
    }
}
