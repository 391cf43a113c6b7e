//! The state machine's behaviour when something goes wrong. Every test calls the public `step` and checks its effects.

mod challenge;
mod doubt;
mod endings;
mod invoice;
mod perform;
mod status;

use salekit_core::{
    Charge, FailureKind, NotChargedReason, SaleOutcome, Secret, UnknownAdvice, UnknownReason,
    flow::{Commit, Effect, Event, Plan, Snapshot, Unanswered, step},
    wire::{
        Reply, initiate,
        merchant::{self, SessionAnswer},
        perform::PerformAnswer,
        status::StatusAnswer,
    },
};
use salekit_testkit::sale::{self, *};

fn outcome(sale: &Sale) -> SaleOutcome {
    sale.outcome().expect("the sale has ended")
}

fn not_charged(sale: &Sale) -> NotChargedReason {
    match outcome(sale) {
        SaleOutcome::NotCharged(end) => end.reason,
        other => panic!("{other:?}"),
    }
}

fn unknown(sale: &Sale) -> UnknownReason {
    match outcome(sale) {
        SaleOutcome::Unknown(end) => end.reason,
        other => panic!("{other:?}"),
    }
}

fn is_polling(sale: &Sale) -> bool {
    sale.effects.iter().any(|effect| poll(effect).is_some())
}

/// The merchant's server refuses the request for the session token.
fn merchant_says(status: u16) -> Unanswered {
    let reply = Reply::new(status, r#"{"error":{"cause":"INVALID_REQUEST"}}"#);
    Unanswered::Refused(merchant::read_session_token(&reply, INVOICE).unwrap_err())
}

fn token() -> Result<SessionAnswer, Unanswered> {
    Ok(SessionAnswer::Token(Secret::new(TOKEN)))
}

const PROCESSING: &str = r#"{"state":"PROCESSING"}"#;
const APPROVED: &str = r#"{"state":"APPROVED","orderId":9876543,"bankOrderId":"b1","transaction":{"amountCentis":"1050","currency":"EUR","commissionCentis":5}}"#;
const DECLINED: &str = r#"{"state":"DECLINED","errorCode":116,"errorMessage":"Insufficient funds"}"#;

fn redirect_to(url: &str) -> String {
    format!(r#"{{"state":"REDIRECT_REQUEST","redirectUrl":"{url}"}}"#)
}
