//! The headers that the app adds to requests to the merchant's server, as an implementation of the core's port. The
//! core decides which headers are allowed.

use std::sync::Arc;

use salekit_core::{Failure, FailureKind, Headers, PortFuture, Secret, Unanswered};
use tracing::warn;

use crate::{CallbackError, SaleKitError, completion::Slot, merchant};

/// Provides the headers. See the contract.
#[uniffi::trait_interface]
pub trait MerchantHeaders: Send + Sync {
    /// Give the headers of the next request.
    ///
    /// # Errors
    /// Any error that the app throws. The request then counts as failed, and is not sent.
    fn headers(&self, completion: Arc<HeadersCompletion>) -> Result<(), CallbackError>;
}

/// A header. See the contract. Holds a secret, so it is not `Debug`.
#[derive(Clone, PartialEq, Eq)]
#[allow(missing_docs, reason = "the contract says it, for those who see these fields")]
pub struct Header {
    pub name: String,
    pub value: String,
}

/// Takes the headers of a request. See the contract.
pub struct HeadersCompletion(Slot<Headers>);

impl HeadersCompletion {
    /// The headers of the request.
    ///
    /// # Errors
    /// [`SaleKitError::InvalidInput`] if they cannot be sent. The app can call this again then.
    pub fn complete(&self, headers: Vec<Header>) -> Result<(), SaleKitError> {
        let headers = headers
            .into_iter()
            .map(|Header { name, value }| (name, Secret::new(value)));
        // Log the error as well: the app may not report it, and a header that is never sent is hard to notice.
        let headers = Headers::new(headers).inspect_err(|error| warn!(%error, "the app's headers cannot be sent"))?;
        self.0.put(Ok(headers));
        Ok(())
    }

    /// There are no headers, so the request cannot be made.
    ///
    /// # Errors
    /// None. The error is declared so that no call can crash the app.
    pub fn fail(&self, kind: FailureKind) -> Result<(), SaleKitError> {
        self.0.put(Err(Unanswered::Failed(Failure::before_sending(kind))));
        Ok(())
    }
}

/// The app's provider.
pub(crate) struct Provider(pub(crate) Arc<dyn MerchantHeaders>);

impl salekit_core::MerchantHeaders for Provider {
    fn headers(&self) -> PortFuture<'_, Result<Headers, FailureKind>> {
        let app = Arc::clone(&self.0);
        let answer = merchant::ask(move |slot| app.headers(Arc::new(HeadersCompletion(slot))));
        Box::pin(async move {
            answer.await.map_err(|problem| match problem {
                Unanswered::Failed(Failure { kind, .. }) => kind,
                // A `HeadersCompletion` cannot refuse.
                Unanswered::Refused(_) => FailureKind::CallbackFailed,
            })
        })
    }
}
