//! What the API's handlers share.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use serde_json::Value;
use url::Url;

use crate::{gateway, record::recorder::Shared, stage::Stage};

/// Where apps are to find gateway and merchant.
pub(super) type Shown = Mutex<(Url, Url)>;

/// Where the parties are, and whom a client has to trust to reach them.
#[derive(Debug, Clone)]
pub(crate) struct Addresses {
    /// With the base path.
    pub(crate) gateway: Url,
    pub(crate) merchant: Url,
    /// Certificate authorities, PEM.
    pub(crate) trusted_pem: String,
}

/// The sandbox, as they know it.
pub(crate) struct Context {
    pub(super) stage: Stage,
    pub(super) record: Arc<Shared>,
    /// The gateway, if it is ours.
    pub(super) gateway: Option<Arc<gateway::State>>,
    pub(super) addresses: Addresses,
    pub(super) shown: Arc<Shown>,
    pub(super) scripts: GivenScripts,
}

/// Scripts as they were given, by device. How long each is in force is for the script book to say.
#[derive(Debug, Default)]
pub(crate) struct GivenScripts(Mutex<BTreeMap<String, Value>>);

impl GivenScripts {
    pub(super) fn lock(&self) -> MutexGuard<'_, BTreeMap<String, Value>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
