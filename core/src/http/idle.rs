//! The connections that wait for their next request, by server.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::{Duration, SystemTime},
};

use tokio::time::{Instant, sleep};

use super::connection::Connection;
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
pub(super) struct Idle(Mutex<HashMap<String, Vec<Waiting>>>);

struct Waiting {
    connection: Connection,
    last_used: Instant,
    /// The other clock stands still while a phone sleeps; this one may be set. Both must say that it was just now.
    last_used_by_wall_clock: SystemTime,
}

impl Waiting {
    fn waits_for_less_than(&self, longest: Duration) -> bool {
        self.last_used.elapsed() < longest
            && self
                .last_used_by_wall_clock
                .elapsed()
                .is_ok_and(|elapsed| elapsed < longest)
    }
}

impl Idle {
    fn lock(&self) -> MutexGuard<'_, HashMap<String, Vec<Waiting>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The connection to `server` that was used last, if it is fresh enough, and so far as can be seen from here the
    /// server has not closed it.
    pub(super) async fn take(&self, server: &str, freshness: Freshness) -> Option<Connection> {
        let longest = match freshness {
            Freshness::Any => LONGEST_IDLE,
            Freshness::Recent => RECENT,
        };
        loop {
            let mut connection = self.pop(server, longest)?;
            if connection.is_ready().await {
                return Some(connection);
            }
        }
    }

    fn pop(&self, server: &str, longest: Duration) -> Option<Connection> {
        let mut idle = self.lock();
        let waiting = idle.get_mut(server)?;
        let last = waiting.pop_if(|waiting| waiting.waits_for_less_than(longest))?;
        Some(last.connection)
    }

    /// Keeps `connection` for the next request to `server`, if it can take one, and closes it when none came.
    pub(super) async fn keep(self: &Arc<Self>, server: String, mut connection: Connection) {
        if !connection.is_ready().await {
            return;
        }
        {
            let mut idle = self.lock();
            let waiting = idle.entry(server).or_default();
            waiting.push(Waiting {
                connection,
                last_used: Instant::now(),
                last_used_by_wall_clock: SystemTime::now(),
            });
            if waiting.len() > MOST_IDLE {
                waiting.remove(0);
            }
        }
        let (idle, end) = (Arc::downgrade(self), sleep(LONGEST_IDLE));
        tokio::spawn(async move {
            end.await;
            if let Some(idle) = idle.upgrade() {
                idle.lock().retain(|_, waiting| {
                    waiting.retain(|waiting| waiting.waits_for_less_than(LONGEST_IDLE));
                    !waiting.is_empty()
                });
            }
        });
    }

    /// Closes all.
    pub(super) fn clear(&self) {
        self.lock().clear();
    }
}
