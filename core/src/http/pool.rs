//! The connections that wait for their next request, by server.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::{Duration, SystemTime},
};

use reqwest::Client;
use tokio::time::{Instant, sleep};

use crate::Freshness;

/// An idle connection older than this is not used again: a phone that slept has lost it, most servers have closed it.
const LONGEST_IDLE: Duration = Duration::from_secs(20);
/// A connection that was in use within this time counts as working. Servers close idle connections after five
/// seconds or more; only perform sale asks for it.
const RECENT: Duration = Duration::from_secs(2);
/// Idle connections that are kept for one server.
const MOST_IDLE: usize = 8;

/// The idle connections. A server's are in the order of their last use.
#[derive(Default)]
pub(super) struct Pool(Mutex<HashMap<String, Vec<Idle>>>);

struct Idle {
    /// The connection, as the client that has no other.
    client: Client,
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

impl Pool {
    fn lock(&self) -> MutexGuard<'_, HashMap<String, Vec<Idle>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The connection to `server` that was used last, if it is fresh enough. If the server has closed it in the
    /// meantime, or said something unasked, its client makes a new one.
    pub(super) fn take(&self, server: &str, freshness: Freshness) -> Option<Client> {
        let longest = match freshness {
            Freshness::Any => LONGEST_IDLE,
            Freshness::Recent => RECENT,
        };
        let mut all = self.lock();
        let last = all.get_mut(server)?.pop_if(|idle| idle.waits_for_less_than(longest))?;
        Some(last.client)
    }

    /// Keeps a connection whose answer was read to its end for the next request to `server`, and closes it when none
    /// came.
    pub(super) fn keep(self: &Arc<Self>, server: String, client: Client) {
        {
            let mut all = self.lock();
            let idle = all.entry(server).or_default();
            idle.push(Idle {
                client,
                last_used: Instant::now(),
                last_used_by_wall_clock: SystemTime::now(),
            });
            if idle.len() > MOST_IDLE {
                idle.remove(0);
            }
        }
        let (pool, end) = (Arc::downgrade(self), sleep(LONGEST_IDLE));
        tokio::spawn(async move {
            end.await;
            if let Some(pool) = pool.upgrade() {
                pool.lock().retain(|_, idle| {
                    idle.retain(|idle| idle.waits_for_less_than(LONGEST_IDLE));
                    !idle.is_empty()
                });
            }
        });
    }

    /// Closes all.
    pub(super) fn clear(&self) {
        self.lock().clear();
    }
}
