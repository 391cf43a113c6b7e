//! SaleKit for Kotlin and Swift: the core behind the contract in `udl/salekit.udl`.
//!
//! No business logic lives here. Each module turns one noun of the contract into the core's and back: records are
//! checked by the core's types on the way in, errors become [`SaleKitError`], async calls run on our own runtime, and
//! the app is called back off the thread that does the work. What each call means is said once, in the contract.

pub mod allocator;
mod callbacks;
mod card_form;
mod client;
mod completion;
mod config;
mod error;
mod log;
mod outcome;
mod parties;
mod presenter;
mod runtime;
mod sale;
mod shop;
mod store;
mod values;

pub use card_form::{CardForm, CardHints, FieldState, Validity};
pub use client::SaleClient;
pub use completion::{
    InitiateCompletion, InitiatedSale, SessionAnswer, SessionCompletion, ShopRefusal, StoredCardCompletion,
    TokenCompletion,
};
pub use config::{BrandProfile, Config, KeyPin, PacingProfile, Patience, Trust, brand_profiles, documented_shop_paths};
pub use error::{HostError, SaleKitError};
pub use log::{LogLevel, LogLine, LogSink, set_log_sink};
pub use outcome::{
    CardSummary, DamagedSale, Decline, ForeignSale, Outcome, Pending, PendingSale, Receipt, SaleState,
    ThreeDSecureStatus, charge_of,
};
pub use parties::{MerchantServer, Parties};
pub use presenter::RedirectPresenter;
pub use sale::{Sale, StateListener, Subscription};
pub use salekit_core::{
    Advice, Brand, CardField, Charge, FailureKind, HolderFields, Masking, NotCharged, NotChargedReason, ShopPaths,
    StoreLock, StoredCardReference, UnknownAdvice, UnknownReason, Unresolved,
};
pub use shop::{InitiateQuestion, InvoiceQuestion, ShopBackend};
pub use store::SnapshotStore;
pub use values::{
    Consumer, Location, Money, SaleOptions, advice_message, currency_exponent, failure_message, format_money,
    parse_money, unknown_advice_message,
};

/// SaleKit's version.
pub fn version() -> String {
    env!("CARGO_PKG_VERSION").to_owned()
}

/// The C interface that UniFFI makes of the contract.
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
