//! The idle connections to all servers, and the connections that are being opened ahead of a request.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::{Duration, SystemTime},
};

use reqwest::Client;
use tokio::time::{Instant, sleep};

use super::{
    awaited::{Awaited, Promise},
    connection::Connection,
};
use crate::port::{Freshness, PortFuture};

/// An idle connection older than this is not used again: a phone that slept has lost it, and most servers have closed
/// it.
const LONGEST_IDLE: Duration = Duration::from_secs(20);
/// A connection that was used within this time counts as working, because servers close idle connections after five
/// seconds or more. Only perform sale requires it.
const RECENT: Duration = Duration::from_secs(2);
/// The most idle connections for one server.
const MOST_IDLE: usize = 8;

/// All connections that no request is using.
#[derive(Default)]
pub(super) struct Pool(Mutex<HashMap<String, Server>>);

#[derive(Default)]
struct Server {
    /// In the order of their last use.
    idle: Vec<Idle>,
    /// The running preconnect that no request waits for yet.
    warming: Option<Awaited>,
}

struct Idle {
    connection: Connection,
    last_used: Instant,
    /// The monotonic clock may stop while a phone sleeps, and the wall clock may be set. Both must say that the last
    /// use was recent.
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
    /// The connection that was used last, if it was used within `longest`; among all, or only among the unused ones.
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

    /// An idle connection to `server` for a request that requires `freshness`.
    pub(super) fn take(&self, server: &str, freshness: Freshness) -> Option<Connection> {
        let mut servers = self.lock();
        let server = servers.get_mut(server)?;
        match freshness {
            Freshness::Any => server.take(LONGEST_IDLE, false),
            Freshness::Recent => server.take(RECENT, true),
        }
    }

    /// Keeps `connection` for the next request to `server`, and closes it if there is none in time.
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
        // Boxed to the type of task that the HTTP library spawns too, because each type of task adds kilobytes of code.
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

    /// Promises a connection to `server` to the next request: an idle one that has carried no request, or a new one from
    /// `create`. `None` if a preconnect that no request waits for is already running.
    pub(super) fn promise(&self, server: String, create: impl FnOnce() -> Option<Client>) -> Option<Promise> {
        let mut servers = self.lock();
        let entry = servers.entry(server).or_default();
        if entry.warming.is_some() {
            return None;
        }
        let idle = entry.take(LONGEST_IDLE, true);
        let client = idle.map(|connection| connection.client).or_else(create)?;
        let (promise, awaited) = Promise::new(client);
        entry.warming = Some(awaited);
        Some(promise)
    }

    /// The running preconnect to `server`, for a request that will use its connection. No other request gets it then.
    pub(super) fn take_preconnect(&self, server: &str) -> Option<Awaited> {
        self.lock().get_mut(server)?.warming.take()
    }

    /// Removes the preconnect with this number. Returns whether it was still there: no request waits for it, and the
    /// pool was not cleared.
    pub(super) fn withdraw(&self, server: &str, number: usize) -> bool {
        let mut servers = self.lock();
        let withdrawn = servers
            .get_mut(server)
            .and_then(|server| server.warming.take_if(|awaited| awaited.number() == number));
        withdrawn.is_some()
    }

    /// Closes idle connections, and drops running preconnects.
    pub(super) fn clear(&self) {
        self.lock().clear();
    }
}
