//! An answer of either server before it becomes HTTP: a status and a JSON body, errors in the form of the protocol.

use axum::{
    body::{Body, Bytes},
    http::{HeaderValue, StatusCode, header},
    response::Response,
};
use serde_json::{Value, json};

use crate::protocol::random;

/// A JSON answer.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Answer {
    status: u16,
    body: Value,
}

/// `error.cause` of a request that breaks a rule of the protocol.
pub(crate) const INVALID_REQUEST: &str = "INVALID_REQUEST";

impl Answer {
    pub(crate) fn ok(body: Value) -> Self {
        Self { status: 200, body }
    }

    /// An error object; its code is a fresh reference, as the family's servers give, not a catalogue number.
    pub(crate) fn error(status: u16, cause: &str, message: &str, invoice_id: Option<&str>) -> Self {
        let code = random::uuid().unwrap_or_default();
        let mut body = json!({"error": {"cause": cause, "code": code, "message": message}});
        if let Some(invoice_id) = invoice_id {
            body["invoiceId"] = invoice_id.into();
        }
        Self { status, body }
    }

    /// `INVALID_REQUEST`, HTTP 400.
    pub(crate) fn invalid(message: &str, invoice_id: Option<&str>) -> Self {
        Self::error(400, INVALID_REQUEST, message, invoice_id)
    }

    /// A failure of the server itself, HTTP 500.
    pub(crate) fn failed(cause: &str, message: &str, invoice_id: Option<&str>) -> Self {
        Self::error(500, cause, message, invoice_id)
    }

    /// The same body with HTTP 200, whatever it says.
    pub(crate) fn inside_ok(self) -> Self {
        Self { status: 200, ..self }
    }

    /// Says another `state`, without the members that belong to known ones.
    pub(crate) fn with_state(mut self, state: String) -> Self {
        if let Some(members) = self.body.as_object_mut() {
            for member in [
                "bankOrderId",
                "redirectUrl",
                "errorCode",
                "errorMessage",
                "secure3DAuthStatus",
            ] {
                members.remove(member);
            }
            members.insert("state".to_owned(), state.into());
        }
        self
    }

    pub(crate) fn status(&self) -> u16 {
        self.status
    }

    /// The answer in few words: its error's cause and message, or the HTTP status. Bodies hold tokens, so not they.
    pub(crate) fn summary(&self) -> String {
        match self.body.get("error") {
            Some(error) => format!(
                "HTTP {}, {}: {}",
                self.status,
                error["cause"].as_str().unwrap_or_default(),
                error["message"].as_str().unwrap_or_default()
            ),
            None => format!("HTTP {}", self.status),
        }
    }

    pub(crate) fn to_bytes(&self) -> Bytes {
        self.body.to_string().into()
    }

    pub(crate) fn into_response(self) -> Response {
        let mut response = Response::new(Body::from(self.to_bytes()));
        *response.status_mut() = StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let headers = response.headers_mut();
        headers.insert(
            header::CONTENT_TYPE,
            HeaderValue::from_static("application/json; charset=utf-8"),
        );
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        response
    }
}
