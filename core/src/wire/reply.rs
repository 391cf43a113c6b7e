//! An HTTP answer, before it is read.

use std::time::Duration;

use zeroize::Zeroize;

use crate::json::Members;

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

    pub(super) const fn is_success(&self) -> bool {
        self.status >= 200 && self.status < 300
    }

    /// The body's members; `None` if it is not an object.
    pub(super) fn members(&self) -> Option<Members<'_>> {
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
