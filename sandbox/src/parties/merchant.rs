//! A merchant's server alone, for a gateway of somebody else's.

use std::fmt;

use url::Url;

use super::accessors::accessors;
use crate::{
    config::SandboxConfig,
    error::SandboxError,
    inspector::{Addresses, Inspector},
    merchant::{self, Served},
    net::server::Port,
    stage::Stage,
};

/// A merchant's server that listens. Dropping it leaves it running until the runtime ends; see [`Merchant::shutdown`].
pub struct Merchant {
    stage: Stage,
    served: Served,
    gateway_url: Url,
    inspector: Option<Inspector>,
}

impl fmt::Debug for Merchant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Merchant")
            .field("url", &self.served.url.as_str())
            .finish_non_exhaustive()
    }
}

accessors!(Merchant);

impl Merchant {
    /// Starts a merchant whose gateway is somebody else's, at `gateway_url` (with its base path). The merchant never calls
    /// it; it knows it to tell apps.
    ///
    /// # Errors
    /// [`SandboxError`] if the configuration is wrong, the port is taken, or the database or TLS fail.
    pub async fn start(config: SandboxConfig, gateway_url: Url) -> Result<Self, SandboxError> {
        let stage = Stage::new(config)?;
        let port = Port::take(&stage.config, stage.config.merchant_port).await?;
        let mut merchant = Self::serve(stage, (port, None), gateway_url.clone(), true)?;
        let addresses = Addresses {
            gateway: gateway_url,
            merchant: merchant.served.url.clone(),
            trusted_pem: merchant.ca_pem().to_owned(),
        };
        merchant.inspector = Inspector::start(&merchant.stage, None, addresses).await?;
        Ok(merchant)
    }

    /// Serves on a port already taken, and on one without TLS if there is one.
    pub(super) fn serve(
        stage: Stage,
        ports: (Port, Option<Port>),
        gateway_url: Url,
        alone: bool,
    ) -> Result<Self, SandboxError> {
        let served = merchant::serve(&stage, ports, alone)?;
        Ok(Self {
            stage,
            served,
            gateway_url,
            inspector: None,
        })
    }

    /// Its address: `https://127.0.0.1:8444/`.
    #[must_use]
    pub fn url(&self) -> &Url {
        &self.served.url
    }

    /// Its address without TLS, if it has one.
    #[must_use]
    pub(super) fn plain_url(&self) -> Option<&Url> {
        self.served.plain_url.as_ref()
    }

    /// Where its apps find the gateway.
    #[must_use]
    pub fn gateway_url(&self) -> &Url {
        &self.gateway_url
    }
}
