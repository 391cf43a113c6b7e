//! The inspector's server, and where it shows the parties to be.

use std::{
    net::{Ipv4Addr, SocketAddr},
    sync::{Arc, Mutex, PoisonError},
};

use url::Url;

use super::{
    api,
    context::{Addresses, Context, GivenScripts, Shown},
};
use crate::{config::InspectorPort, error::SandboxError, gateway, net::server::Port, stage::Stage};

/// An inspector that listens. It ends with the servers beside it.
#[derive(Debug)]
pub struct Inspector {
    url: Url,
    shown: Arc<Shown>,
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
            scripts: GivenScripts::default(),
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
