//! The app's browser, as the core's port.

use std::sync::{Arc, OnceLock, Weak};

use salekit_core::SaleId;

use crate::{CallbackError, callbacks::Lane};

/// Shows the challenge's page. See the contract.
#[uniffi::trait_interface]
pub trait RedirectPresenter: Send + Sync {
    /// Show `url`.
    ///
    /// # Errors
    /// Whatever the app throws: the page is then taken for not opened.
    fn open(&self, sale_id: String, url: String) -> Result<(), CallbackError>;

    /// Take the page away.
    ///
    /// # Errors
    /// Whatever the app throws; it changes nothing.
    fn close(&self, sale_id: String) -> Result<(), CallbackError>;
}

/// Calls the app's presenter, one call after the other: a page's end must not come before its beginning.
pub(crate) struct Presenter {
    app: Arc<dyn RedirectPresenter>,
    lane: Lane,
    /// Who is told that no page could be opened. Weak: the client holds this presenter.
    client: OnceLock<Weak<salekit_core::SaleClient>>,
}

impl Presenter {
    pub(crate) fn new(app: Arc<dyn RedirectPresenter>) -> Self {
        Self {
            app,
            lane: Lane::new(1),
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
        self.lane.call(move || {
            // Behind a call that took its time, the sale may have ended: no page is opened for what is over, nor does the
            // app, told of a page, resume a sale that ended as unknown.
            let running = || client.as_ref()?.upgrade()?.running(&sale);
            if client.is_some() && running().is_none() {
                return;
            }
            if app.open(sale.to_string(), url).is_err()
                && let Some(sale) = running()
            {
                sale.browser_failed();
            }
        });
    }

    fn close(&self, sale: &SaleId) {
        let (app, sale) = (Arc::clone(&self.app), sale.to_string());
        self.lane.call(move || {
            let _ = app.close(sale);
        });
    }
}
