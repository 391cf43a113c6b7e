//! The state of a sale that an app can observe.

use super::charge::SaleOutcome;

/// The state of a sale. Only [`SaleState::Finished`] says anything about money.
#[derive(Clone, PartialEq, Eq, Hash)]
#[cfg_attr(not(feature = "exhaustive"), non_exhaustive)]
pub enum SaleState {
    /// SaleKit asks the merchant's server for an access token, if one is needed, and for an invoice. Nothing can be
    /// charged yet.
    Initiating,
    /// Perform sale is about to be sent, or was sent and not answered yet.
    Performing,
    /// The answer to perform sale was lost. SaleKit asks the merchant's server for the session token of the sale.
    Recovering,
    /// The gateway is processing the sale.
    Processing,
    /// The cardholder authenticates with the issuer in the browser.
    Challenge {
        /// The address of the page, already checked to be `https`.
        url: String,
        /// Whether the page is (or may still be) open.
        is_open: bool,
    },
    /// The sale has ended.
    Finished(Box<SaleOutcome>),
}

impl SaleState {
    /// The state's name: `initiating`, `performing`, `recovering`, `processing`, `challenge` or `finished`.
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

    /// Whether the sale has ended.
    pub const fn is_finished(&self) -> bool {
        matches!(self, Self::Finished(_))
    }
}

/// Hides the page's address: it gives access to the challenge, and apps log states.
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
