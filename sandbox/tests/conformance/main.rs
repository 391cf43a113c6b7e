//! The conformance run, against our own merchant, which is right, and against the same merchant behind a server that makes one
//! mistake: each mistake is named, and nothing else.
#![allow(
    dead_code,
    clippy::unwrap_used,
    clippy::panic,
    reason = "the lints know tests by their functions, not their helpers; each test uses its part"
)]

#[path = "../parties/app.rs"]
mod app;
mod bent;
mod command_line;
mod forgotten;
mod mistakes;
mod run;
mod signatures;
