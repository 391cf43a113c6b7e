//! Before perform sale is sent, the snapshot must say that it may have been.

use serde::Serialize;

use super::{Finished, Performing, Phase, Recovering};
use crate::{
    NotChargedReason,
    flow::{
        Invoice,
        context::Context,
        event::{Event, Request},
    },
    message::perform::Authorisation,
    stored::stored_struct,
};

#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize)]
pub(in crate::flow) struct Committing {
    save: Request,
    pub(in crate::flow) invoice: Invoice,
    pub(in crate::flow) authorisation: Authorisation,
}

stored_struct!(Committing {
    save,
    invoice,
    authorisation
});

impl Committing {
    pub(super) fn begin(invoice: Invoice, authorisation: Authorisation, context: &mut Context) -> Phase {
        let save = context.save();
        Phase::Committing(Self {
            save,
            invoice,
            authorisation,
        })
    }

    pub(super) fn on(self, event: Event, context: &mut Context) -> Phase {
        match event {
            Event::Saved(request) if request == self.save => {
                Performing::begin(self.invoice, self.authorisation, context)
            }
            Event::SaveFailed(request) if request == self.save => Finished::not_charged(
                NotChargedReason::StorageFailed,
                "the snapshot could not be saved, so perform sale was not sent; look at the store's error",
                Some(self.invoice.invoice_id),
                context,
            ),
            Event::Cancel => Finished::cancelled(Some(self.invoice.invoice_id), context),
            // Restored, this phase says that perform sale was sent, as far as anybody can tell.
            Event::Resume => Recovering::after_restart(self.invoice, self.authorisation.access_token, context),
            Event::Background => {
                context.save();
                Phase::Committing(self)
            }
            // Other saves, late answers, signals (nothing waits for them), and what belongs to other phases.
            Event::Start
            | Event::Timer
            | Event::Foreground
            | Event::NetworkAvailable
            | Event::Saved(_)
            | Event::SaveFailed(_)
            | Event::Claimed(..)
            | Event::Initiate(..)
            | Event::AccessToken(..)
            | Event::Perform(..)
            | Event::Status(..)
            | Event::SessionToken(..)
            | Event::BrowserOpened
            | Event::BrowserFailed
            | Event::BrowserReturned
            | Event::BrowserClosed => Phase::Committing(self),
        }
    }
}
