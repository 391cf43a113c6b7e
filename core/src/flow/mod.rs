//! The flow of a sale: one pure state machine, [`step`].
//!
//! No I/O, no clock, no async, no card data. The engine tells what happened ([`Event`]), the machine answers with the
//! next [`State`] and with what is to be done ([`Effect`]). Whoever wants to know what SaleKit does when an answer is
//! lost finds it here and nowhere else.
//!
//! ```text
//!                       Start
//!                         │            no token    ┌─────────────┐ refused ──────────────► NotCharged
//!                       (new) ───────────────────► │ authorising │
//!                         │ token given            └──────┬──────┘
//!                         ▼                               │ access token
//!                  ┌────────────┐ ◄───────────────────────┘
//!                  │ initiating │ 401/403: a new token, once · unavailable: again, 3 times at most
//!                  └─────┬──────┘ refused, unavailable for good, cancel, killed ──────────► NotCharged
//!                        │ invoice
//!                        ▼
//!                  ┌────────────┐ save failed, cancel ────────────────────────────────────► NotCharged
//!                  │ committing │   the snapshot that says "perform may have been sent" is being saved
//!                  └─────┬──────┘
//!                        │ saved                     killed here or later: resume begins at "recovering"
//!                        ▼
//!                  ┌────────────┐ certainly not sent: again, 3 times at most, then ───────► NotCharged
//!                  │ performing │ refused by the gateway ─────────────────────────────────► NotCharged
//!                  └─┬────────┬─┘ 4xx that is no DAPI: one harmless request, likewise ────► NotCharged
//!      session token │        │ answer lost, 5xx, unreadable, 408, 409; 4xx, and then DAPI after all
//!                    │        ▼
//!                    │  ┌────────────┐
//!                    │  │ recovering │ the shop's server is asked for the token; time over ─► Unknown
//!                    │  │            │ 401/403: with a new access token, once
//!                    │  └─────┬──────┘
//!                    ▼        ▼ session token
//!                  ┌────────────┐  REDIRECT_REQUEST   ┌───────────┐  browser returned or closed:
//!                  │ processing │ ──────────────────► │ challenge │  only a reason to ask
//!                  └─────┬──────┘ ◄────────────────── └─────┬─────┘
//!                        │          any other state         │
//!      no answer, unknown state, 4xx, 5xx: ask again, more slowly · window over: ask once more, then ► Unknown
//!                        │                                  │
//!                        ├── APPROVED (wins over a cancel) ─┤
//!                        ▼                                  ▼
//!               ┌────────────────────┐
//!               │ asking_stored_card │ 3 s at most; changes nothing ───────────────────────► Approved
//!               └────────────────────┘      DECLINED ──────────────────────────────────────► Declined
//! ```
//!
//! Cancel ends a sale at once in the phases up to *committing*. Later it only ends the waiting: the browser is closed,
//! the gateway is asked once more, and if it has not decided the outcome is `Unknown(StoppedWaiting)`.

mod effect;
mod event;
mod finish;
mod perform;
mod plan;
mod poll;
mod snapshot;
mod start;
mod state;
mod status;

pub use effect::Effect;
pub use event::{Event, Request, Unanswered};
pub use plan::{Jitter, Pacing, Plan};
pub use snapshot::{Snapshot, SnapshotError};
pub use state::{Invoice, Order, State};

use state::{Attempt, Phase, Polling, WaitingFor};

use crate::Timestamp;

/// What comes after `event` in `state` at `now`: the next state, and what is to be done, in order.
///
/// Total: every event is allowed in every state. Those that do not belong there (late answers, repeated signals, a
/// timer that was replaced) change nothing.
pub fn step(state: State, event: Event, now: Timestamp) -> (State, Vec<Effect>) {
    let mut step = Step {
        state,
        now,
        effects: Vec::new(),
    };
    if now < step.state.seen {
        let back = step.state.seen.since(now);
        step.state.rewind(back);
    }
    step.state.seen = now;
    step.apply(event);
    (step.state, step.effects)
}

/// One step in the making.
struct Step {
    state: State,
    now: Timestamp,
    effects: Vec<Effect>,
}

impl Step {
    fn apply(&mut self, event: Event) {
        match event {
            Event::Start => self.start(),
            Event::Resume => self.resume(),
            Event::Cancel => self.cancel(),
            Event::Timer => self.timer(),
            Event::Saved(request) => self.saved(request),
            Event::SaveFailed(request) => self.save_failed(request),
            Event::AccessToken(request, answer) => self.access_token(request, answer),
            Event::Initiate(request, answer) => self.initiate_answered(request, answer),
            Event::Perform(request, answer) => self.perform_answered(request, answer),
            Event::Status(request, answer) => self.status_answered(request, answer),
            Event::SessionToken(request, answer) => self.session_token(request, answer),
            Event::StoredCard(request, answer) => self.stored_card(request, answer),
            Event::BrowserOpened => {}
            Event::BrowserFailed => self.state.browser.is_open = false,
            Event::BrowserReturned => self.browser_returned(),
            Event::BrowserClosed => {
                self.state.browser.is_open = false;
                self.browser_returned();
            }
            Event::Foreground | Event::NetworkAvailable => self.hurry(),
            Event::Background => self.save(),
        }
    }

