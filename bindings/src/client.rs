//! Where an app begins. Every call is the core's, with its arguments checked and its errors translated.

use std::sync::Arc;

use salekit_core::{Ports, SaleId, StoredCard, StoredCardReference};

use crate::{
    CardForm, Config, Pending, RedirectPresenter, Sale, SaleKitError, SaleOptions, ShopBackend, SnapshotStore,
    presenter::Presenter, runtime, shop::Backend, store::Store, values::CheckedOptions,
};

/// Starts, resumes and acknowledges sales. See the contract for each call.
pub struct SaleClient {
    core: Arc<salekit_core::SaleClient>,
}

impl SaleClient {
    /// A client with the app's own ports, where it has any.
    ///
    /// # Errors
    /// [`SaleKitError::InvalidInput`] for the configuration, [`SaleKitError::Internal`] if there are no threads.
    pub fn new(
        config: Config,
        presenter: Option<Arc<dyn RedirectPresenter>>,
        store: Option<Arc<dyn SnapshotStore>>,
        shop: Option<Arc<dyn ShopBackend>>,
    ) -> Result<Self, SaleKitError> {
        let _guard = runtime::handle()?.enter();
        let config = salekit_core::Config::try_from(config)?;
        let mut ports = Ports::of(&config)?;
        if let Some(store) = store {
            ports.store = Arc::new(Store(store));
        }
        if let Some(shop) = shop {
            ports.shop = Arc::new(Backend(shop));
        }
        let presenter = presenter.map(|presenter| Arc::new(Presenter::new(presenter)));
        ports.presenter = presenter.clone().map(|presenter| presenter as _);
        let core = Arc::new(salekit_core::SaleClient::with_ports(config, ports)?);
        if let Some(presenter) = presenter {
            presenter.set_client(&core);
        }
        Ok(Self { core })
    }

    /// Starts a sale with the card of `form`.
    ///
    /// # Errors
    /// [`SaleKitError::InvalidInput`] or [`SaleKitError::OrderInUse`]; nothing was sent then, and the form is as it was.
    pub fn start(&self, options: SaleOptions, form: Arc<CardForm>) -> Result<Arc<Sale>, SaleKitError> {
        let options = CheckedOptions::try_from(options)?;
        if let Some(label) = options.order_of_its_own() {
            self.core.check_order(label)?;
        }
        let card = form.take_card()?;
        Ok(Sale::of(self.core.start(options.paid_from(card))?))
    }

    /// Starts a sale with a card that the shop keeps.
    ///
    /// # Errors
    /// [`SaleKitError::InvalidInput`] or [`SaleKitError::OrderInUse`]; nothing was sent then.
    pub fn start_with_stored_card(
        &self,
        options: SaleOptions,
        card: StoredCardReference,
        security_code: &[u8],
    ) -> Result<Arc<Sale>, SaleKitError> {
        let options = CheckedOptions::try_from(options)?;
        let card = StoredCard::new(card.client_card_id, security_code, card.mapped_with_email)?;
        Ok(Sale::of(self.core.start(options.paid_from(card))?))
    }

    /// Goes on with a stored sale.
    ///
    /// # Errors
    /// [`SaleKitError`] if another process runs it, there is no such sale, or its snapshot cannot be used.
    pub async fn resume(&self, sale_id: String) -> Result<Arc<Sale>, SaleKitError> {
        let core = Arc::clone(&self.core);
        runtime::run(async move { Ok(Sale::of(core.resume(&SaleId::parse(&sale_id)?).await?)) }).await
    }

    /// The sales that an earlier run of the app left behind.
    ///
    /// # Errors
    /// [`SaleKitError`] if the store cannot be read at all.
    pub async fn pending(&self) -> Result<Pending, SaleKitError> {
        let core = Arc::clone(&self.core);
        runtime::run(async move { Ok(core.pending().await?.into()) }).await
    }

    /// Removes a sale whose outcome is final.
    ///
    /// # Errors
    /// [`SaleKitError::SaleStillRunning`], [`SaleKitError::SaleUnfinished`], [`SaleKitError::SaleOutcomeUnknown`],
    /// [`SaleKitError::SaleForeign`], [`SaleKitError::SaleDamaged`], or the store's.
    pub async fn acknowledge(&self, sale_id: String) -> Result<(), SaleKitError> {
        let core = Arc::clone(&self.core);
        runtime::run(async move { Ok(core.acknowledge(&SaleId::parse(&sale_id)?).await?) }).await
    }

    /// Removes a sale whose outcome is unknown, or whose snapshot is damaged.
    ///
    /// # Errors
    /// [`SaleKitError::SaleStillRunning`], [`SaleKitError::SaleUnfinished`], [`SaleKitError::SaleOutcomeFinal`],
    /// [`SaleKitError::SaleForeign`], or the store's.
    pub async fn forget(&self, sale_id: String) -> Result<(), SaleKitError> {
        let core = Arc::clone(&self.core);
        runtime::run(async move { Ok(core.forget(&SaleId::parse(&sale_id)?).await?) }).await
    }

    /// Opens connections ahead of time.
    ///
    /// # Errors
    /// [`SaleKitError::Internal`] if there are no threads; failures of the network are none.
    pub async fn warm_up(&self) -> Result<(), SaleKitError> {
        let core = Arc::clone(&self.core);
        runtime::run(async move {
            core.warm_up().await;
            Ok(())
        })
        .await
    }

    /// The app came to the foreground.
    ///
    /// # Errors
    /// None; an error is declared so that no call can end the app.
    pub fn app_foreground(&self) -> Result<(), SaleKitError> {
        self.core.app_foreground();
        Ok(())
    }

    /// The app goes to the background.
    ///
    /// # Errors
    /// None.
    pub fn app_background(&self) -> Result<(), SaleKitError> {
        self.core.app_background();
        Ok(())
    }

    /// The device has a network again.
    ///
    /// # Errors
    /// None.
    pub fn network_available(&self) -> Result<(), SaleKitError> {
        self.core.network_available();
        Ok(())
    }
}
