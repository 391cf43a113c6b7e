//! The secrets of a sale's session in all phases. They must be removed from every text of another party before it is
//! shown.

use super::{
    State,
    phase::{Finished, Phase, Reopening, Trace},
    polling::Session,
};
use crate::{value::Secret, wire::perform::Authorisation};

impl State {
    /// All tokens, nonces and signatures in this state.
    pub(crate) fn secrets(&self) -> Vec<&Secret> {
        match &self.phase {
            Phase::New(phase) => phase.access_token.iter().collect(),
            Phase::Authorising(_) => Vec::new(),
            Phase::Initiating(phase) => vec![&phase.access_token],
            Phase::Committing(phase) => of_authorisation(&phase.authorisation),
            Phase::Performing(phase) => of_authorisation(&phase.authorisation),
            Phase::Recovering(phase) => of_trace(&phase.trace),
            Phase::Processing(phase) => of_session(&phase.polling.session),
            Phase::Challenge(phase) => of_session(&phase.polling.session),
            Phase::Finished(phase) => of_end(phase),
        }
    }
}

// Destructured completely, so that adding a secret does not compile until it is returned here.

fn of_authorisation(authorisation: &Authorisation) -> Vec<&Secret> {
    let Authorisation {
        access_token,
        nonce,
        signature,
    } = authorisation;
    vec![access_token, nonce, signature]
}

fn of_session(session: &Session) -> Vec<&Secret> {
    let Session {
        invoice: _,
        access_token,
        session_token,
        renewed_token,
    } = session;
    [access_token, session_token].into_iter().chain(renewed_token).collect()
}

fn of_trace(trace: &Trace) -> Vec<&Secret> {
    let Trace {
        invoice: _,
        access_token,
        renewed_token,
        doubt: _,
        pages: _,
    } = trace;
    [access_token].into_iter().chain(renewed_token).collect()
}

fn of_end(end: &Finished) -> Vec<&Secret> {
    match end {
        Finished::Approved {
            receipt: _,
            stored_card,
        } => stored_card.iter().map(|request| &request.access_token).collect(),
        Finished::Declined(_) | Finished::NotCharged(_) => Vec::new(),
        Finished::Unknown { end: _, reopening } => match reopening {
            Reopening::Poll { session, pages: _ } => of_session(session),
            Reopening::Recover(trace) => of_trace(trace),
        },
    }
}
