//! The gateway is processing, and SaleKit asks for the status. The gateway has not asked for a page.

use serde::Serialize;

use super::{Challenge, Finished, Phase};
use crate::{
    flow::{
        context::Context,
        event::Event,
        pace::{NextStep, Pace},
        page::Pages,
        polling::{Meaning, Polling, Session},
    },
    json::stored_struct,
    outcome::UnknownReason,
    value::Timestamp,
};

/// A resumed sale gets at least this time, in milliseconds, even if its timeouts have long passed.
const GRACE: u64 = 20_000;

#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize)]
pub(in crate::flow) struct Processing {
    pub(in crate::flow) polling: Polling,
    /// When to stop asking.
    pub(in crate::flow) deadline: Timestamp,
}

stored_struct!(Processing { polling, deadline });

impl Processing {
    /// The gateway accepted perform sale. No bank can have decided yet, so the first status request waits a little.
    pub(super) fn after_perform(session: Session, is_cancelled: bool, context: &mut Context) -> Phase {
        if is_cancelled {
            return Self::asking(session, Pages::default(), true, context);
        }
        let pace = Pace::begin(context.plan().pacing.aim_after_perform, context);
        let polling = Polling::new(session, pace, Pages::default(), false);
        Self::begin(polling, context)
    }

    /// The merchant's server returned the session token. The sale is old enough to be asked about at once.
    pub(super) fn after_recovery(session: Session, pages: Pages, is_cancelled: bool, context: &mut Context) -> Phase {
        Self::asking(session, pages, is_cancelled, context)
    }

    /// Asks again about a sale that ended as unknown.
    pub(super) fn reopened(session: Session, pages: Pages, context: &mut Context) -> Phase {
        Self::asking(session, pages.after_restart(), false, context)
    }

    /// The page was dismissed, and the gateway says that it is processing.
    pub(super) fn after_challenge(polling: Polling, context: &mut Context) -> Phase {
        context.save();
        Self {
            deadline: context.now.plus(context.plan().processing_window),
            polling,
        }
        .ask_again(context)
    }

    /// After a restart, ask the gateway first, even in a challenge: its answer says whether there still is a page.
    pub(super) fn after_restart(mut polling: Polling, deadline: Timestamp, context: &mut Context) -> Phase {
        let plan = context.plan();
        let (grace, longest) = (context.now.plus(GRACE), plan.processing_window.max(GRACE));
        let challenge_longest = context.now.plus(plan.challenge_window.max(GRACE));
        polling.pace = Pace::asking(context.now);
        polling.pages = polling.pages.after_restart();
        polling.challenge_end = polling.challenge_end.map(|end| end.max(grace).min(challenge_longest));
        // Resuming means that the app wants the outcome, even if it cancelled before.
        polling.is_cancelled = false;
        polling.ask(context);
        Phase::Processing(Self {
            polling,
            deadline: deadline.max(grace).min(context.now.plus(longest)),
        })
    }

    fn asking(session: Session, pages: Pages, is_cancelled: bool, context: &mut Context) -> Phase {
        let mut polling = Polling::new(session, Pace::asking(context.now), pages, is_cancelled);
        polling.ask(context);
        Self::begin(polling, context)
    }

    fn begin(polling: Polling, context: &mut Context) -> Phase {
        let deadline = context.now.plus(context.plan().processing_window);
        context.save();
        Phase::Processing(Self { polling, deadline })
    }

    pub(super) fn on(mut self, event: Event, context: &mut Context) -> Phase {
        match event {
            Event::Status(request, answer) => match self.polling.read(request, answer, context) {
                Meaning::Stray => self.into(),
                Meaning::Approved(status) => Finished::approved(self.polling, &status, context),
                Meaning::Declined(status) => Finished::declined(self.polling, &status, context),
                Meaning::Processing => {
                    self.polling.pages.close(context);
                    self.ask_again(context)
                }
                Meaning::Redirect(url) => Challenge::begin(self.polling, url, context),
                Meaning::Unclear => self.ask_again(context),
            },
            Event::Timer => {
                let step = self.polling.pace.on_timer(self.deadline, context);
                self.carry_out(step, context)
            }
            Event::Foreground | Event::NetworkAvailable => {
                let gap = context.plan().pacing.processing_gap;
                let step = self.polling.pace.hurry(gap, self.deadline, context);
                self.carry_out(step, context)
            }
            Event::Cancel => {
                self.polling.is_cancelled = true;
                self.polling.pages.close(context);
                let step = self.polling.pace.cancel(self.deadline, context);
                self.carry_out(step, context)
            }
            Event::Resume => Self::after_restart(self.polling, self.deadline, context),
            Event::Background => {
                context.save();
                self.into()
            }
            // Late answers, reports about pages (none is shown), and events of earlier phases.
            Event::Start
            | Event::Committed(..)
            | Event::AccessToken(..)
            | Event::Initiate(..)
            | Event::Perform(..)
            | Event::SessionToken(..)
            | Event::BrowserFailed
            | Event::BrowserReturned
            | Event::BrowserClosed => self.into(),
        }
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
        let gap = context.plan().pacing.processing_gap;
        self.polling.pace.schedule(gap, self.deadline, context);
        self.into()
    }

    fn give_up(self, context: &mut Context) -> Phase {
        Finished::unknown(
            self.polling,
            UnknownReason::StillProcessing,
            "the gateway was still processing when the time was over",
            context,
        )
    }

    pub(super) fn rewind(&mut self, milliseconds: u64) {
        self.polling.rewind(milliseconds);
        self.deadline.rewind(milliseconds);
    }
}

impl From<Processing> for Phase {
    fn from(phase: Processing) -> Self {
        Self::Processing(phase)
    }
}
