//! Decides when the gateway is asked for the status.
//!
//! What an answer means is decided in `polling`, and how long the gateway is asked in the phases.

use serde::Serialize;

use super::{Pacing, context::Context, event::Request};
use crate::{json::stored_struct, value::Timestamp};

/// The longest delay that a server may ask for with `Retry-After`, in milliseconds: the payer is waiting.
const LONGEST_RETRY_AFTER: u64 = 30_000;

/// The schedule of a sale's status requests.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize)]
pub(super) struct Pace {
    /// The newest request without an answer.
    outstanding: Option<Request>,
    /// When the last request was sent; `None` before the first one.
    last_sent: Option<Timestamp>,
    /// When to ask next, while no request is under way.
    next: Timestamp,
    /// When the browser returned from the page that was opened last.
    returned: Option<Timestamp>,
    /// How many quick requests are left after that.
    burst_left: u8,
    /// A signal from outside asked for a request as soon as it is allowed.
    is_hurried: bool,
    /// How many answers in a row had no usable status.
    failures: u8,
    /// Do not ask before this time, because the server asked for a delay.
    hold: Option<Timestamp>,
    /// A signal from outside has already caused one request before that time. No further one is allowed until the
    /// server answers with a status.
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

/// What to do after the timer or a signal from outside.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum NextStep {
    /// Ask the gateway now.
    Ask,
    /// Stop asking: the time is over, and the gateway was asked just now.
    Wait,
    /// The time is over, and the gateway was just asked.
    GiveUp,
}

impl Pace {
    /// Plans the first request, `aim` milliseconds from now.
    pub(super) fn begin(aim: u64, context: &mut Context) -> Self {
        let next = context.now.plus(aim);
        context.set_timer(next);
        Self {
            next,
            ..Self::asking(context.now)
        }
    }

    /// Plans the first request for `now`.
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

    /// `request` is being sent.
    pub(super) const fn sent(&mut self, request: Request, now: Timestamp) {
        if self.returned.is_some() {
            self.burst_left = self.burst_left.saturating_sub(1);
        }
        self.outstanding = Some(request);
        self.last_sent = Some(now);
        self.is_hurried = false;
    }

    /// Whether `request` is the one whose answer is awaited. If so, it is no longer awaited.
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

    /// The gateway answered with a status.
    pub(super) const fn answered(&mut self) {
        self.failures = 0;
        self.hold = None;
        self.has_defied_hold = false;
    }

    /// A request gave no usable status.
    pub(super) fn unanswered(&mut self, retry_after_ms: Option<u64>, now: Timestamp) {
        self.failures = self.failures.saturating_add(1);
        self.hold = retry_after_ms.map(|delay| now.plus(delay.min(LONGEST_RETRY_AFTER)));
    }

    /// Whether the request that was just answered was sent long enough after the browser's return for the gateway to
    /// know about it.
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

    /// A new page is shown, so the return from the earlier page does not count any more.
    pub(super) const fn page_opened(&mut self) {
        self.returned = None;
        self.burst_left = 0;
    }

    /// The browser returned or was closed. Returns whether that is new.
    pub(super) const fn browser_returned(&mut self, context: &Context) -> bool {
        let is_news = self.returned.is_none();
        if is_news {
            self.returned = Some(context.now);
            self.burst_left = context.terms.plan.pacing.burst;
        }
        is_news
    }

    /// Sets the timer for the next request: a `gap` after the last one, unless there is a better time.
    pub(super) fn schedule(&mut self, gap: u64, deadline: Timestamp, context: &mut Context) {
        let pacing = context.terms.plan.pacing;
        let Some(last_sent) = self.last_sent else {
            // The first request is already planned.
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
    pub(super) fn on_timer(&self, deadline: Timestamp, context: &mut Context) -> NextStep {
        if self.is_asking() || !context.is_time(self.next) {
            return NextStep::Wait;
        }
        // Before SaleKit reports an unknown outcome, it asks the gateway once more, unless it has just done so. A
        // requested delay does not prevent that.
        if context.now >= deadline && !self.is_rested(context) {
            NextStep::GiveUp
        } else {
            NextStep::Ask
        }
    }

    /// The app came to the foreground or the network is back: ask at once if the last request is old enough, otherwise
    /// as soon as it is.
    pub(super) fn hurry(&mut self, gap: u64, deadline: Timestamp, context: &mut Context) -> NextStep {
        let is_aimed = self
            .returned
            .is_some_and(|returned| self.last_sent.is_none_or(|sent| returned >= sent));
        if is_aimed && context.now < self.next && !self.is_asking() {
            // The browser's return has already set a better time.
            return NextStep::Wait;
        }
        self.is_hurried = true;
        let is_held = self.hold.is_some_and(|hold| context.now < hold);
        if self.is_rested(context) && !(is_held && self.has_defied_hold) {
            self.has_defied_hold |= is_held;
            // A request that was under way while the app slept may hang on a dead connection. A new one will not.
            return NextStep::Ask;
        }
        if !self.is_asking() {
            self.schedule(gap, deadline, context);
        }
        NextStep::Wait
    }

    /// The app does not want to wait any longer: send one last request as soon as it is allowed.
    pub(super) fn cancel(&mut self, deadline: Timestamp, context: &mut Context) -> NextStep {
        if self.is_asking() {
            return NextStep::Wait;
        }
        let floor = context.terms.plan.pacing.floor;
        let allowed = self.last_sent.map_or(context.now, |sent| sent.plus(floor));
        let at = allowed.max(context.now).min(deadline);
        if at <= context.now {
            self.next = context.now;
            self.on_timer(deadline, context)
        } else {
            self.ask_at(at, context);
            NextStep::Wait
        }
    }

    /// Whether the shortest interval since the last request has passed.
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

/// The gap after `failures` requests in a row without a usable status: 3, 5, 8, 13, 20, 30 s, and never shorter than
/// the usual gap.
fn backoff(gap: u64, failures: u8, pacing: &Pacing) -> u64 {
    // Multiples of the usual gap, so that a faster schedule backs off from its own gap.
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
