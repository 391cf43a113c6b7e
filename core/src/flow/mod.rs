//! The flow of a sale: one pure state machine, [`step`].
//!
//! No I/O, no clock, no async, no card data. The engine tells what happened ([`Event`]), the machine answers with the
//! next [`State`] and with what is to be done ([`Effect`]). Whoever wants to know what SaleKit does when an answer is
//! lost finds it here and nowhere else.
//!
//! ```text
//! TABLE
//! ```
//!
//! Cancel ends a sale at once in the phases up to *committing*. Later it only ends the waiting: the browser is closed,
//! the gateway is asked once more, and if it has not decided the outcome is `Unknown(StoppedWaiting)`.

mod attempt;
mod context;
mod doubt;
mod effect;
mod event;
mod pace;
mod page;
mod phase;
mod plan;
mod polling;
mod snapshot;
mod state;

pub use context::{Invoice, Order};
pub use effect::Effect;
pub use event::{Claim, Event, Request, Unanswered};
pub use phase::CardQuestion;
pub use plan::{Jitter, Pacing, Plan};
pub use snapshot::{Snapshot, SnapshotError};
pub use state::State;

use context::Context;

use crate::Timestamp;

/// What comes after `event` in `state` at `now`: the next state, and what is to be done, in order.
///
/// Total: every event is allowed in every state. Those that do not belong there (late answers, repeated signals, a
/// timer that was replaced) change nothing.
pub fn step(mut state: State, event: Event, now: Timestamp) -> (State, Vec<Effect>) {
    if now < state.seen {
        state.rewind(state.seen.since(now));
    }
    let State {
        terms,
        mut last_request,
        mut jitter,
        phase,
        ..
    } = state;
    let mut context = Context {
        terms: &terms,
        now,
        last_request: &mut last_request,
        jitter: &mut jitter,
        effects: Vec::new(),
    };
    let phase = phase.on(event, &mut context);
    let effects = context.effects;
    let state = State {
        terms,
        seen: now,
        last_request,
        jitter,
        phase,
    };
    (state, effects)
}
