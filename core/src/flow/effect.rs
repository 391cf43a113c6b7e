//! Everything that a sale can ask its engine to do.

use super::{Invoice, event::Request};
use crate::{
    outcome::SaleOutcome,
    value::{Secret, Timestamp},
    wire::perform::Authorisation,
};

/// Something to do, in the given order. An effect with a [`Request`] is answered by the event of the same name with the
/// same number.
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
    /// Do all of this as one unit, so that no other sale and no other run of this one can interfere: check whether
    /// another running or stored sale has the invoice, and whether another run has taken over this sale
    /// ([`super::Fence`]). If neither is the case, save the snapshot of the state that came with this effect. Then send
    /// [`super::Event::Committed`].
    Commit {
        /// The request to answer.
        request: Request,
        /// `invoiceId`.
        invoice_id: String,
    },
    /// Save the snapshot of the state that came with this effect, unless another run has taken over the sale. If that
    /// fails, the sale goes on: only [`Effect::Commit`] must not fail.
    Save,
    /// Send perform sale to the gateway. Never more than once, unless it was certainly not sent.
    Perform {
        /// The request to answer.
        request: Request,
        /// The invoice, which is part of the address.
        invoice: Invoice,
        /// What authorises the request.
        authorisation: Authorisation,
    },
    /// Ask the gateway for the sale's status.
    PollStatus {
        /// The invoice to ask about.
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
        /// The invoice to ask about.
        request: Request,
        /// Which sale.
        invoice: Invoice,
        /// `session.accessToken`.
        access_token: Secret,
        /// Whether the merchant's server shall void the invoice if it has not accepted a check sale for it.
        void: bool,
    },
    /// Show this page to the cardholder, in place of the one before, if there is one.
    OpenBrowser {
        /// The checked address.
        url: String,
    },
    /// Dismiss the page.
    CloseBrowser,
    /// Send [`super::Event::Timer`] at this time. It replaces any earlier timer.
    SetTimer {
        /// When.
        at: Timestamp,
    },
    /// The sale has ended.
    Finish(Box<SaleOutcome>),
}

/// Hides the address of a page, which gives access to the challenge, and tokens.
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
