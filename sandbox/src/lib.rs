//! The other parties of a Mobile Device API (DAPI) sale, on one machine: the payment gateway with its 3-D Secure
//! pages, and the merchant's server. Real HTTPS on loopback, under a certificate authority made at start.
//!
//! Written from the protocol alone and sharing no code with the app's side, so that a mistake there is not repeated
//! here. [`Sandbox::start`] runs both; [`Gateway::start`] and [`Merchant::start`] run one. A [`Script`] bends the sales
//! of one device, the [`Ledger`] tells what truly happened, [`Observation`]s tell when. An [`Inspector`] shows every
//! message in a browser.

mod answer;
mod authority_folder;
mod cardholder;
mod config;
mod conformance;
mod control;
mod dice;
mod error;
mod fault;
mod fields;
mod gateway;
mod inspector;
mod ledger;
mod merchant;
mod merchant_server;
mod money;
mod observation;
mod outcome;
mod proxy;
mod random;
mod sandbox;
mod script;
mod script_json;
mod server;
mod signature;
mod stage;
mod store;
mod tls;

pub use cardholder::{Cardholder, Conduct, ONE_TIME_CODE, PASSWORD};
pub use config::{
    CheckTiming, HexCase, InspectorPort, NotificationUrl, RepeatedPerform, SandboxConfig, TEST_CONTROL_KEY,
    TokenExtension,
};
pub use conformance::{CheckResult, ConformanceCheck, ConformanceReport, MerchantCheck};
pub use dice::Dice;
pub use error::SandboxError;
pub use fault::Fault;
pub use gateway::Gateway;
pub use inspector::Inspector;
pub use ledger::{Entry, EntryState, Ledger};
pub use merchant::Merchant;
pub use merchant_server::{MerchantPaths, MerchantServer};
pub use observation::{Direction, Observation, Party};
pub use outcome::{Authentication, Decline, Outcome, SECURITY_CODES, Verdict};
pub use proxy::{ConnectionFault, ExchangeFault, FaultPlan, FaultProxy, Pass, Passage, Passing, Totals};
pub use sandbox::Sandbox;
pub use script::{Message, Script};
pub use tls::Flaw;
