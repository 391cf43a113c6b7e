//! Perform sale, the one request that moves money, and what is done when its answer is lost.

use super::{
    Effect, Request, Step, Unanswered,
    state::{Attempt, Phase, WaitingFor},
};
use crate::{
    Failure, NotChargedReason, Secret, Sent, Timestamp, UnknownReason,
    message::{Refusal, perform::PerformAnswer},
};

impl Step {
    /// Sends perform sale. Reached from *committing*, whose snapshot is saved, and from *performing* after a failure
    /// that certainly came before the first byte; from nowhere else.
    pub(super) fn perform(&mut self, tries: u8) {
        let (Phase::Committing { authorisation, .. } | Phase::Performing { authorisation, .. }) = &self.state.phase
        else {
            return;
        };
        let authorisation = authorisation.clone();
        let Some(invoice) = self.state.invoice.clone() else {
            return;
        };
        let request = self.request();
        self.state.phase = Phase::Performing {
            attempt: Attempt {
                tries: tries.saturating_add(1),
                waiting_for: WaitingFor::Answer(request),
            },
            authorisation: authorisation.clone(),
        };
        self.effects.push(Effect::Perform {
            request,
            invoice,
            authorisation,
        });
    }

    pub(super) fn perform_answered(&mut self, request: Request, answer: Result<PerformAnswer, Failure>) {
        let Phase::Performing { attempt, authorisation } = &self.state.phase else {
            return;
        };
        let Some(tries) = Self::tries_of(attempt, request) else {
            return;
        };
        match answer {
            Ok(PerformAnswer::Accepted { session_token }) => self.begin_polling(session_token),
            Ok(PerformAnswer::Refused(refusal)) => {
                self.refused(
                    NotChargedReason::PerformRefused,
                    &refusal,
                    "the gateway refused the sale",
                );
            }
            Ok(PerformAnswer::Ambiguous(refusal)) => {
                self.state.unclear_status = Some(refusal.status);
                self.recover();
            }
            Err(Failure {
                sent: Sent::Possibly, ..
            }) => self.recover(),
            Err(
                failure @ Failure {
                    sent: Sent::CertainlyNot,
                    ..
                },
            ) => {
                if self.state.cancelled {
                    self.not_charged(NotChargedReason::Cancelled, "cancelled; perform sale could not be sent");
                } else if tries < self.state.plan.perform_tries && !failure.kind.is_lasting() {
                    let authorisation = authorisation.clone();
                    let waiting_for = self.pause(tries);
                    self.state.phase = Phase::Performing {
                        attempt: Attempt { tries, waiting_for },
                        authorisation,
                    };
                } else {
                    self.failed(
                        NotChargedReason::GatewayUnreachable,
                        &failure,
                        "no connection to the gateway, perform sale was not sent",
                    );
                }
            }
        }
    }

    /// Perform sale may have been processed and there is no session token to ask with: the shop's server may know it
    /// from check sale. Perform sale is never sent again.
    pub(super) fn recover(&mut self) {
        let deadline = self.now.plus(self.state.plan.recovery_window);
        self.state.token_refreshed = false;
        self.state.phase = Phase::Recovering {
            attempt: Attempt {
                tries: 0,
                waiting_for: WaitingFor::NextTry(self.now),
            },
            deadline,
        };
        if self.state.plan.can_recover_session {
            self.ask_session_token(0);
            self.save();
        } else {
            self.give_up_recovery();
        }
    }

    pub(super) fn ask_session_token(&mut self, tries: u8) {
        let Phase::Recovering { deadline, .. } = self.state.phase else {
            return;
        };
        let (Some(invoice), Some(access_token)) = (self.state.invoice.clone(), self.state.shop_token()) else {
            return self.give_up_recovery();
        };
        let request = self.request();
        self.state.phase = Phase::Recovering {
            attempt: Attempt {
                tries: tries.saturating_add(1),
                waiting_for: WaitingFor::Answer(request),
            },
            deadline,
        };
        self.effects.push(Effect::AskSessionToken {
            request,
            invoice,
            access_token,
        });
    }

    pub(super) fn session_token(&mut self, request: Request, answer: Result<Secret, Unanswered>) {
        let Some((tries, deadline)) = self.recovery(request) else {
            return;
        };
        match answer {
            Ok(session_token) => self.begin_polling(session_token),
            Err(Unanswered::Refused(refusal)) if self.may_renew(&refusal) => self.renew_token(tries, deadline),
            // The shop's server learns the token from check sale, which may come after the perform answer, so a refusal
            // now is no refusal for good.
            Err(_) => self.ask_session_token_later(tries, deadline),
        }
    }

    /// How often the shop's server was asked and until when, if the recovery waits for the answer to `request`.
    fn recovery(&self, request: Request) -> Option<(u8, Timestamp)> {
        match &self.state.phase {
            Phase::Recovering { attempt, deadline } => Some((Self::tries_of(attempt, request)?, *deadline)),
            _ => None,
        }
    }

    fn ask_session_token_later(&mut self, tries: u8, deadline: Timestamp) {
        if self.state.cancelled || self.now >= deadline {
            return self.give_up_recovery();
        }
        let waiting_for = self.pause(tries);
        self.state.phase = Phase::Recovering {
            attempt: Attempt { tries, waiting_for },
            deadline,
        };
    }

    /// Whether the shop's server refused for the access token: a sale may be resumed long after that has run out.
    fn may_renew(&self, refusal: &Refusal) -> bool {
        matches!(refusal.status, 401 | 403) && self.state.plan.can_request_access_token && !self.state.token_refreshed
    }

    fn renew_token(&mut self, tries: u8, deadline: Timestamp) {
        self.state.token_refreshed = true;
        let request = self.request();
        self.state.phase = Phase::Recovering {
            attempt: Attempt {
                tries,
                waiting_for: WaitingFor::Answer(request),
            },
            deadline,
        };
        self.effects.push(Effect::RequestAccessToken(request));
    }

    pub(super) fn token_renewed(&mut self, request: Request, answer: Result<Secret, Unanswered>) {
        let Some((tries, deadline)) = self.recovery(request) else {
            return;
        };
        match answer {
            Ok(token) => {
                self.state.renewed_token = Some(token);
                self.ask_session_token(tries);
            }
            Err(_) => self.ask_session_token_later(tries, deadline),
        }
    }

    pub(super) fn give_up_recovery(&mut self) {
        let became = self.state.unclear_status.map_or_else(
            || "the answer to perform sale was lost".to_owned(),
            |status| {
                format!(
                    "perform sale was answered unclearly (HTTP status {status}; if that is so for every sale, check the \
                     configured gateway base URL and its path)"
                )
            },
        );
        if self.state.cancelled {
            self.unknown(UnknownReason::StoppedWaiting, &format!("stopped waiting; {became}"));
        } else {
            self.unknown(
                UnknownReason::PerformAnswerLost,
                &format!("{became}, and the sale's session token could not be learnt"),
            );
        }
    }
}
