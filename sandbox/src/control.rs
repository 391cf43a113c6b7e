//! Remote control of a sandbox in another process, for tests in any language: scripts, the ledger, a cardholder.
//!
//! Off unless asked for (`serve --control`): whoever reaches these paths decides how sales end. They are the shop's, which
//! then also answers on a port without TLS, for clients that cannot be made to trust an authority.
//!
//! - `POST /sandbox/scripts/{deviceSerialNumber}` with a script; 204.
//! - `GET /sandbox/ledger/{invoiceId}`; the ledger's entry, or 404.
//! - `POST /sandbox/cardholder` with `{"url": …, "conduct": …}`; what the cardholder saw last.

use std::{sync::Arc, time::Duration};

use axum::{
    Json, Router,
    extract::{Path, State},
    http::StatusCode,
    response::{IntoResponse, Response},
    routing::{get, post},
};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::{Cardholder, Conduct, EntryState, Fault, Message, Outcome, SandboxError, Script, stage::Stage};

/// The paths of the remote control.
pub(crate) fn router(stage: Stage) -> Router {
    Router::new()
        .route("/sandbox/scripts/{serial_number}", post(set_script))
        .route("/sandbox/ledger/{invoice_id}", get(ledger_entry))
        .route("/sandbox/cardholder", post(visit))
        .with_state(Arc::new(stage))
}

