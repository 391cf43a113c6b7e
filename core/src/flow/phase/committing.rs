//! The merchant's server has returned an invoice. Before perform sale is sent, the snapshot must say that it may have
//! been sent, and no other sale may have the invoice. One call of the store ensures both, or does nothing.

use serde::Serialize;

use super::{Finished, Initiating, Performing, Phase, Recovering};
use crate::{
    flow::{
        Effect, Invoice,
        context::Context,
        event::{Commit, Event, Request},
    },
    json::stored_struct,
    outcome::NotChargedReason,
    wire::{initiate::Initiated, perform::Authorisation},
};

#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize)]
pub(in crate::flow) struct Committing {
    commit: Request,
    /// The phase before. The sale returns to it if another sale has the invoice.
    initiating: Initiating,
    /// In a snapshot, the invoice belongs to this sale.
    pub(in crate::flow) invoice: Invoice,
    pub(in crate::flow) authorisation: Authorisation,
}

stored_struct!(Committing {
    commit,
    initiating,
    invoice,
    authorisation
});

impl Committing {
    pub(super) fn begin(initiating: Initiating, initiated: Initiated, context: &mut Context) -> Phase {
        let Initiated {
            endpoint_id,
            invoice_id,
            nonce,
            signature,
        } = initiated;
        let commit = context.request();
        context.effect(Effect::Commit {
            request: commit,
            invoice_id: invoice_id.clone(),
        });
        Phase::Committing(Self {
            commit,
            invoice: Invoice {
                endpoint_id,
                invoice_id,
            },
            authorisation: Authorisation {
                access_token: initiating.access_token.clone(),
                nonce,
                signature,
            },
            initiating,
        })
    }

    pub(super) fn on(self, event: Event, context: &mut Context) -> Phase {
        match event {
            Event::Committed(request, commit) if request == self.commit => self.committed(commit, context),
            Event::Cancel => Finished::cancelled(None, context),
            // A restored sale in this phase must assume that perform sale was sent.
            Event::Resume => Recovering::after_restart(self.invoice, self.authorisation.access_token, context),
            // Late answers, signals, and events of other phases. Only the commit saves here: until it is done, the
            // invoice may belong to another sale.
            Event::Start
            | Event::Timer
            | Event::Foreground
            | Event::Background
            | Event::NetworkAvailable
            | Event::Committed(..)
            | Event::Initiate(..)
            | Event::AccessToken(..)
            | Event::Perform(..)
            | Event::Status(..)
            | Event::SessionToken(..)
            | Event::BrowserFailed
            | Event::BrowserReturned
            | Event::BrowserClosed => Phase::Committing(self),
        }
    }

    fn committed(self, commit: Commit, context: &mut Context) -> Phase {
        match commit {
            Commit::Done => Performing::begin(self.invoice, self.authorisation, context),
            // The answer may belong to another sale's request and have come twice, so ask again for this sale's own.
            Commit::InvoiceTaken { .. } if self.initiating.may_try_again(context) => {
                self.initiating.later(None, context)
            }
            Commit::InvoiceTaken { by } => Finished::not_charged(
                NotChargedReason::InvoiceInUse,
                &format!(
                    "the merchant's server named an invoice that sale {by} already has; resume or acknowledge that sale, \
                     and let the server name a new invoice for each initiate sale"
                ),
                Some(self.invoice.invoice_id),
                context,
            ),
            Commit::OrderTaken { by } => Finished::not_charged(
                NotChargedReason::OrderInUse,
                &format!(
                    "sale {by} has the same merchant order id and has charged or may charge for it; resume and settle \
                     that sale first, or allow a duplicate"
                ),
                Some(self.invoice.invoice_id),
                context,
            ),
            Commit::Superseded => Finished::superseded(self.invoice.invoice_id, context),
            Commit::Failed => Finished::not_charged(
                NotChargedReason::StorageFailed,
                "the store failed, so perform sale was not sent; check the store's error",
                Some(self.invoice.invoice_id),
                context,
            ),
        }
    }
}
