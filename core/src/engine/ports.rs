//! The ports of a client, and their defaults.

use std::sync::Arc;

use super::documented_merchant::DocumentedMerchant;
use crate::{
    Clock, DirectoryStore, MemoryStore, MerchantBackend, MerchantHeaders, RedirectPresenter, SaleClientConfig,
    SnapshotStore, SystemClock, Transport,
};
#[cfg(feature = "https")]
use crate::{HttpsTransport, InputError};

/// The ports of a client. `Ports::of` gives the defaults, [`Ports::over`] the defaults with the app's own transport.
#[derive(Clone)]
pub struct Ports {
    /// HTTP to the gateway, and to the merchant's server if `merchant` uses it.
    pub transport: Arc<dyn Transport>,
    /// The merchant's server.
    pub merchant: Arc<dyn MerchantBackend>,
    /// Storage of snapshots.
    pub store: Arc<dyn SnapshotStore>,
    /// Time.
    pub clock: Arc<dyn Clock>,
    /// The browser. Without one the app opens the page of [`crate::SaleState::Challenge`] itself.
    pub presenter: Option<Arc<dyn RedirectPresenter>>,
}

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
