//! A connection that is being made, or tried, ahead of the request that will need it; and that request, waiting for it.

use std::{
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use reqwest::Client;
use tokio::{
    sync::oneshot,
    time::{Instant, timeout},
};

use super::pool::{Connection, Pool};

/// The longest that a request waits for a preconnect before it does without.
const LONGEST_WAIT: Duration = Duration::from_secs(1);

/// Tells one preconnect from the other.
static NUMBERS: AtomicUsize = AtomicUsize::new(0);

/// A preconnect, in the hands of who sends its request. Dropped before it has succeeded, it leaves nothing behind.
pub(super) struct Preconnect {
    pool: Arc<Pool>,
    server: String,
    number: usize,
    client: Client,
    /// `None` once it is used.
    to_request: Option<oneshot::Sender<Connection>>,
}

impl Preconnect {
    /// A preconnect on the connection of `client`, and what a request waits for.
    pub(super) fn begin(pool: Arc<Pool>, server: String, client: Client) -> (Self, Awaited) {
        let number = NUMBERS.fetch_add(1, Ordering::Relaxed);
        let (to_request, connection) = oneshot::channel();
        let awaited = Awaited {
            number,
            client: client.clone(),
            began: Instant::now(),
            connection,
        };
        let preconnect = Self {
            pool,
            server,
            number,
            client,
            to_request: Some(to_request),
        };
        (preconnect, awaited)
    }

    pub(super) const fn client(&self) -> &Client {
        &self.client
    }

    /// It was answered: the connection works. It goes to the request that waits for it, else to the idle ones; if the
    /// request has given up waiting, or the pool was cleared in the meantime, to neither.
    pub(super) fn succeed(mut self) {
        let connection = Connection::unused(self.client.clone());
        if self.pool.withdraw(&self.server, self.number) {
            self.pool.keep(self.server.clone(), connection);
        } else if let Some(to_request) = self.to_request.take() {
            let _ = to_request.send(connection);
        }
    }
}

impl Drop for Preconnect {
    fn drop(&mut self) {
        self.pool.withdraw(&self.server, self.number);
    }
}

/// A preconnect, in the hands of the pool, or of the one request that waits for it.
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

    /// The connection that is being warmed up. `None` if that failed.
    ///
    /// A new connection takes two round trips and a cold preconnect three, so one that began a round trip ago is worth
    /// waiting for, and one that began just now is not. How long a round trip takes is not known, so a request waits as
    /// long as the preconnect has taken already. After that it goes to the same client, which makes a second connection and
    /// sends the request on whichever is there first. A preconnect that hangs costs no more than that.
    pub(super) async fn connection(self) -> Option<Connection> {
        let patience = self.began.elapsed().min(LONGEST_WAIT);
        match timeout(patience, self.connection).await {
            Ok(connection) => connection.ok(),
            Err(_) => Some(Connection::shared(self.client)),
        }
    }
}
