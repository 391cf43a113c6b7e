//! The flow where it was wrong once.

#![allow(clippy::unwrap_used, reason = "tests say what they expect by unwrapping it")]

mod found;
#[path = "../support/mod.rs"]
mod support;
