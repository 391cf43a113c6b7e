//! The machine with one deliberate mistake each, to prove that the properties catch it.
//!
//! A mutant wraps the shipped `step` and changes its input or output. The mistakes are those of real payment clients,
//! and one more for each property that those do not violate.

use salekit_core::{
    Failure, NotCharged, NotChargedReason, SaleOutcome, Sent, Timestamp,
    flow::{Commit, Effect, Event, Snapshot, State, step},
    wire::{
        merchant::SessionAnswer,
        perform::PerformAnswer,
        status::{GatewayState, StatusAnswer},
    },
};

use super::engine::Step;

/// A mistake.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Mutant {
    /// A lost answer to perform sale counts as a request that was never sent.
    ResendsPerform,
    /// An approval after a cancel is reported as cancelled.
    CancelBeatsApproved,
    /// An unknown state counts as a decline.
    UnknownStateDeclines,
    /// Perform sale does not wait for the snapshot that records it.
    ForgetsSnapshot,
    /// The page is never dismissed.
    KeepsBrowser,
    /// The page opens at every status that names it.
    ReopensPage,
    /// A page is opened only once in a sale.
    OpensOnePage,
    /// No timer is ever set.
    SetsNoTimer,
    /// An unknown outcome is reported again instead of asking again.
    NeverAsksAgain,
    /// A decline counts as an approval.
    BelievesAnything,
    /// A refusal of perform sale counts without asking the merchant's server.
    BelievesRefusals,
    /// An invoice is accepted even if another sale has it.
    TakesAnyInvoice,
    /// Perform sale is sent although another run has taken over the sale.
    IgnoresOtherRuns,
    /// The merchant's server is never asked to void an invoice.
    NeverVoids,
    /// The answer of a non-DAPI server counts as proof that there is no gateway.
    BelievesNonDapiServers,
}

impl Mutant {
    /// The machine with this mistake.
    pub(crate) const fn step(self) -> Step {
        match self {
            Self::ResendsPerform => resends_perform,
            Self::CancelBeatsApproved => cancel_beats_approved,
            Self::UnknownStateDeclines => unknown_state_declines,
            Self::ForgetsSnapshot => forgets_snapshot,
            Self::KeepsBrowser => keeps_browser,
            Self::ReopensPage => reopens_page,
            Self::OpensOnePage => opens_one_page,
            Self::SetsNoTimer => sets_no_timer,
            Self::NeverAsksAgain => never_asks_again,
            Self::BelievesAnything => believes_anything,
            Self::BelievesRefusals => believes_refusals,
            Self::TakesAnyInvoice => takes_any_invoice,
            Self::IgnoresOtherRuns => ignores_other_runs,
            Self::NeverVoids => never_voids,
            Self::BelievesNonDapiServers => believes_non_dapi_servers,
        }
    }
}

fn resends_perform(state: State, event: Event, now: Timestamp) -> (State, Vec<Effect>) {
    let event = match event {
        Event::Perform(request, Err(failure)) => Event::Perform(
            request,
            Err(Failure {
                sent: Sent::CertainlyNot,
                ..failure
            }),
        ),
        event => event,
    };
    step(state, event, now)
}

fn cancel_beats_approved(state: State, event: Event, now: Timestamp) -> (State, Vec<Effect>) {
    // The machine does not expose whether it was cancelled, but its snapshot does.
    let is_cancelled = |state: &State| serde_json::to_string(state).unwrap().contains("\"is_cancelled\":true");
    let before = state.clone();
    let (state, effects) = step(state, event, now);
    let altered = effects.into_iter().map(|effect| match effect {
        Effect::Finish(outcome) if matches!(*outcome, SaleOutcome::Approved(_)) && is_cancelled(&before) => {
            Effect::Finish(Box::new(SaleOutcome::NotCharged(Box::new(NotCharged {
                reason: NotChargedReason::Cancelled,
                detail: String::new(),
                failure: None,
                support_reference: None,
                invoice_id: None,
            }))))
        }
        effect => effect,
    });
    (state, altered.collect())
}

fn unknown_state_declines(state: State, event: Event, now: Timestamp) -> (State, Vec<Effect>) {
    let unknown = |named: &GatewayState| matches!(named, GatewayState::Other(_));
    step(state, reread(event, unknown, GatewayState::Declined), now)
}

fn believes_anything(state: State, event: Event, now: Timestamp) -> (State, Vec<Effect>) {
    let declined = |named: &GatewayState| *named == GatewayState::Declined;
    step(state, reread(event, declined, GatewayState::Approved), now)
}