impl Script {
    /// Reads a script from JSON:
    ///
    /// ```json
    /// {
    ///   "outcome": "charged_but_never_final",
    ///   "processing_delay_ms": 0,
    ///   "challenge_timeout_ms": 500,
    ///   "faults": [{ "message": "perform", "nth": 1, "kind": "close_after_processing" }]
    /// }
    /// ```
    ///
    /// All members are optional. Kinds with values: `http` and `http_after_processing` (`status`, `body`,
    /// `content_type`), `gateway_error` (`cause`, `http_status`), `stall` (`ms`), `retry_after` (`status`, `secs`),
    /// `unknown_state` (`state`), `answer_override` (`answer`).
    ///
    /// # Errors
    /// [`SandboxError::Script`] with what is wrong.
    pub fn from_json(value: &Value) -> Result<Self, SandboxError> {
        let parsed = ScriptJson::deserialize(value).map_err(|error| SandboxError::Script {
            reason: error.to_string(),
        })?;
        let mut script = Self::new();
        if let Some(outcome) = parsed.outcome {
            script = script.outcome(outcome.into());
        }
        if let Some(delay) = parsed.processing_delay_ms {
            script = script.processing_delay(Duration::from_millis(delay));
        }
        if let Some(timeout) = parsed.challenge_timeout_ms {
            script = script.challenge_timeout(Duration::from_millis(timeout));
        }
        for FaultJson { message, nth, fault } in parsed.faults {
            script = match nth {
                Some(nth) => script.fault_nth(message.into(), nth, fault.into()),
                None => script.fault(message.into(), fault.into()),
            };
        }
        Ok(script)
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ScriptJson {
    outcome: Option<OutcomeJson>,
    processing_delay_ms: Option<u64>,
    challenge_timeout_ms: Option<u64>,
    #[serde(default)]
    faults: Vec<FaultJson>,
}

#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
enum OutcomeJson {
    Approve,
    Decline,
    NeverFinal,
    ChargedButNeverFinal,
    Challenge,
    FingerprintThenChallenge,
    UnansweredChallenge,
}

impl From<OutcomeJson> for Outcome {
    fn from(outcome: OutcomeJson) -> Self {
        match outcome {
            OutcomeJson::Approve => Self::approve(),
            OutcomeJson::Decline => Self::decline(100, "Do not honour"),
            OutcomeJson::NeverFinal => Self::never_final(),
            OutcomeJson::ChargedButNeverFinal => Self::charged_but_never_final(),
            OutcomeJson::Challenge => Self::challenge(),
            OutcomeJson::FingerprintThenChallenge => Self::fingerprint_then_challenge(),
            OutcomeJson::UnansweredChallenge => Self::unanswered_challenge(),
        }
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
enum MessageJson {
    Initiate,
    Perform,
    Status,
    SessionToken,
    StoredCard,
    Check,
    Mapping,
    Callback,
}

impl From<MessageJson> for Message {
    fn from(message: MessageJson) -> Self {
        match message {
            MessageJson::Initiate => Self::Initiate,
            MessageJson::Perform => Self::Perform,
            MessageJson::Status => Self::Status,
            MessageJson::SessionToken => Self::SessionToken,
            MessageJson::StoredCard => Self::StoredCard,
            MessageJson::Check => Self::Check,
            MessageJson::Mapping => Self::Mapping,
            MessageJson::Callback => Self::Callback,
        }
    }
}

#[derive(Deserialize)]
struct FaultJson {
    message: MessageJson,
    nth: Option<u32>,
    #[serde(flatten)]
    fault: FaultKindJson,
}

#[derive(Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
enum FaultKindJson {
    CloseBeforeProcessing,
    CloseAfterProcessing,
    Http(HttpJson),
    HttpAfterProcessing(HttpJson),
    GatewayError { cause: String, http_status: u16 },
    Garbage,
    Truncate,
    Stall { ms: u64 },
    RetryAfter { status: Option<u16>, secs: u64 },
    UnknownState { state: String },
    AnswerOverride { answer: Value },
}

#[derive(Deserialize)]
struct HttpJson {
    status: u16,
    #[serde(default)]
    body: String,
    #[serde(default = "plain_text")]
    content_type: String,
}

fn plain_text() -> String {
    "text/plain".to_owned()
}

impl From<FaultKindJson> for Fault {
    fn from(kind: FaultKindJson) -> Self {
        match kind {
            FaultKindJson::CloseBeforeProcessing => Self::CloseBeforeProcessing,
            FaultKindJson::CloseAfterProcessing => Self::CloseAfterProcessing,
            FaultKindJson::Http(HttpJson {
                status,
                body,
                content_type,
            }) => Self::Http {
                status,
                body,
                content_type,
            },
            FaultKindJson::HttpAfterProcessing(HttpJson {
                status,
                body,
                content_type,
            }) => Self::HttpAfterProcessing {
                status,
                body,
                content_type,
            },
            FaultKindJson::GatewayError { cause, http_status } => Self::GatewayError { cause, http_status },
            FaultKindJson::Garbage => Self::Garbage,
            FaultKindJson::Truncate => Self::Truncate,
            FaultKindJson::Stall { ms } => Self::Stall(Duration::from_millis(ms)),
            FaultKindJson::RetryAfter { status, secs } => Self::RetryAfter { status, secs },
            FaultKindJson::UnknownState { state } => Self::UnknownState(state),
            FaultKindJson::AnswerOverride { answer } => Self::AnswerOverride(answer),
        }
    }
}

impl Conduct {
    /// Reads a conduct's word: `authenticates`, `mistypes_password`, `cancels` or `walks_away`.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        match word {
            "authenticates" => Some(Self::Authenticates),
            "mistypes_password" => Some(Self::MistypesPassword),
            "cancels" => Some(Self::Cancels),
            "walks_away" => Some(Self::WalksAway),
            _ => None,
        }
    }
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

async fn ledger_entry(State(stage): State<Arc<Stage>>, Path(invoice_id): Path<String>) -> Response {
    let Some(entry) = stage.ledger.entry(&invoice_id) else {
        return refuse(StatusCode::NOT_FOUND, "no perform request for this invoice");
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
    }))
    .into_response()
}

#[derive(Deserialize)]
struct Visit {
    url: String,
    conduct: String,
}

async fn visit(State(stage): State<Arc<Stage>>, Json(visit): Json<Visit>) -> Response {
    let Some(conduct) = Conduct::from_word(&visit.conduct) else {
        return refuse(
            StatusCode::BAD_REQUEST,
            "conduct is authenticates, mistypes_password, cancels or walks_away",
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

fn refuse(status: StatusCode, message: &str) -> Response {
    (status, Json(json!({ "error": { "message": message } }))).into_response()
}
