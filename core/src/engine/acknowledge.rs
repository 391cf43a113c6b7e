//! How an app lets SaleKit remove a sale: it acknowledges final outcomes, and forgets sales whose outcome stays
//! unknown.

use std::sync::Arc;

use super::{
    client::SaleClient,
    error::ClientError,
    lock::{Held, Lock},
    orders::{Orders, kept_order},
    pending::SnapshotProblem,
    spent::SpentInvoices,
    writing::{INVOICES, PAUSE, TRIES, always_taken},
};
use crate::{
    flow::{Snapshot, State},
    outcome::Charge,
    port::{SnapshotStore, StoreError},
    value::{Parties, SaleId},
};

/// How often a sale is read before it counts as damaged. A sale that the store fails to read may be unfinished, and its
/// invoice could not be kept.
const LOOKS: u32 = 3;

/// The state of a stored sale that is to be removed.
enum Standing {
    /// It is not stored, or no longer.
    Gone,
    /// It cannot be read.
    Damaged(SnapshotProblem),
    /// It was started with parties other than this client's.
    Foreign(Box<Parties>),
    /// It has not ended.
    Unfinished,
    /// Its outcome is unknown.
    Unknown,
    /// Its outcome is final.
    Final,
}

impl Standing {
    fn of(state: &State, own: &Parties) -> Self {
        if let Some(parties) = state.other_parties(own) {
            return Self::Foreign(Box::new(parties.clone()));
        }
        match state.outcome().map(|outcome| outcome.charge()) {
            None => Self::Unfinished,
            Some(Charge::Unknown) => Self::Unknown,
            Some(Charge::Charged | Charge::NotCharged) => Self::Final,
        }
    }
}

/// A stored sale that is to be removed.
struct Found {
    standing: Standing,
    /// The invoice, if perform sale may have been sent for it.
    spent_invoice: Option<String>,
    /// The merchant order id, if the sale has charged or may charge for it.
    kept_order: Option<String>,
}

impl Found {
    fn in_store(store: &dyn SnapshotStore, id: &SaleId, own: &Parties) -> Result<Self, StoreError> {
        let (standing, spent_invoice, kept_order) = match store.load(id) {
            Ok(None) => (Standing::Gone, None, None),
            Ok(Some(_)) if !id.is_of_a_sale() => (Standing::Gone, None, None),
            Ok(Some(bytes)) => match Snapshot::decode(&bytes) {
                Ok(Snapshot(state)) => {
                    let [invoice_id, order] =
                        [state.spent_invoice(), kept_order(&state)].map(|id| id.map(str::to_owned));
                    (Standing::of(&state, own), invoice_id, order)
                }
                Err(error) => {
                    let remains = Snapshot::remains_in(&bytes);
                    (
                        Standing::Damaged(error.into()),
                        remains.invoice_id,
                        remains.merchant_order_id,
                    )
                }
            },
            Err(error @ StoreError::Failed { .. }) => (Standing::Damaged(error.into()), None, None),
            // For example on a phone that was not unlocked yet: the sale can be read later.
            Err(error @ (StoreError::Denied { .. } | StoreError::Full { .. })) => return Err(error),
        };
        Ok(Self {
            standing,
            spent_invoice,
            kept_order,
        })
    }

    /// Removes the snapshot, and keeps its invoice from being performed again, and its order from being paid by a sale
    /// that has begun before. Returns false if the lock was taken, so that nothing was done.
    fn remove(
        &self,
        store: &Arc<dyn SnapshotStore>,
        id: &SaleId,
        own: &Parties,
        orders: &Orders,
    ) -> Result<bool, StoreError> {
        if let Some(invoice_id) = &self.spent_invoice {
            let _deciding: Option<Held> = match Lock::ask(store, INVOICES)? {
                Lock::Held(held) => Some(held),
                Lock::Taken => return Ok(false),
                Lock::Unsupported => None,
            };
            SpentInvoices::in_store(&**store)?.keep(&**store, own, invoice_id, id)?;
        }
        if matches!(self.standing, Standing::Gone) && !id.is_of_a_sale() {
            // The record of spent invoices is readable and still needed, so keep it.
            return Ok(true);
        }
        if let Some(merchant_order_id) = &self.kept_order {
            orders.remove(id, merchant_order_id, own);
        }
        // Remove last: if the app is killed in between, the sale can be removed again.
        store.remove(id)?;
        Ok(true)
    }
}

