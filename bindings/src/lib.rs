//! SaleKit for Kotlin and Swift: the core behind the contract in `udl/salekit.udl`.
//!
//! No business logic lives here. Each module converts one noun of the contract to the core's type and back. The core's
//! types check records on the way in. Errors become [`SaleKitError`]. Async calls run on SaleKit's own runtime, and
//! calls to the app do not run on the worker thread. Only the contract documents what each call means.

pub mod allocator;
mod callbacks;
mod card_form;
mod challenge;
mod client;
mod completion;
mod config;
mod error;
mod headers;
mod log;
mod merchant;
mod outcome;
mod parties;
mod presenter;
mod runtime;
mod sale;
mod store;
mod threads;
mod values;

pub use card_form::{CardForm, CardHints, FieldState, Validity};
pub use challenge::Challenge;
pub use client::SaleClient;
pub use completion::{
    ErrorResponse, InitiateCompletion, InitiatedSale, SessionAnswer, SessionCompletion, StoredCardCompletion,
    TokenCompletion,
};
pub use config::{
    GatewayProfile, PacingProfile, PublicKeyPin, SaleClientConfig, Timeouts, TlsSettings, documented_merchant_paths,
    gateway_profiles,
};
pub use error::{CallbackError, SaleKitError};
pub use headers::{Header, HeadersCompletion, MerchantHeaders};
pub use log::{LogLevel, LogLine, LogSink, set_log_sink};
pub use merchant::{InitiateSaleRequest, InvoiceRequest, MerchantBackend};
pub use outcome::{
    CardSummary, DamagedSale, Decline, ForeignSale, PendingSale, PendingSales, SaleOutcome, SaleReceipt, SaleState,
    ThreeDSecureStatus,
};
pub use parties::{MerchantServer, Parties};
pub use presenter::RedirectPresenter;
pub use sale::{Sale, SaleStateListener, Subscription};
pub use salekit_core::{
    CardBrand, CardExpiry, CardField, Charge, DeclineAdvice, FailureKind, HolderFields, Masking, MerchantPaths,
    NotCharged, NotChargedReason, StoreLock, StoredCard, UnknownAdvice, UnknownOutcome, UnknownReason,
};
pub use store::SnapshotStore;
pub use values::{
    Consumer, Money, SaleLocation, SaleRequest, currency_exponent, failure_message, format_money, parse_money,
};

/// SaleKit's version.
pub fn version() -> String {
    env!("CARGO_PKG_VERSION").to_owned()
}

/// The C interface that UniFFI generates from the contract.
#[allow(
    unsafe_code,
    missing_docs,
    unreachable_pub,
    clippy::all,
    clippy::panic,
    reason = "generated; a C interface consists of unmangled functions"
)]
mod scaffolding {
    use super::*;

    uniffi::include_scaffolding!("salekit");
}

use scaffolding::UniFfiTag;
