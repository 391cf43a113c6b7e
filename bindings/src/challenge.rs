//! A page that a running sale wants shown.

use std::sync::Arc;

use crate::SaleKitError;

/// One page of a challenge. See the contract for each call.
pub struct Challenge {
    core: salekit_core::Challenge,
}

impl Challenge {
    pub(crate) fn of(core: salekit_core::Challenge) -> Arc<Self> {
        Arc::new(Self { core })
    }

    /// The id of the sale.
    ///
    /// # Errors
    /// None, as with all calls here. The error is declared so that no call can crash the app.
    pub fn sale_id(&self) -> Result<String, SaleKitError> {
        Ok(self.core.sale_id().to_string())
    }

    /// The page's address.
    ///
    /// # Errors
    /// None.
    pub fn url(&self) -> Result<String, SaleKitError> {
        Ok(self.core.url().to_owned())
    }

    /// The browser came back to the app by the return link.
    ///
    /// # Errors
    /// None.
    pub fn returned(&self) -> Result<(), SaleKitError> {
        self.core.returned();
        Ok(())
    }

    /// The page was closed.
    ///
    /// # Errors
    /// None.
    pub fn closed(&self) -> Result<(), SaleKitError> {
        self.core.closed();
        Ok(())
    }

    /// The page could not be shown.
    ///
    /// # Errors
    /// None.
    pub fn failed(&self) -> Result<(), SaleKitError> {
        self.core.failed();
        Ok(())
    }
}
