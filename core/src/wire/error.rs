//! The error object (`error{cause, code, message}` with `invoiceId` next to it), which may come with any HTTP status.

use serde::{Deserialize, Serialize};

use super::{reply::Reply, text::plain};
use crate::json::Members;

/// `error.cause`. An open list: an unknown word keeps its text.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(not(feature = "exhaustive"), non_exhaustive)]
pub enum Cause {
    /// `FILTERED`: a business filter of the merchant or the gateway refused.
    Filtered,
    /// `INVALID_REQUEST`: malformed, or a value was not accepted.
    InvalidRequest,
    /// `INVALID_CONFIGURATION`: the gateway's endpoint is not set up.
    InvalidConfiguration,
    /// `DECLINED`: refused by the gateway.
    Declined,
    /// `SERVER_FAILED`: an exception on the merchant's server.
    ServerFailed,
    /// `SERVER_UNAVAILABLE`: the merchant's server cannot answer now.
    ServerUnavailable,
    /// `INTERNAL_ERROR` of the gateway; says nothing about whether the sale is processed.
    InternalError,
    /// `PROCESSING_FAILED`; says nothing about whether the sale was charged.
    ProcessingFailed,
    /// `ORDER_NOT_FOUND`: the gateway does not know the sale (yet).
    OrderNotFound,
    /// An unknown word, or none (empty).
    Other(String),
}

impl Cause {
    /// The cause for this word of the protocol.
    pub fn parse(word: &str) -> Self {
        match word {
            "FILTERED" => Self::Filtered,
            "INVALID_REQUEST" => Self::InvalidRequest,
            "INVALID_CONFIGURATION" => Self::InvalidConfiguration,
            "DECLINED" => Self::Declined,
            "SERVER_FAILED" => Self::ServerFailed,
            "SERVER_UNAVAILABLE" => Self::ServerUnavailable,
            "INTERNAL_ERROR" => Self::InternalError,
            "PROCESSING_FAILED" => Self::ProcessingFailed,
            "ORDER_NOT_FOUND" => Self::OrderNotFound,
            other => Self::Other(plain(other)),
        }
    }

    /// Whether the cause means that the request was processed and refused, so that nothing more will come of it. Every
    /// other cause leaves open whether the sale is being processed.
    pub const fn is_refusal(&self) -> bool {
        matches!(
            self,
            Self::Filtered | Self::InvalidRequest | Self::InvalidConfiguration | Self::Declined
        )
    }
}

impl std::fmt::Display for Cause {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(match self {
            Self::Filtered => "FILTERED",
            Self::InvalidRequest => "INVALID_REQUEST",
            Self::InvalidConfiguration => "INVALID_CONFIGURATION",
            Self::Declined => "DECLINED",
            Self::ServerFailed => "SERVER_FAILED",
            Self::ServerUnavailable => "SERVER_UNAVAILABLE",
            Self::InternalError => "INTERNAL_ERROR",
            Self::ProcessingFailed => "PROCESSING_FAILED",
            Self::OrderNotFound => "ORDER_NOT_FOUND",
            Self::Other(word) => word,
        })
    }
}

/// The error object of an answer.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct ErrorObject {
    /// `error.cause`.
    pub cause: Cause,
    /// `error.code`: an opaque reference for support, one for each occurrence; not a catalogue number.
    pub code: Option<String>,
    /// `error.message`, cleaned so that it may be shown.
    pub message: Option<String>,
}

impl ErrorObject {
    /// The `error` member if it is not empty, whatever its type: the gateway's own library treats any as an error.
    pub(super) fn among(members: &Members<'_>) -> Option<Self> {
        // Contradicting members leave open which error it is, but not that there is one.
        let error = match members.only(&["error"]) {
            Ok(None) => return None,
            Ok(error) => error,
            Err(_) => members.last(&["error"]),
        };
        let shown = |path: &[&str]| members.text(path).map(|text| plain(&text));
        // Contradicting causes count as none, because a refusal must be certain.
        let cause = members.only(&["error", "cause"]).ok().flatten();
        let cause = cause.and_then(|cause| cause.text()).unwrap_or_default();
        Some(Self {
            cause: Cause::parse(&plain(&cause)),
            code: shown(&["error", "code"]),
            message: shown(&["error", "message"]).or_else(|| error?.text().map(|text| plain(&text))),
        })
    }
}

/// Why an answer is not a success: the error object, if there is one, and the HTTP status.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct ErrorResponse {
    /// HTTP status of the answer.
    pub status: u16,
    /// The error object, if the body contains one.
    pub error: Option<ErrorObject>,
    /// How long the server asks to wait before the next request, in milliseconds from now.
    pub retry_after_ms: Option<u64>,
}

impl ErrorResponse {
    /// Why `reply` is not a success.
    pub(super) fn of(reply: &Reply) -> Self {
        Self {
            status: reply.status,
            error: reply.members().as_ref().and_then(ErrorObject::among),
            retry_after_ms: reply
                .retry_after
                .map(|delay| u64::try_from(delay.as_millis()).unwrap_or(u64::MAX)),
        }
    }

    /// Whether the error object's cause means a refusal.
    pub(crate) fn is_refused(&self) -> bool {
        self.error.as_ref().is_some_and(|error| error.cause.is_refusal())
    }

    /// A sentence for people, without secrets.
    pub fn describe(&self) -> String {
        let Some(error) = &self.error else {
            return format!("HTTP status {} without an error object", self.status);
        };
        match (&error.cause, &error.message) {
            (Cause::Other(word), None) if word.is_empty() => format!("an error with HTTP status {}", self.status),
            (Cause::Other(word), Some(message)) if word.is_empty() => message.clone(),
            (cause, Some(message)) => format!("{cause}: {message}"),
            (cause, None) => cause.to_string(),
        }
    }

    /// `error.code`, the reference to quote to support.
    pub fn support_reference(&self) -> Option<String> {
        self.error.as_ref().and_then(|error| error.code.clone())
    }
}
