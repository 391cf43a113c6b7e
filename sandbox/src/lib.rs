//! The other parties of a Mobile Device API (DAPI) sale, on one machine: the payment gateway with its 3-D Secure
//! pages, and the merchant's server. Real HTTPS on loopback, under a certificate authority made at start.
//!
//! Written from the protocol alone and sharing no code with the app's side, so that a mistake there is not repeated
//! here. [`Sandbox::start`] runs both; [`Gateway::start`] and [`Merchant::start`] run one. A [`Script`] bends the sales
//! of one device, the [`Ledger`] tells what truly happened, [`Observation`]s tell when. An [`Inspector`] shows every
//! message in a browser.

// Who takes part.
mod cardholder;
mod gateway;
mod merchant;
mod sandbox;
// What they say to each other, and over what.
mod net;
mod protocol;
// What they stand on, and what bends it.
mod config;
mod error;
mod script;
mod stage;
// Who looks at them, stands between them, and checks a merchant's server of one's own.
mod conformance;
mod inspector;
mod proxy;

pub use cardholder::{Cardholder, Conduct, ONE_TIME_CODE, PASSWORD};
pub use config::{
    CheckTiming, HexCase, InspectorPort, NotificationUrl, RepeatedPerform, SandboxConfig, TEST_CONTROL_KEY,
    TokenExtension,
};
pub use conformance::{CheckResult, ConformanceCheck, ConformanceReport, MerchantCheck};
pub use error::SandboxError;
pub use gateway::Gateway;
pub use inspector::Inspector;
pub use merchant::{Merchant, MerchantPaths, MerchantServer};
pub use net::Flaw;
pub use proxy::{ConnectionFault, ExchangeFault, FaultPlan, FaultProxy, Pass, Passage, Passing, Totals};
pub use sandbox::Sandbox;
pub use script::{Authentication, Decline, Dice, Fault, Message, Outcome, SECURITY_CODES, Script, Verdict};
pub use stage::{Direction, Entry, EntryState, Ledger, Observation, Party};
