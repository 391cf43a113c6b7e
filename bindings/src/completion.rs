//! The objects that take the app's answers for the merchant's server. The core decides which answers are usable.

use std::sync::{Arc, Mutex, PoisonError, Weak};

use salekit_core::{
    Failure, FailureKind, InputError, Secret, StoredCard, Unanswered,
    wire::{Cause, ErrorObject, check_token, initiate::Initiated, merchant},
};
use tokio::sync::oneshot::Sender;

use crate::SaleKitError;

type Answer<T> = Sender<Result<T, Unanswered>>;

/// Takes one answer. If it is released without an answer, the waiting request fails.
pub(crate) struct Slot<T>(Arc<Mutex<Option<Answer<T>>>>);

impl<T> Slot<T> {
    pub(crate) fn new(answer: Answer<T>) -> Self {
        Self(Arc::new(Mutex::new(Some(answer))))
    }

    /// Whether the request does not wait for the answer any more.
    pub(crate) fn is_abandoned(&self) -> bool {
        let place = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        place.as_ref().is_none_or(Sender::is_closed)
    }

    /// A weak reference to the same slot, which does not keep it alive.
    pub(crate) fn downgrade(&self) -> Spare<T> {
        Spare(Arc::downgrade(&self.0))
    }

    pub(crate) fn put(&self, answer: Result<T, Unanswered>) {
        let sender = self.0.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(sender) = sender {
            // The engine may have stopped waiting. Then the answer is not needed.
            let _ = sender.send(answer);
        }
    }

    fn refuse(&self, refusal: ErrorResponse) {
        self.put(Err(Unanswered::Refused(refusal.into())));
    }

    fn fail(&self, kind: FailureKind) {
        // It is not known here whether the request arrived, so treat it as sent.
        self.put(Err(Unanswered::Failed(Failure::after_sending(kind))));
    }
}

/// A weak reference to a [`Slot`].
pub(crate) struct Spare<T>(Weak<Mutex<Option<Answer<T>>>>);

impl<T> Spare<T> {
    pub(crate) fn fail(&self, kind: FailureKind) {
        if let Some(slot) = self.0.upgrade() {
            Slot(slot).fail(kind);
        }
    }
}

/// An error response of the merchant's server. See the contract. `Debug` leaves out the server's text, which is cleaned
/// only when it becomes part of an outcome.
#[derive(Clone, PartialEq, Eq)]
#[allow(missing_docs, reason = "the contract says it, for those who see these fields")]
pub struct ErrorResponse {
    pub status: u16,
    pub cause: Option<String>,
    pub support_reference: Option<String>,
    pub detail: Option<String>,
}

impl std::fmt::Debug for ErrorResponse {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_struct("ErrorResponse")
            .field("status", &self.status)
            .finish_non_exhaustive()
    }
}

impl From<ErrorResponse> for salekit_core::wire::ErrorResponse {
    fn from(refusal: ErrorResponse) -> Self {
        let ErrorResponse {
            status,
            cause,
            support_reference,
            detail,
        } = refusal;
        let has_error = cause.is_some() || support_reference.is_some() || detail.is_some();
        Self {
            status,
            error: has_error.then(|| ErrorObject {
                cause: Cause::parse(cause.as_deref().unwrap_or_default()),
                code: support_reference,
                message: detail,
            }),
            retry_after_ms: None,
        }
    }
}

/// The invoice that the merchant's server gave. See the contract. Holds secrets, so it is not `Debug`.
#[derive(Clone, PartialEq, Eq)]
#[allow(missing_docs, reason = "the contract says it, for those who see these fields")]
pub struct InitiatedSale {
    pub endpoint_id: String,
    pub invoice_id: String,
    pub nonce: String,
    pub signature: String,
}

/// What the merchant's server knows about an invoice's session. See the contract. Holds a token, so it is not `Debug`.
#[derive(Clone, PartialEq, Eq)]
#[allow(missing_docs, reason = "the contract says it, for those who see these fields")]
pub enum SessionAnswer {
    Token { token: String },
    Void,
}

impl TryFrom<SessionAnswer> for merchant::SessionAnswer {
    type Error = InputError;

    fn try_from(answer: SessionAnswer) -> Result<Self, InputError> {
        Ok(match answer {
            SessionAnswer::Token { token } => Self::Token(check_token("session.token", token)?),
            SessionAnswer::Void => Self::Void,
        })
    }
}

/// Defines the type that takes one kind of answer.
macro_rules! completion {
    ($(#[$doc:meta])* $name:ident, $given:ty => $taken:ty, $check:expr) => {
        $(#[$doc])*
        pub struct $name(Slot<$taken>);

        impl $name {
            pub(crate) fn of(slot: Slot<$taken>) -> Arc<Self> {
                Arc::new(Self(slot))
            }

            /// The merchant's server gave the requested answer.
            ///
            /// # Errors
            /// [`SaleKitError::InvalidInput`] if it is not usable. The app can call this again then.
            pub fn complete(&self, answer: $given) -> Result<(), SaleKitError> {
                let check: fn($given) -> Result<$taken, InputError> = $check;
                self.0.put(Ok(check(answer)?));
                Ok(())
            }

            /// The merchant's server answered otherwise.
            ///
            /// # Errors
            /// None. The error is declared so that no call can crash the app.
            pub fn refuse(&self, refusal: ErrorResponse) -> Result<(), SaleKitError> {
                self.0.refuse(refusal);
                Ok(())
            }

            /// No answer came.
            ///
            /// # Errors
            /// None.
            pub fn fail(&self, kind: FailureKind) -> Result<(), SaleKitError> {
                self.0.fail(kind);
                Ok(())
            }
        }
    };
}

completion! {
    /// Takes an access token.
    TokenCompletion, String => Secret, |token| check_token("session.accessToken", token)
}

completion! {
    /// Takes what the merchant's server knows about an invoice's session.
    SessionCompletion, SessionAnswer => merchant::SessionAnswer, TryInto::try_into
}

completion! {
    /// Takes the answer to initiate sale.
    InitiateCompletion, InitiatedSale => Initiated,
    |InitiatedSale { endpoint_id, invoice_id, nonce, signature }| Initiated::new(endpoint_id, invoice_id, nonce, signature)
}

completion! {
    /// Takes the stored card of an invoice.
    StoredCardCompletion, StoredCard => StoredCard, StoredCard::checked
}
