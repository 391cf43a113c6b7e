//! When the gateway is asked for the status, and when asking ends.
//!
//! What an answer means is next door, in `status`.

use super::{
    Effect, Step,
    state::{Mode, Phase, Polling},
};
use crate::{Failure, Secret, Timestamp, UnknownReason, message::Refusal};

/// A resumed sale is given at least this long, even if its windows are long over, in milliseconds.
const GRACE: u64 = 20_000;

impl Step {
    /// The gateway has given the sale a session token: from now on it can be asked, and is, at once.
    pub(super) fn begin_polling(&mut self, session_token: Secret) {
        self.state.session_token = Some(session_token);
        self.state.unclear_status = None;
        self.state.phase = Phase::Polling(Polling {
            mode: Mode::Processing,
            outstanding: None,
            last_sent: self.now,
            next: self.now,
            deadline: self.now.plus(self.state.plan.processing_window),
            challenge_deadline: None,
            returned: None,
            burst_left: 0,
            hurry: false,
            failures: 0,
            hold: None,
            order_id: None,
        });
        self.poll();
        self.save();
    }

    /// After a restart the gateway is asked first of all.
    pub(super) fn resume_poll(&mut self) {
        let Phase::Polling(polling) = &mut self.state.phase else {
            return;
        };
        let grace = self.now.plus(GRACE);
        polling.deadline = polling.deadline.max(grace);
        polling.challenge_deadline = polling.challenge_deadline.map(|end| end.max(grace));
        polling.failures = 0;
        polling.hold = None;
        self.poll();
    }

    /// Asks the gateway now.
    pub(super) fn poll(&mut self) {
        let (Some(invoice), Some(access_token), Some(session_token)) = (
            self.state.invoice.clone(),
            self.state.access_token.clone(),
            self.state.session_token.clone(),
        ) else {
            return;
        };
        let request = self.request();
        let now = self.now;
        let Phase::Polling(polling) = &mut self.state.phase else {
            return;
        };
        if polling.returned.is_some() {
            polling.burst_left = polling.burst_left.saturating_sub(1);
        }
        polling.outstanding = Some(request);
        polling.last_sent = now;
        polling.hurry = false;
        self.effects.push(Effect::PollStatus {
            request,
            invoice,
            access_token,
            session_token,
        });
    }

    /// The timer for the next request has come.
    pub(super) fn poll_or_give_up(&mut self) {
        let floor = self.state.plan.pacing.floor;
        let Phase::Polling(polling) = &self.state.phase else {
            return;
        };
        let is_over = self.now >= polling.deadline;
        let may_ask = self.now.since(polling.last_sent) >= floor && polling.hold.is_none_or(|hold| self.now >= hold);
        // Before an end is called unknown the gateway is asked once more, unless that was just done.
        if is_over && !may_ask {
            self.give_up();
        } else {
            self.poll();
        }
    }

    /// An answer came that ends nothing: asks again in time, or gives up.
    pub(super) fn ask_again(&mut self) {
        let Phase::Polling(polling) = &self.state.phase else {
            return;
        };
        if self.state.cancelled || self.now >= polling.deadline {
            self.give_up();
        } else {
            self.schedule();
        }
    }

    /// A request brought nothing.
    pub(super) fn not_answered(&mut self, retry_after_ms: Option<u64>) {
        let now = self.now;
        if let Phase::Polling(polling) = &mut self.state.phase {
            polling.failures = polling.failures.saturating_add(1);
            polling.hold = retry_after_ms.map(|delay| now.plus(delay));
        }
        self.ask_again();
    }

    pub(super) fn refused_status(&mut self, refusal: &Refusal) {
        self.not_answered(refusal.retry_after_ms);
    }

    pub(super) fn failed_status(&mut self, _failure: &Failure) {
        self.not_answered(None);
    }

    /// Sets the timer for the next request.
    fn schedule(&mut self) {
        let Phase::Polling(polling) = &self.state.phase else {
            return;
        };
        let pacing = self.state.plan.pacing;
        let after = |gap: u64| polling.last_sent.plus(gap);
        let usual = match (polling.mode, polling.returned) {
            _ if polling.failures > 0 => {
                let gap = self.state.jitter.lengthen(backoff(polling, &self.state.plan.pacing));
                after(gap)
            }
            (_, Some(returned)) if polling.burst_left > 0 => {
                after(pacing.burst_gap).max(returned.plus(pacing.burst_gap))
            }
            (mode, Some(returned)) if returned >= polling.last_sent => {
                let latest = if mode == Mode::Challenge {
                    pacing.challenge_gap
                } else {
                    pacing.processing_gap
                };
                returned
                    .plus(pacing.aim_after_return)
                    .clamp(after(pacing.floor), after(latest.max(pacing.floor)))
            }
            (Mode::Processing, _) | (_, Some(_)) => after(pacing.processing_gap),
            (Mode::Challenge, None) => after(pacing.challenge_gap),
        };
        let wanted = if polling.hurry {
            usual.min(after(pacing.floor))
        } else {
            usual
        };
        let allowed = polling.hold.map_or(wanted, |hold| wanted.max(hold));
        let at = allowed.max(self.now).min(polling.deadline);
        self.poll_at(at);
    }

