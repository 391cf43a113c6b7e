//! One connection, and what may still be sent on it.

use reqwest::Client;

/// One connection, owned by a client that has no other. If the server has closed it or has sent unexpected data, the
/// client opens a new one for its next request.
pub(super) struct Connection {
    pub(super) client: Client,
    /// Whether only preconnects were sent on it, so that no late or repeated answer to anything else can arrive.
    pub(super) is_unused: bool,
    /// Whether a preconnect that nobody waits for any more is also using it, so that its client may have two
    /// connections.
    is_shared: bool,
}

impl Connection {
    /// A connection that only preconnects have used, or nothing yet.
    pub(super) const fn unused(client: Client) -> Self {
        Self {
            client,
            is_unused: true,
            is_shared: false,
        }
    }

    /// The connection of a `client` whose preconnect is still running, or a new one of that client, whichever is ready
    /// first.
    pub(super) const fn shared(client: Client) -> Self {
        Self {
            client,
            is_unused: true,
            is_shared: true,
        }
    }

    /// The same connection after a request and its whole answer. `None` if it must not be used again.
    pub(super) fn after_a_request(self) -> Option<Self> {
        (!self.is_shared).then_some(Self {
            is_unused: false,
            ..self
        })
    }
}