    /// A number for the next effect that is answered.
    const fn request(&mut self) -> Request {
        self.state.last_request = self.state.last_request.wrapping_add(1);
        self.state.last_request
    }

    fn save(&mut self) {
        if self.state.outcome().is_none() {
            let request = self.request();
            self.effects.push(Effect::Save(request));
        }
    }

    fn set_timer(&mut self, at: Timestamp) {
        self.effects.push(Effect::SetTimer { at });
    }

    /// Waits until the next try of a request, of which `tries` have failed.
    fn pause(&mut self, tries: u8) -> WaitingFor {
        let gap = match tries {
            0 | 1 => 1_000,
            2 => 2_000,
            3 => 3_000,
            _ => 5_000,
        };
        let at = self.now.plus(self.state.jitter.lengthen(gap));
        self.set_timer(at);
        WaitingFor::NextTry(at)
    }

    /// The tries of the request whose answer just came, if it is the one that is waited for.
    fn tries_of(attempt: &Attempt, request: Request) -> Option<u8> {
        (attempt.waiting_for == WaitingFor::Answer(request)).then_some(attempt.tries)
    }

    fn timer(&mut self) {
        match &self.state.phase {
            Phase::Authorising(attempt) | Phase::Initiating(attempt) | Phase::Performing { attempt, .. } => {
                if let WaitingFor::NextTry(at) = attempt.waiting_for {
                    self.when(at, Self::try_again);
                }
            }
            Phase::Recovering { attempt, .. } => {
                if let WaitingFor::NextTry(at) = attempt.waiting_for {
                    self.when(at, Self::try_again);
                }
            }
            Phase::Polling(Polling {
                outstanding: None,
                next,
                ..
            }) => {
                let at = *next;
                self.when(at, Self::poll_or_give_up);
            }
            Phase::AskingStoredCard { deadline, .. } => {
                let at = *deadline;
                self.when(at, Self::conclude_without_stored_card);
            }
            Phase::New | Phase::Committing { .. } | Phase::Polling(_) | Phase::Finished(_) => {}
        }
    }

    /// Does `then` if its time has come; a timer that was early is set again.
    fn when(&mut self, at: Timestamp, then: fn(&mut Self)) {
        if self.now >= at { then(self) } else { self.set_timer(at) }
    }

    /// The next try of whatever waits for one.
    fn try_again(&mut self) {
        match &self.state.phase {
            Phase::Authorising(attempt) => self.request_access_token(attempt.tries),
            Phase::Initiating(attempt) => self.initiate(attempt.tries),
            Phase::Performing { attempt, .. } => self.perform(attempt.tries),
            Phase::Recovering { attempt, .. } => self.ask_session_token(attempt.tries),
            _ => {}
        }
    }

    /// The app came to the foreground or the network came back: whatever waits is done now, or as soon as allowed.
    fn hurry(&mut self) {
        match &self.state.phase {
            Phase::Authorising(attempt)
            | Phase::Initiating(attempt)
            | Phase::Performing { attempt, .. }
            | Phase::Recovering { attempt, .. } => {
                if matches!(attempt.waiting_for, WaitingFor::NextTry(_)) {
                    self.try_again();
                }
            }
            Phase::Polling(_) => self.hurry_poll(),
            _ => {}
        }
    }

    fn cancel(&mut self) {
        match &self.state.phase {
            Phase::New | Phase::Authorising(_) | Phase::Initiating(_) | Phase::Committing { .. } => {
                self.not_charged(
                    crate::NotChargedReason::Cancelled,
                    "cancelled before perform sale was sent",
                );
            }
            Phase::Performing { attempt, .. } => {
                self.state.cancelled = true;
                if matches!(attempt.waiting_for, WaitingFor::NextTry(_)) {
                    self.not_charged(
                        crate::NotChargedReason::Cancelled,
                        "cancelled before perform sale was sent",
                    );
                }
            }
            Phase::Recovering { attempt, .. } => {
                self.state.cancelled = true;
                if matches!(attempt.waiting_for, WaitingFor::NextTry(_)) {
                    self.give_up_recovery();
                }
            }
            Phase::Polling(_) => self.cancel_poll(),
            Phase::AskingStoredCard { .. } => self.conclude_without_stored_card(),
            Phase::Finished(_) => {}
        }
    }

    fn resume(&mut self) {
        // Whoever resumes wants to know, whatever was cancelled before.
        self.state.cancelled = false;
        match &self.state.phase {
            Phase::New | Phase::Authorising(_) | Phase::Initiating(_) => self.not_charged(
                crate::NotChargedReason::Interrupted,
                "the app ended before perform sale was sent; card data is not kept",
            ),
            // Saved before the first byte was sent: from here on, nobody can say that it was not.
            Phase::Committing { .. } | Phase::Performing { .. } | Phase::Recovering { .. } => {
                self.presume_page();
                self.recover();
            }
            Phase::Polling(_) => {
                self.presume_page();
                self.resume_poll();
            }
            Phase::AskingStoredCard { .. } => self.conclude_without_stored_card(),
            Phase::Finished(_) => self.reopen(),
        }
    }
}
