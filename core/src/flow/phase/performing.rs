//! Perform sale, the one request that moves money.

use serde::Serialize;

use super::{Finished, Phase, Processing, Recovering, Trace};
use crate::{
    flow::{
        Effect, Invoice,
        attempt::Attempt,
        context::Context,
        doubt::Doubt,
        event::{Event, Request},
        polling::Session,
    },
    json::stored_struct,
    outcome::{Failure, NotChargedReason, Sent},
    wire::perform::{Authorisation, PerformAnswer},
};

#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize)]
pub(in crate::flow) struct Performing {
    pub(in crate::flow) attempt: Attempt,
    pub(in crate::flow) invoice: Invoice,
    pub(in crate::flow) authorisation: Authorisation,
    /// The app does not want to wait any longer.
    pub(in crate::flow) is_cancelled: bool,
}

stored_struct!(Performing {
    attempt,
    invoice,
    authorisation,
    is_cancelled
});

impl Performing {
    /// Sends perform sale. The snapshot that records it is already saved.
    pub(super) fn begin(invoice: Invoice, authorisation: Authorisation, context: &mut Context) -> Phase {
        let attempt = Attempt::first(send(&invoice, &authorisation, context));
        Phase::Performing(Self {
            attempt,
            invoice,
            authorisation,
            is_cancelled: false,
        })
    }

    pub(super) fn on(self, event: Event, context: &mut Context) -> Phase {
        match event {
            Event::Perform(request, answer) if self.attempt.waits_for(request) => self.answered(answer, context),
            // The last try was certainly not sent.
            Event::Timer if self.attempt.is_due(context) => self.try_again(context),
            Event::Foreground | Event::NetworkAvailable if self.attempt.is_pausing() => self.try_early(context),
            Event::Cancel if self.attempt.is_pausing() => Finished::cancelled(Some(self.invoice.invoice_id), context),
            Event::Cancel => Phase::Performing(Self {
                is_cancelled: true,
                ..self
            }),
            Event::Resume => Recovering::after_restart(self.invoice, self.authorisation.access_token, context),
            Event::Background => {
                context.save();
                self.into()
            }
            // Late answers, signals while an answer is awaited, and events of other phases.
            Event::Start
            | Event::Timer
            | Event::Foreground
            | Event::NetworkAvailable
            | Event::Perform(..)
            | Event::Committed(..)
            | Event::AccessToken(..)
            | Event::Initiate(..)
            | Event::Status(..)
            | Event::SessionToken(..)
            | Event::BrowserFailed
            | Event::BrowserReturned
            | Event::BrowserClosed => self.into(),
        }
    }

    fn try_early(self, context: &mut Context) -> Phase {
        let attempt = self.attempt.early(send(&self.invoice, &self.authorisation, context));
        Self { attempt, ..self }.into()
    }

    fn try_again(self, context: &mut Context) -> Phase {
        let attempt = self.attempt.next(send(&self.invoice, &self.authorisation, context));
        Self { attempt, ..self }.into()
    }

    fn answered(self, answer: Result<PerformAnswer, Failure>, context: &mut Context) -> Phase {
        match answer {
            Ok(PerformAnswer::Accepted { session_token }) => {
                let session = Session {
                    invoice: self.invoice,
                    access_token: self.authorisation.access_token,
                    session_token,
                    renewed_token: None,
                };
                Processing::after_perform(session, self.is_cancelled, context)
            }
            // If something on the way repeats the request, the gateway refuses the second copy, and that refusal may be
            // the answer, while the first copy charges. So ask the merchant's server if it can tell.
            Ok(PerformAnswer::Refused(refusal)) => self.doubt(Doubt::refused(&refusal), context),
            Ok(PerformAnswer::Ambiguous(refusal)) => self.doubt(Doubt::unclear(&refusal), context),
            Err(Failure {
                sent: Sent::Possibly, ..
            }) => self.doubt(Doubt::AnswerLost, context),
            Err(
                failure @ Failure {
                    sent: Sent::CertainlyNot,
                    ..
                },
            ) => self.not_sent(&failure, context),
        }
    }

    fn doubt(self, doubt: Doubt, context: &mut Context) -> Phase {
        let trace = Trace::new(self.invoice, self.authorisation.access_token, doubt);
        Recovering::begin(trace, self.is_cancelled, context)
    }

    fn not_sent(self, failure: &Failure, context: &mut Context) -> Phase {
        if self.is_cancelled {
            Finished::cancelled(Some(self.invoice.invoice_id), context)
        } else if self.attempt.tries() < context.plan().perform_tries && !failure.kind.is_permanent() {
            let attempt = self.attempt.pause(None, context);
            Self { attempt, ..self }.into()
        } else {
            Finished::failed(
                NotChargedReason::GatewayUnreachable,
                failure,
                "there was no connection to the gateway, so perform sale was not sent",
                Some(self.invoice.invoice_id),
                context,
            )
        }
    }

    pub(super) fn rewind(&mut self, milliseconds: u64) {
        self.attempt.rewind(milliseconds);
    }
}

/// Called only here: after the snapshot is saved, and after a failure that certainly came before the first byte was
/// sent.
fn send(invoice: &Invoice, authorisation: &Authorisation, context: &mut Context) -> Request {
    let request = context.request();
    context.effect(Effect::Perform {
        request,
        invoice: invoice.clone(),
        authorisation: authorisation.clone(),
    });
    request
}

impl From<Performing> for Phase {
    fn from(phase: Performing) -> Self {
        Self::Performing(phase)
    }
}
