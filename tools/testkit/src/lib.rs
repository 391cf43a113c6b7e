//! What the tests of several crates share. It has one noun a module, and nothing that a single crate's tests use.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test says what it expects by unwrapping it"
)]

pub mod clock;
pub mod figures;
pub mod folder;
pub mod log_capture;
pub mod own_process;
pub mod pacing;
pub mod public_types;
pub mod request;
pub mod rooms;
pub mod sale;
