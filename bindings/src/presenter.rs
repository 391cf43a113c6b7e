//! The app's browser, as the core's port.

use std::sync::{Arc, OnceLock, Weak};

use salekit_core::SaleId;

use crate::{HostError, callbacks};

/// Shows the challenge's page. See the contract.
#[uniffi::trait_interface]
pub trait RedirectPresenter: Send + Sync {
    /// Show `url`.
    ///
    /// # Errors
    /// Whatever the app throws: the page is then taken for not opened.
    fn open(&self, sale_id: String, url: String) -> Result<(), HostError>;

    /// Take the page away.
    ///
    /// # Errors
    /// Whatever the app throws; it changes nothing.
    fn close(&self, sale_id: String) -> Result<(), HostError>;
}

/// Calls the app's presenter on the app's thread.
pub(crate) struct Presenter {
    app: Arc<dyn RedirectPresenter>,
    /// Who is told that no page could be opened. Weak: the client holds this presenter.
    client: OnceLock<Weak<salekit_core::SaleClient>>,
}

impl Presenter {
    pub(crate) fn new(app: Arc<dyn RedirectPresenter>) -> Self {
        Self {
            app,
            client: OnceLock::new(),
        }
    }

    /// Says whose presenter this is. Once; there is no sale before that.
    pub(crate) fn set_client(&self, client: &Arc<salekit_core::SaleClient>) {
        let _ = self.client.set(Arc::downgrade(client));
    }
}

impl salekit_core::RedirectPresenter for Presenter {
    fn open(&self, sale: &SaleId, url: &str) {
        let (app, client) = (Arc::clone(&self.app), self.client.get().cloned());
        let (sale, url) = (sale.clone(), url.to_owned());
        callbacks::call(move || {
            if app.open(sale.to_string(), url).is_ok() {
                return;
            }
            let running = client
                .and_then(|client| client.upgrade())
                .and_then(|client| client.running(&sale));
            if let Some(sale) = running {
                sale.browser_failed();
            }
        });
    }

    fn close(&self, sale: &SaleId) {
        let (app, sale) = (Arc::clone(&self.app), sale.to_string());
        callbacks::call(move || {
            let _ = app.close(sale);
        });
    }
}
