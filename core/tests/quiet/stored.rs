//! Filled states and stored sales.

use salekit_core::{
    DamagedSale, ForeignSale, MerchantServer, Parties, PendingSale, Plan, SnapshotProblem, Timestamp,
    flow::{Commit, Effect, Event, Jitter, Remains, Request, State, step},
    wire::{initiate::InitiateAnswer, perform::PerformAnswer, status::StatusAnswer},
};

use super::examples::{challenge, id, initiated, money, order, secret, status, store_error};

/// A sale in the challenge: no phase contains more.
pub(crate) fn state() -> State {
    let now = Timestamp(1_800_000_000_000);
    let state = State::new(
        id(),
        parties(),
        order(),
        Plan::default(),
        Some(secret()),
        Jitter(0),
        now,
    );
    let (state, effects) = step(state, Event::Start, now);
    let event = Event::Initiate(asked(&effects), Ok(InitiateAnswer::Initiated(initiated())));
    let (state, effects) = step(state, event, now);
    let (state, effects) = step(state, Event::Committed(asked(&effects), Commit::Done), now);
    let accepted = PerformAnswer::Accepted {
        session_token: secret(),
    };
    let (state, _) = step(state, Event::Perform(asked(&effects), Ok(accepted)), now);
    let later = now.plus(60_000);
    let (state, effects) = step(state, Event::Timer, later);
    let answer = Ok(StatusAnswer::Status(Box::new(status())));
    let (state, _) = step(state, Event::Status(asked(&effects), answer), later);
    assert_eq!(state.phase_name(), "challenge");
    state
}

/// The number of the request among `effects` that will be answered.
fn asked(effects: &[Effect]) -> Request {
    let request = effects.iter().find_map(|effect| match effect {
        Effect::Initiate { request, .. }
        | Effect::Commit { request, .. }
        | Effect::Perform { request, .. }
        | Effect::PollStatus { request, .. } => Some(*request),
        _ => None,
    });
    request.unwrap()
}

pub(crate) fn pending_sale() -> PendingSale {
    PendingSale {
        id: id(),
        state: challenge(),
        amount: money(),
        merchant_order_id: Some("order 7".to_owned()),
        invoice_id: Some("invoice-1".to_owned()),
        started_at: Timestamp(7),
    }
}

pub(crate) fn damaged() -> DamagedSale {
    DamagedSale {
        id: id(),
        remains: remains(),
        problem: SnapshotProblem::Store(store_error()),
    }
}

pub(crate) fn remains() -> Remains {
    Remains {
        invoice_id: Some("invoice-1".to_owned()),
        merchant_order_id: Some("order 7".to_owned()),
        amount: Some(money()),
    }
}

pub(crate) fn parties() -> Parties {
    let url = "https://shop.example/".parse().unwrap();
    Parties::new(&url, MerchantServer::at(&url))
}

pub(crate) fn foreign() -> ForeignSale {
    ForeignSale {
        id: id(),
        parties: parties(),
        amount: money(),
        merchant_order_id: Some("order 7".to_owned()),
        invoice_id: Some("invoice-1".to_owned()),
        started_at: Timestamp(7),
    }
}
