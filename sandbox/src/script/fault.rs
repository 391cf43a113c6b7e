//! Faults a script can put on one message, and how an answer goes wrong by each. Which message gets which is `script`.

use std::{
    io,
    pin::Pin,
    task::{Context, Poll},
    time::Duration,
};

use axum::{
    body::{Body, Bytes},
    http::{HeaderValue, StatusCode, header},
    response::Response,
};
use hyper::body::Frame;
use serde_json::Value;

use crate::{net::server::Connection, protocol::answer::Answer};

/// What goes wrong with one exchange.
#[derive(Debug, Clone, PartialEq)]
pub enum Fault {
    /// The connection is closed, the request is not processed.
    CloseBeforeProcessing,
    /// The request is processed, then the connection is closed: the answer is lost.
    CloseAfterProcessing,
    /// This instead of processing.
    Http {
        /// The HTTP status.
        status: u16,
        /// The whole body.
        body: String,
        /// Its `Content-Type`.
        content_type: String,
    },
    /// This instead of the answer, after processing: what a proxy in front of the server says.
    HttpAfterProcessing {
        /// The HTTP status.
        status: u16,
        /// The whole body.
        body: String,
        /// Its `Content-Type`.
        content_type: String,
    },
    /// An error object of the protocol instead of processing.
    GatewayError {
        /// `error.cause`.
        cause: String,
        /// The HTTP status it comes with.
        http_status: u16,
    },
    /// Processed, but the body of the answer is no JSON (HTTP 200).
    Garbage,
    /// Processed, but the body ends half-way and the connection with it.
    Truncate,
    /// Processed, and the answer is held back for this long.
    Stall(Duration),
    /// A `Retry-After` header.
    RetryAfter {
        /// With this status, instead of processing; without one, on the ordinary answer.
        status: Option<u16>,
        /// Its value, in seconds.
        secs: u64,
    },
    /// Processed, but `state` is this and what belongs to a known state is left out.
    UnknownState(String),
    /// Processed, and answered with this (HTTP 200).
    AnswerOverride(Value),
}

const JSON: &str = "application/json";

impl Fault {
    /// The fault's name, for the ledger.
    #[must_use]
    pub fn name(&self) -> &'static str {
        match self {
            Self::CloseBeforeProcessing => "CloseBeforeProcessing",
            Self::CloseAfterProcessing => "CloseAfterProcessing",
            Self::Http { .. } => "Http",
            Self::HttpAfterProcessing { .. } => "HttpAfterProcessing",
            Self::GatewayError { .. } => "GatewayError",
            Self::Garbage => "Garbage",
            Self::Truncate => "Truncate",
            Self::Stall(_) => "Stall",
            Self::RetryAfter { .. } => "RetryAfter",
            Self::UnknownState(_) => "UnknownState",
            Self::AnswerOverride(_) => "AnswerOverride",
        }
    }

    /// The answer that takes the place of processing, if the fault has one.
    pub(crate) async fn instead(&self, invoice_id: Option<&str>, connection: &Connection) -> Option<Response> {
        match self {
            Self::CloseBeforeProcessing => match connection.cut().await {},
            Self::Http {
                status,
                body,
                content_type,
            } => Some(raw(*status, body.clone().into(), content_type)),
            Self::GatewayError { cause, http_status } => {
                Some(Answer::error(*http_status, cause, "scripted error", invoice_id).into_response())
            }
            Self::RetryAfter {
                status: Some(status),
                secs,
            } => {
                let body = Answer::error(*status, "SERVER_UNAVAILABLE", "scripted pause", invoice_id).into_response();
                Some(with_retry_after(body, *secs))
            }
            _ => None,
        }
    }

    /// What becomes of an answer after processing.
    async fn distort(self, answer: Answer, connection: &Connection) -> Response {
        match self {
            Self::CloseAfterProcessing => match connection.cut().await {},
            Self::HttpAfterProcessing {
                status,
                body,
                content_type,
            } => raw(status, body.into(), &content_type),
            Self::Garbage => raw(200, Bytes::from_static(b"\x1f\x8b<html>{\"state\": APPROVED"), JSON),
            Self::Truncate => truncated(&answer),
            Self::Stall(time) => {
                tokio::time::sleep(time).await;
                answer.into_response()
            }
            Self::RetryAfter { status: None, secs } => with_retry_after(answer.into_response(), secs),
            Self::UnknownState(state) => answer.with_state(state).into_response(),
            Self::AnswerOverride(body) => Answer::ok(body).into_response(),
            Self::CloseBeforeProcessing
            | Self::Http { .. }
            | Self::GatewayError { .. }
            | Self::RetryAfter { status: Some(_), .. } => answer.into_response(),
        }
    }
}

/// Gives `answer`, or what `fault` makes of it.
pub(crate) async fn deliver(fault: Option<Fault>, answer: Answer, connection: &Connection) -> Response {
    match fault {
        Some(fault) => fault.distort(answer, connection).await,
        None => answer.into_response(),
    }
}

fn raw(status: u16, body: Bytes, content_type: &str) -> Response {
    let mut response = Response::new(Body::from(body));
    *response.status_mut() = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    if let Ok(value) = HeaderValue::from_str(content_type) {
        response.headers_mut().insert(header::CONTENT_TYPE, value);
    }
    response
}

fn with_retry_after(mut response: Response, secs: u64) -> Response {
    response
        .headers_mut()
        .insert(header::RETRY_AFTER, HeaderValue::from(secs));
    response
}

/// The full length is promised, half of it comes, then the connection ends.
fn truncated(answer: &Answer) -> Response {
    let body = answer.to_bytes();
    let length = body.len();
    let half = body.slice(..length / 2);
    let mut response = raw(answer.status(), Bytes::new(), JSON);
    response
        .headers_mut()
        .insert(header::CONTENT_LENGTH, HeaderValue::from(length));
    *response.body_mut() = Body::new(HalfBody {
        half: Some(half),
        flushed: false,
    });
    response
}

/// A body that fails after its only piece, giving the connection one turn to send that piece first.
struct HalfBody {
    half: Option<Bytes>,
    flushed: bool,
}

impl hyper::body::Body for HalfBody {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Self::Data>, Self::Error>>> {
        if let Some(half) = self.half.take() {
            return Poll::Ready(Some(Ok(Frame::data(half))));
        }
        if !self.flushed {
            self.flushed = true;
            context.waker().wake_by_ref();
            return Poll::Pending;
        }
        Poll::Ready(Some(Err(io::ErrorKind::ConnectionAborted.into())))
    }
}
