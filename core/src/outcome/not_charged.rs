//! A sale that provably ended before anything could be charged, and why.

use serde::{Deserialize, Serialize};

use super::failure::FailureKind;
use crate::json::{stored_struct, stored_words};

/// Why a sale ended before anything could be charged.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct NotCharged {
    /// The reason.
    pub reason: NotChargedReason,
    /// A sentence for developers and support, without secrets.
    pub detail: String,
    /// The underlying failure, if a request failed.
    pub failure: Option<FailureKind>,
    /// `error.code` of the refusal: quote it to support.
    pub support_reference: Option<String>,
    /// `invoiceId`, if the sale already had one.
    pub invoice_id: Option<String>,
}

stored_struct!(NotCharged {
    reason,
    detail,
    failure,
    support_reference,
    invoice_id
});

/// The reasons of [`NotCharged`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(not(feature = "exhaustive"), non_exhaustive)]
pub enum NotChargedReason {
    /// Cancelled before perform sale was sent.
    Cancelled,
    /// The app was stopped before perform sale was sent. Card data is never stored, so start a new sale.
    Interrupted,
    /// The merchant's server gave no usable access token.
    AccessTokenRefused,
    /// The merchant's server refused to initiate the sale.
    InitiateRefused,
    /// The merchant's server could not be reached, or its answer to initiate sale was not usable.
    MerchantUnavailable,
    /// No connection to the gateway: not one byte of perform sale was sent.
    GatewayUnreachable,
    /// The gateway refused perform sale.
    PerformRefused,
    /// The snapshot that must be saved before perform sale could not be saved, so perform sale was not sent.
    StorageFailed,
    /// The merchant's server returned an invoice that another sale already has, so perform sale was not sent.
    InvoiceInUse,
    /// Another sale with the same merchant order id is unfinished, has an unknown outcome, or is charged and not
    /// acknowledged, so perform sale was not sent. Resume and settle that sale first, or allow a duplicate.
    OrderInUse,
    /// Perform sale may have been sent, but the merchant's server accepted no check sale for the invoice and has voided
    /// it. The invoice will never be charged.
    InvoiceVoided,
}

stored_words!(NotChargedReason {
    Cancelled,
    Interrupted,
    AccessTokenRefused,
    InitiateRefused,
    MerchantUnavailable,
    GatewayUnreachable,
    PerformRefused,
    StorageFailed,
    InvoiceInUse,
    OrderInUse,
    InvoiceVoided,
});
