//! Sales that a restart left behind.

use crate::{Money, SaleId, SaleState, SnapshotError, StoreError, Timestamp, flow::State};

/// A stored sale that is unfinished, or finished and not acknowledged.
#[derive(Debug, Clone, PartialEq)]
pub struct PendingSale {
    /// Give it to [`crate::SaleClient::resume`] or [`crate::SaleClient::acknowledge`].
    pub id: SaleId,
    /// Where it stood when it was stored last.
    pub state: SaleState,
    /// The amount.
    pub amount: Money,
    /// The app's own name for it.
    pub label: Option<String>,
    /// `invoiceId`, if it was initiated.
    pub invoice_id: Option<String>,
    /// When it was started.
    pub started: Timestamp,
}

impl PendingSale {
    pub(super) fn of(state: &State) -> Self {
        Self {
            id: state.id().clone(),
            state: state.view(),
            amount: state.order().amount.clone(),
            label: state.order().label.clone(),
            invoice_id: state.invoice_id().map(str::to_owned),
            started: state.started(),
        }
    }
}

/// A snapshot that is there but cannot be used. It is kept: a later version of the app may read it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DamagedSnapshot {
    /// The sale.
    pub id: SaleId,
    /// `invoiceId`, where it can still be read: ask the shop's server about it.
    pub invoice_id: Option<String>,
    /// What is wrong.
    pub problem: SnapshotProblem,
}

/// What is wrong with a stored snapshot.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SnapshotProblem {
    /// The store could not read it.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// Its contents are not a snapshot that this version understands.
    #[error(transparent)]
    Contents(#[from] SnapshotError),
}

/// What [`crate::SaleClient::pending`] finds.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Pending {
    /// Sales that can be resumed or acknowledged, the oldest first.
    pub sales: Vec<PendingSale>,
    /// Sales whose snapshot cannot be used. Ask the shop's server about them.
    pub damaged: Vec<DamagedSnapshot>,
}
