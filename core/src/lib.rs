//! The app's side of a Mobile Device API (DAPI) sale.
//!
//! There are three layers, and each can be used without the next one: **values and messages** (what parties send each
//! other), the **flow** (a pure state machine that decides what happens next) and the **engine** (which carries out
//! what the flow decides, through ports for HTTP, storage and the clock). Nothing here depends on UniFFI, Kotlin or
//! Swift.
//!
//! The feature `https` (on by default) brings the default transport. Without it the app provides its own [`Transport`],
//! and SaleKit depends on no HTTP or TLS library.

mod card;
mod config;
mod consumer;
mod currency;
mod decline;
mod engine;
mod error;
mod failure;
pub mod flow;
pub mod gateway_profiles;
#[cfg(feature = "https")]
mod http;
mod location;
pub mod message;
mod money;
mod outcome;
mod parties;
mod port;
mod redaction;
pub mod redirect;
mod sale_id;
mod sale_state;
mod secret;
mod source_of_funds;
mod store;
mod stored;
mod text;
mod time;
mod typed;

pub use card::{
    CalendarMonth, Card, CardBrand, CardField, CardForm, CardNumber, CardSummary, CardSummaryParts, Expiry, FieldState,
    Holder, HolderFields, HolderName, Masking, SecurityCode, Validity,
};
pub use config::{MerchantPaths, SaleClientConfig};
pub use consumer::{Consumer, ConsumerParts};
pub use currency::Currency;
pub use decline::{Decline, DeclineAdvice};
pub use engine::{
    Challenge, ClientError, DamagedSale, DocumentedMerchant, ForeignSale, PendingSale, PendingSales, Ports,
    RunningSales, Sale, SaleClient, SaleRequest, SnapshotProblem, States,
};
pub use error::{InputError, Rule};
pub use failure::{Failure, FailureKind, Sent};
pub use flow::{Pacing, Plan, Remains, SnapshotError, Unanswered};
#[cfg(feature = "https")]
pub use http::{HttpsTransport, PublicKeyPin, TlsSettings};
pub use location::SaleLocation;
pub use message::status::ThreeDSecureStatus;
pub use message::{CardExpiry, StoredCard};
pub use money::Money;
pub use outcome::{
    Charge, NotCharged, NotChargedReason, SaleOutcome, SaleReceipt, UnknownAdvice, UnknownOutcome, UnknownReason,
};
pub use parties::{MerchantServer, Parties};
pub use port::{
    Blocking, Clock, Device, Freshness, Headers, HttpRequest, InitiateSaleRequest, InvoiceRequest, MerchantBackend,
    MerchantHeaders, Method, PortFuture, RedirectPresenter, SnapshotStore, StoreError, StoreLock, SystemClock,
    SystemDevice, Transport,
};
pub use sale_id::SaleId;
pub use sale_state::SaleState;
pub use secret::Secret;
pub use source_of_funds::{SourceOfFunds, StoredCardPayment};
pub use store::{DirectoryStore, MemoryStore};
pub use time::Timestamp;

/// Compiles the README's example with the documentation tests.
#[cfg(all(doctest, feature = "https"))]
#[doc = include_str!("../../README.md")]
struct Readme;
