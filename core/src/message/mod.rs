//! The messages that an app exchanges with the gateway and with the merchant's server: one file for each message.
//!
//! Requests are written exactly as documented. Answers are read member by member (`json`), because an unusual member or
//! byte must not hide that money moved: unknown members are ignored, numbers are accepted as text and text as numbers,
//! and dates stay text. If a member occurs twice with different values, the last one counts; but in a state, an id or a
//! token that is a contradiction, and the answer is not usable. Each file also decides what an answer *means* for the
//! sale. The flow decides what to do about it.

mod body;
mod error;
pub mod initiate;
pub(crate) mod json;
pub mod merchant;
mod order_reference;
pub mod perform;
pub mod status;
mod stored_card;
mod text;

pub use body::Body;
pub use error::{Cause, ErrorObject, ErrorResponse};
pub use order_reference::OrderReference;
pub use stored_card::{CardExpiry, StoredCard};
pub use text::plain;

use std::time::Duration;

use json::Members;
use zeroize::Zeroize;

/// An HTTP answer with any status, before it is read.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Reply {
    /// HTTP status code.
    pub status: u16,
    /// The body. The transport limits its length.
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

    /// The body's members; `None` if it is not an object.
    fn members(&self) -> Option<Members<'_>> {
        Members::of(&self.body)
    }
}

/// Bodies contain tokens.
impl Drop for Reply {
    fn drop(&mut self) {
        self.body.zeroize();
    }
}

/// Shows only the body's length, because bodies contain tokens.
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
