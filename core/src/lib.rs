//! The app's side of a Mobile Device API (DAPI) sale.
//!
//! Three layers, each usable without the next: **values and messages** (what is said), the **flow** (a pure state
//! machine that decides what happens next) and the **engine** (which does what the flow asks, through ports for
//! HTTP, storage and the clock). Nothing here knows of UniFFI, Kotlin or Swift.
//!
//! The feature `https`, on by default, is the default transport. Without it an app brings a [`Transport`] of its own, and
//! neither an HTTP nor a TLS library is among the dependencies.

pub mod brand_profiles;
mod card;
mod config;
mod consumer;
mod currency;
mod decline;
mod engine;
mod error;
mod failure;
pub mod flow;
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
    Brand, CalendarMonth, Card, CardField, CardForm, CardNumber, CardSummary, Expiry, FieldState, Holder, HolderFields,
    HolderName, Masking, SecurityCode, Validity,
};
pub use config::{Config, ShopPaths};
pub use consumer::Consumer;
pub use currency::Currency;
pub use decline::{Advice, Decline};
pub use engine::{
    ClientError, DamagedSnapshot, DocumentedShop, ForeignSale, Pending, PendingSale, Ports, RunningSales, Sale,
    SaleClient, SaleRequest, SnapshotProblem, States,
};
pub use error::{InputError, Rule};
pub use failure::{Failure, FailureKind, Sent};
pub use flow::{Pacing, Plan, Remains, SnapshotError, Unanswered};
#[cfg(feature = "https")]
pub use http::{HttpsTransport, Pin, Security};
pub use location::Location;
pub use message::shop::StoredCardReference;
pub use message::status::ThreeDSecureStatus;
pub use money::Money;
pub use outcome::{Charge, NotCharged, NotChargedReason, Outcome, Receipt, UnknownAdvice, UnknownReason, Unresolved};
pub use parties::{MerchantServer, Parties};
pub use port::{
    Blocking, Clock, Device, Freshness, HttpRequest, InitiateRequest, InvoiceQuestion, Method, PortFuture,
    RedirectPresenter, SaleStore, ShopServer, StoreError, StoreLock, SystemClock, SystemDevice, Transport,
};
pub use sale_id::SaleId;
pub use sale_state::SaleState;
pub use secret::Secret;
pub use source_of_funds::{SourceOfFunds, StoredCard};
pub use store::{DirectoryStore, MemoryStore};
pub use time::Timestamp;

/// The README's example is compiled with the documentation's.
#[cfg(all(doctest, feature = "https"))]
#[doc = include_str!("../../README.md")]
struct Readme;
