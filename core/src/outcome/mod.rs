//! How a sale ends: the one type that says whether money moved.
//!
//! Every outcome is *charged*, *not charged* or *unknown* ([`SaleOutcome::charge`]), and none is ever guessed.
//! `Approved` and `Declined` are the gateway's answer, `NotCharged` is proven by SaleKit, and everything else is
//! `Unknown`.
//!
//! Also here: a request that got no answer ([`Failure`]), which decides what may be sent again, and what a running sale
//! is doing ([`SaleState`]).

mod charge;
mod decline;
mod failure;
mod not_charged;
mod receipt;
mod state;
mod unknown;

pub use charge::{Charge, SaleOutcome};
pub use decline::{Decline, DeclineAdvice};
pub use failure::{Failure, FailureKind, Sent};
pub use not_charged::{NotCharged, NotChargedReason};
pub use receipt::SaleReceipt;
pub use state::SaleState;
pub use unknown::{UnknownAdvice, UnknownOutcome, UnknownReason};
