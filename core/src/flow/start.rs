//! The beginning: access token and initiate sale. Nothing can be charged here, so everything may be tried again.

use super::{
    Effect, Invoice, Request, Step, Unanswered,
    state::{Attempt, Phase, WaitingFor},
};
use crate::{
    Failure, NotChargedReason, Secret,
    message::{
        Refusal,
        initiate::{InitiateAnswer, Initiated},
        perform::Authorisation,
    },
};

impl Step {
    pub(super) fn start(&mut self) {
        if self.state.phase != Phase::New {
            return;
        }
        if self.state.access_token.is_some() {
            self.initiate(0);
        } else if self.state.plan.can_request_access_token {
            self.request_access_token(0);
        } else {
            return self.not_charged(
                NotChargedReason::AccessTokenRefused,
                "no access token was given and the shop's server cannot be asked for one",
            );
        }
        self.save();
    }

    pub(super) fn request_access_token(&mut self, tries: u8) {
        let request = self.request();
        self.state.phase = Phase::Authorising(Attempt {
            tries: tries.saturating_add(1),
            waiting_for: WaitingFor::Answer(request),
        });
        self.effects.push(Effect::RequestAccessToken(request));
    }

    pub(super) fn access_token(&mut self, request: Request, answer: Result<Secret, Unanswered>) {
        let attempt = match &self.state.phase {
            Phase::Authorising(attempt) => attempt,
            Phase::Recovering { .. } => return self.token_renewed(request, answer),
            _ => return,
        };
        let Some(tries) = Self::tries_of(attempt, request) else {
            return;
        };
        match answer {
            Ok(token) => {
                self.state.access_token = Some(token);
                self.initiate(0);
            }
            Err(problem) if problem.may_pass() && tries < self.state.plan.initiate_tries => {
                let waiting_for = self.pause(tries);
                self.state.phase = Phase::Authorising(Attempt { tries, waiting_for });
            }
            Err(Unanswered::Failed(failure)) => self.shop_unavailable(&failure, "an access token"),
            Err(Unanswered::Refused(refusal)) => {
                self.refused(
                    NotChargedReason::AccessTokenRefused,
                    &refusal,
                    "the shop's server gave no access token",
                );
            }
        }
    }

    pub(super) fn initiate(&mut self, tries: u8) {
        let Some(access_token) = self.state.access_token.clone() else {
            return self.request_access_token(0);
        };
        let request = self.request();
        self.state.phase = Phase::Initiating(Attempt {
            tries: tries.saturating_add(1),
            waiting_for: WaitingFor::Answer(request),
        });
        self.effects.push(Effect::Initiate { request, access_token });
    }

    pub(super) fn initiate_answered(&mut self, request: Request, answer: Result<InitiateAnswer, Failure>) {
        let Phase::Initiating(attempt) = &self.state.phase else {
            return;
        };
        let Some(tries) = Self::tries_of(attempt, request) else {
            return;
        };
        let may_try_again = tries < self.state.plan.initiate_tries;
        match answer {
            Ok(InitiateAnswer::Initiated(initiated)) => self.commit(initiated),
            Ok(InitiateAnswer::AccessTokenRefused(refusal)) => {
                // A token may simply be too old; a new one is worth one try, not more.
                if self.state.plan.can_request_access_token && !self.state.token_refreshed {
                    self.state.token_refreshed = true;
                    self.request_access_token(0);
                } else {
                    self.refused(
                        NotChargedReason::AccessTokenRefused,
                        &refusal,
                        "the shop's server did not accept the access token",
                    );
                }
            }
            Ok(InitiateAnswer::Refused(refusal)) => {
                self.refused(
                    NotChargedReason::InitiateRefused,
                    &refusal,
                    "the shop's server refused the sale",
                );
            }
            Ok(InitiateAnswer::Unavailable(_)) if may_try_again => self.initiate_later(tries),
            Ok(InitiateAnswer::Unavailable(refusal)) => {
                self.refused(
                    NotChargedReason::ShopUnavailable,
                    &refusal,
                    "the shop's server could not start the sale",
                );
            }
            Err(failure) if may_try_again && !failure.kind.is_lasting() => self.initiate_later(tries),
            Err(failure) => self.shop_unavailable(&failure, "an answer to initiate sale"),
        }
    }

    fn initiate_later(&mut self, tries: u8) {
        let waiting_for = self.pause(tries);
        self.state.phase = Phase::Initiating(Attempt { tries, waiting_for });
    }

    /// The invoice is there. Before perform sale is sent, the snapshot must say that it may have been.
    fn commit(&mut self, initiated: Initiated) {
        let Some(access_token) = self.state.access_token.clone() else {
            return;
        };
        let Initiated {
            endpoint_id,
            invoice_id,
            nonce,
            signature,
        } = initiated;
        self.state.invoice = Some(Invoice {
            endpoint_id,
            invoice_id,
        });
        let save = self.request();
        self.state.phase = Phase::Committing {
            save,
            authorisation: Authorisation {
                access_token,
                nonce,
                signature,
            },
        };
        self.effects.push(Effect::Save(save));
    }

    pub(super) fn saved(&mut self, request: Request) {
        if matches!(self.state.phase, Phase::Committing { save, .. } if save == request) {
            self.perform(0);
        }
    }

    pub(super) fn save_failed(&mut self, request: Request) {
        if matches!(self.state.phase, Phase::Committing { save, .. } if save == request) {
            self.not_charged(
                NotChargedReason::StorageFailed,
                "the snapshot could not be saved, so perform sale was not sent; look at the store's error",
            );
        }
    }

    fn shop_unavailable(&mut self, failure: &Failure, wanted: &str) {
        self.failed(
            NotChargedReason::ShopUnavailable,
            failure,
            &format!("the shop's server gave no {wanted}"),
        );
    }

    /// Ends the sale after an answer that refuses.
    pub(super) fn refused(&mut self, reason: NotChargedReason, refusal: &Refusal, what: &str) {
        let detail = format!("{what}: {}", refusal.describe());
        self.end_not_charged(reason, detail, None, refusal.support_reference());
    }

    /// Ends the sale after a failure without an answer.
    pub(super) fn failed(&mut self, reason: NotChargedReason, failure: &Failure, what: &str) {
        self.end_not_charged(reason, format!("{what}: {}", failure.kind), Some(failure.kind), None);
    }
}