/// `event` with the state replaced by `instead`, if `applies` is true for it.
fn reread(event: Event, applies: fn(&GatewayState) -> bool, instead: GatewayState) -> Event {
    match event {
        Event::Status(request, Ok(StatusAnswer::Status(mut status))) => {
            if applies(&status.state) {
                status.state = instead;
            }
            Event::Status(request, Ok(StatusAnswer::Status(status)))
        }
        event => event,
    }
}

fn forgets_snapshot(state: State, event: Event, now: Timestamp) -> (State, Vec<Effect>) {
    let (state, effects) = step(state, event, now);
    match effects.as_slice() {
        [Effect::Commit { request, .. }] => step(state, Event::Committed(*request, Commit::Done), now),
        _ => (state, effects),
    }
}

fn believes_refusals(state: State, event: Event, now: Timestamp) -> (State, Vec<Effect>) {
    let is_refusal = matches!(event, Event::Perform(_, Ok(PerformAnswer::Refused(_))));
    let (state, effects) = step(state, event, now);
    let asked = effects.iter().find_map(|effect| match effect {
        Effect::AskSessionToken { request, .. } => Some(*request),
        _ => None,
    });
    match asked {
        Some(request) if is_refusal => step(state, Event::SessionToken(request, Ok(SessionAnswer::Void)), now),
        _ => (state, effects),
    }
}

fn takes_any_invoice(state: State, event: Event, now: Timestamp) -> (State, Vec<Effect>) {
    let event = match event {
        Event::Committed(request, Commit::InvoiceTaken { .. }) => Event::Committed(request, Commit::Done),
        event => event,
    };
    step(state, event, now)
}

fn ignores_other_runs(state: State, event: Event, now: Timestamp) -> (State, Vec<Effect>) {
    let event = match event {
        Event::Committed(request, Commit::Superseded) => Event::Committed(request, Commit::Done),
        event => event,
    };
    step(state, event, now)
}

fn never_voids(state: State, event: Event, now: Timestamp) -> (State, Vec<Effect>) {
    let (state, mut effects) = step(state, event, now);
    for effect in &mut effects {
        if let Effect::AskSessionToken { void, .. } = effect {
            *void = false;
        }
    }
    (state, effects)
}

fn believes_non_dapi_servers(state: State, event: Event, now: Timestamp) -> (State, Vec<Effect>) {
    let event = match event {
        Event::Perform(request, Ok(PerformAnswer::Ambiguous(refusal))) if refusal.error.is_none() => {
            Event::Perform(request, Ok(PerformAnswer::Refused(refusal)))
        }
        event => event,
    };
    step(state, event, now)
}

fn keeps_browser(state: State, event: Event, now: Timestamp) -> (State, Vec<Effect>) {
    without(step(state, event, now), |effect| matches!(effect, Effect::CloseBrowser))
}

fn sets_no_timer(state: State, event: Event, now: Timestamp) -> (State, Vec<Effect>) {
    without(step(state, event, now), |effect| {
        matches!(effect, Effect::SetTimer { .. })
    })
}

fn without((state, mut effects): (State, Vec<Effect>), leave_out: fn(&Effect) -> bool) -> (State, Vec<Effect>) {
    effects.retain(|effect| !leave_out(effect));
    (state, effects)
}

fn reopens_page(state: State, event: Event, now: Timestamp) -> (State, Vec<Effect>) {
    let page = match &event {
        Event::Status(_, Ok(StatusAnswer::Status(status))) => status.redirect_url.clone(),
        _ => None,
    };
    let (state, mut effects) = step(state, event, now);
    let is_opened = effects
        .iter()
        .any(|effect| matches!(effect, Effect::OpenBrowser { .. }));
    if let (Some(url), "challenge", false) = (page, state.phase_name(), is_opened) {
        effects.push(Effect::OpenBrowser { url });
    }
    (state, effects)
}

fn opens_one_page(state: State, event: Event, now: Timestamp) -> (State, Vec<Effect>) {
    let before = state.clone();
    let (state, mut effects) = step(state, event, now);
    let opens = |effect: &Effect| matches!(effect, Effect::OpenBrowser { .. });
    // Few steps open a page, and to encode the state at every step would take most of the time.
    if effects.iter().any(opens) && has_opened(before) {
        effects.retain(|effect| !opens(effect));
    }
    (state, effects)
}

/// Whether the sale has opened a page. The machine does not expose its pages, but its snapshot does.
fn has_opened(state: State) -> bool {
    let snapshot = Snapshot(state).encode();
    let says = |text: &str| snapshot.windows(text.len()).any(|part| part == text.as_bytes());
    says("\"opened\":") && !says("\"opened\":0")
}

fn never_asks_again(state: State, event: Event, now: Timestamp) -> (State, Vec<Effect>) {
    match state.outcome() {
        Some(outcome) if event == Event::Resume => (state, vec![Effect::Finish(Box::new(outcome))]),
        _ => step(state, event, now),
    }
}
