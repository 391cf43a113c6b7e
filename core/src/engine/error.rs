//! Why a call to a client failed. How a sale ends is never an error: that is its outcome.

use thiserror::Error;

use super::pending::SnapshotProblem;
use crate::{
    port::StoreError,
    value::{InputError, Parties, SaleId},
};

/// Why a call to a [`crate::SaleClient`] failed.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[cfg_attr(not(feature = "exhaustive"), non_exhaustive)]
pub enum ClientError {
    /// An argument is not usable; nothing was sent.
    #[error(transparent)]
    Input(#[from] InputError),
    /// The client was created outside of a tokio runtime.
    #[error("there is no tokio runtime here; create the client inside of one")]
    NoRuntime,
    /// Another sale with the same merchant order id is running, and the request does not allow a duplicate. Nothing was
    /// sent.
    #[error(
        "sale {by} has the same merchant order id and is still running; wait for its outcome, or allow a duplicate"
    )]
    OrderInUse {
        /// That sale.
        by: SaleId,
    },
    /// The device could not provide random numbers.
    #[error("the device could not provide random numbers")]
    NoRandomness,
    /// There is no stored sale with this id.
    #[error("there is no stored sale {id}")]
    NotFound {
        /// The id.
        id: SaleId,
    },
    /// The sale is still running, in this process or in another process of the app. Wait for its outcome first.
    #[error("sale {id} is still running; resume it to wait for its outcome, or leave it to the process that runs it")]
    StillRunning {
        /// The id.
        id: SaleId,
    },
    /// The stored sale has not ended, so it can be neither acknowledged nor forgotten.
    #[error("sale {id} has not ended; resume it and wait for its outcome")]
    Unfinished {
        /// The id.
        id: SaleId,
    },
    /// The outcome is unknown. Only final outcomes can be acknowledged.
    #[error("the outcome of sale {id} is unknown; resume it later, or forget it")]
    OutcomeUnknown {
        /// The id.
        id: SaleId,
    },
    /// The outcome is final. Only unknown outcomes can be forgotten.
    #[error("the outcome of sale {id} is final; settle it and acknowledge it")]
    OutcomeFinal {
        /// The id.
        id: SaleId,
    },
    /// The sale was started with another gateway or merchant's server than this client's. Nothing was sent, because the
    /// sale's tokens belong to those parties.
    #[error("sale {id} belongs to {sale}, but this client has {client}; use a client with the sale's parties")]
    Foreign {
        /// The id.
        id: SaleId,
        /// The sale's parties.
        sale: Box<Parties>,
        /// This client's parties.
        client: Box<Parties>,
    },
    /// The stored sale cannot be used; its snapshot is kept. Ask the merchant's server about it, then forget it.
    #[error("sale {id} cannot be used: {problem}")]
    Damaged {
        /// The id.
        id: SaleId,
        /// What is wrong.
        problem: SnapshotProblem,
    },
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}
