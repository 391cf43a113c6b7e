//! Compares every observed transition with the table in the flow's documentation: they must be the same.

use std::{
    collections::BTreeSet,
    sync::{Mutex, PoisonError},
};

use salekit_core::{
    Failure, SaleOutcome, Sent, Timestamp, Unanswered,
    flow::{Commit, Effect, Event, State, step},
    wire::{
        initiate::InitiateAnswer,
        merchant::SessionAnswer,
        perform::PerformAnswer,
        status::{GatewayState, StatusAnswer},
    },
};

use super::engine::Step;

/// From, event, to.
type Transition = (&'static str, &'static str, &'static str);

static SEEN: Mutex<BTreeSet<Transition>> = Mutex::new(BTreeSet::new());

/// Takes a step and records its transition. Mutants are not recorded.
pub(crate) fn observed(machine: Step, state: &State, event: Event, now: Timestamp) -> (State, Vec<Effect>) {
    let (from, name) = (place(state), name(&event));
    let (state, effects) = machine(state.clone(), event, now);
    let to = place(&state);
    if from != to && std::ptr::fn_addr_eq(machine, step as Step) {
        SEEN.lock()
            .unwrap_or_else(PoisonError::into_inner)
            .insert((from, name, to));
    }
    (state, effects)
}

/// The table in the module's documentation and the observed one, which must be the same.
pub(crate) struct Tables {
    pub(crate) documented: BTreeSet<String>,
    pub(crate) seen: BTreeSet<String>,
}

/// A `*` in the documentation marks transitions that need two faults: the long profile must have seen them, the normal
/// one cannot.
pub(crate) fn compare(is_long: bool) -> Tables {
    let seen = SEEN.lock().unwrap_or_else(PoisonError::into_inner);
    let seen = seen.iter().map(|(from, event, to)| format!("{from}, {event}: {to}"));
    let mut documented = BTreeSet::new();
    for line in documented_lines() {
        let (from, rest) = line.split_at(FROM);
        let (event, to) = rest.split_at(EVENT);
        for to in to.split(", ") {
            if is_long || !to.ends_with('*') {
                let to = to.trim_end_matches('*');
                documented.insert(format!("{}, {}: {to}", from.trim(), event.trim()));
            }
        }
    }
    Tables {
        documented,
        seen: seen.collect(),
    }
}

/// The observed transitions in the format of the documentation.
pub(crate) fn table() -> String {
    let seen = SEEN.lock().unwrap_or_else(PoisonError::into_inner);
    let rows: BTreeSet<_> = seen.iter().map(|(from, event, _)| (index(from), *event)).collect();
    let lines = rows.into_iter().map(|(from, event)| {
        let from = PLACES[from];
        let to: Vec<_> = PLACES
            .into_iter()
            .filter(|to| seen.contains(&(from, event, *to)))
            .collect();
        format!("{from:<FROM$}{event:<EVENT$}{}\n", to.join(", "))
    });
    lines.collect()
}

fn index(place: &str) -> usize {
    PLACES.iter().position(|known| *known == place).expect("a known place")
}

/// Widths of the table's columns.
const FROM: usize = 13;
const EVENT: usize = 27;

fn documented_lines() -> impl Iterator<Item = &'static str> {
    let source = include_str!("../../src/flow/mod.rs");
    let lines = source.lines().filter_map(|line| line.strip_prefix("//!"));
    let lines = lines.map(|line| line.strip_prefix(' ').unwrap_or(line).trim_end());
    // The first line names the columns.
    lines
        .skip_while(|line| *line != "```text")
        .skip(2)
        .take_while(|line| *line != "```")
}

const PLACES: [&str; 13] = [
    "new",
    "authorising",
    "initiating",
    "claiming",
    "committing",
    "performing",
    "recovering",
    "processing",
    "challenge",
    "approved",
    "declined",
    "not charged",
    "unknown",
];

/// The phase, or the outcome.
fn place(state: &State) -> &'static str {
    match state.outcome() {
        None => PLACES
            .into_iter()
            .find(|place| *place == state.phase_name())
            .expect("a place for every phase"),
        Some(SaleOutcome::Approved(_)) => "approved",
        Some(SaleOutcome::Declined(_)) => "declined",
        Some(SaleOutcome::NotCharged(_)) => "not charged",
        Some(SaleOutcome::Unknown(_)) => "unknown",
    }
}

fn name(event: &Event) -> &'static str {
    match event {
        Event::Start => "start",
        Event::Resume => "resume",
        Event::Cancel => "cancel",
        Event::Timer => "timer",
        Event::Committed(_, Commit::Done) => "commit: done",
        Event::Committed(_, Commit::InvoiceTaken { .. }) => "commit: another's invoice",
        Event::Committed(_, Commit::OrderTaken { .. }) => "commit: another's order",
        Event::Committed(_, Commit::Superseded) => "commit: another run",
        Event::Committed(_, Commit::Failed) => "commit: store failed",
        Event::AccessToken(_, Ok(_)) => "access token: given",
        Event::AccessToken(_, Err(Unanswered::Refused(_))) => "access token: refused",
        Event::AccessToken(_, Err(Unanswered::Failed(_))) => "access token: no answer",
        Event::Initiate(_, Ok(InitiateAnswer::Initiated(_))) => "initiate: invoice",
        Event::Initiate(_, Ok(InitiateAnswer::AccessTokenRefused(_))) => "initiate: token refused",
        Event::Initiate(_, Ok(InitiateAnswer::Refused(_))) => "initiate: refused",
        Event::Initiate(_, Ok(InitiateAnswer::Unavailable(_))) => "initiate: unavailable",
        Event::Initiate(_, Err(_)) => "initiate: no answer",
        Event::Perform(_, Ok(PerformAnswer::Accepted { .. })) => "perform: session token",
        Event::Perform(_, Ok(PerformAnswer::Refused(_))) => "perform: refused",
        Event::Perform(_, Ok(PerformAnswer::Ambiguous(_))) => "perform: unclear",
        Event::Perform(
            _,
            Err(Failure {
                sent: Sent::CertainlyNot,
                ..
            }),
        ) => "perform: not sent",
        Event::Perform(_, Err(_)) => "perform: no answer",
        Event::Status(_, Ok(StatusAnswer::Status(status))) => match status.state {
            GatewayState::Approved => "status: APPROVED",
            GatewayState::Declined => "status: DECLINED",
            GatewayState::Processing => "status: PROCESSING",
            GatewayState::RedirectRequest => "status: REDIRECT_REQUEST",
            GatewayState::Other(_) => "status: another state",
            #[cfg(not(feature = "exhaustive"))]
            _ => "status: another state",
        },
        Event::Status(_, Ok(StatusAnswer::NoAnswer(_))) => "status: refused",
        Event::Status(_, Err(_)) => "status: no answer",
        Event::SessionToken(_, Ok(SessionAnswer::Token(_))) => "session: token",
        Event::SessionToken(_, Ok(SessionAnswer::Void)) => "session: invoice void",
        Event::SessionToken(_, Err(Unanswered::Refused(_))) => "session: refused",
        Event::SessionToken(_, Err(Unanswered::Failed(_))) => "session: no answer",
        Event::BrowserFailed => "browser failed",
        Event::BrowserReturned => "browser returned",
        Event::BrowserClosed => "browser closed",
        Event::Foreground => "foreground",
        Event::Background => "background",
        Event::NetworkAvailable => "network available",
    }
}
