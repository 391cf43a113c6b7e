//! The store of the scenarios' sales: it looks into each snapshot, and holds a sale back until its watcher has caught up.

use std::{
    sync::{Condvar, Mutex},
    time::Duration,
};

use salekit_core::{MemoryStore, Sale, SaleId, SnapshotStore, StoreError};
use serde_json::Value;

use super::{SECRETS, note};

/// Notes the tokens of each snapshot that is saved, and that no card is in it. Saves nothing before its sale's watcher has
/// seen the state that the sale is in: a watcher may miss states that last but a moment, and the next one is published
/// only when it is saved.
#[derive(Default)]
pub(super) struct Noting {
    kept: MemoryStore,
    watched: Mutex<Watched>,
    changed: Condvar,
}

/// The sale that is saved, once it is known, and the state that its watcher has seen last.
#[derive(Default)]
struct Watched {
    sale: Option<Sale>,
    seen: Option<&'static str>,
}

impl Noting {
    /// The store's next saves are of this sale, once it is there.
    pub(super) fn saves_for(&self, sale: Option<Sale>) {
        *self.watched.lock().unwrap() = Watched { sale, seen: None };
        self.changed.notify_all();
    }

    /// The sale's watcher has seen this state.
    pub(super) fn saw(&self, state: &'static str) {
        self.watched.lock().unwrap().seen = Some(state);
        self.changed.notify_all();
    }

    fn wait_for_the_watcher(&self) -> Result<(), StoreError> {
        // The core gives a store ten seconds.
        let limit = Duration::from_secs(9);
        let is_behind = |watched: &mut Watched| {
            let state = watched.sale.as_ref().map(|sale| sale.state().name());
            state.is_none() || state != watched.seen
        };
        let watched = self.watched.lock().unwrap();
        let (_watched, waited) = self.changed.wait_timeout_while(watched, limit, is_behind).unwrap();
        if waited.timed_out() {
            let detail = "nobody watches".to_owned();
            return Err(StoreError::Failed { detail });
        }
        Ok(())
    }
}

impl SnapshotStore for Noting {
    fn save(&self, sale: &SaleId, snapshot: &[u8]) -> Result<(), StoreError> {
        self.wait_for_the_watcher()?;
        let decoded = salekit_core::flow::Snapshot::decode(snapshot).unwrap();
        note(&format!("{decoded:?}"));
        let tokens = tokens(&serde_json::from_slice(snapshot).unwrap());
        let mut secrets = SECRETS.lock().unwrap();
        secrets.extend(tokens);
        let text = String::from_utf8_lossy(snapshot);
        assert!(!secrets.iter().any(|secret| is_card(secret) && text.contains(secret)));
        self.kept.save(sale, snapshot)
    }

    fn load(&self, sale: &SaleId) -> Result<Option<Vec<u8>>, StoreError> {
        self.kept.load(sale)
    }

    fn list(&self) -> Result<Vec<SaleId>, StoreError> {
        self.kept.list()
    }

    fn remove(&self, sale: &SaleId) -> Result<(), StoreError> {
        self.kept.remove(sale)
    }
}

fn is_card(secret: &str) -> bool {
    secret.bytes().all(|byte| byte.is_ascii_digit())
}

/// The texts in a snapshot under names that say that they are secrets.
fn tokens(value: &Value) -> Vec<String> {
    let members = value.as_object().into_iter().flatten();
    members
        .flat_map(|(name, value)| match value.as_str() {
            Some(text) if ["access_token", "session_token", "nonce", "signature"].contains(&name.as_str()) => {
                vec![text.to_owned()]
            }
            _ => tokens(value),
        })
        .collect()
}
