//! Everything a sale can ask its engine to do.

use super::{Invoice, event::Request};
use crate::{SaleOutcome, Secret, Timestamp, message::perform::Authorisation};

/// Something to be done, in the order given. Effects with a [`Request`] are answered by the event of the same name
/// that carries it.
#[derive(Clone, PartialEq, Eq, Hash)]
pub enum Effect {
    /// Ask the merchant's server for an access token.
    RequestAccessToken(Request),
    /// Send initiate sale to the merchant's server.
    Initiate {
        /// The request to answer.
        request: Request,
        /// `session.accessToken`.
        access_token: Secret,
    },
    /// In one, so that no other sale and no other run of this one comes between: find out whether the invoice is another
    /// sale's, among those that run and those that are stored, and whether another run has taken over this sale
    /// ([`super::Fence`]); if neither is so, store the snapshot of the state that came with this effect. Then
    /// [`super::Event::Committed`].
    Commit {
        /// The request to answer.
        request: Request,
        /// `invoiceId`.
        invoice_id: String,
    },
    /// Store the snapshot of the state that came with this effect, unless another run has taken over the sale. If that
    /// fails, the sale goes on: only [`Effect::Commit`] must not fail.
    Save,
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
    /// Ask the merchant's server for the session token of the invoice.
    AskSessionToken {
        /// The request to answer.
        request: Request,
        /// Which sale.
        invoice: Invoice,
        /// `session.accessToken`.
        access_token: Secret,
        /// Whether the merchant's server shall void the invoice if it has not accepted a check sale for it.
        void: bool,
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
    Finish(Box<SaleOutcome>),
}

/// Without a page's address, which is the cardholder's way into the challenge, and without tokens.
impl std::fmt::Debug for Effect {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let (name, request, invoice) = match self {
            Self::RequestAccessToken(request) => ("RequestAccessToken", Some(request), None),
            Self::Initiate {
                request,
                access_token: _,
            } => ("Initiate", Some(request), None),
            Self::Commit { request, invoice_id } => ("Commit", Some(request), Some(invoice_id)),
            Self::Save => ("Save", None, None),
            Self::Perform {
                request,
                invoice,
                authorisation: _,
            } => ("Perform", Some(request), Some(&invoice.invoice_id)),
            Self::PollStatus {
                request,
                invoice,
                access_token: _,
                session_token: _,
            } => ("PollStatus", Some(request), Some(&invoice.invoice_id)),
            Self::AskSessionToken {
                request,
                invoice,
                access_token: _,
                void,
            } => {
                let name = if *void {
                    "AskSessionTokenOrVoid"
                } else {
                    "AskSessionToken"
                };
                (name, Some(request), Some(&invoice.invoice_id))
            }
            Self::OpenBrowser { url: _ } => ("OpenBrowser", None, None),
            Self::CloseBrowser => ("CloseBrowser", None, None),
            Self::SetTimer { at } => return formatter.debug_struct("SetTimer").field("at", at).finish(),
            Self::Finish(outcome) => return formatter.debug_tuple("Finish").field(outcome).finish(),
        };
        let mut shown = formatter.debug_struct(name);
        if let Some(request) = request {
            shown.field("request", request);
        }
        if let Some(invoice_id) = invoice {
            shown.field("invoice_id", invoice_id);
        }
        shown.finish()
    }
}
