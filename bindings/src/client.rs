//! The entry point for an app. Every call goes to the core; this module checks arguments and translates errors.

use std::sync::Arc;

use salekit_core::{Ports, SaleId, StoredCard, StoredCardPayment};

use crate::{
    CardForm, MerchantBackend, MerchantHeaders, PendingSales, RedirectPresenter, Sale, SaleClientConfig, SaleKitError,
    SaleRequest, SnapshotStore, headers::Provider, merchant::Backend, presenter::Presenter, runtime, store::Store,
    threads, values::CheckedRequest,
};

/// Starts, resumes and acknowledges sales. See the contract for each call.
pub struct SaleClient {
    core: Arc<salekit_core::SaleClient>,
}

impl SaleClient {
    /// A client with the ports that the app implements.
    ///
    /// # Errors
    /// [`SaleKitError::InvalidInput`] if the configuration is not usable, [`SaleKitError::Internal`] if there are no
    /// threads.
    pub fn new(
        config: SaleClientConfig,
        presenter: Option<Arc<dyn RedirectPresenter>>,
        store: Option<Arc<dyn SnapshotStore>>,
        merchant: Option<Arc<dyn MerchantBackend>>,
        merchant_headers: Option<Arc<dyn MerchantHeaders>>,
    ) -> Result<Self, SaleKitError> {
        let _guard = threads::handle()?.enter();
        let config = salekit_core::SaleClientConfig::try_from(config)?;
        let mut ports = Ports::of(&config)?;
        if let Some(store) = store {
            ports.store = Arc::new(Store(store));
        }
        if let Some(headers) = merchant_headers {
            ports = ports.with_merchant_headers(&config, Arc::new(Provider(headers)));
        }
        if let Some(merchant) = merchant {
            ports.merchant = Arc::new(Backend(merchant));
        }
        if let Some(presenter) = presenter {
            ports.presenter = Some(Arc::new(Presenter::new(presenter)));
        }
        let core = Arc::new(salekit_core::SaleClient::with_ports(config, ports)?);
        Ok(Self { core })
    }

    /// Starts a sale with the card of `form`, and wipes the form.
    ///
    /// # Errors
    /// [`SaleKitError::InvalidInput`] or [`SaleKitError::OrderInUse`]. Nothing was sent then, and the form stays as it
    /// is.
    pub fn start(&self, request: SaleRequest, form: Arc<CardForm>) -> Result<Arc<Sale>, SaleKitError> {
        let request = CheckedRequest::try_from(request)?;
        if let Some(merchant_order_id) = request.order_of_its_own() {
            self.core.check_order(merchant_order_id)?;
        }
        let card = form.take_card()?;
        Ok(Sale::of(self.core.start(request.paid_from(card))?))
    }

    /// Starts a sale with a card that the merchant keeps.
    ///
    /// # Errors
    /// [`SaleKitError::InvalidInput`] or [`SaleKitError::OrderInUse`]. Nothing was sent then.
    pub fn start_with_stored_card(
        &self,
        request: SaleRequest,
        card: StoredCard,
        security_code: &[u8],
    ) -> Result<Arc<Sale>, SaleKitError> {
        let request = CheckedRequest::try_from(request)?;
        let StoredCard {
            client_card_id,
            mapped_with_email,
            // Only for display.
            bin: _,
            brand: _,
            last4: _,
            expiry: _,
        } = card;
        let card = StoredCardPayment::new(client_card_id, security_code, mapped_with_email)?;
        Ok(Sale::of(self.core.start(request.paid_from(card))?))
    }

    /// Resumes a stored sale.
    ///
    /// # Errors
    /// [`SaleKitError`] if another process runs it, there is no such sale, or its snapshot cannot be used.
    pub async fn resume(&self, sale_id: String) -> Result<Arc<Sale>, SaleKitError> {
        let core = Arc::clone(&self.core);
        runtime::run(async move { Ok(Sale::of(core.resume(&SaleId::parse(&sale_id)?).await?)) }).await
    }

    /// The sale with this id, if it runs in this process.
    ///
    /// # Errors
    /// [`SaleKitError::InvalidInput`] if `sale_id` is not the id of a sale.
    pub fn running(&self, sale_id: &str) -> Result<Option<Arc<Sale>>, SaleKitError> {
        Ok(self.core.running(&SaleId::parse(sale_id)?).map(Sale::of))
    }

    /// The stored sales: those that are unfinished, or finished and neither acknowledged nor forgotten.
    ///
    /// # Errors
    /// [`SaleKitError`] if the store cannot be read at all.
    pub async fn pending(&self) -> Result<PendingSales, SaleKitError> {
        let core = Arc::clone(&self.core);
        runtime::run(async move { Ok(core.pending().await?.into()) }).await
    }

    /// Removes a sale whose outcome is final.
    ///
    /// # Errors
    /// [`SaleKitError::SaleStillRunning`], [`SaleKitError::SaleUnfinished`], [`SaleKitError::SaleOutcomeUnknown`],
    /// [`SaleKitError::SaleForeign`], [`SaleKitError::SaleDamaged`], or the store's errors.
    pub async fn acknowledge(&self, sale_id: String) -> Result<(), SaleKitError> {
        let core = Arc::clone(&self.core);
        runtime::run(async move { Ok(core.acknowledge(&SaleId::parse(&sale_id)?).await?) }).await
    }

    /// Removes a sale whose outcome is unknown, or whose snapshot is damaged.
    ///
    /// # Errors
    /// [`SaleKitError::SaleStillRunning`], [`SaleKitError::SaleUnfinished`], [`SaleKitError::SaleOutcomeFinal`],
    /// [`SaleKitError::SaleForeign`], or the store's errors.
    pub async fn forget(&self, sale_id: String) -> Result<(), SaleKitError> {
        let core = Arc::clone(&self.core);
        runtime::run(async move { Ok(core.forget(&SaleId::parse(&sale_id)?).await?) }).await
    }

    /// Opens connections ahead of time.
    ///
    /// # Errors
    /// [`SaleKitError::Internal`] if there are no threads. Network failures are not errors here.
    pub async fn preconnect(&self) -> Result<(), SaleKitError> {
        let core = Arc::clone(&self.core);
        runtime::run(async move {
            core.preconnect().await;
            Ok(())
        })
        .await
    }

    /// The app came to the foreground: running sales ask for their status at once.
    ///
    /// # Errors
    /// None. The error is declared so that no call can crash the app.
    pub fn app_foreground(&self) -> Result<(), SaleKitError> {
        self.core.app_foreground();
        Ok(())
    }

    /// The app goes to the background and may be killed there: running sales store their snapshots.
    ///
    /// # Errors
    /// None.
    pub fn app_background(&self) -> Result<(), SaleKitError> {
        self.core.app_background();
        Ok(())
    }

    /// The device has a network again: running sales ask for their status at once.
    ///
    /// # Errors
    /// None.
    pub fn network_available(&self) -> Result<(), SaleKitError> {
        self.core.network_available();
        Ok(())
    }
}
