//! Everything that can happen to a sale.

use crate::{
    outcome::Failure,
    value::{SaleId, Secret},
    wire::{
        ErrorResponse, initiate::InitiateAnswer, merchant::SessionAnswer, perform::PerformAnswer, status::StatusAnswer,
    },
};

/// The number of an effect of one sale. It matches an answer to its effect.
pub type Request = u32;

/// Something that happened. Late, repeated and unexpected events are allowed; they change nothing.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Event {
    /// The sale begins.
    Start,
    /// The sale was restored from its snapshot and goes on; or the gateway is asked again about an unknown outcome.
    Resume,
    /// The app does not want to wait any longer. It does not mean that the sale has ended.
    Cancel,
    /// The time of the last [`super::Effect::SetTimer`] has come.
    Timer,

    /// The result of the commit.
    Committed(Request, Commit),

    /// The merchant's server gave an access token, or the request failed.
    AccessToken(Request, Result<Secret, Unanswered>),
    /// The merchant's server answered initiate sale, or the request failed.
    Initiate(Request, Result<InitiateAnswer, Failure>),
    /// The gateway answered perform sale, or the request failed.
    Perform(Request, Result<PerformAnswer, Failure>),
    /// The gateway answered sale status, or the request failed.
    Status(Request, Result<StatusAnswer, Failure>),
    /// The merchant's server said what it knows of the invoice, or the request failed.
    SessionToken(Request, Result<SessionAnswer, Unanswered>),

    /// The page that was opened last could not be shown.
    BrowserFailed,
    /// The browser returned from that page to the app by a link. It is only a reason to ask the gateway.
    BrowserReturned,
    /// That page was closed: by the cardholder, the app or the system. It is only a reason to ask the gateway.
    BrowserClosed,

    /// The app came to the foreground.
    Foreground,
    /// The app went to the background and may be killed there.
    Background,
    /// The device has a network again.
    NetworkAvailable,
}

/// The result of a commit. Two sales that perform the same invoice could charge the wrong card or report each other's
/// outcome. Of two runs of one sale, one could report "not charged" for what the other one charges.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Commit {
    /// The snapshot is safely stored, and says that perform sale may have been sent. No other sale has the invoice, and
    /// none will get it.
    Done,
    /// Another sale has the invoice: the merchant's server returned it twice, or an answer came twice. Nothing was
    /// stored.
    InvoiceTaken {
        /// That sale.
        by: SaleId,
    },
    /// Another sale has the same merchant order id, and has charged or may charge for the same order. Nothing was
    /// stored.
    OrderTaken {
        /// That sale.
        by: SaleId,
    },
    /// Another run has taken over the sale, or has even ended it. Nothing was stored.
    Superseded,
    /// The store failed. The snapshot may have been stored anyway.
    Failed,
}

/// Why a request was not answered.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Unanswered {
    /// No answer came.
    Failed(Failure),
    /// The answer is not a success.
    Refused(ErrorResponse),
}

impl Unanswered {
    /// Whether asking again may help.
    pub(super) const fn may_pass(&self) -> bool {
        match self {
            Self::Failed(failure) => !failure.kind.is_permanent(),
            Self::Refused(refusal) => {
                matches!(refusal.status, 408 | 425 | 429) || !(refusal.status >= 400 && refusal.status < 500)
            }
        }
    }

    /// Whether the server processed the request and said no. A server that refused the access token did not process it.
    pub(crate) fn is_no(&self) -> bool {
        match self {
            Self::Failed(_) => false,
            Self::Refused(_) if self.is_token_refused() => false,
            Self::Refused(refusal) => !self.may_pass() || (refusal.status < 400 && refusal.is_refused()),
        }
    }

    /// Whether the server does not know the invoice. Other refusals do not count: they may come from a proxy on the
    /// way.
    pub(super) const fn is_not_found(&self) -> bool {
        matches!(self, Self::Refused(refusal) if refusal.status == 404)
    }

    /// Whether the server did not accept the access token.
    pub(crate) const fn is_token_refused(&self) -> bool {
        matches!(self, Self::Refused(refusal) if matches!(refusal.status, 401 | 403))
    }

    /// The delay that the server asks for, in milliseconds.
    pub(super) const fn retry_after_ms(&self) -> Option<u64> {
        match self {
            Self::Failed(_) => None,
            Self::Refused(refusal) => refusal.retry_after_ms,
        }
    }
}
