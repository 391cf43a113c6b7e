//! Records what the gateway asks of the merchant's server and gets for an answer, also why it got none.

use axum::http::HeaderMap;
use serde_json::Value;
use url::Url;

use super::{
    exchange::Role,
    pending::{PendingExchange, WireAnswer, WireRequest},
    recorder::Recorder,
};
use crate::protocol::diagram::Exchange;

/// A call on record, or not.
pub(crate) struct Call(Option<PendingExchange>);

impl Call {
    /// The gateway begins `exchange` about a sale.
    pub(crate) fn begin(
        recorder: &Recorder,
        (exchange, invoice_id): (Exchange, &str),
        method: &str,
        url: &Url,
        body: Option<&Value>,
    ) -> Self {
        if !recorder.is_on() {
            return Self(None);
        }
        let target = match url.query() {
            Some(query) => format!("{}?{query}", url.path()),
            None => url.path().to_owned(),
        };
        let mut headers = HeaderMap::new();
        if body.is_some() {
            headers.insert("content-type", axum::http::HeaderValue::from_static("application/json"));
        }
        let mut open = PendingExchange::begin(
            recorder,
            &WireRequest {
                method,
                origin: &url.origin().ascii_serialization(),
                target: &target,
                headers: &headers,
                body: body.map(Value::to_string).unwrap_or_default().as_bytes(),
                to: Role::Merchant,
            },
        );
        if let Some(open) = &mut open {
            open.is(exchange.name, exchange.step, invoice_id);
        }
        Self(open)
    }

    pub(crate) fn answered(self, status: u16, headers: &HeaderMap, body: &[u8]) {
        if let Self(Some(open)) = self {
            open.answered(&WireAnswer {
                status,
                headers,
                body,
                cut_off: None,
            });
        }
    }

    /// No answer, or none to its end.
    pub(crate) fn failed(self, reason: &str) {
        if let Self(Some(open)) = self {
            open.failed(reason);
        }
    }
}
