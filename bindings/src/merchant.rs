//! The app's `MerchantBackend`, as an implementation of the core's port. The module `completion` has the objects that
//! take the answers.

use std::sync::Arc;

use salekit_core::{
    Failure, FailureKind, PortFuture, Secret, StoredCard, Unanswered,
    flow::Invoice,
    wire::{
        initiate::{InitiateAnswer, Initiated},
        merchant::SessionAnswer,
    },
};
use tokio::sync::oneshot;

use crate::{
    CallbackError, Consumer, InitiateCompletion, Money, SaleLocation, SessionCompletion, StoredCardCompletion,
    TokenCompletion, callbacks, completion::Slot,
};

/// Answers for the merchant's server. See the contract.
#[uniffi::trait_interface]
pub trait MerchantBackend: Send + Sync {
    /// Get an access token.
    ///
    /// # Errors
    /// Any error that the app throws. The request then counts as failed. The same holds for the other calls.
    fn access_token(&self, serial_number: String, completion: Arc<TokenCompletion>) -> Result<(), CallbackError>;

    /// Initiate a sale.
    ///
    /// # Errors
    /// As [`MerchantBackend::access_token`].
    fn initiate(&self, question: InitiateSaleRequest, completion: Arc<InitiateCompletion>)
    -> Result<(), CallbackError>;

    /// Get the session token of an invoice. With `wants_void`, void an invoice that has none, if the merchant can.
    ///
    /// # Errors
    /// As [`MerchantBackend::access_token`].
    fn session_token(
        &self,
        question: InvoiceRequest,
        wants_void: bool,
        completion: Arc<SessionCompletion>,
    ) -> Result<(), CallbackError>;

    /// Get the stored card of an invoice.
    ///
    /// # Errors
    /// As [`MerchantBackend::access_token`].
    fn stored_card(&self, question: InvoiceRequest, completion: Arc<StoredCardCompletion>)
    -> Result<(), CallbackError>;
}

/// The data to initiate a sale. See the contract. Holds a token, so it is not `Debug`.
#[derive(Clone, PartialEq)]
#[allow(missing_docs, reason = "the contract says it, for those who see these fields")]
pub struct InitiateSaleRequest {
    pub access_token: String,
    pub consumer: Consumer,
    pub amount: Money,
    pub location: Option<SaleLocation>,
    pub sale_id: String,
    pub merchant_order_id: Option<String>,
}

/// A question about an invoice. See the contract. Holds a token, so it is not `Debug`.
#[derive(Clone, PartialEq, Eq)]
#[allow(missing_docs, reason = "the contract says it, for those who see these fields")]
pub struct InvoiceRequest {
    pub access_token: String,
    pub serial_number: String,
    pub endpoint_id: String,
    pub invoice_id: String,
    pub sale_id: String,
    pub merchant_order_id: Option<String>,
}

impl From<salekit_core::InvoiceRequest> for InvoiceRequest {
    fn from(question: salekit_core::InvoiceRequest) -> Self {
        let salekit_core::InvoiceRequest {
            access_token,
            serial_number,
            invoice: Invoice {
                endpoint_id,
                invoice_id,
            },
            sale_id,
            merchant_order_id,
        } = question;
        Self {
            access_token: access_token.expose().to_owned(),
            serial_number,
            endpoint_id,
            invoice_id,
            sale_id: sale_id.into(),
            merchant_order_id,
        }
    }
}

/// Passes a request to the app and waits for the answer. The engine limits how long.
pub(crate) fn ask<T: Send + 'static>(
    put: impl FnOnce(Slot<T>) -> Result<(), CallbackError> + Send + 'static,
) -> PortFuture<'static, Result<T, Unanswered>> {
    Box::pin(async move {
        let (sender, answer) = oneshot::channel();
        let slot = Slot::new(sender);
        let spare = slot.downgrade();
        callbacks::MERCHANT.call(move || {
            // Earlier calls may have taken long. Skip a request whose answer is not needed any more.
            if slot.is_abandoned() {
                return;
            }
            // The app may still hold the completion when it throws.
            if put(slot).is_err() {
                spare.fail(FailureKind::CallbackFailed);
            }
        });
        // An error means that the completion was released without an answer, or that the app could not be called.
        answer.await.unwrap_or(Err(Unanswered::Failed(Failure::after_sending(
            FailureKind::CallbackFailed,
        ))))
    })
}

/// The app's backend.
pub(crate) struct Backend(pub(crate) Arc<dyn MerchantBackend>);

impl Backend {
    fn ask<T: Send + 'static>(
        &self,
        put: impl FnOnce(&dyn MerchantBackend, Slot<T>) -> Result<(), CallbackError> + Send + 'static,
    ) -> PortFuture<'static, Result<T, Unanswered>> {
        let app = Arc::clone(&self.0);
        ask(move |slot| put(&*app, slot))
    }
}

impl salekit_core::MerchantBackend for Backend {
    fn access_token<'a>(&'a self, serial_number: &'a str) -> PortFuture<'a, Result<Secret, Unanswered>> {
        let serial_number = serial_number.to_owned();
        self.ask(move |app, slot| app.access_token(serial_number, TokenCompletion::of(slot)))
    }

    fn initiate(&self, request: salekit_core::InitiateSaleRequest) -> PortFuture<'_, Result<InitiateAnswer, Failure>> {
        let salekit_core::InitiateSaleRequest {
            access_token,
            consumer,
            amount,
            location,
            sale_id,
            merchant_order_id,
        } = request;
        let question = InitiateSaleRequest {
            access_token: access_token.expose().to_owned(),
            consumer: (&consumer).into(),
            amount: (&amount).into(),
            location: location.map(Into::into),
            sale_id: sale_id.into(),
            merchant_order_id,
        };
        let answer = self.ask::<Initiated>(move |app, slot| app.initiate(question, InitiateCompletion::of(slot)));
        Box::pin(async move {
            match answer.await {
                Ok(initiated) => Ok(InitiateAnswer::Initiated(initiated)),
                Err(Unanswered::Refused(refusal)) => Ok(InitiateAnswer::refused(refusal)),
                Err(Unanswered::Failed(failure)) => Err(failure),
            }
        })
    }

    fn session_token(
        &self,
        question: salekit_core::InvoiceRequest,
        void: bool,
    ) -> PortFuture<'_, Result<SessionAnswer, Unanswered>> {
        self.ask(move |app, slot| app.session_token(question.into(), void, SessionCompletion::of(slot)))
    }

    fn stored_card(&self, question: salekit_core::InvoiceRequest) -> PortFuture<'_, Result<StoredCard, Unanswered>> {
        self.ask(move |app, slot| app.stored_card(question.into(), StoredCardCompletion::of(slot)))
    }
}
