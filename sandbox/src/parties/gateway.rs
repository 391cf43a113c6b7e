//! A gateway alone, for a merchant's server of one's own.

use std::{fmt, sync::Arc};

use url::Url;

use super::accessors::accessors;
use crate::{
    config::SandboxConfig,
    error::SandboxError,
    gateway::{self, Served, State},
    inspector::{Addresses, Inspector},
    net::{merchant_server::MerchantServer, server::Port},
    stage::{Ledger, Stage},
};

/// A gateway that listens. Dropping it leaves it running until the runtime ends; see [`Gateway::shutdown`].
pub struct Gateway {
    stage: Stage,
    served: Served,
    inspector: Option<Inspector>,
}

impl fmt::Debug for Gateway {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Gateway")
            .field("url", &self.served.url.as_str())
            .finish_non_exhaustive()
    }
}

accessors!(Gateway);

impl Gateway {
    /// Starts a gateway whose `merchant` is somebody else's. This gateway's own authority is trusted too.
    ///
    /// # Errors
    /// [`SandboxError`] if the configuration is wrong, the port is taken, or the database or TLS fail.
    pub async fn start(config: SandboxConfig, merchant: MerchantServer) -> Result<Self, SandboxError> {
        let stage = Stage::new(config)?;
        let merchant = merchant
            .trusting_also(stage.authority.ca_pem())
            .notified_at(stage.config.notification_url);
        let port = Port::take(&stage.config, stage.config.gateway_port).await?;
        let mut gateway = Self::serve(stage, port, merchant.clone())?;
        let addresses = Addresses {
            gateway: gateway.served.url.clone(),
            merchant: merchant.url().clone(),
            trusted_pem: [gateway.ca_pem(), merchant.ca_pem()].join("\n"),
        };
        gateway.inspector = Inspector::start(&gateway.stage, Some(gateway.state()), addresses).await?;
        Ok(gateway)
    }

    /// Serves on a port already taken.
    pub(super) fn serve(stage: Stage, port: Port, merchant: MerchantServer) -> Result<Self, SandboxError> {
        let served = gateway::serve(&stage, port, merchant)?;
        Ok(Self {
            stage,
            served,
            inspector: None,
        })
    }

    pub(super) fn state(&self) -> Arc<State> {
        Arc::clone(&self.served.state)
    }

    /// Its address with the base path: `https://127.0.0.1:8443/paynet`.
    #[must_use]
    pub fn url(&self) -> &Url {
        &self.served.url
    }

    /// What the merchant's server has to be configured with, and an example of each call to it, for a developer. It holds
    /// the control key.
    #[must_use]
    pub fn guide(&self) -> String {
        self.served.guide()
    }

    /// Its account of every sale.
    #[must_use]
    pub fn ledger(&self) -> Ledger {
        self.stage.ledger.clone()
    }
}
