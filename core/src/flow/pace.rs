//! When the gateway is asked for the status.
//!
//! What an answer means is in `polling`, how long it is asked at all in the phases.

use serde::Serialize;

use super::{Pacing, context::Context, event::Request};
use crate::{Timestamp, stored::stored_struct};

/// The longest delay that a server may ask for with `Retry-After`, in milliseconds: somebody waits for the answer.
const LONGEST_HOLD: u64 = 30_000;

/// The moments of the status requests of a sale.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize)]
pub(super) struct Pace {
    /// The newest request that is under way.
    outstanding: Option<Request>,
    /// When the last request was sent; nothing before the first.
    last_sent: Option<Timestamp>,
    /// When to ask next, as long as nothing is under way.
    next: Timestamp,
    /// When the browser came back from the page that was opened last.
    returned: Option<Timestamp>,
    /// Quick requests that are left after that.
    burst_left: u8,
    /// Something outside asked for a request as soon as it is allowed.
    is_hurried: bool,
    /// Answers in a row that told nothing.
    failures: u8,
    /// Not before this time: the server asked for it.
    hold: Option<Timestamp>,
    /// A signal from outside has asked earlier than that once, which is enough until the server says something new.
    has_defied_hold: bool,
}

stored_struct!(Pace {
    outstanding,
    last_sent,
    next,
    returned,
    burst_left,
    is_hurried,
    failures,
    hold,
    has_defied_hold
});

/// What the timer, or a signal from outside, means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Turn {
    /// Ask the gateway now.
    Ask,
    /// Nothing to do but wait.
    Wait,
    /// The time is over, and the gateway was just asked.
    GiveUp,
}

impl Pace {
    /// The first request is still to come, `aim` milliseconds from now.
    pub(super) fn begin(aim: u64, context: &mut Context) -> Self {
        let next = context.now.plus(aim);
        context.set_timer(next);
        Self {
            next,
            ..Self::asking(context.now)
        }
    }

    /// The first request goes out at once.
    pub(super) const fn asking(now: Timestamp) -> Self {
        Self {
            outstanding: None,
            last_sent: None,
            next: now,
            returned: None,
            burst_left: 0,
            is_hurried: false,
            failures: 0,
            hold: None,
            has_defied_hold: false,
        }
    }

    /// `request` goes out now.
    pub(super) const fn sent(&mut self, request: Request, now: Timestamp) {
        if self.returned.is_some() {
            self.burst_left = self.burst_left.saturating_sub(1);
        }
        self.outstanding = Some(request);
        self.last_sent = Some(now);
        self.is_hurried = false;
    }

    /// Whether the answer to `request` is the one that is waited for. It is not waited for any more then.
    pub(super) fn takes(&mut self, request: Request) -> bool {
        let is_newest = self.outstanding == Some(request);
        if is_newest {
            self.outstanding = None;
        }
        is_newest
    }

    pub(super) const fn is_asking(&self) -> bool {
        self.outstanding.is_some()
    }

    pub(super) const fn is_failing(&self) -> bool {
        self.failures > 0
    }

    /// The gateway said how the sale stands.
    pub(super) const fn answered(&mut self) {
        self.failures = 0;
        self.hold = None;
        self.has_defied_hold = false;
    }

    /// A request brought nothing.
    pub(super) fn unanswered(&mut self, retry_after_ms: Option<u64>, now: Timestamp) {
        self.failures = self.failures.saturating_add(1);
        self.hold = retry_after_ms.map(|delay| now.plus(delay.min(LONGEST_HOLD)));
    }

    /// Whether the request that was just answered went out long enough after the browser's return for the gateway to know
    /// of it.
    pub(super) fn is_after_return(&self, context: &Context) -> bool {
        let floor = context.terms.plan.pacing.floor;
        match (self.returned, self.last_sent) {
            (Some(returned), Some(sent)) => sent >= returned.plus(floor),
            _ => false,
        }
    }

    pub(super) const fn has_returned(&self) -> bool {
        self.returned.is_some()
    }

    /// A new page is shown: what was known of the return from the one before counts no more.
    pub(super) const fn page_opened(&mut self) {
        self.returned = None;
        self.burst_left = 0;
    }

    /// The browser came back or was closed. Answers whether that is news.
    pub(super) const fn browser_returned(&mut self, context: &Context) -> bool {
        let is_news = self.returned.is_none();
        if is_news {
            self.returned = Some(context.now);
            self.burst_left = context.terms.plan.pacing.burst;
        }
        is_news
    }

