//! The cardholder authenticates with the issuer, on a page in the browser. SaleKit keeps asking the gateway: only its
//! answer says that the challenge is over.

use serde::Serialize;

use super::{Finished, Phase, Processing};
use crate::{
    flow::{
        context::Context,
        event::Event,
        pace::NextStep,
        polling::{Meaning, Polling},
    },
    json::stored_struct,
    outcome::UnknownReason,
    value::Timestamp,
};

#[derive(Clone, PartialEq, Eq, Hash, Serialize)]
pub(in crate::flow) struct Challenge {
    pub(in crate::flow) polling: Polling,
    /// When to stop asking.
    pub(in crate::flow) deadline: Timestamp,
    /// The page that the gateway named last.
    pub(in crate::flow) url: String,
    /// Whether the page is open, as far as is known.
    pub(in crate::flow) is_open: bool,
    /// The gateway's last answer was `PROCESSING`. One such answer may come from a replica that lags behind, so the
    /// page stays open until a second answer says the same, or the browser has returned.
    pub(in crate::flow) may_be_over: bool,
}

stored_struct!(Challenge {
    polling,
    deadline,
    url,
    is_open,
    may_be_over
});

impl Challenge {
    /// The gateway names a page.
    pub(super) fn begin(mut polling: Polling, url: String, context: &mut Context) -> Phase {
        let end = context.now.plus(context.plan().challenge_window);
        // One timeout for all challenges, so that repeated pages cannot keep a sale alive indefinitely.
        let deadline = *polling.challenge_end.get_or_insert(end);
        Self {
            polling,
            deadline,
            url,
            is_open: false,
            may_be_over: false,
        }
        .show(context)
    }

    /// Shows the page if there is time to finish it, and asks again.
    fn show(mut self, context: &mut Context) -> Phase {
        self.may_be_over = false;
        // The link by which the browser returned may be forged, so the page may be opened again. A page that the
        // cardholder closed stays closed.
        if self.is_open && self.polling.pace.is_after_return(context) {
            self.polling.pages.forget_last();
        }
        // There is no time left to finish the page: it would appear and vanish at once.
        let is_over = self.polling.is_cancelled || context.now >= self.deadline;
        if !is_over && self.polling.pages.open(&self.url, context) {
            self.is_open = true;
            self.polling.pace.page_opened();
            context.save();
        }
        self.ask_again(context)
    }

    pub(super) fn on(mut self, event: Event, context: &mut Context) -> Phase {
        match event {
            Event::Status(request, answer) => match self.polling.read(request, answer, context) {
                Meaning::Stray => self.into(),
                Meaning::Approved(status) => Finished::approved(self.polling, &status, context),
                Meaning::Declined(status) => Finished::declined(self.polling, &status, context),
                Meaning::Processing if self.may_be_over || !self.is_open || self.polling.pace.has_returned() => {
                    self.polling.pages.close(context);
                    Processing::after_challenge(self.polling, context)
                }
                Meaning::Processing => {
                    self.may_be_over = true;
                    self.ask_again(context)
                }
                Meaning::Redirect(url) => Self { url, ..self }.show(context),
                Meaning::Unclear => self.ask_again(context),
            },
            Event::BrowserFailed => {
                self.is_open = false;
                self.into()
            }
            Event::BrowserReturned => self.returned(context),
            Event::BrowserClosed => {
                self.is_open = false;
                self.returned(context)
            }
            Event::Timer => {
                let step = self.polling.pace.on_timer(self.deadline, context);
                self.carry_out(step, context)
            }
            Event::Foreground | Event::NetworkAvailable => {
                let gap = context.plan().pacing.challenge_gap;
                let step = self.polling.pace.hurry(gap, self.deadline, context);
                self.carry_out(step, context)
            }
            Event::Cancel => {
                self.polling.is_cancelled = true;
                self.is_open = false;
                self.polling.pages.close(context);
                let step = self.polling.pace.cancel(self.deadline, context);
                self.carry_out(step, context)
            }
            Event::Resume => {
                let deadline = context.now.plus(context.plan().processing_window);
                Processing::after_restart(self.polling, deadline, context)
            }
            Event::Background => {
                context.save();
                self.into()
            }
            // Late answers, and events of earlier phases.
            Event::Start
            | Event::Committed(..)
            | Event::AccessToken(..)
            | Event::Initiate(..)
            | Event::Perform(..)
            | Event::SessionToken(..) => self.into(),
        }
    }

    /// The browser returned or was closed. That says nothing about the payment, but the answer may be near.
    fn returned(mut self, context: &mut Context) -> Phase {
        if self.polling.pace.browser_returned(context) && !self.polling.pace.is_asking() {
            let gap = context.plan().pacing.challenge_gap;
            self.polling.pace.schedule(gap, self.deadline, context);
        }
        self.into()
    }

    fn carry_out(mut self, step: NextStep, context: &mut Context) -> Phase {
        if self.polling.carry_out(step, context) {
            return self.give_up(context);
        }
        self.into()
    }

    /// The answer does not end the sale: ask again later, or give up.
    fn ask_again(mut self, context: &mut Context) -> Phase {
        if self.polling.is_cancelled || context.now >= self.deadline {
            return self.give_up(context);
        }
        let pacing = context.plan().pacing;
        let gap = if self.may_be_over {
            pacing.processing_gap
        } else {
            pacing.challenge_gap
        };
        self.polling.pace.schedule(gap, self.deadline, context);
        self.into()
    }

    fn give_up(self, context: &mut Context) -> Phase {
        Finished::unknown(
            self.polling,
            UnknownReason::ChallengeUnfinished,
            "the cardholder had not finished the challenge in time",
            context,
        )
    }

    pub(super) fn rewind(&mut self, milliseconds: u64) {
        self.polling.rewind(milliseconds);
        self.deadline.rewind(milliseconds);
    }
}

/// Hides the address, which gives access to the challenge.
impl std::fmt::Debug for Challenge {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_struct("Challenge")
            .field("polling", &self.polling)
            .field("deadline", &self.deadline)
            .field("is_open", &self.is_open)
            .finish_non_exhaustive()
    }
}

impl From<Challenge> for Phase {
    fn from(phase: Challenge) -> Self {
        Self::Challenge(phase)
    }
}
