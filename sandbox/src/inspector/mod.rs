//! The inspector: records every message that the sandbox's servers see, and shows it in a browser, live. Also the remote
//! control of the sandbox, for people and for programs; its API is described in `openapi.json`.
//!
//! It answers on 127.0.0.1 only, without TLS, and only to a `Host` of this machine. What it keeps is redacted when it is
//! recorded: `redact`. The servers' own handlers know nothing of it; it sits around them (`layer`, `call`, `door`) and
//! listens to what they report (`report`).

mod actions;
mod api;
mod asked;
mod assets;
mod call;
mod checks;
mod claim;
mod curl;
mod door;
mod events;
mod exchange;
mod guard;
mod import;
mod layer;
mod mistake;
mod open;
mod path;
mod recorder;
mod redact;
mod report;
mod signed;
mod testsale;
mod variants;

use std::{
    net::{Ipv4Addr, SocketAddr},
    sync::{Arc, Mutex, PoisonError},
};

use axum::{Router, middleware};
use url::Url;

pub(crate) use self::{
    call::Call,
    door::{Door, first_bytes},
    exchange::{Role, SaleState},
    recorder::Recorder,
    report::Report,
    signed::{Claim, Part, Treatment},
};
use crate::{SandboxError, config::InspectorPort, gateway, net::server::Port, stage::Stage};

/// An inspector that listens. It ends with the servers beside it.
#[derive(Debug)]
pub struct Inspector {
    url: Url,
    shown: Arc<Shown>,
}

/// Where apps are to find gateway and merchant.
type Shown = Mutex<(Url, Url)>;

/// Where the parties are, and whom a client has to trust to reach them.
#[derive(Debug, Clone)]
pub(crate) struct Addresses {
    /// With the base path.
    pub(crate) gateway: Url,
    pub(crate) merchant: Url,
    /// Certificate authorities, PEM.
    pub(crate) trusted_pem: String,
}

/// What the API's handlers share.
pub(crate) struct Context {
    stage: Stage,
    record: Arc<recorder::Shared>,
    /// The gateway, if it is ours.
    gateway: Option<Arc<gateway::State>>,
    addresses: Addresses,
    shown: Arc<Shown>,
    scripts: api::GivenScripts,
}

impl Inspector {
    /// Starts it, if the configuration asks for it.
    pub(crate) async fn start(
        stage: &Stage,
        gateway: Option<Arc<gateway::State>>,
        addresses: Addresses,
    ) -> Result<Option<Self>, SandboxError> {
        let at = |port: u16| Port::take_at(SocketAddr::from((Ipv4Addr::LOCALHOST, port)));
        let port = match stage.config.inspector {
            InspectorPort::Off => return Ok(None),
            InspectorPort::Exactly(port) => at(port).await?,
            InspectorPort::Preferably(port) => match at(port).await {
                Ok(port) => port,
                Err(_) => at(0).await?,
            },
        };
        let Some(record) = stage.recorder.shared() else {
            return Ok(None);
        };
        let url = port.plain_url()?;
        let shown = Arc::new(Mutex::new((addresses.gateway.clone(), addresses.merchant.clone())));
        let context = Arc::new(Context {
            stage: stage.clone(),
            record: Arc::clone(record),
            gateway,
            addresses,
            shown: Arc::clone(&shown),
            scripts: api::GivenScripts::default(),
        });
        port.serve(api::router(context), None, &stage.tasks, stage.shutdown.clone());
        Ok(Some(Self { url, shown }))
    }

    /// Shows these addresses of gateway and merchant in place of the servers' own: those of proxies in front of them.
    pub fn show_addresses(&self, gateway: Url, merchant: Url) {
        *self.shown.lock().unwrap_or_else(PoisonError::into_inner) = (gateway, merchant);
    }

    /// Its address, for a browser on this machine: `http://127.0.0.1:8445/`.
    #[must_use]
    pub fn url(&self) -> &Url {
        &self.url
    }
}

/// The routes of a server, with everything that passes through them on record.
pub(crate) fn recorded(router: Router, recorder: &Recorder, role: Role) -> Router {
    if !recorder.is_on() {
        return router;
    }
    let server = layer::Server {
        recorder: recorder.clone(),
        role,
    };
    router.layer(middleware::from_fn_with_state(server, layer::record))
}
