//! Asks the merchant's server for an invoice. Nothing can be charged here, so the request may be repeated.

use serde::Serialize;

use super::{Authorising, Committing, Finished, Phase};
use crate::{
    flow::{
        Effect,
        attempt::Attempt,
        context::Context,
        event::{Event, Request},
    },
    json::stored_struct,
    outcome::{Failure, NotChargedReason},
    value::Secret,
    wire::initiate::InitiateAnswer,
};

#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize)]
pub(in crate::flow) struct Initiating {
    pub(in crate::flow) attempt: Attempt,
    /// `session.accessToken`.
    pub(in crate::flow) access_token: Secret,
    /// The merchant's server can be asked for another token and was not asked yet.
    pub(in crate::flow) may_renew: bool,
}

stored_struct!(Initiating {
    attempt,
    access_token,
    may_renew
});

impl Initiating {
    pub(super) fn begin(access_token: Secret, may_renew: bool, context: &mut Context) -> Phase {
        let attempt = Attempt::first(ask(&access_token, context));
        Phase::Initiating(Self {
            attempt,
            access_token,
            may_renew,
        })
    }

    pub(super) fn on(self, event: Event, context: &mut Context) -> Phase {
        match event {
            Event::Initiate(request, answer) if self.attempt.waits_for(request) => self.answered(answer, context),
            Event::Timer if self.attempt.is_due(context) => self.try_again(context),
            Event::Foreground | Event::NetworkAvailable if self.attempt.is_pausing() => self.try_early(context),
            Event::Cancel => Finished::cancelled(None, context),
            Event::Resume => Finished::interrupted(None, context),
            Event::Background => {
                context.save();
                self.into()
            }
            // Late answers, signals while an answer is awaited, and events of other phases.
            Event::Start
            | Event::Timer
            | Event::Foreground
            | Event::NetworkAvailable
            | Event::Initiate(..)
            | Event::Committed(..)
            | Event::AccessToken(..)
            | Event::Perform(..)
            | Event::Status(..)
            | Event::SessionToken(..)
            | Event::BrowserFailed
            | Event::BrowserReturned
            | Event::BrowserClosed => self.into(),
        }
    }

    fn try_early(self, context: &mut Context) -> Phase {
        let attempt = self.attempt.early(ask(&self.access_token, context));
        Self { attempt, ..self }.into()
    }

    fn try_again(self, context: &mut Context) -> Phase {
        let attempt = self.attempt.next(ask(&self.access_token, context));
        Self { attempt, ..self }.into()
    }

    fn answered(self, answer: Result<InitiateAnswer, Failure>, context: &mut Context) -> Phase {
        match answer {
            Ok(InitiateAnswer::Initiated(initiated)) => Committing::begin(self, initiated, context),
            // The token may have expired.
            Ok(InitiateAnswer::AccessTokenRefused(_)) if self.may_renew => Authorising::begin(true, context),
            Ok(InitiateAnswer::AccessTokenRefused(refusal)) => Finished::refused(
                NotChargedReason::AccessTokenRefused,
                &refusal,
                "the merchant's server did not accept the access token",
                context,
            ),
            Ok(InitiateAnswer::Refused(refusal)) => Finished::refused(
                NotChargedReason::InitiateRefused,
                &refusal,
                "the merchant's server refused the sale",
                context,
            ),
            Ok(InitiateAnswer::Unavailable(refusal)) if self.may_try_again(context) => {
                self.later(refusal.retry_after_ms, context)
            }
            Ok(InitiateAnswer::Unavailable(refusal)) => Finished::refused(
                NotChargedReason::MerchantUnavailable,
                &refusal,
                "the merchant's server could not start the sale",
                context,
            ),
            Err(failure) if !failure.kind.is_permanent() && self.may_try_again(context) => self.later(None, context),
            Err(failure) => Finished::failed(
                NotChargedReason::MerchantUnavailable,
                &failure,
                "the merchant's server did not answer initiate sale",
                None,
                context,
            ),
        }
    }

    pub(super) const fn may_try_again(&self, context: &Context) -> bool {
        self.attempt.tries() < context.plan().initiate_tries
    }

    /// Waits for the next try.
    pub(super) fn later(self, retry_after_ms: Option<u64>, context: &mut Context) -> Phase {
        let attempt = self.attempt.pause(retry_after_ms, context);
        Self { attempt, ..self }.into()
    }

    pub(super) fn rewind(&mut self, milliseconds: u64) {
        self.attempt.rewind(milliseconds);
    }
}

fn ask(access_token: &Secret, context: &mut Context) -> Request {
    let request = context.request();
    context.effect(Effect::Initiate {
        request,
        access_token: access_token.clone(),
    });
    request
}

impl From<Initiating> for Phase {
    fn from(phase: Initiating) -> Self {
        Self::Initiating(phase)
    }
}
