//! The two errors of the contract, and the conversion from the core's errors. None of them contains a secret value.

use salekit_core::{ClientError, Failure, FailureKind, InputError, StoreError, Unanswered};
use thiserror::Error;

use crate::Parties;

/// Why a call by the app failed. See the contract for each.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[allow(missing_docs, reason = "the contract says it, for those who see these fields")]
pub enum SaleKitError {
    #[error("{field}: {detail}")]
    InvalidInput {
        field: String,
        rule: String,
        detail: String,
    },
    #[error("there is no stored sale {sale_id}")]
    SaleNotFound { sale_id: String },
    #[error(
        "sale {sale_id} is still running: resume it and wait for its outcome, or leave it to the process of the app that runs it"
    )]
    SaleStillRunning { sale_id: String },
    #[error("sale {sale_id} has not ended; resume it and wait for its outcome")]
    SaleUnfinished { sale_id: String },
    #[error("the outcome of sale {sale_id} is unknown; resume it later, or forget it")]
    SaleOutcomeUnknown { sale_id: String },
    #[error("the outcome of sale {sale_id} is final; settle it and acknowledge it")]
    SaleOutcomeFinal { sale_id: String },
    #[error(
        "sale {sale_id} belongs to {sale_parties}, and this client has {client_parties}; use a client with those of the sale"
    )]
    SaleForeign {
        sale_id: String,
        sale_parties: Parties,
        client_parties: Parties,
    },
    #[error(
        "sale {sale_id} has the same merchant order id and is still running; wait for its outcome, or allow a duplicate"
    )]
    OrderInUse { sale_id: String },
    #[error("sale {sale_id} cannot be used: {detail}")]
    SaleDamaged { sale_id: String, detail: String },
    #[error("{detail}")]
    StorageFull { detail: String },
    #[error("{detail}")]
    StorageDenied { detail: String },
    #[error("{detail}")]
    StorageFailed { detail: String },
    #[error("the merchant's server could not be asked: {detail}; ask again later")]
    MerchantUnavailable {
        failure: Option<FailureKind>,
        detail: String,
    },
    #[error("{detail}")]
    NoRandomness { detail: String },
    #[error("{detail}")]
    Internal { detail: String },
}

/// Methods on an error, which UDL cannot declare.
#[uniffi::export]
impl SaleKitError {
    /// A stable code of the error, the same in every language and version, for example `invalid_input`.
    pub fn code(&self) -> String {
        match self {
            Self::InvalidInput { .. } => "invalid_input",
            Self::SaleNotFound { .. } => "sale_not_found",
            Self::SaleStillRunning { .. } => "sale_still_running",
            Self::SaleUnfinished { .. } => "sale_unfinished",
            Self::SaleOutcomeUnknown { .. } => "sale_outcome_unknown",
            Self::SaleOutcomeFinal { .. } => "sale_outcome_final",
            Self::SaleForeign { .. } => "sale_foreign",
            Self::OrderInUse { .. } => "order_in_use",
            Self::SaleDamaged { .. } => "sale_damaged",
            Self::StorageFull { .. } => "storage_full",
            Self::StorageDenied { .. } => "storage_denied",
            Self::StorageFailed { .. } => "storage_failed",
            Self::MerchantUnavailable { .. } => "merchant_unavailable",
            Self::NoRandomness { .. } => "no_randomness",
            Self::Internal { .. } => "internal",
        }
        .to_owned()
    }

    /// The error as an English sentence for a developer.
    pub fn sentence(&self) -> String {
        self.to_string()
    }
}

impl From<InputError> for SaleKitError {
    fn from(error: InputError) -> Self {
        let InputError { field, rule } = error;
        Self::InvalidInput {
            field: field.to_owned(),
            rule: rule.code().to_owned(),
            detail: rule.to_string(),
        }
    }
}

impl From<StoreError> for SaleKitError {
    fn from(error: StoreError) -> Self {
        let detail = error.to_string();
        match error {
            StoreError::Full { .. } => Self::StorageFull { detail },
            StoreError::Denied { .. } => Self::StorageDenied { detail },
            StoreError::Failed { .. } => Self::StorageFailed { detail },
        }
    }
}

impl From<ClientError> for SaleKitError {
    fn from(error: ClientError) -> Self {
        let detail = error.to_string();
        match error {
            ClientError::Input(error) => error.into(),
            ClientError::Store(error) => error.into(),
            ClientError::NoRuntime => Self::Internal { detail },
            ClientError::NoRandomness => Self::NoRandomness { detail },
            ClientError::NotFound { id } => Self::SaleNotFound {
                sale_id: id.to_string(),
            },
            ClientError::OrderInUse { by } => Self::OrderInUse {
                sale_id: by.to_string(),
            },
            ClientError::StillRunning { id } => Self::SaleStillRunning {
                sale_id: id.to_string(),
            },
            ClientError::Unfinished { id } => Self::SaleUnfinished {
                sale_id: id.to_string(),
            },
            ClientError::OutcomeUnknown { id } => Self::SaleOutcomeUnknown {
                sale_id: id.to_string(),
            },
            ClientError::OutcomeFinal { id } => Self::SaleOutcomeFinal {
                sale_id: id.to_string(),
            },
            ClientError::Foreign { id, sale, client } => Self::SaleForeign {
                sale_id: id.to_string(),
                sale_parties: (*sale).into(),
                client_parties: (*client).into(),
            },
            ClientError::Damaged { id, problem } => Self::SaleDamaged {
                sale_id: id.to_string(),
                detail: problem.to_string(),
            },
        }
    }
}

impl From<Unanswered> for SaleKitError {
    fn from(problem: Unanswered) -> Self {
        match problem {
            // Whether the request arrived does not matter: it moves no money.
            Unanswered::Failed(Failure { sent: _, kind }) => Self::MerchantUnavailable {
                failure: Some(kind),
                detail: kind.to_string(),
            },
            Unanswered::Refused(refusal) => Self::MerchantUnavailable {
                failure: None,
                detail: refusal.describe(),
            },
        }
    }
}

/// What the app's code throws when SaleKit calls it. See the contract for each.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[allow(missing_docs, reason = "the contract says it, for those who see these fields")]
pub enum CallbackError {
    #[error("the app's store is full: {detail}")]
    StorageFull { detail: String },
    #[error("the app's store may not be accessed: {detail}")]
    StorageDenied { detail: String },
    #[error("the app's code failed: {detail}")]
    Failed { detail: String },
}

/// Converts an exception that the contract does not declare. Without this it would be a panic. Its text comes from the
/// app and may contain anything, so it is left out.
impl From<uniffi::UnexpectedUniFFICallbackError> for CallbackError {
    fn from(_: uniffi::UnexpectedUniFFICallbackError) -> Self {
        Self::Failed {
            detail: "an exception of another type than CallbackError".to_owned(),
        }
    }
}

impl From<CallbackError> for StoreError {
    fn from(error: CallbackError) -> Self {
        match error {
            CallbackError::StorageFull { detail } => Self::Full { detail },
            CallbackError::StorageDenied { detail } => Self::Denied { detail },
            CallbackError::Failed { detail } => Self::Failed { detail },
        }
    }
}
