//! A connection that a request may wait for while it is being opened: the promise of it, and the wait.

use std::{
    sync::atomic::{AtomicUsize, Ordering},
    time::Duration,
};

use reqwest::Client;
use tokio::{
    sync::oneshot,
    time::{Instant, timeout},
};

use super::connection::Connection;

/// The longest time that a request waits for a preconnect.
const LONGEST_WAIT: Duration = Duration::from_secs(1);

/// Numbers the promises.
static NUMBERS: AtomicUsize = AtomicUsize::new(0);

/// The promise of the connection of `client`.
pub(super) struct Promise {
    pub(super) number: usize,
    pub(super) client: Client,
    to_request: oneshot::Sender<Connection>,
}

impl Promise {
    /// The promise, and the handle for a request that waits for it.
    pub(super) fn new(client: Client) -> (Self, Awaited) {
        let number = NUMBERS.fetch_add(1, Ordering::Relaxed);
        let (to_request, connection) = oneshot::channel();
        let awaited = Awaited {
            number,
            client: client.clone(),
            began: Instant::now(),
            connection,
        };
        (
            Self {
                number,
                client,
                to_request,
            },
            awaited,
        )
    }

    /// Gives `connection` to the request that waits for it. If it has stopped waiting, the connection is dropped.
    pub(super) fn keep(self, connection: Connection) {
        let _ = self.to_request.send(connection);
    }
}

/// A preconnect, as the pool holds it, or the one request that waits for it.
pub(super) struct Awaited {
    number: usize,
    client: Client,
    began: Instant,
    connection: oneshot::Receiver<Connection>,
}

impl Awaited {
    pub(super) const fn number(&self) -> usize {
        self.number
    }

    /// Waits for the connection. `None` if the preconnect failed.
    ///
    /// A new connection takes two round trips and a cold preconnect three. So waiting pays off for a preconnect that
    /// began a round trip ago, but not for one that began just now. The length of a round trip is not known, so a
    /// request waits as long as the preconnect has already taken. After that the request goes to the same client, which
    /// opens a second connection and uses whichever is ready first. A preconnect that hangs costs no more than that.
    pub(super) async fn connection(self) -> Option<Connection> {
        let limit = self.began.elapsed().min(LONGEST_WAIT);
        match timeout(limit, self.connection).await {
            Ok(connection) => connection.ok(),
            Err(_) => Some(Connection::shared(self.client)),
        }
    }
}
