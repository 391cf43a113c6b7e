//! The app's side of a Mobile Device API (DAPI) sale.
//!
//! # Rooms
//!
//! One folder each, from the inside out. A room imports only rooms that stand above it in this list, so that what decides
//! about money knows nothing of sockets, files and clocks; `core/tests/rooms.rs` holds it to that.
//!
//! ```text
//!  json      reads JSON of servers and snapshots, member by member
//!  value     money, payer, place, ids, secrets, time: checked when they are made
//!  card      card data, and the form in which it is typed; wiped after use
//!  wire      the messages: requests as documented, what answers mean, texts of others cleaned
//!  outcome   how a sale ends, and whether money moved
//!  flow      the state machine: what happens next (pure: no I/O, no clock)
//!  port      traits for what the engine needs from outside
//!  config    what an app configures once
//!  engine    carries out what the flow decides, through the ports
//!  adapter   what fills the ports: HTTPS, stores, the system's clock and device
//!  lib.rs    the front door
//! ```
//!
//! Each layer can be used without the next one: values and messages, the [`flow`], the engine ([`SaleClient`]).
//! Nothing here depends on UniFFI, Kotlin or Swift.
//!
//! # Features
//!
//! `https` (on by default) brings the default transport, `HttpsTransport`. Without it the app provides its own
//! [`Transport`], and SaleKit depends on no HTTP or TLS library.
//! Without `https` none of `reqwest`, `rustls`, `hyper` and `webpki` is compiled.
//!
//! `exhaustive` (off) is for SaleKit's own bindings; see below.
//!
//! # Open and closed enumerations
//!
//! What may grow with the protocol or with what we learn is `#[non_exhaustive]`: states of a sale, reasons, advice, kinds of
//! failure, errors, rules, brands, words of the gateway. Give them a branch for cases of later versions. It never has to
//! decide about money: [`SaleOutcome::charge`] does.
//!
//! That is closed, so that a new case cannot be overlooked: [`Charge`], the four ends of [`SaleOutcome`], [`Sent`],
//! everything that the flow takes and asks for ([`flow::Event`], [`flow::Effect`]), what an answer means
//! ([`wire::perform::PerformAnswer`]), and what an app or a port says ([`SourceOfFunds`], [`Method`], [`Freshness`]). A new
//! case there is a new major version.
//!
//! The bindings carry every case to Kotlin and Swift. They switch on the feature `exhaustive`, which closes all enumerations
//! for them: a new case does not compile there until somebody has carried it.

mod adapter;
mod card;
mod config;
mod engine;
pub mod flow;
mod json;
mod outcome;
mod port;
mod value;
pub mod wire;

// Making a sale.
pub use adapter::DocumentedMerchant;
pub use config::{GatewayProfile, MerchantPaths, SaleClientConfig, gateway_profiles};
#[cfg(feature = "https")]
pub use config::{PublicKeyPin, TlsSettings};
pub use engine::{
    ClientError, DamagedSale, ForeignSale, PendingSale, PendingSales, Sale, SaleClient, SaleRequest, SnapshotProblem,
    States,
};
pub use flow::{Pacing, Plan, Remains, SnapshotError};
pub use outcome::{
    Charge, Decline, DeclineAdvice, Failure, FailureKind, NotCharged, NotChargedReason, SaleOutcome, SaleReceipt,
    SaleState, Sent, UnknownAdvice, UnknownOutcome, UnknownReason,
};

// Values.
pub use card::{
    CalendarMonth, Card, CardBrand, CardField, CardForm, CardNumber, CardSummary, CardSummaryParts, Expiry, FieldState,
    Holder, HolderFields, HolderName, Masking, SecurityCode, SourceOfFunds, StoredCardPayment, Validity,
};
pub use value::{
    Consumer, ConsumerParts, Currency, InputError, MerchantServer, Money, Parties, Rule, SaleId, SaleLocation, Secret,
    Timestamp,
};
pub use wire::{CardExpiry, StoredCard, ThreeDSecureStatus};

// Ports, and what this crate puts into them.
#[cfg(feature = "https")]
pub use adapter::HttpsTransport;
pub use adapter::{DirectoryStore, MemoryStore, SystemClock, SystemDevice};
pub use engine::RunningSales;
pub use flow::Unanswered;
pub use port::{
    Blocking, Challenge, Clock, Device, Freshness, Headers, HttpRequest, InitiateSaleRequest, InvoiceRequest,
    MerchantBackend, MerchantHeaders, Method, PortFuture, Ports, RedirectPresenter, SnapshotStore, StoreError,
    StoreLock, Transport,
};

/// Compiles the example for Rust apps with the documentation tests.
#[cfg(all(doctest, feature = "https"))]
#[doc = include_str!("../../docs/rust.md")]
struct RustGuide;

/// A growing enumeration needs a branch for later cases, unless `exhaustive` closes it.
#[cfg(doctest)]
#[cfg_attr(not(feature = "exhaustive"), doc = "```compile_fail,E0004")]
#[cfg_attr(feature = "exhaustive", doc = "```")]
/// use salekit_core::UnknownAdvice;
///
/// fn is_resumable(advice: UnknownAdvice) -> bool {
///     match advice {
///         UnknownAdvice::ResumeOrAskMerchant => true,
///         UnknownAdvice::AskMerchant => false,
///     }
/// }
/// ```
struct OpenEnumerations;

/// Whether money moved is closed: a branch for later cases would hide a new one.
#[cfg(doctest)]
/// ```
/// use salekit_core::{Charge, SaleOutcome};
///
/// fn may_pay_again(outcome: &SaleOutcome) -> bool {
///     match outcome {
///         SaleOutcome::Approved(_) | SaleOutcome::Unknown(_) => false,
///         SaleOutcome::Declined(_) | SaleOutcome::NotCharged(_) => match outcome.charge() {
///             Charge::NotCharged => true,
///             Charge::Charged | Charge::Unknown => false,
///         },
///     }
/// }
/// ```
struct ClosedEnumerations;
