//! What is fuzzed, one function a target: it takes any bytes and panics where a promise of the core is broken.
//!
//! The fuzzers (`fuzz/targets`) and the replay of the corpus on stable (`core/tests/corpus.rs`, which includes this
//! file by its path) call the very same functions. Only the public surface of the core is used.

#![allow(
    dead_code,
    unreachable_pub,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a harness reports by panicking, and the replay includes it as a module"
)]

mod answers;
mod damage;
mod form;
mod sale;
mod values;

pub use answers::{initiate_answer, merchant_answer, perform_answer, status_answer};
pub use form::card_form;
pub use sale::snapshot;
pub use values::{money, redirect_url};

/// A target: its name, which is also its folder under `fuzz/corpus`, and its function.
pub type Target = (&'static str, fn(&[u8]));

/// All targets.
pub const TARGETS: [Target; 8] = [
    ("initiate_answer", initiate_answer),
    ("perform_answer", perform_answer),
    ("status_answer", status_answer),
    ("merchant_answer", merchant_answer),
    ("snapshot", snapshot),
    ("redirect_url", redirect_url),
    ("card_form", card_form),
    ("money", money),
];
