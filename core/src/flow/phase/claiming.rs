//! The merchant's server has named an invoice. Before anything else: two sales never take one invoice.

use serde::Serialize;

use super::{Committing, Finished, Initiating, Phase};
use crate::{
    NotChargedReason,
    flow::{
        Effect, Invoice,
        context::Context,
        event::{Claim, Event, Request},
    },
    message::{initiate::Initiated, perform::Authorisation},
    stored::stored_struct,
};

#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize)]
pub(in crate::flow) struct Claiming {
    claim: Request,
    /// Where the sale came from, and goes back to if the invoice is another sale's.
    pub(in crate::flow) initiating: Initiating,
    invoice: Invoice,
    pub(in crate::flow) authorisation: Authorisation,
}

stored_struct!(Claiming {
    claim,
    initiating,
    invoice,
    authorisation
});

impl Claiming {
    pub(super) fn begin(initiating: Initiating, initiated: Initiated, context: &mut Context) -> Phase {
        let Initiated {
            endpoint_id,
            invoice_id,
            nonce,
            signature,
        } = initiated;
        let claim = context.request();
        context.effect(Effect::ClaimInvoice {
            request: claim,
            invoice_id: invoice_id.clone(),
        });
        Phase::Claiming(Self {
            claim,
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
            Event::Claimed(request, claim) if request == self.claim => self.claimed(claim, context),
            Event::Cancel => Finished::cancelled(None, context),
            Event::Resume => Finished::interrupted(None, context),
            Event::Background => {
                context.save();
                Phase::Claiming(self)
            }
            // Late answers, signals (nothing waits for them), and what belongs to other phases.
            Event::Start
            | Event::Timer
            | Event::Foreground
            | Event::NetworkAvailable
            | Event::Claimed(..)
            | Event::Initiate(..)
            | Event::Saved(_)
            | Event::SaveFailed(_)
            | Event::AccessToken(..)
            | Event::Perform(..)
            | Event::Status(..)
            | Event::SessionToken(..)
            | Event::BrowserOpened
            | Event::BrowserFailed
            | Event::BrowserReturned
            | Event::BrowserClosed => Phase::Claiming(self),
        }
    }

    fn claimed(self, claim: Claim, context: &mut Context) -> Phase {
        match claim {
            Claim::Granted => Committing::begin(self.invoice, self.authorisation, context),
            // It may be the answer to another sale's request, come twice: the answer to this one is still to be had.
            Claim::Taken { .. } if self.initiating.may_try_again(context) => self.initiating.later(None, context),
            Claim::Taken { by } => Finished::not_charged(
                NotChargedReason::InvoiceInUse,
                &format!(
                    "the merchant's server named an invoice that sale {by} already has; resume or acknowledge that one, and \
                     let the server name a new invoice for each initiate sale"
                ),
                Some(self.invoice.invoice_id),
                context,
            ),
            Claim::Unclear => Finished::not_charged(
                NotChargedReason::StorageFailed,
                "the store could not say whether another sale has the invoice, so perform sale was not sent; look at the \
                 store's error",
                Some(self.invoice.invoice_id),
                context,
            ),
        }
    }
}
