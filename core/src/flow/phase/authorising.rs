//! Asks the merchant's server for an access token. Nothing can be charged here, so the request may be repeated.

use serde::Serialize;

use super::{Finished, Initiating, Phase};
use crate::{
    flow::{
        Effect,
        attempt::Attempt,
        context::Context,
        event::{Event, Request, Unanswered},
    },
    json::stored_struct,
    outcome::NotChargedReason,
    value::Secret,
};

#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize)]
pub(in crate::flow) struct Authorising {
    pub(in crate::flow) attempt: Attempt,
    /// The merchant's server did not accept the earlier token. A new one is worth one try, not more.
    pub(in crate::flow) is_renewal: bool,
}

stored_struct!(Authorising { attempt, is_renewal });

impl Authorising {
    pub(super) fn begin(is_renewal: bool, context: &mut Context) -> Phase {
        let attempt = Attempt::first(ask(context));
        Phase::Authorising(Self { attempt, is_renewal })
    }

    pub(super) fn on(self, event: Event, context: &mut Context) -> Phase {
        match event {
            Event::AccessToken(request, answer) if self.attempt.waits_for(request) => self.answered(answer, context),
            Event::Timer if self.attempt.is_due(context) => self.try_again(context),
            Event::Foreground | Event::NetworkAvailable if self.attempt.is_pausing() => self.try_early(context),
            Event::Cancel => Finished::cancelled(None, context),
            Event::Resume => Finished::interrupted(None, context),
            Event::Background => {
                context.save();
                self.into()
            }
            // Late answers, signals while an answer is awaited, and events of later phases.
            Event::Start
            | Event::Timer
            | Event::Foreground
            | Event::NetworkAvailable
            | Event::AccessToken(..)
            | Event::Committed(..)
            | Event::Initiate(..)
            | Event::Perform(..)
            | Event::Status(..)
            | Event::SessionToken(..)
            | Event::BrowserFailed
            | Event::BrowserReturned
            | Event::BrowserClosed => self.into(),
        }
    }

    fn try_early(self, context: &mut Context) -> Phase {
        let attempt = self.attempt.early(ask(context));
        Self { attempt, ..self }.into()
    }

    fn try_again(self, context: &mut Context) -> Phase {
        let attempt = self.attempt.next(ask(context));
        Self { attempt, ..self }.into()
    }

    fn answered(self, answer: Result<Secret, Unanswered>, context: &mut Context) -> Phase {
        let may_try_again = self.attempt.tries() < context.plan().initiate_tries;
        match answer {
            Ok(token) => {
                let may_renew = context.plan().can_request_access_token && !self.is_renewal;
                Initiating::begin(token, may_renew, context)
            }
            Err(problem) if problem.may_pass() && may_try_again => {
                let attempt = self.attempt.pause(problem.retry_after_ms(), context);
                Self { attempt, ..self }.into()
            }
            Err(Unanswered::Failed(failure)) => Finished::failed(
                NotChargedReason::MerchantUnavailable,
                &failure,
                "the merchant's server gave no access token",
                None,
                context,
            ),
            Err(Unanswered::Refused(refusal)) => Finished::refused(
                NotChargedReason::AccessTokenRefused,
                &refusal,
                "the merchant's server gave no access token",
                context,
            ),
        }
    }

    pub(super) fn rewind(&mut self, milliseconds: u64) {
        self.attempt.rewind(milliseconds);
    }
}

fn ask(context: &mut Context) -> Request {
    let request = context.request();
    context.effect(Effect::RequestAccessToken(request));
    request
}

impl From<Authorising> for Phase {
    fn from(phase: Authorising) -> Self {
        Self::Authorising(phase)
    }
}
