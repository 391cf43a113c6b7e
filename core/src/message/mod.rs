//! The messages an app exchanges with the gateway and with the merchant's server: one file a message.
//!
//! Requests are written exactly as documented. Answers are read member by member (`json`), because an odd member or an
//! odd byte must not hide that money moved: unknown members are ignored, numbers stand for text and the reverse, dates
//! stay text. Where a member is there twice with different values, the last one counts; in a state, an id or a token
//! that is a contradiction, and the answer is none. Each answer file also says what an answer *means* for the sale.
//! What is done about it is the flow's affair.

mod body;
mod error;
pub mod initiate;
pub(crate) mod json;
pub mod merchant;
mod order_reference;
pub mod perform;
pub mod status;
mod text;

pub use body::Body;
pub use error::{Cause, ErrorObject, ErrorResponse};
pub use order_reference::OrderReference;
pub use text::plain;

use std::time::Duration;

use json::Members;
use zeroize::Zeroize;

/// What came back over HTTP, whatever the status: the raw material of every answer.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Reply {
    /// HTTP status code.
    pub status: u16,
    /// The body, at most as long as the transport allows.
    pub body: Vec<u8>,
    /// The `Retry-After` header, as a delay from now.
    pub retry_after: Option<Duration>,
}

impl Reply {
    /// A reply without a `Retry-After` header.
    pub fn new(status: u16, body: impl Into<Vec<u8>>) -> Self {
        Self {
            status,
            body: body.into(),
            retry_after: None,
        }
    }

    const fn is_success(&self) -> bool {
        self.status >= 200 && self.status < 300
    }

    /// The body's members; none where it is no object, which then says nothing.
    fn members(&self) -> Option<Members<'_>> {
        Members::of(&self.body)
    }
}

/// Bodies hold tokens.
impl Drop for Reply {
    fn drop(&mut self) {
        self.body.zeroize();
    }
}

/// Bodies hold tokens, so only their length is shown.
impl std::fmt::Debug for Reply {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_struct("Reply")
            .field("status", &self.status)
            .field("bytes", &self.body.len())
            .field("retry_after", &self.retry_after)
            .finish()
    }
}
