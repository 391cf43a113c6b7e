//! The connections to every server that wait for their next request, and those that are being made ahead of one.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::{Duration, SystemTime},
};

use reqwest::Client;
use tokio::time::{Instant, sleep};

use super::preconnect::{Awaited, Preconnect};
use crate::{Freshness, PortFuture};

/// An idle connection older than this is not used again: a phone that slept has lost it, most servers have closed it.
const LONGEST_IDLE: Duration = Duration::from_secs(20);
/// A connection that was in use within this time counts as working. Servers close idle connections after five
/// seconds or more; only perform sale asks for it.
const RECENT: Duration = Duration::from_secs(2);
/// Idle connections that are kept for one server.
const MOST_IDLE: usize = 8;

/// A connection, as the client that has no other. If the server has closed it, or said something unasked, the client
/// makes a new one for its next request.
pub(super) struct Connection {
    pub(super) client: Client,
    /// Whether nothing but preconnects was ever sent on it, so that no late or second answer to anything else can come.
    is_unused: bool,
    /// Whether a preconnect that nobody waits for any more is on it too, so that its client may have two connections.
    is_shared: bool,
}

impl Connection {
    /// One that only preconnects have used, or nothing yet.
    pub(super) const fn unused(client: Client) -> Self {
        Self {
            client,
            is_unused: true,
            is_shared: false,
        }
    }

    /// The one of `client`, which is still warming it up, or one that it makes anew, whichever is there first.
    pub(super) const fn shared(client: Client) -> Self {
        Self {
            client,
            is_unused: true,
            is_shared: true,
        }
    }

    /// The same after a request and its whole answer. `None` if it is not to be used again.
    pub(super) fn after_a_request(self) -> Option<Self> {
        (!self.is_shared).then_some(Self {
            is_unused: false,
            ..self
        })
    }
}

/// All connections that no request is on.
#[derive(Default)]
pub(super) struct Pool(Mutex<HashMap<String, Server>>);

#[derive(Default)]
struct Server {
    /// In the order of their last use.
    idle: Vec<Idle>,
    /// The preconnect under way that no request waits for yet.
    warming: Option<Awaited>,
}

struct Idle {
    connection: Connection,
    last_used: Instant,
    /// The other clock stands still while a phone sleeps; this one may be set. Both must say that it was just now.
    last_used_by_wall_clock: SystemTime,
}

impl Idle {
    fn waits_for_less_than(&self, longest: Duration) -> bool {
        self.last_used.elapsed() < longest
            && self
                .last_used_by_wall_clock
                .elapsed()
                .is_ok_and(|elapsed| elapsed < longest)
    }
}

impl Server {
    /// The connection that was used last, if it was within `longest`, among all or among the unused ones.
    fn take(&mut self, longest: Duration, only_unused: bool) -> Option<Connection> {
        let is_fit = |idle: &Idle| idle.connection.is_unused || !only_unused;
        let last = self.idle.iter().rposition(is_fit)?;
        let is_fresh = self.idle.get(last)?.waits_for_less_than(longest);
        is_fresh.then(|| self.idle.remove(last).connection)
    }
}

impl Pool {
    fn lock(&self) -> MutexGuard<'_, HashMap<String, Server>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// An idle connection to `server` for a request that asks for `freshness`.
    pub(super) fn take(&self, server: &str, freshness: Freshness) -> Option<Connection> {
        let mut servers = self.lock();
        let server = servers.get_mut(server)?;
        match freshness {
            Freshness::Any => server.take(LONGEST_IDLE, false),
            Freshness::Recent => server.take(RECENT, true),
        }
    }

    /// Keeps `connection` for the next request to `server`, and closes it when none came.
    pub(super) fn keep(self: &Arc<Self>, server: String, connection: Connection) {
        {
            let mut servers = self.lock();
            let idle = &mut servers.entry(server).or_default().idle;
            idle.push(Idle {
                connection,
                last_used: Instant::now(),
                last_used_by_wall_clock: SystemTime::now(),
            });
            if idle.len() > MOST_IDLE {
                idle.remove(0);
            }
        }
        let (pool, end) = (Arc::downgrade(self), sleep(LONGEST_IDLE));
        // The type of task that the HTTP library spawns too: each has kilobytes of code.
        let sweep: PortFuture<'static, ()> = Box::pin(async move {
            end.await;
            if let Some(pool) = pool.upgrade() {
                pool.lock().retain(|_, server| {
                    server.idle.retain(|idle| idle.waits_for_less_than(LONGEST_IDLE));
                    !server.idle.is_empty() || server.warming.is_some()
                });
            }
        });
        tokio::spawn(sweep);
    }

    /// Begins to warm up a connection to `server`: an idle one that has carried no request, else what `create` makes.
    /// `None` if one is being warmed up already that no request waits for.
    pub(super) fn preconnect(
        self: &Arc<Self>,
        server: String,
        create: impl FnOnce() -> Option<Client>,
    ) -> Option<Preconnect> {
        let mut servers = self.lock();
        let entry = servers.entry(server.clone()).or_default();
        if entry.warming.is_some() {
            return None;
        }
        let idle = entry.take(LONGEST_IDLE, true);
        let client = idle.map(|connection| connection.client).or_else(create)?;
        let (preconnect, awaited) = Preconnect::begin(Arc::clone(self), server, client);
        entry.warming = Some(awaited);
        Some(preconnect)
    }

    /// The preconnect under way to `server`, for a request that is to go out on its connection. No other request gets it then.
    pub(super) fn take_preconnect(&self, server: &str) -> Option<Awaited> {
        self.lock().get_mut(server)?.warming.take()
    }

    /// Strikes out the preconnect with this number. Answers whether it was there still: no request waits for it, and nobody
    /// has cleared the pool.
    pub(super) fn withdraw(&self, server: &str, number: usize) -> bool {
        let mut servers = self.lock();
        let withdrawn = servers
            .get_mut(server)
            .and_then(|server| server.warming.take_if(|awaited| awaited.number() == number));
        withdrawn.is_some()
    }

    /// Closes what is idle, and forgets what is being warmed up.
    pub(super) fn clear(&self) {
        self.lock().clear();
    }
}
