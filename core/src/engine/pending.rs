//! Stored sales, as an app finds them after a restart.

use crate::{
    flow::{Remains, SnapshotError, State},
    outcome::SaleState,
    port::StoreError,
    value::{Money, Parties, SaleId, Timestamp},
};

/// A stored sale that is unfinished, or finished and neither acknowledged nor forgotten.
#[derive(Debug, Clone, PartialEq)]
pub struct PendingSale {
    /// For [`crate::SaleClient::resume`], [`crate::SaleClient::acknowledge`] and [`crate::SaleClient::forget`].
    pub id: SaleId,
    /// Its state when it was last stored.
    pub state: SaleState,
    /// The amount.
    pub amount: Money,
    /// The merchant's id of the order.
    pub merchant_order_id: Option<String>,
    /// `invoiceId`, if the sale was initiated.
    pub invoice_id: Option<String>,
    /// When it was started.
    pub started_at: Timestamp,
}

impl PendingSale {
    pub(super) fn of(state: &State) -> Self {
        Self {
            id: state.id().clone(),
            state: state.view(),
            amount: state.order().amount.clone(),
            merchant_order_id: state.order().merchant_order_id.clone(),
            invoice_id: state.invoice_id().map(str::to_owned),
            started_at: state.started(),
        }
    }
}

/// A stored sale of another gateway or merchant's server than this client's. Only a client with those parties may
/// resume, acknowledge or forget it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ForeignSale {
    /// Its id.
    pub id: SaleId,
    /// The gateway and the merchant's server that the sale belongs to.
    pub parties: Parties,
    /// The amount.
    pub amount: Money,
    /// The merchant's id of the order.
    pub merchant_order_id: Option<String>,
    /// `invoiceId`, if the sale was initiated.
    pub invoice_id: Option<String>,
    /// When it was started.
    pub started_at: Timestamp,
}

impl ForeignSale {
    pub(super) fn of(state: &State, parties: &Parties) -> Self {
        Self {
            id: state.id().clone(),
            parties: parties.clone(),
            amount: state.order().amount.clone(),
            merchant_order_id: state.order().merchant_order_id.clone(),
            invoice_id: state.invoice_id().map(str::to_owned),
            started_at: state.started(),
        }
    }
}

/// A stored snapshot that cannot be used. It is kept, because a later version of the app may be able to read it, until
/// the app forgets the sale ([`crate::SaleClient::forget`]).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DamagedSale {
    /// The sale.
    pub id: SaleId,
    /// What can still be read: invoice id, merchant order id and amount. Use them to ask the merchant's server about
    /// the sale.
    pub remains: Remains,
    /// What is wrong.
    pub problem: SnapshotProblem,
}

/// What is wrong with a stored snapshot.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[cfg_attr(not(feature = "exhaustive"), non_exhaustive)]
pub enum SnapshotProblem {
    /// The store could not read it.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// This version cannot read its contents.
    #[error(transparent)]
    Contents(#[from] SnapshotError),
}

/// The result of [`crate::SaleClient::pending`].
#[derive(Debug, Clone, PartialEq, Default)]
pub struct PendingSales {
    /// Sales that this client can resume, the oldest first.
    pub sales: Vec<PendingSale>,
    /// Sales of other gateways or merchants, the oldest first. Resume them with a client that has the sale's parties.
    pub foreign: Vec<ForeignSale>,
    /// Sales whose snapshot cannot be used. Ask the merchant's server about them, then forget them.
    pub damaged: Vec<DamagedSale>,
}

impl PendingSales {
    /// Adds `sale` in its place. There are few, so this needs no sorting algorithm, of which each type would have its own.
    pub(super) fn add(&mut self, sale: PendingSale) {
        let is_older = |other: &PendingSale| (other.started_at, &other.id) < (sale.started_at, &sale.id);
        let place = self.sales.partition_point(is_older);
        self.sales.insert(place, sale);
    }

    /// As [`PendingSales::add`].
    pub(super) fn add_foreign(&mut self, sale: ForeignSale) {
        let is_older = |other: &ForeignSale| (other.started_at, &other.id) < (sale.started_at, &sale.id);
        let place = self.foreign.partition_point(is_older);
        self.foreign.insert(place, sale);
    }
}
