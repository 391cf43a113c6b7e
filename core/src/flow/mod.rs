//! The flow of a sale: one pure state machine, [`step`].
//!
//! No I/O, no clock, no async, no card data. The engine passes in what happened ([`Event`]); the machine returns the
//! next [`State`] and what to do ([`Effect`]). What SaleKit does when an answer is lost is decided only here.
//!
//! ```text
//! from         event                      to
//! new          start                      authorising, initiating
//! authorising  access token: given        initiating
//! authorising  access token: no answer    not charged
//! authorising  access token: refused      not charged
//! authorising  cancel                     not charged
//! authorising  resume                     not charged
//! initiating   cancel                     not charged
//! initiating   initiate: invoice          committing
//! initiating   initiate: no answer        not charged
//! initiating   initiate: refused          not charged
//! initiating   initiate: token refused    authorising, not charged
//! initiating   initiate: unavailable      not charged*
//! initiating   resume                     not charged
//! committing   cancel                     not charged
//! committing   commit: done               performing
//! committing   commit: another's invoice  initiating, not charged*
//! committing   commit: another's order    not charged
//! committing   commit: another run        not charged
//! committing   commit: store failed       not charged
//! committing   resume                     recovering, unknown
//! performing   cancel                     not charged
//! performing   perform: no answer         recovering, unknown
//! performing   perform: not sent          not charged
//! performing   perform: refused           recovering, not charged
//! performing   perform: session token     processing
//! performing   perform: unclear           recovering, unknown
//! performing   resume                     recovering, unknown
//! recovering   access token: no answer    unknown*
//! recovering   session: invoice void      not charged
//! recovering   session: no answer         unknown
//! recovering   session: refused           not charged, unknown
//! recovering   session: token             processing
//! processing   status: APPROVED           approved
//! processing   status: DECLINED           declined
//! processing   status: PROCESSING         unknown
//! processing   status: REDIRECT_REQUEST   challenge, unknown
//! processing   status: another state      unknown
//! processing   status: no answer          unknown
//! processing   status: refused            unknown
//! processing   timer                      unknown
//! challenge    resume                     processing
//! challenge    status: APPROVED           approved
//! challenge    status: DECLINED           declined
//! challenge    status: PROCESSING         processing, unknown
//! challenge    status: REDIRECT_REQUEST   unknown
//! challenge    status: another state      unknown
//! challenge    status: no answer          unknown
//! challenge    status: refused            unknown
//! challenge    timer                      unknown
//! unknown      resume                     recovering, processing
//! ```
//!
//! The exploration in `core/tests/model` has seen every row and no other transition; a test compares both. A `*` marks
//! transitions that need two failures in one sale. An event that is not in the table does not change the phase.
//!
//! Cancel ends a sale at once in the phases up to *committing*. Later it only ends the waiting: SaleKit dismisses the
//! page and asks the gateway once more. If the gateway has not decided, the outcome is `Unknown(StoppedWaiting)`.

mod attempt;
mod context;
mod doubt;
mod effect;
mod event;
mod fence;
mod pace;
mod page;
mod phase;
mod plan;
mod polling;
mod secrets;
mod snapshot;
mod state;
mod terms;

pub use effect::Effect;
pub use event::{Commit, Event, Request, Unanswered};
pub use fence::{Fence, Ownership, RunId};
pub use phase::StoredCardRequest;
pub use plan::{Jitter, Pacing, Plan};
pub use snapshot::{Remains, Snapshot, SnapshotError};
pub use state::State;
pub use terms::{Invoice, Order};

use context::Context;

use crate::value::Timestamp;

/// The next state after `event` in `state` at `now`, and what to do, in order.
///
/// Every event is allowed in every state. Events that do not belong there (late answers, repeated signals, a timer that
/// was replaced) change nothing.
pub fn step(mut state: State, event: Event, now: Timestamp) -> (State, Vec<Effect>) {
    if now < state.seen {
        state.rewind(state.seen.since(now));
    }
    let State {
        terms,
        run,
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
        run,
        seen: now,
        last_request,
        jitter,
        phase,
    };
    (state, effects)
}
