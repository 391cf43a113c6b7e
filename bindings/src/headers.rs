//! The headers that the app adds to requests to the merchant's server, as the core's port. Which headers are allowed is the
//! core's to say.

use std::sync::Arc;

use salekit_core::{Failure, FailureKind, Headers, PortFuture, Secret, Unanswered};
use tracing::warn;

use crate::{CallbackError, SaleKitError, completion::Slot, merchant};

/// Knows the headers. See the contract.
#[uniffi::trait_interface]
pub trait MerchantHeaders: Send + Sync {
    /// Give the headers of the next request.
    ///
    /// # Errors
    /// Whatever the app throws: the request then counts as failed, and is not sent.
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
    /// The headers.
    ///
    /// # Errors
    /// [`SaleKitError::InvalidInput`] if they cannot be sent; the question is still open then.
    pub fn complete(&self, headers: Vec<Header>) -> Result<(), SaleKitError> {
        let headers = headers
            .into_iter()
            .map(|Header { name, value }| (name, Secret::new(value)));
        // The app's adapter may have nobody to tell, and a header that is never sent is hard to find.
        let headers = Headers::new(headers).inspect_err(|error| warn!(%error, "the app's headers cannot be sent"))?;
        self.0.put(Ok(headers));
        Ok(())
    }

    /// No headers.
    ///
    /// # Errors
    /// None; an error is declared so that no call can end the app.
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
                // Nobody can refuse here.
                Unanswered::Refused(_) => FailureKind::CallbackFailed,
            })
        })
    }
}
