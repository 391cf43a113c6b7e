//! How a run saves its snapshots, and what it remembers of each save.

use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};

use tracing::warn;

use super::{
    driver::Driver,
    lock::{Hold, Lock, SaleLock},
    request::SaleRequest,
    scrub,
    writing::{Claim, Done, PAUSE, TRIES, Wanted, Writing, Written, always_taken},
};
use crate::{
    flow::{Commit, Snapshot},
    port::{SnapshotStore, StoreError},
};

impl Driver {
    fn writing(&self) -> Writing {
        Writing {
            id: self.state.id().clone(),
            snapshot: Snapshot(self.state.clone()).encode(),
            fence: self.fence,
            hold: match self.hold {
                Hold::Missing => Wanted::Asked,
                Hold::Unsupported => Wanted::IsNone,
                Hold::Held(_) => Wanted::IsHeld,
            },
        }
    }

    /// Saves the snapshot and waits for it, because what follows may depend on it.
    pub(super) async fn save(&mut self) {
        let writing = self.writing();
        match self.write(move |store| writing.save(store)).await {
            Ok(Done::Superseded) => {
                warn!(sale = %self.state.id(), "another run has taken over the sale; nothing is saved")
            }
            Ok(_) => {}
            Err(error) => self.warn_of(error),
        }
    }

    /// Gives the invoice to this sale and saves the snapshot, or does neither.
    pub(super) async fn commit(&mut self, invoice_id: String) -> Commit {
        let id = self.state.id().clone();
        if let Some(by) = self.entry.claim(&invoice_id) {
            warn!(sale = %id, invoice = invoice_id, other = %by, "another sale has this invoice");
            return Commit::InvoiceTaken { by };
        }
        for _ in 0..TRIES {
            let writing = self.writing();
            let wanted = Claim {
                invoice_id: invoice_id.clone(),
                order: self
                    .request
                    .as_ref()
                    .and_then(SaleRequest::order_of_its_own)
                    .map(str::to_owned),
                parties: self.instruments.parties.clone(),
                invoices: Arc::clone(self.entry.invoices()),
                orders: Arc::clone(self.order.orders()),
            };
            match self.write(move |store| writing.commit(store, &wanted)).await {
                Ok(Done::Stored) => return Commit::Done,
                Ok(Done::Superseded) => {
                    warn!(sale = %id, "another run has taken over the sale; perform sale is not sent");
                    return Commit::Superseded;
                }
                Ok(Done::InvoiceTaken(by)) => {
                    warn!(sale = %id, invoice = invoice_id, other = %by, "another sale has this invoice");
                    self.entry.release(&invoice_id);
                    return Commit::InvoiceTaken { by };
                }
                Ok(Done::OrderTaken(by)) => {
                    warn!(sale = %id, other = %by, "another sale has charged or may charge for this order");
                    self.entry.release(&invoice_id);
                    return Commit::OrderTaken { by };
                }
                Ok(Done::Busy) => self.instruments.ports.clock.sleep(PAUSE).await,
                Err(error) => {
                    self.warn_of(error);
                    return Commit::Failed;
                }
            }
        }
        self.warn_of(always_taken());
        Commit::Failed
    }

    fn warn_of(&self, error: StoreError) {
        let error = scrub::store_error(error, &self.state, self.request.as_ref());
        warn!(sale = %self.state.id(), %error, "the snapshot could not be saved");
    }

    /// Runs `work`, and remembers the lock and what is known of the stored snapshot.
    async fn write(
        &mut self,
        work: impl FnOnce(&Arc<dyn SnapshotStore>) -> Written + Send + 'static,
    ) -> Result<Done, StoreError> {
        let mut has_run = Arc::new(AtomicBool::new(false));
        let runs = Arc::clone(&has_run);
        let written = self.instruments.storage.call(move |store| {
            runs.store(true, Ordering::Relaxed);
            Ok(work(store))
        });
        let Written { lock, done } = match written.await {
            Ok(written) => written,
            Err(error) => {
                // Nobody else has it any more: the work is gone, and has not run because the store hangs in another call.
                let is_gone_unrun = Arc::get_mut(&mut has_run).is_some_and(|has_run| !*has_run.get_mut());
                if !is_gone_unrun {
                    // It may still be carried out.
                    self.fence.wrote(false);
                }
                return Err(error);
            }
        };
        // A save that asks for the lock and gets no answer about it writes nothing.
        let is_untouched = lock.is_none() && matches!(self.hold, Hold::Missing);
        match lock {
            Some(Lock::Held(held)) => self.hold = Hold::Held(SaleLock::new(held, self.instruments.storage.clone())),
            Some(Lock::Unsupported) => self.hold = Hold::Unsupported,
            Some(Lock::Taken) | None => {}
        }
        match &done {
            Ok(Done::Stored) => self.fence.wrote(true),
            Err(_) if !is_untouched => self.fence.wrote(false),
            Ok(_) | Err(_) => {}
        }
        done
    }
}
