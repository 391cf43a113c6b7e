//! What the merchant's handlers share, and how they turn a request down.

use axum::response::Response;

use super::records::Records;
use crate::{
    error::SandboxError,
    protocol::answer::{Answer, INVALID_REQUEST},
    stage::Stage,
};

/// The merchant's server, as they know it.
pub(crate) struct State {
    pub(super) stage: Stage,
    pub(super) records: Records,
    /// The gateway runs elsewhere, so nobody else reports its calls.
    pub(super) alone: bool,
}

/// Any other path.
pub(super) async fn not_found() -> Response {
    Answer::error(404, INVALID_REQUEST, "no such path", None).into_response()
}

/// A request the merchant turns down.
pub(super) type Refusal = Answer;

/// A failure of the merchant's own.
pub(super) fn broken(_: SandboxError) -> Refusal {
    Answer::failed("SERVER_FAILED", "the merchant's server failed", None)
}