    /// Sets the timer for the next request, a `gap` after the last one unless there is a better moment.
    pub(super) fn schedule(&mut self, gap: u64, deadline: Timestamp, context: &mut Context) {
        let pacing = context.terms.plan.pacing;
        let Some(last_sent) = self.last_sent else {
            // The first request has its moment already.
            let at = if self.is_hurried { context.now } else { self.next };
            return self.ask_at(at.min(deadline), context);
        };
        let after = |gap: u64| last_sent.plus(gap);
        let usual = match self.returned {
            _ if self.failures > 0 => after(context.jitter.lengthen(backoff(gap, self.failures, &pacing))),
            Some(returned) if self.burst_left > 0 => after(pacing.burst_gap).max(returned.plus(pacing.burst_gap)),
            Some(returned) if returned >= last_sent => returned
                .plus(pacing.aim_after_return)
                .clamp(after(pacing.floor), after(gap.max(pacing.floor))),
            Some(_) => after(pacing.processing_gap),
            None => after(gap),
        };
        let wanted = if self.is_hurried {
            usual.min(after(pacing.floor))
        } else {
            usual
        };
        let allowed = self.hold.map_or(wanted, |hold| wanted.max(hold));
        self.ask_at(allowed.max(context.now).min(deadline), context);
    }

    fn ask_at(&mut self, at: Timestamp, context: &mut Context) {
        self.next = at;
        context.set_timer(at);
    }

    /// The timer has come.
    pub(super) fn on_timer(&self, deadline: Timestamp, context: &mut Context) -> Turn {
        if self.is_asking() || !context.is_time(self.next) {
            return Turn::Wait;
        }
        // Before an end is called unknown the gateway is asked once more, unless that was just done. No hold keeps from it.
        if context.now >= deadline && !self.is_rested(context) {
            Turn::GiveUp
        } else {
            Turn::Ask
        }
    }

    /// The app came to the foreground or the network came back: ask at once if the last request is old enough, else as
    /// soon as it is.
    pub(super) fn hurry(&mut self, gap: u64, deadline: Timestamp, context: &mut Context) -> Turn {
        let is_aimed = self
            .returned
            .is_some_and(|returned| self.last_sent.is_none_or(|sent| returned >= sent));
        if is_aimed && context.now < self.next && !self.is_asking() {
            // The browser's return has already set the best moment.
            return Turn::Wait;
        }
        self.is_hurried = true;
        let is_held = self.hold.is_some_and(|hold| context.now < hold);
        if self.is_rested(context) && !(is_held && self.has_defied_hold) {
            self.has_defied_hold |= is_held;
            // A request that was under way while the app slept may hang on a dead connection; this one will not.
            return Turn::Ask;
        }
        if !self.is_asking() {
            self.schedule(gap, deadline, context);
        }
        Turn::Wait
    }

    /// The app does not want to wait any longer: one last request, as soon as it is allowed.
    pub(super) fn cancel(&mut self, deadline: Timestamp, context: &mut Context) -> Turn {
        if self.is_asking() {
            return Turn::Wait;
        }
        let floor = context.terms.plan.pacing.floor;
        let allowed = self.last_sent.map_or(context.now, |sent| sent.plus(floor));
        let at = allowed.max(context.now).min(deadline);
        if at <= context.now {
            self.next = context.now;
            self.on_timer(deadline, context)
        } else {
            self.ask_at(at, context);
            Turn::Wait
        }
    }

    /// Whether the last request is as old as it must be before the next one.
    fn is_rested(&self, context: &Context) -> bool {
        let floor = context.terms.plan.pacing.floor;
        self.last_sent.is_none_or(|sent| context.now.since(sent) >= floor)
    }

    pub(super) fn rewind(&mut self, milliseconds: u64) {
        self.next.rewind(milliseconds);
        [&mut self.last_sent, &mut self.returned, &mut self.hold]
            .into_iter()
            .flatten()
            .for_each(|time| time.rewind(milliseconds));
    }
}

/// The gap after `failures` requests in a row that brought nothing: 3, 5, 8, 12, 20, 30 s, and never a shorter one
/// than if all was well.
fn backoff(gap: u64, failures: u8, pacing: &Pacing) -> u64 {
    // Counted in the usual gap, so that a quicker schedule backs off from its own pace.
    let tenths = match failures {
        0 | 1 => 10,
        2 => 16,
        3 => 26,
        4 => 42,
        5 => 68,
        _ => 100,
    };
    (gap.saturating_mul(tenths) / 10).min(pacing.longest_backoff.max(gap))
}
