//! What a run stores: under the store's lock on the sale, where the store has locks, and never over what another run of the
//! sale has stored.

use std::{sync::Arc, time::Duration};

use tracing::warn;

use super::{
    driver::{Begun, Driver},
    invoices::Invoices,
    lock::{Held, Lock, SaleLock},
    orders::Orders,
    request::SaleRequest,
    scrub,
    spent::SpentInvoices,
    storage::Storage,
};
use crate::{
    ClientError, Parties, PortFuture, SaleId, SnapshotError, SnapshotProblem, SnapshotStore, StoreError,
    flow::{Commit, Fence, Ownership, RunId, Snapshot, State},
};

/// The lock under which it is decided whose an invoice is.
pub(super) const INVOICES: &str = "invoices";
/// It is held for a few accesses to the disk, so that it is free again soon.
pub(super) const PAUSE: Duration = Duration::from_millis(20);
/// That makes two seconds.
pub(super) const TRIES: u32 = 100;

/// What a run has of the store's lock on its sale.
pub(super) enum Hold {
    /// It was not asked for yet, or could not be had.
    Missing,
    /// The store has no locks.
    Unsupported,
    Held(SaleLock),
}

impl Hold {
    /// Gives the lock back, if it is held; the future waits for that.
    pub(super) fn give_back(&mut self) -> Option<PortFuture<'static, ()>> {
        match std::mem::replace(self, Self::Missing) {
            Self::Held(lock) => Some(lock.give_back()),
            Self::Missing | Self::Unsupported => None,
        }
    }
}

/// What is to be stored of a sale.
struct Writing {
    id: SaleId,
    snapshot: Vec<u8>,
    fence: Fence,
    hold: Wanted,
}

/// What a sale wants to have for itself when it commits.
struct Claim {
    invoice_id: String,
    /// Its merchant order id, unless the app allows a duplicate.
    order: Option<String>,
    parties: Parties,
    invoices: Arc<Invoices>,
    orders: Arc<Orders>,
}

/// The lock on the sale, as the store's thread has to do with it.
enum Wanted {
    IsHeld,
    /// There is none, as far as is known.
    IsNone,
    Asked,
}

/// What came of it.
struct Written {
    /// The lock on the sale, if it was asked for and the store said.
    lock: Option<Lock>,
    done: Result<Done, StoreError>,
}

enum Done {
    Stored,
    /// Another run has taken over the sale.
    Superseded,
    InvoiceTaken(SaleId),
    OrderTaken(SaleId),
    /// Somebody else decides about an invoice at this moment.
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

    /// Stores the snapshot and only then goes on: what comes after it may depend on it.
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

    /// Makes the invoice this sale's and stores the snapshot, or does neither.
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
                    self.entry.give_back(&invoice_id);
                    return Commit::InvoiceTaken { by };
                }
                Ok(Done::OrderTaken(by)) => {
                    warn!(sale = %id, other = %by, "another sale has this merchant order id and may charge for it");
                    self.entry.give_back(&invoice_id);
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

    /// Remembers what is known now of the lock and of what is stored.
    fn note(&mut self, written: Result<Written, StoreError>) -> Result<Done, StoreError> {
        let Written { lock, done } = match written {
            Ok(written) => written,
            Err(error) => {
                // It may still come to be written.
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

/// In the store's thread.
impl Writing {
    fn save(self, store: &Arc<dyn SnapshotStore>) -> Written {
        self.under_lock(store, |writing, is_locked| {
            // Nobody else writes while the sale is locked.
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
            // However well locked the sale is, what is stored has the last word.
            match writing.ownership(&**store, is_locked)? {
                Ownership::Own => {}
                Ownership::Lost => return Ok(Done::Superseded),
                Ownership::Unclear => {
                    return Err(StoreError::Failed {
                        detail: "what is stored of the sale cannot be told".to_owned(),
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

    /// Does `work` with the sale locked, as far as it can be. Whether it is locked then is `work`'s second argument.
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

    /// Whose what is stored is. A sale that is locked was nobody else's since it was begun.
    fn ownership(&self, store: &dyn SnapshotStore, is_locked: bool) -> Result<Ownership, StoreError> {
        let stored = store.load(&self.id)?.map(|bytes| Snapshot::decode(&bytes));
        let ownership = match stored {
            None => self.fence.ownership(None),
            Some(Ok(Snapshot(state))) => self.fence.ownership(Some(state.run())),
            // This version of SaleKit has not written that.
            Some(Err(SnapshotError::TooNew { .. })) => Ownership::Lost,
            Some(Err(SnapshotError::Damaged { .. })) => Ownership::Unclear,
        };
        let is_own = ownership == Ownership::Unclear && is_locked;
        Ok(if is_own { Ownership::Own } else { ownership })
    }
}

/// A stored sale that is to be gone on with.
pub(super) struct TakingOver {
    pub(super) id: SaleId,
    pub(super) run: RunId,
    /// Whose sales the client resumes.
    pub(super) parties: Parties,
    pub(super) storage: Storage,
}

impl TakingOver {
    /// The sale as it is stored. From now on no other run of it commits. In the store's thread.
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
            // It will be told that perform sale was not sent. So nobody may send it from now on.
            store.save(&id, &Snapshot(state.clone()).encode())?;
            fence.wrote(true);
        }
        Ok(Begun { state, hold, fence })
    }
}

/// Nobody decides about an invoice for so long.
pub(super) fn always_taken() -> StoreError {
    StoreError::Failed {
        detail: format!("its lock \"{INVOICES}\" is held by somebody else all the time"),
    }
}

/// Does `work` with the sale locked, as far as the store can do that. In the store's thread.
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
