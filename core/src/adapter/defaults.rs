//! A client with the adapters of this crate.

use std::sync::Arc;

use tokio::runtime::Handle;

#[cfg(feature = "https")]
use super::https::HttpsTransport;
#[cfg(feature = "https")]
use crate::value::InputError;

use super::{
    documented_merchant::DocumentedMerchant,
    store::{DirectoryStore, MemoryStore},
    system::{SystemClock, SystemDevice},
};
use crate::{
    config::SaleClientConfig,
    engine::{ClientError, RunningSales, SaleClient},
    port::{MerchantHeaders, Ports, Transport},
};

impl Ports {
    /// HTTPS, the documented merchant, the configured directory (or memory), the device's clock, and no presenter.
    ///
    /// # Errors
    /// [`InputError`] if extra roots or pins are not usable.
    #[cfg(feature = "https")]
    pub fn of(config: &SaleClientConfig) -> Result<Self, InputError> {
        Ok(Self::over(Arc::new(HttpsTransport::new(config)?), config))
    }

    /// The same, but over the app's own `transport`.
    pub fn over(transport: Arc<dyn Transport>, config: &SaleClientConfig) -> Self {
        Self {
            merchant: Arc::new(DocumentedMerchant::new(config, Arc::clone(&transport))),
            transport,
            store: match &config.store_directory {
                Some(directory) => Arc::new(DirectoryStore::new(directory)),
                None => Arc::new(MemoryStore::new()),
            },
            clock: Arc::new(SystemClock),
            presenter: None,
        }
    }

    /// The same, with the documented merchant of `config` and the app's own headers in every request to it. `headers`
    /// is called for each request.
    #[must_use]
    pub fn with_merchant_headers(mut self, config: &SaleClientConfig, headers: Arc<dyn MerchantHeaders>) -> Self {
        let merchant = DocumentedMerchant::new(config, Arc::clone(&self.transport));
        self.merchant = Arc::new(merchant.with_headers(headers));
        self
    }
}

impl SaleClient {
    /// A client with the default ports. Creating it sends nothing.
    ///
    /// # Errors
    /// [`ClientError::Input`] if extra roots or pins are not usable, [`ClientError::NoRuntime`] outside of tokio.
    #[cfg(feature = "https")]
    pub fn new(config: SaleClientConfig) -> Result<Self, ClientError> {
        let ports = Ports::of(&config)?;
        Self::with_ports(config, ports)
    }

    /// A client with the app's own ports.
    ///
    /// # Errors
    /// [`ClientError::NoRuntime`] outside of tokio.
    pub fn with_ports(config: SaleClientConfig, ports: Ports) -> Result<Self, ClientError> {
        let runtime = Handle::try_current().map_err(|_| ClientError::NoRuntime)?;
        let device = Arc::new(SystemDevice::new(runtime));
        Self::on_device(config, ports, device, RunningSales::of_this_process())
    }
}
