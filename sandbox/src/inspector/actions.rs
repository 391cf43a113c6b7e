//! What a person may do from the inspector: to a sale, to the next ones, to the record.

use std::sync::Arc;

use axum::{
    extract::{Path, State},
    http::StatusCode,
    response::{IntoResponse as _, Response},
};
use serde::Deserialize;
use serde_json::Value;

use super::{body::JsonBody, context::Context};
use crate::{
    gateway::{
        self, End,
        by_hand::{Again, ChallengeEnd, Refused},
        callback::Kind as CallbackKind,
    },
    record::{
        exchange::{Exchange, Kind, Role},
        recorder::now_ms,
    },
    script::Script,
    stage::control::refuse,
};

#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
enum ChallengeWord {
    Approve,
    Fail,
    Cancel,
    Expire,
}

#[derive(Deserialize)]
pub(super) struct ChallengeAsked {
    end: ChallengeWord,
}

/// `POST /api/sales/{invoiceId}/challenge`.
pub(super) async fn challenge(
    State(context): State<Arc<Context>>,
    Path(invoice_id): Path<String>,
    JsonBody(asked): JsonBody<ChallengeAsked>,
) -> Response {
    let end = match asked.end {
        ChallengeWord::Approve => ChallengeEnd::Approve,
        ChallengeWord::Fail => ChallengeEnd::Fail,
        ChallengeWord::Cancel => ChallengeEnd::Cancel,
        ChallengeWord::Expire => ChallengeEnd::Expire,
    };
    let what = format!("challenge: {end:?}");
    done(&context, (&invoice_id, &what), |gateway| {
        gateway.end_challenge(&invoice_id, end)
    })
}

#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
enum EndWord {
    Approve,
    Decline,
}

#[derive(Deserialize)]
pub(super) struct EndAsked {
    end: EndWord,
}

/// `POST /api/sales/{invoiceId}/end`.
pub(super) async fn end(
    State(context): State<Arc<Context>>,
    Path(invoice_id): Path<String>,
    JsonBody(asked): JsonBody<EndAsked>,
) -> Response {
    let end = match asked.end {
        EndWord::Approve => End::Approve,
        EndWord::Decline => End::Decline,
    };
    let what = format!("end: {end:?}");
    done(&context, (&invoice_id, &what), |gateway| {
        gateway.end_now(&invoice_id, end)
    })
}

#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
enum MessageWord {
    Check,
    Mapping,
    Callback,
}

/// What a callback is about: the sale's end, unless said otherwise.
#[derive(Deserialize, Default, Clone, Copy)]
#[serde(rename_all = "snake_case")]
enum TypeWord {
    #[default]
    Sale,
    Reversal,
    Chargeback,
}

#[derive(Deserialize)]
pub(super) struct SendAsked {
    message: MessageWord,
    #[serde(rename = "type", default)]
    kind: TypeWord,
}

/// `POST /api/sales/{invoiceId}/send`.
pub(super) async fn send(
    State(context): State<Arc<Context>>,
    Path(invoice_id): Path<String>,
    JsonBody(asked): JsonBody<SendAsked>,
) -> Response {
    let again = match asked.message {
        MessageWord::Check => Again::Check,
        MessageWord::Mapping => Again::Mapping,
        MessageWord::Callback => Again::Callback(match asked.kind {
            TypeWord::Sale => CallbackKind::Sale,
            TypeWord::Reversal => CallbackKind::Reversal,
            TypeWord::Chargeback => CallbackKind::Chargeback,
        }),
    };
    let what = format!("send again: {again:?}");
    done(&context, (&invoice_id, &what), |gateway| {
        gateway.send_again(&invoice_id, again)
    })
}

/// Does it, and puts on record that a person did.
fn done(
    context: &Context,
    (invoice_id, what): (&str, &str),
    act: impl FnOnce(&Arc<gateway::State>) -> Result<(), Refused>,
) -> Response {
    let Some(gateway) = &context.gateway else {
        return refuse(
            StatusCode::CONFLICT,
            "the gateway is somebody else's; only its own can do that",
        );
    };
    match act(gateway) {
        Ok(()) => {
            let mut event = Exchange::new(Kind::Event, (Role::Gateway, Role::Gateway), "by hand", now_ms());
            event.summary.invoice_id = Some(invoice_id.to_owned());
            event.summary.says = Some(what.to_lowercase());
            context.record.add(event);
            StatusCode::NO_CONTENT.into_response()
        }
        Err(Refused::NoSuchSale) => refuse(StatusCode::NOT_FOUND, "the gateway has no such sale"),
        Err(Refused::NotNow(why)) => refuse(StatusCode::CONFLICT, why),
    }
}

/// `POST /api/scripts/{device}`; `*` is any device.
pub(super) async fn set_script(
    State(context): State<Arc<Context>>,
    Path(device): Path<String>,
    JsonBody(given): JsonBody<Value>,
) -> Response {
    match Script::from_json(&given) {
        Ok(script) => {
            let mut scripts = context.scripts.lock();
            context.stage.scripts.set(&device, script);
            scripts.insert(device, given);
            StatusCode::NO_CONTENT.into_response()
        }
        Err(error) => refuse(StatusCode::BAD_REQUEST, &error.to_string()),
    }
}

/// `DELETE /api/scripts/{device}`.
pub(super) async fn remove_script(State(context): State<Arc<Context>>, Path(device): Path<String>) -> Response {
    context.scripts.lock().remove(&device);
    match context.stage.scripts.remove(&device) {
        true => StatusCode::NO_CONTENT.into_response(),
        false => refuse(StatusCode::NOT_FOUND, "this device has no script"),
    }
}

#[derive(Deserialize)]
pub(super) struct FaultsAsked {
    on: bool,
}

/// `POST /api/faults`: those of scripts and of the proxies.
pub(super) async fn faults(State(context): State<Arc<Context>>, JsonBody(asked): JsonBody<FaultsAsked>) -> StatusCode {
    context.stage.scripts.set_faults(asked.on);
    StatusCode::NO_CONTENT
}

/// `POST /api/clear`: forgets sales and exchanges; the servers keep theirs.
pub(super) async fn clear(State(context): State<Arc<Context>>) -> StatusCode {
    context.record.clear();
    StatusCode::NO_CONTENT
}