    fn poll_at(&mut self, at: Timestamp) {
        if let Phase::Polling(polling) = &mut self.state.phase {
            polling.next = at;
            self.set_timer(at);
        }
    }

    /// Sets the timer anew after something happened between two requests.
    fn reschedule(&mut self) {
        if matches!(&self.state.phase, Phase::Polling(Polling { outstanding: None, .. })) {
            self.schedule();
        }
    }

    /// The browser came back or was closed. That says nothing about the payment, but the answer may be near.
    pub(super) fn browser_returned(&mut self) {
        let now = self.now;
        let burst = self.state.plan.pacing.burst;
        let Phase::Polling(polling) = &mut self.state.phase else {
            return;
        };
        if polling.mode != Mode::Challenge || polling.returned.is_some() {
            return;
        }
        polling.returned = Some(now);
        polling.burst_left = burst;
        self.reschedule();
    }

    /// Asks at once if the last request is old enough, else as soon as it is.
    pub(super) fn hurry_poll(&mut self) {
        let floor = self.state.plan.pacing.floor;
        let now = self.now;
        let Phase::Polling(polling) = &mut self.state.phase else {
            return;
        };
        let is_aimed = polling.returned.is_some_and(|returned| returned >= polling.last_sent);
        if is_aimed && now < polling.next && polling.outstanding.is_none() {
            // The browser's return has already set the best moment.
            return;
        }
        let is_old = now.since(polling.last_sent) >= floor;
        let is_held = polling.hold.is_some_and(|hold| now < hold);
        polling.hurry = true;
        if is_old && !is_held {
            // A request that was under way while the app slept may hang on a dead connection; this one will not.
            self.poll();
        } else {
            self.reschedule();
        }
    }

    /// Cancel after perform sale: the page goes away, the gateway is asked once more, then the waiting ends.
    pub(super) fn cancel_poll(&mut self) {
        self.state.cancelled = true;
        self.close_browser();
        let Phase::Polling(polling) = &self.state.phase else {
            return;
        };
        if polling.outstanding.is_some() {
            return;
        }
        let at = polling
            .last_sent
            .plus(self.state.plan.pacing.floor)
            .max(self.now)
            .min(polling.deadline);
        if polling.hold.is_some_and(|hold| at < hold) {
            self.give_up();
        } else if at <= self.now {
            self.poll_or_give_up();
        } else {
            self.poll_at(at);
        }
    }

    /// The time is over, or nobody waits any more.
    fn give_up(&mut self) {
        let Phase::Polling(polling) = &self.state.phase else {
            return;
        };
        let (reason, detail) = if self.state.cancelled {
            (
                UnknownReason::StoppedWaiting,
                "stopped waiting; the gateway had not decided",
            )
        } else if polling.failures > 0 {
            (
                UnknownReason::StatusUnavailable,
                "the gateway gave no usable answer to status requests in time",
            )
        } else if polling.mode == Mode::Challenge {
            (
                UnknownReason::ChallengeUnfinished,
                "the cardholder had not finished the challenge in time",
            )
        } else {
            (
                UnknownReason::StillProcessing,
                "the gateway was still processing when the time was over",
            )
        };
        self.unknown(reason, detail);
    }
}

/// The gap after `failures` requests in a row that brought nothing: 3, 5, 8, 12, 20, 30 s, and never a shorter one
/// than if all was well.
fn backoff(polling: &Polling, pacing: &super::Pacing) -> u64 {
    let usual = if polling.mode == Mode::Challenge {
        pacing.challenge_gap
    } else {
        pacing.processing_gap
    };
    // Counted in the usual gap, so that a quicker schedule backs off from its own pace.
    let tenths = match polling.failures {
        0 | 1 => 10,
        2 => 16,
        3 => 26,
        4 => 42,
        5 => 68,
        _ => 100,
    };
    (usual.saturating_mul(tenths) / 10).min(pacing.longest_backoff.max(usual))
}
