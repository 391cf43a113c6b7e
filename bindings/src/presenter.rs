//! The app's `RedirectPresenter`, as an implementation of the core's port.

use std::{
    panic::{AssertUnwindSafe, catch_unwind},
    sync::Arc,
};

use salekit_core::SaleId;

use crate::{CallbackError, Challenge, callbacks::Lane};

/// Shows the challenge's page. See the contract.
#[uniffi::trait_interface]
pub trait RedirectPresenter: Send + Sync {
    /// Show the page of `challenge`.
    ///
    /// # Errors
    /// Any error that the app throws. The page then counts as failed.
    fn show(&self, challenge: Arc<Challenge>) -> Result<(), CallbackError>;

    /// Close the page of `challenge`.
    ///
    /// # Errors
    /// Any error that the app throws. It has no effect.
    fn dismiss(&self, challenge: Arc<Challenge>) -> Result<(), CallbackError>;

    /// Close the page that an earlier process of the app may have shown.
    ///
    /// # Errors
    /// Any error that the app throws. It has no effect.
    fn dismiss_leftover(&self, sale_id: String) -> Result<(), CallbackError>;
}

/// Calls the app's presenter, one call at a time: a page must not be dismissed before it is shown.
pub(crate) struct Presenter {
    app: Arc<dyn RedirectPresenter>,
    lane: Lane,
}

impl Presenter {
    pub(crate) fn new(app: Arc<dyn RedirectPresenter>) -> Self {
        Self {
            app,
            lane: Lane::new(1),
        }
    }
}

impl salekit_core::RedirectPresenter for Presenter {
    fn show(&self, challenge: &salekit_core::Challenge) {
        let (app, shown) = (Arc::clone(&self.app), challenge.clone());
        let will_be_shown = self.lane.call(move || {
            // An earlier call may have taken long: the sale may have ended since, or want another page.
            if shown.is_over() {
                return;
            }
            let showing = catch_unwind(AssertUnwindSafe(|| app.show(Challenge::of(shown.clone()))));
            if !matches!(showing, Ok(Ok(()))) {
                shown.failed();
            }
        });
        if !will_be_shown {
            challenge.failed();
        }
    }

    fn dismiss(&self, challenge: &salekit_core::Challenge) {
        let (app, challenge) = (Arc::clone(&self.app), Challenge::of(challenge.clone()));
        self.lane.call(move || {
            let _ = app.dismiss(challenge);
        });
    }

    fn dismiss_leftover(&self, sale: &SaleId) {
        let (app, sale) = (Arc::clone(&self.app), sale.to_string());
        self.lane.call(move || {
            let _ = app.dismiss_leftover(sale);
        });
    }
}
