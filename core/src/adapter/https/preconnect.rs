//! A connection that is opened or checked before the request that needs it, and how that request waits for it.

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

/// The longest time that a request waits for a preconnect.
const LONGEST_WAIT: Duration = Duration::from_secs(1);

/// Numbers the preconnects.
static NUMBERS: AtomicUsize = AtomicUsize::new(0);

/// A preconnect, as its sender holds it. If it is dropped before it has succeeded, its connection is not kept.
pub(super) struct Preconnect {
    pool: Arc<Pool>,
    server: String,
    number: usize,
    client: Client,
    /// `None` once it is used.
    to_request: Option<oneshot::Sender<Connection>>,
}

impl Preconnect {
    /// A preconnect on the connection of `client`, and the handle for a request that waits for it.
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

    /// The preconnect was answered, so the connection works. It goes to the request that waits for it, or else to the
    /// idle ones. If the request has stopped waiting or the pool was cleared meanwhile, it is dropped.
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
