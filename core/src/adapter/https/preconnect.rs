//! A connection that is opened or checked before the request that needs it.

use std::sync::Arc;

use reqwest::Client;

use super::{awaited::Promise, connection::Connection, pool::Pool};

/// A preconnect, as its sender holds it. If it is dropped before it has succeeded, its connection is not kept.
pub(super) struct Preconnect {
    pool: Arc<Pool>,
    server: String,
    number: usize,
    client: Client,
    /// `None` once it is kept.
    promise: Option<Promise>,
}

impl Preconnect {
    /// Begins to open a connection to `server`: an idle one of `pool` that has carried no request, or a new one from
    /// `create`. `None` if a preconnect that no request waits for is already running.
    pub(super) fn begin(pool: &Arc<Pool>, server: String, create: impl FnOnce() -> Option<Client>) -> Option<Self> {
        let promise = pool.promise(server.clone(), create)?;
        Some(Self {
            pool: Arc::clone(pool),
            server,
            number: promise.number,
            client: promise.client.clone(),
            promise: Some(promise),
        })
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
        } else if let Some(promise) = self.promise.take() {
            promise.keep(connection);
        }
    }
}

impl Drop for Preconnect {
    fn drop(&mut self) {
        self.pool.withdraw(&self.server, self.number);
    }
}
