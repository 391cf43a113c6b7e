//! Gateway and merchant together, calling each other over HTTPS on loopback.

use std::fmt;

use url::Url;

use super::{accessors::accessors, gateway::Gateway, merchant::Merchant};
use crate::{
    config::SandboxConfig,
    error::SandboxError,
    inspector::{Addresses, Inspector},
    net::{merchant_server::MerchantServer, server::Port},
    stage::{Ledger, Stage},
};

/// A whole sandbox that listens. Dropping it leaves it running until the runtime ends; see [`Sandbox::shutdown`].
pub struct Sandbox {
    stage: Stage,
    gateway: Gateway,
    merchant: Merchant,
    inspector: Option<Inspector>,
}

impl fmt::Debug for Sandbox {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Sandbox")
            .field("gateway", &self.gateway)
            .field("merchant", &self.merchant)
            .finish_non_exhaustive()
    }
}

accessors!(Sandbox);

impl Sandbox {
    /// Starts both servers. They answer when this returns.
    ///
    /// # Errors
    /// [`SandboxError`] if the configuration is wrong, a port is taken, or the database or TLS fail.
    pub async fn start(config: SandboxConfig) -> Result<Self, SandboxError> {
        let stage = Stage::new(config)?;
        let gateway_port = Port::take(&stage.config, stage.config.gateway_port).await?;
        let merchant_port = Port::take(&stage.config, stage.config.merchant_port).await?;
        let (gateway_url, merchant_url) = (gateway_port.url(&stage.config.base_path)?, merchant_port.url("")?);
        let plain_port = if stage.config.control {
            Some(Port::take(&stage.config, 0).await?)
        } else {
            None
        };
        let merchant = Merchant::serve(stage.clone(), (merchant_port, plain_port), gateway_url, false)?;
        let ours = MerchantServer::new(merchant_url.clone(), stage.authority.ca_pem())?
            .notified_at(stage.config.notification_url);
        let gateway = Gateway::serve(stage.clone(), gateway_port, ours)?;
        let addresses = Addresses {
            gateway: gateway.url().clone(),
            merchant: merchant_url,
            trusted_pem: gateway.ca_pem().to_owned(),
        };
        let inspector = Inspector::start(&stage, Some(gateway.state()), addresses).await?;
        Ok(Self {
            stage,
            gateway,
            merchant,
            inspector,
        })
    }

    /// The gateway's address with the base path: `https://127.0.0.1:8443/paynet`.
    #[must_use]
    pub fn gateway_url(&self) -> &Url {
        self.gateway.url()
    }

    /// The merchant's address: `https://127.0.0.1:8444/`.
    #[must_use]
    pub fn merchant_url(&self) -> &Url {
        self.merchant.url()
    }

    /// The merchant's address without TLS, with the remote control only: `http://127.0.0.1:43210/`.
    #[must_use]
    pub fn plain_merchant_url(&self) -> Option<&Url> {
        self.merchant.plain_url()
    }

    /// What the servers stand on, for a proxy in front of them.
    pub(crate) fn stage(&self) -> &Stage {
        &self.stage
    }

    /// The gateway's account of every sale.
    #[must_use]
    pub fn ledger(&self) -> Ledger {
        self.gateway.ledger()
    }
}