impl SaleClient {
    /// Removes a sale whose outcome is final: approved, declined or not charged. Call it once you have settled the
    /// outcome: your own server knows it, or the payer has seen it. A sale that is not stored (any more) is no error.
    ///
    /// # Errors
    /// [`ClientError::StillRunning`] or [`ClientError::Unfinished`] if it has not ended: resume it and wait for its
    /// outcome. [`ClientError::OutcomeUnknown`]: resume it later, or [`forget`](Self::forget) it.
    /// [`ClientError::Foreign`]: use the client it belongs to. [`ClientError::Damaged`]: ask the merchant's server
    /// about it, then forget it. [`ClientError::Store`] if the store failed, for example because the disk is full: the
    /// invoice must be stored so that it is never performed again. The sale may still be stored then; acknowledge it
    /// later.
    pub async fn acknowledge(&self, id: &SaleId) -> Result<(), ClientError> {
        let _permit = self.instruments.running.permit(id).await;
        let is_certain = self.instruments.running.knows_end_of(id);
        let may_go = move |standing: &Standing| match standing {
            Standing::Gone | Standing::Final => true,
            // The invoice must be read before the sale is removed.
            Standing::Damaged(SnapshotProblem::Store(_)) => false,
            Standing::Damaged(_) | Standing::Unfinished | Standing::Unknown => is_certain,
            // Its invoice would be kept as one of this client's.
            Standing::Foreign(_) => false,
        };
        let found = self.remove_if(id, may_go).await?;
        if !may_go(&found) {
            return Err(self.refusal(id, found));
        }
        self.instruments.running.end_is_settled(id);
        Ok(())
    }

    /// Removes a sale whose outcome is unknown, or whose snapshot is damaged. **The payer may have been charged.**
    /// SaleKit never asks about the sale again, and only the merchant's server can find out how it ended. Call it when
    /// that server has taken the sale over, not to tidy up: [`resume`](Self::resume) may still learn the outcome. A
    /// sale that is not stored (any more) is no error.
    ///
    /// A snapshot also counts as damaged if a later version of SaleKit wrote it, or if the store fails to read it
    /// ([`StoreError::Failed`]; after [`StoreError::Denied`] it may be readable later, so nothing is removed). Nobody
    /// can tell whether such a sale has ended. If the snapshot cannot be read, its invoice is forgotten too.
    ///
    /// # Errors
    /// [`ClientError::StillRunning`] or [`ClientError::Unfinished`] if it has not ended: resume it and wait for its
    /// outcome. [`ClientError::OutcomeFinal`]: its outcome is known; settle it and [`acknowledge`](Self::acknowledge)
    /// it. [`ClientError::Foreign`]: use the client it belongs to. [`ClientError::Store`] if the store failed; the sale
    /// may still be stored.
    pub async fn forget(&self, id: &SaleId) -> Result<(), ClientError> {
        let _permit = self.instruments.running.permit(id).await;
        if self.instruments.running.knows_end_of(id) {
            return Err(ClientError::OutcomeFinal { id: id.clone() });
        }
        let may_go =
            |standing: &Standing| matches!(standing, Standing::Gone | Standing::Unknown | Standing::Damaged(_));
        let found = self.remove_if(id, may_go).await?;
        if !may_go(&found) {
            return Err(self.refusal(id, found));
        }
        Ok(())
    }

    /// Removes the sale's snapshot if `may_go` allows it. The caller holds the sale's permit, so that no run begins
    /// meanwhile.
    async fn remove_if(
        &self,
        id: &SaleId,
        may_go: impl Fn(&Standing) -> bool + Copy + Send + 'static,
    ) -> Result<Standing, ClientError> {
        if self.own_running(id)?.is_some() {
            return Err(ClientError::StillRunning { id: id.clone() });
        }
        // A run publishes its end even if a slow store has not released the lock yet, so that lock is asked for again. One
        // that another process may hold is not.
        let has_ended = self.instruments.running.knows_end_of(id);
        let mut look = 1;
        for asked in 1..=TRIES {
            let (id, own) = (id.clone(), self.instruments.parties.clone());
            let orders = Arc::clone(self.instruments.running.orders());
            let looked_at = self.instruments.storage.call(move |store| {
                Ok(locked(store, &id, || {
                    let found = Found::in_store(&**store, &id, &own)?;
                    if look < LOOKS && matches!(found.standing, Standing::Damaged(SnapshotProblem::Store(_))) {
                        return Ok(None);
                    }
                    let is_done = !may_go(&found.standing) || found.remove(store, &id, &own, &orders)?;
                    Ok(is_done.then_some(found.standing))
                }))
            });
            match looked_at.await? {
                Ok(Some(standing)) => return Ok(standing),
                Ok(None) => look += 1,
                Err(ClientError::StillRunning { .. }) if has_ended && asked < TRIES => {}
                Err(error) => return Err(error),
            }
            self.instruments.storage.pause(PAUSE).await;
        }
        Err(ClientError::Store(always_taken()))
    }

    fn refusal(&self, id: &SaleId, standing: Standing) -> ClientError {
        let id = id.clone();
        match standing {
            Standing::Unfinished | Standing::Gone => ClientError::Unfinished { id },
            Standing::Unknown => ClientError::OutcomeUnknown { id },
            Standing::Final => ClientError::OutcomeFinal { id },
            Standing::Foreign(sale) => ClientError::Foreign {
                id,
                sale,
                client: Box::new(self.instruments.parties.clone()),
            },
            Standing::Damaged(SnapshotProblem::Store(error)) => error.into(),
            Standing::Damaged(problem) => ClientError::Damaged { id, problem },
        }
    }
}

/// Runs `work` with the sale locked, if the store has locks. Runs on the store's thread.
fn locked<T>(
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
