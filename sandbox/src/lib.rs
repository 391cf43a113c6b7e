//! The other parties of a Mobile Device API (DAPI) sale, on one machine: the payment gateway with its 3-D Secure
//! pages, and the merchant's server. Real HTTPS on loopback, under a certificate authority made at start.
//!
//! Written from the protocol alone and sharing no code with the app's side, so that a mistake there is not repeated
//! here. [`Sandbox::start`] runs both; [`Gateway::start`] and [`Merchant::start`] run one. A [`Script`] bends the sales
//! of one device, the [`Ledger`] tells what truly happened, [`Observation`]s tell when. An [`Inspector`] shows every
//! message in a browser.
//!
//! # Rooms
//!
//! From the inside out. A room imports only rooms that stand above it in this list; `sandbox/tests/rooms.rs` holds it to that.
//!
//! ```text
//!  error        why the sandbox could not start
//!  protocol     how members are read, errors answered, messages signed; the sequence diagram
//!  config       every switch, with its default
//!  record       every message that passed, redacted, judged and explained
//!  net          servers and certificates; where a merchant's server is and how it is reached
//!  cardholder   a person in front of a browser, by program
//!  script       what a test asks for: outcomes, habits, faults
//!  stage        what gateway and merchant stand on: key, certificate, scripts, ledger, observations, remote control
//!  merchant     the merchant's server
//!  gateway      the payment gateway and its 3-D Secure pages
//!  inspector    shows the record in a browser, and does what a person asks
//!  parties      what a program starts: gateway, merchant, both
//!  proxy        breaks connections, requests and answers
//!  conformance  checks a merchant's server of one's own
//!  lib.rs       the front: what other crates see
//!  cli          the commands: a program of its own, which uses only what the front exports
//! ```

mod cardholder;
mod config;
mod conformance;
mod error;
mod gateway;
mod inspector;
mod merchant;
mod net;
mod parties;
mod protocol;
mod proxy;
mod record;
mod script;
mod stage;

pub use cardholder::{Cardholder, Conduct, ONE_TIME_CODE, PASSWORD};
pub use config::{
    CheckTiming, InspectorPort, NotificationUrl, RepeatedPerform, SandboxConfig, TEST_CONTROL_KEY, TokenExtension,
};
pub use conformance::{CheckResult, ConformanceCheck, ConformanceReport, MerchantCheck};
pub use error::SandboxError;
pub use inspector::Inspector;
pub use net::{Flaw, MerchantPaths, MerchantServer};
pub use parties::{Gateway, Merchant, Sandbox};
pub use protocol::{Direction, HexCase, Party};
pub use proxy::{ConnectionFault, ExchangeFault, FaultPlan, FaultProxy, Pass, Passage, Passing, Totals};
pub use script::{Authentication, Decline, Dice, Fault, Message, Outcome, SECURITY_CODES, Script, Verdict};
pub use stage::{Entry, EntryState, Ledger, Observation};
