//! A sale as its observers see it.

use crate::SaleOutcome;

/// Where a sale stands. Only [`SaleState::Finished`] says anything about money.
#[derive(Clone, PartialEq, Eq, Hash)]
pub enum SaleState {
    /// The merchant's server is asked for an access token, where one is needed, and for an invoice. Nothing can be charged yet.
    Initiating,
    /// Perform sale is about to be sent or on its way.
    Performing,
    /// The answer to perform sale was lost; the merchant's server is asked where the sale can be found.
    Recovering,
    /// The gateway is processing.
    Processing,
    /// The cardholder authenticates with the issuer in the browser.
    Challenge {
        /// The page, already checked to be `https`.
        url: String,
        /// Whether the page is (or may still be) open.
        is_open: bool,
    },
    /// The end.
    Finished(Box<SaleOutcome>),
}

impl SaleState {
    /// The state's word: `initiating`, `performing`, `recovering`, `processing`, `challenge` or `finished`.
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Initiating => "initiating",
            Self::Performing => "performing",
            Self::Recovering => "recovering",
            Self::Processing => "processing",
            Self::Challenge { .. } => "challenge",
            Self::Finished(_) => "finished",
        }
    }

    /// Whether this is the end.
    pub const fn is_finished(&self) -> bool {
        matches!(self, Self::Finished(_))
    }
}

/// The page's address is the cardholder's way into the challenge, so it is not shown: states are what apps log.
impl std::fmt::Debug for SaleState {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Initiating => formatter.write_str("Initiating"),
            Self::Performing => formatter.write_str("Performing"),
            Self::Recovering => formatter.write_str("Recovering"),
            Self::Processing => formatter.write_str("Processing"),
            Self::Challenge { is_open, .. } => formatter
                .debug_struct("Challenge")
                .field("is_open", is_open)
                .finish_non_exhaustive(),
            Self::Finished(outcome) => formatter.debug_tuple("Finished").field(outcome).finish(),
        }
    }
}
