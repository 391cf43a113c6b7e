//! Remote control of a sandbox in another process, for tests in any language: scripts, the ledger, a cardholder.
//!
//! The inspector offers the same by an API of its own (`inspector/openapi.json`), with any command and without this switch.
//!
//! Off unless asked for (`serve --control`): anybody who reaches these paths decides how sales end. They are the merchant's, which
//! then also answers on a port without TLS, for clients that cannot be made to trust an authority.
//!
//! - `POST /sandbox/scripts/{deviceSerialNumber}` with a script, as [`Script::from_json`] reads it; 204.
//! - `GET /sandbox/ledger/{invoiceId}`; the ledger's entry, or 404.
//! - `POST /sandbox/cardholder` with `{"url": …, "conduct": …}`; what the cardholder saw last.

use std::sync::Arc;

use axum::{
    Json, Router,
    extract::{Path, State},
    http::StatusCode,
    response::{IntoResponse, Response},
    routing::{get, post},
};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::{
    cardholder::{Cardholder, Conduct},
    script::Script,
    stage::{EntryState, Stage},
};

/// The paths of the remote control.
pub(crate) fn router(stage: Stage) -> Router {
    Router::new()
        .route("/sandbox/scripts/{serial_number}", post(set_script))
        .route("/sandbox/ledger/{invoice_id}", get(ledger_entry))
        .route("/sandbox/cardholder", post(visit))
        .with_state(Arc::new(stage))
}

async fn set_script(
    State(stage): State<Arc<Stage>>,
    Path(serial_number): Path<String>,
    Json(script): Json<Value>,
) -> Response {
    match Script::from_json(&script) {
        Ok(script) => {
            stage.scripts.set(&serial_number, script);
            StatusCode::NO_CONTENT.into_response()
        }
        Err(error) => refuse(StatusCode::BAD_REQUEST, &error.to_string()),
    }
}

pub(crate) async fn ledger_entry(State(stage): State<Arc<Stage>>, Path(invoice_id): Path<String>) -> Response {
    let Some(entry) = stage.ledger.entry(&invoice_id) else {
        return refuse(
            StatusCode::NOT_FOUND,
            "no perform request for this invoice, and it is not void",
        );
    };
    let state = match entry.state {
        EntryState::NotStarted => "not_started",
        EntryState::Processing => "processing",
        EntryState::Redirect => "redirect",
        EntryState::Approved => "approved",
        EntryState::Declined => "declined",
    };
    Json(json!({
        "invoice_id": entry.invoice_id,
        "performs_received": entry.performs_received,
        "charges": entry.charges,
        "status_requests": entry.status_requests,
        "state": state,
        "unresolvable": entry.unresolvable,
        "void": entry.is_void,
    }))
    .into_response()
}

#[derive(Deserialize)]
pub(crate) struct Visit {
    url: String,
    conduct: String,
}

pub(crate) async fn visit(State(stage): State<Arc<Stage>>, Json(visit): Json<Visit>) -> Response {
    let Some(conduct) = Conduct::from_word(&visit.conduct) else {
        return refuse(
            StatusCode::BAD_REQUEST,
            "conduct is authenticates, mistypes_password, mistypes_once, cancels or walks_away",
        );
    };
    let cardholder = match Cardholder::trusting(stage.authority.ca_pem()) {
        Ok(cardholder) => cardholder,
        Err(error) => return refuse(StatusCode::INTERNAL_SERVER_ERROR, &error.to_string()),
    };
    match cardholder.visit(&visit.url, conduct).await {
        Ok(title) => Json(json!({ "title": title })).into_response(),
        Err(error) => refuse(StatusCode::BAD_GATEWAY, &error.to_string()),
    }
}

pub(crate) fn refuse(status: StatusCode, message: &str) -> Response {
    (status, Json(json!({ "error": { "message": message } }))).into_response()
}
