//! A request that may be tried several times: which answer it waits for, and when the next try is due.

use serde::Serialize;

use super::{context::Context, event::Request};
use crate::{
    json::{Stored, Value, stored_struct, variant},
    value::Timestamp,
};

/// The longest delay between two tries that a server may ask for with `Retry-After`, in milliseconds. The payer is
/// waiting.
const LONGEST_RETRY_AFTER: u64 = 30_000;

/// A request and its tries so far.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize)]
pub(super) struct Attempt {
    /// How often it was sent, without early tries.
    tries: u8,
    waiting_for: WaitingFor,
    /// When the regular try is due, if an early one was sent because of a signal from outside.
    due: Option<Timestamp>,
}

stored_struct!(Attempt {
    tries,
    waiting_for,
    due
});

#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
enum WaitingFor {
    Answer(Request),
    NextTry(Timestamp),
}

impl Stored for WaitingFor {
    fn read(value: Value<'_>) -> Option<Self> {
        let (name, held) = variant(value)?;
        Some(match name.as_str() {
            "answer" => Self::Answer(Request::read(held)?),
            "next_try" => Self::NextTry(Timestamp::read(held)?),
            _ => return None,
        })
    }
}

impl Attempt {
    /// The first try, sent as `request`.
    pub(super) const fn first(request: Request) -> Self {
        Self {
            tries: 1,
            waiting_for: WaitingFor::Answer(request),
            due: None,
        }
    }

    /// The next try, sent as `request`.
    #[must_use]
    pub(super) const fn next(&self, request: Request) -> Self {
        Self {
            tries: self.tries.saturating_add(1),
            waiting_for: WaitingFor::Answer(request),
            due: None,
        }
    }

    /// An early try, sent as `request`. It does not count, and if it fails, the regular try comes at its time. A
    /// network that comes and goes must neither use up the tries nor postpone the last one indefinitely.
    #[must_use]
    pub(super) const fn early(&self, request: Request) -> Self {
        let due = match self.waiting_for {
            WaitingFor::NextTry(at) => Some(at),
            WaitingFor::Answer(_) => self.due,
        };
        Self {
            tries: self.tries,
            waiting_for: WaitingFor::Answer(request),
            due,
        }
    }

    pub(super) const fn tries(&self) -> u8 {
        self.tries
    }

    /// Whether `request` is the one whose answer is awaited.
    pub(super) fn waits_for(&self, request: Request) -> bool {
        self.waiting_for == WaitingFor::Answer(request)
    }

    /// Whether no request is under way and the next try is still to come.
    pub(super) const fn is_pausing(&self) -> bool {
        matches!(self.waiting_for, WaitingFor::NextTry(_))
    }

    /// Whether the timer means that the next try is due.
    pub(super) fn is_due(&self, context: &mut Context) -> bool {
        match self.waiting_for {
            WaitingFor::NextTry(at) => context.is_time(at),
            WaitingFor::Answer(_) => false,
        }
    }

    /// Waits for the next try: 1, 2, 3 and then 5 s with some jitter, or longer if the server asks for it.
    #[must_use]
    pub(super) fn pause(&self, retry_after_ms: Option<u64>, context: &mut Context) -> Self {
        if let Some(due) = self.due {
            return self.until(due.max(context.now), context);
        }
        let gap = match self.tries {
            0 | 1 => 1_000,
            2 => 2_000,
            3 => 3_000,
            _ => 5_000,
        };
        let gap = context.jitter.lengthen(gap);
        let at = context
            .now
            .plus(gap.max(retry_after_ms.unwrap_or(0).min(LONGEST_RETRY_AFTER)));
        self.until(at, context)
    }

    fn until(&self, at: Timestamp, context: &mut Context) -> Self {
        context.set_timer(at);
        Self {
            tries: self.tries,
            waiting_for: WaitingFor::NextTry(at),
            due: None,
        }
    }

    /// The device's clock was set back: see [`super::State`].
    pub(super) fn rewind(&mut self, milliseconds: u64) {
        if let WaitingFor::NextTry(at) = &mut self.waiting_for {
            at.rewind(milliseconds);
        }
        if let Some(due) = &mut self.due {
            due.rewind(milliseconds);
        }
    }
}
