//! Perform sale may have been processed, and there is no session token to ask the gateway with. If the merchant's
//! server accepted a check sale, it knows the token. If it did not, it can void the invoice, which proves that nothing
//! is charged. Perform sale is never sent again.

use serde::Serialize;

use super::{Finished, Phase, Processing};
use crate::{
    flow::{
        Effect, Invoice,
        attempt::Attempt,
        context::Context,
        doubt::Doubt,
        event::{Event, Request, Unanswered},
        page::Pages,
        polling::Session,
    },
    json::stored_struct,
    outcome::{NotChargedReason, UnknownReason},
    value::{Secret, Timestamp},
    wire::merchant::SessionAnswer,
};

#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize)]
pub(in crate::flow) struct Recovering {
    attempt: Attempt,
    /// When to stop asking.
    deadline: Timestamp,
    pub(in crate::flow) trace: Trace,
    /// The merchant's server can be asked for another access token and was not asked yet.
    may_renew: bool,
    /// The present request, or the next one, asks to void the invoice.
    void: bool,
    /// The app does not want to wait any longer.
    is_cancelled: bool,
}

stored_struct!(Recovering {
    attempt,
    deadline,
    trace,
    may_renew,
    void,
    is_cancelled
});

impl Recovering {
    /// Begins to ask, with the full timeout.
    pub(super) fn begin(trace: Trace, is_cancelled: bool, context: &mut Context) -> Phase {
        let plan = context.plan();
        let (can_ask, may_renew) = (plan.can_recover_session, plan.can_request_access_token);
        let mut phase = Self {
            attempt: Attempt::first(0),
            deadline: context.now.plus(plan.recovery_window),
            may_renew,
            // After a refusal nothing will come of the sale, so ask for the proof at once.
            void: trace.doubt.is_refusal(),
            trace,
            is_cancelled,
        };
        if !can_ask {
            return phase.without_answer(context);
        }
        phase.attempt = Attempt::first(phase.ask(context));
        context.save();
        phase.into()
    }

    /// The app was restarted, so nobody knows whether perform sale was sent.
    pub(super) fn after_restart(invoice: Invoice, access_token: Secret, context: &mut Context) -> Phase {
        let trace = Trace {
            pages: Pages::default().after_restart(),
            ..Trace::new(invoice, access_token, Doubt::AnswerLost)
        };
        Self::begin(trace, false, context)
    }

    /// Restored from an older snapshot: no request is under way, and resuming asks.
    pub(in crate::flow) const fn restored(trace: Trace) -> Self {
        Self {
            attempt: Attempt::first(0),
            deadline: Timestamp(0),
            trace,
            may_renew: false,
            void: false,
            is_cancelled: false,
        }
    }

    pub(super) fn on(self, event: Event, context: &mut Context) -> Phase {
        match event {
            Event::SessionToken(request, answer) if self.attempt.waits_for(request) => self.answered(answer, context),
            Event::AccessToken(request, answer) if self.attempt.waits_for(request) => self.renewed(answer, context),
            Event::Timer if self.attempt.is_due(context) => self.try_again(context),
            Event::Foreground | Event::NetworkAvailable if self.attempt.is_pausing() => self.try_early(context),
            Event::Cancel => self.cancel(context),
            // Resuming means that the app wants the outcome, even if it cancelled before.
            Event::Resume => Self::begin(self.trace.after_restart(), false, context),
            Event::Background => {
                context.save();
                self.into()
            }
            // Late answers, signals while an answer is awaited, reports about pages (this run has none), and events of
            // other phases.
            Event::Start
            | Event::Timer
            | Event::Foreground
            | Event::NetworkAvailable
            | Event::SessionToken(..)
            | Event::AccessToken(..)
            | Event::Committed(..)
            | Event::Initiate(..)
            | Event::Perform(..)
            | Event::Status(..)
            | Event::BrowserFailed
            | Event::BrowserReturned
            | Event::BrowserClosed => self.into(),
        }
    }

    fn try_early(mut self, context: &mut Context) -> Phase {
        let request = self.ask(context);
        self.attempt = self.attempt.early(request);
        self.into()
    }

    fn try_again(mut self, context: &mut Context) -> Phase {
        let request = self.ask(context);
        self.attempt = self.attempt.next(request);
        self.into()
    }

    fn ask(&self, context: &mut Context) -> Request {
        let trace = &self.trace;
        let request = context.request();
        context.effect(Effect::AskSessionToken {
            request,
            invoice: trace.invoice.clone(),
            access_token: trace.renewed_token.as_ref().unwrap_or(&trace.access_token).clone(),
            void: self.void,
        });
        request
    }

    fn answered(self, answer: Result<SessionAnswer, Unanswered>, context: &mut Context) -> Phase {
        match answer {
            Ok(SessionAnswer::Token(session_token)) => {
                let trace = self.trace;
                let session = Session {
                    invoice: trace.invoice,
                    access_token: trace.access_token,
                    session_token,
                    renewed_token: trace.renewed_token,
                };
                Processing::after_recovery(session, trace.pages, self.is_cancelled, context)
            }
            Ok(SessionAnswer::Void) => self.voided(context),
            Err(problem) if problem.is_token_refused() && self.may_renew => self.renew(context),
            // The gateway refused the sale, and the merchant's server does not know of it either.
            Err(problem) if problem.is_not_found() && self.trace.doubt.is_refusal() => self.refused(context),
            Err(problem) => self.later(&problem, context),
        }
    }

