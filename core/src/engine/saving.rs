//! How a run saves its snapshots: under the store's lock on the sale, if the store has locks, and never over a snapshot
//! of another run of the sale.

use std::{sync::Arc, time::Duration};

use tracing::warn;

use super::{
    driver::{Begun, Driver},
    error::ClientError,
    invoices::Invoices,
    lock::{Held, Lock, SaleLock},
    orders::Orders,
    pending::SnapshotProblem,
    request::SaleRequest,
    scrub,
    spent::SpentInvoices,
    storage::Storage,
};
use crate::{
    flow::{Commit, Fence, Ownership, RunId, Snapshot, SnapshotError, State},
    port::{PortFuture, SnapshotStore, StoreError},
    value::{Parties, SaleId},
};

/// The lock that is held while an invoice is given to a sale.
pub(super) const INVOICES: &str = "invoices";
/// How long to wait before asking for it again. It is held only for a few disk accesses.
pub(super) const PAUSE: Duration = Duration::from_millis(20);
/// How often to ask for it: two seconds in all.
pub(super) const TRIES: u32 = 100;

/// A run's state of the store's lock on its sale.
pub(super) enum Hold {
    /// Not asked for yet, or it could not be taken.
    Missing,
    /// The store has no locks.
    Unsupported,
    Held(SaleLock),
}

impl Hold {
    /// Releases the lock if it is held; the future completes once that is done.
    pub(super) fn release(&mut self) -> Option<PortFuture<'static, ()>> {
        match std::mem::replace(self, Self::Missing) {
            Self::Held(lock) => Some(lock.release()),
            Self::Missing | Self::Unsupported => None,
        }
    }
}

/// A snapshot to save.
struct Writing {
    id: SaleId,
    snapshot: Vec<u8>,
    fence: Fence,
    hold: Wanted,
}

/// What a sale reserves for itself when it commits.
struct Claim {
    invoice_id: String,
    /// Its merchant order id, unless the app allows a duplicate.
    order: Option<String>,
    parties: Parties,
    invoices: Arc<Invoices>,
    orders: Arc<Orders>,
}

/// What the store's thread has to do about the lock on the sale.
enum Wanted {
    IsHeld,
    /// There is none, as far as is known.
    IsNone,
    Asked,
}

/// The result of saving.
struct Written {
    /// The lock on the sale, if it was asked for and the store answered.
    lock: Option<Lock>,
    done: Result<Done, StoreError>,
}

enum Done {
    Stored,
    /// Another run has taken over the sale.
    Superseded,
    InvoiceTaken(SaleId),
    OrderTaken(SaleId),
    /// Another sale holds the lock on invoices.
    Busy,
}

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
        let written = self.instruments.storage.call(move |store| Ok(writing.save(store)));
        let written = written.await;
        match self.note(written) {
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
            let committed = self
                .instruments
                .storage
                .call(move |store| Ok(writing.commit(store, &wanted)));
            let committed = committed.await;
            match self.note(committed) {
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
                    warn!(sale = %id, other = %by, "another sale has this merchant order id and may charge for it");
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

    /// Remembers the lock and what is known of the stored snapshot.
    fn note(&mut self, written: Result<Written, StoreError>) -> Result<Done, StoreError> {
        let Written { lock, done } = match written {
            Ok(written) => written,
            Err(error) => {
                // The call may still write it later.
                self.fence.wrote(false);
                return Err(error);
            }
        };
        match lock {
            Some(Lock::Held(held)) => self.hold = Hold::Held(SaleLock::new(held, self.instruments.storage.clone())),
            Some(Lock::Unsupported) => self.hold = Hold::Unsupported,
            Some(Lock::Taken) | None => {}
        }
        match &done {
            Ok(Done::Stored) => self.fence.wrote(true),
            Ok(_) => {}
            Err(_) => self.fence.wrote(false),
        }
        done
    }
}

/// Runs on the store's thread.
impl Writing {
    fn save(self, store: &Arc<dyn SnapshotStore>) -> Written {
        self.under_lock(store, |writing, is_locked| {
            // Nobody else saves while the sale is locked.
            if !is_locked && writing.ownership(&**store, is_locked)? == Ownership::Lost {
                return Ok(Done::Superseded);
            }
            store.save(&writing.id, &writing.snapshot)?;
            Ok(Done::Stored)
        })
    }

    fn commit(self, store: &Arc<dyn SnapshotStore>, claim: &Claim) -> Written {
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
                Ownership::Unclear => {
                    return Err(StoreError::Failed {
                        detail: "the stored snapshot of the sale cannot be read, so another run may have written it"
                            .to_owned(),
                    });
                }
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
                && let Some(rival) = claim
                    .orders
                    .stored_rival(&**store, &listed, merchant_order_id, &writing.id)?
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
        let done = work(&self, is_locked);
        Written { lock, done }
    }

    /// Who wrote the stored snapshot. While a sale is locked, nobody else can have written it since the run began.
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

/// Resumes a stored sale.
pub(super) struct TakingOver {
    pub(super) id: SaleId,
    pub(super) run: RunId,
    /// The parties whose sales the client resumes.
    pub(super) parties: Parties,
    pub(super) storage: Storage,
}

impl TakingOver {
    /// Loads the sale. From now on no other run of it can commit. Runs on the store's thread.
    pub(super) fn begin(self, store: &Arc<dyn SnapshotStore>) -> Result<Begun, ClientError> {
        let Self {
            id,
            run,
            parties,
            storage,
        } = self;
        if !id.is_of_a_sale() {
            return Err(ClientError::NotFound { id });
        }
        let lock = Lock::ask(store, id.as_str())?;
        if matches!(lock, Lock::Taken) {
            return Err(ClientError::StillRunning { id });
        }
        let bytes = store
            .load(&id)?
            .ok_or_else(|| ClientError::NotFound { id: id.clone() })?;
        let Snapshot(stored) = Snapshot::decode(&bytes).map_err(|error| ClientError::Damaged {
            id: id.clone(),
            problem: SnapshotProblem::Contents(error),
        })?;
        if let Some(others) = stored.other_parties(&parties) {
            return Err(ClientError::Foreign {
                id,
                sale: Box::new(others.clone()),
                client: Box::new(parties),
            });
        }
        let mut fence = Fence::of_resume(run, stored.run());
        let state: State = stored.in_run(run);
        let hold = match lock {
            Lock::Held(held) => Hold::Held(SaleLock::new(held, storage)),
            Lock::Taken | Lock::Unsupported => Hold::Unsupported,
        };
        if matches!(hold, Hold::Unsupported) && state.is_before_commit() {
            // This run will report that perform sale was not sent, so no other run may send it from now on.
            store.save(&id, &Snapshot(state.clone()).encode())?;
            fence.wrote(true);
        }
        Ok(Begun { state, hold, fence })
    }
}

/// The error if the lock on invoices was never free.
pub(super) fn always_taken() -> StoreError {
    StoreError::Failed {
        detail: format!("its lock \"{INVOICES}\" was held elsewhere for too long"),
    }
}

/// Runs `work` with the sale locked, if the store has locks. Runs on the store's thread.
pub(super) fn locked<T>(
    store: &Arc<dyn SnapshotStore>,
    id: &SaleId,
    work: impl FnOnce() -> Result<T, ClientError>,
) -> Result<T, ClientError> {
    match Lock::ask(store, id.as_str())? {
        Lock::Held(_held) => work(),
        Lock::Unsupported => work(),
        Lock::Taken => Err(ClientError::StillRunning { id: id.clone() }),
    }
}
