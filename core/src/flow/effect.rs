//! Everything a sale can ask its engine to do.

use super::{Invoice, event::Request};
use crate::{Outcome, Secret, Timestamp, message::perform::Authorisation};

/// Something to be done, in the order given. Effects with a [`Request`] are answered by the event of the same name
/// that carries it.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Effect {
    /// Ask the shop's server for an access token.
    RequestAccessToken(Request),
    /// Send initiate sale to the shop's server.
    Initiate {
        /// The request to answer.
        request: Request,
        /// `session.accessToken`.
        access_token: Secret,
    },
    /// Store the snapshot of the state that came with this effect; then [`super::Event::Saved`].
    Save(Request),
    /// Send perform sale to the gateway. Never more than once, unless it certainly was not sent.
    Perform {
        /// The request to answer.
        request: Request,
        /// Where to.
        invoice: Invoice,
        /// With what right.
        authorisation: Authorisation,
    },
    /// Ask the gateway for the sale's status.
    PollStatus {
        /// The request to answer.
        request: Request,
        /// Which sale.
        invoice: Invoice,
        /// `session.accessToken`.
        access_token: Secret,
        /// `session.token`.
        session_token: Secret,
    },
    /// Ask the shop's server for the session token of the invoice.
    AskSessionToken {
        /// The request to answer.
        request: Request,
        /// Which sale.
        invoice: Invoice,
        /// `session.accessToken`.
        access_token: Secret,
    },
    /// Ask the shop's server for the stored card of the invoice.
    AskStoredCard {
        /// The request to answer.
        request: Request,
        /// Which sale.
        invoice: Invoice,
        /// `session.accessToken`.
        access_token: Secret,
    },
    /// Show this page to the cardholder, instead of the one before, if any.
    OpenBrowser {
        /// A checked address.
        url: String,
    },
    /// Take the page away.
    CloseBrowser,
    /// Send [`super::Event::Timer`] at this time, and forget any earlier timer.
    SetTimer {
        /// When.
        at: Timestamp,
    },
    /// The sale has ended.
    Finish(Box<Outcome>),
}