    /// The merchant's server learns of the sale from check sale, which may come after the answer to perform sale. So a
    /// refusal now does not mean that a later request will be refused.
    fn later(mut self, problem: &Unanswered, context: &mut Context) -> Phase {
        let is_hopeless = self.is_cancelled && matches!(problem, Unanswered::Failed(_));
        let is_over = self.is_cancelled || context.now >= self.deadline;
        if is_hopeless || (is_over && self.void) {
            return self.without_answer(context);
        }
        if is_over {
            // The last request, and the only one that can prove that nothing is charged.
            self.void = true;
            return self.try_again(context);
        }
        self.attempt = self.attempt.pause(problem.retry_after_ms(), context);
        self.into()
    }

    /// The access token may have expired long ago.
    fn renew(mut self, context: &mut Context) -> Phase {
        let request = context.request();
        context.effect(Effect::RequestAccessToken(request));
        self.may_renew = false;
        self.attempt = self.attempt.early(request);
        self.into()
    }

    fn renewed(mut self, answer: Result<Secret, Unanswered>, context: &mut Context) -> Phase {
        match answer {
            Ok(token) => {
                self.trace.renewed_token = Some(token);
                self.try_again(context)
            }
            Err(problem) => self.later(&problem, context),
        }
    }

    fn cancel(mut self, context: &mut Context) -> Phase {
        self.is_cancelled = true;
        if self.attempt.is_pausing() {
            self.void = true;
            return self.try_again(context);
        }
        self.into()
    }

    /// The gateway refused, and the merchant's server knows of no sale.
    fn refused(mut self, context: &mut Context) -> Phase {
        self.trace.pages.close(context);
        let (detail, support_reference) = match self.trace.doubt {
            Doubt::Refused {
                detail,
                support_reference,
            } => (detail, support_reference),
            doubt => (doubt.describe(), None),
        };
        Finished::end_not_charged(
            NotChargedReason::PerformRefused,
            detail,
            None,
            support_reference,
            Some(self.trace.invoice.invoice_id),
            context,
        )
    }

    /// The merchant's server has accepted no check sale and will accept none.
    fn voided(mut self, context: &mut Context) -> Phase {
        if self.trace.doubt.is_refusal() {
            return self.refused(context);
        }
        self.trace.pages.close(context);
        let detail = format!(
            "{}; the merchant's server had accepted no check sale for it and has voided the invoice",
            self.trace.doubt.describe()
        );
        let invoice_id = Some(self.trace.invoice.invoice_id);
        Finished::not_charged(NotChargedReason::InvoiceVoided, &detail, invoice_id, context)
    }

    /// Nobody could be asked, or nobody knew the answer.
    fn without_answer(mut self, context: &mut Context) -> Phase {
        let became = self.trace.doubt.describe();
        let is_refused = self.trace.doubt.is_refusal();
        if is_refused && !context.plan().can_recover_session {
            return self.refused(context);
        }
        self.trace.pages.close(context);
        let (reason, detail) = if is_refused {
            (
                UnknownReason::RefusalUnconfirmed,
                format!("{became}; the merchant's server could not say whether the gateway took an earlier copy of it"),
            )
        } else if self.is_cancelled {
            (UnknownReason::StoppedWaiting, format!("stopped waiting; {became}"))
        } else {
            (
                UnknownReason::PerformAnswerLost,
                format!("{became}, and the merchant's server did not return the sale's session token"),
            )
        };
        Finished::unknown_without_session(self.trace, reason, detail, context)
    }

    pub(super) fn rewind(&mut self, milliseconds: u64) {
        self.attempt.rewind(milliseconds);
        self.deadline.rewind(milliseconds);
    }
}

/// What is known of a sale without a session token. It is enough to ask about it, now or after an unknown outcome.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize)]
pub(in crate::flow) struct Trace {
    pub(in crate::flow) invoice: Invoice,
    /// The access token of perform sale. Status requests need the same one.
    pub(in crate::flow) access_token: Secret,
    /// A newer access token, only for the merchant's server.
    pub(in crate::flow) renewed_token: Option<Secret>,
    pub(in crate::flow) doubt: Doubt,
    pub(in crate::flow) pages: Pages,
}

stored_struct!(Trace {
    invoice,
    access_token,
    renewed_token,
    doubt,
    pages
});

impl Trace {
    /// For a sale that has shown no page.
    pub(in crate::flow) fn new(invoice: Invoice, access_token: Secret, doubt: Doubt) -> Self {
        Self {
            invoice,
            access_token,
            renewed_token: None,
            doubt,
            pages: Pages::default(),
        }
    }

    /// For a restored sale.
    #[must_use]
    pub(in crate::flow) fn after_restart(self) -> Self {
        Self {
            pages: self.pages.after_restart(),
            ..self
        }
    }
}

impl From<Recovering> for Phase {
    fn from(phase: Recovering) -> Self {
        Self::Recovering(phase)
    }
}
