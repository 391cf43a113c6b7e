//! What the sandbox does, as its users see it: the parties' messages, the inspector, the conformance run, the command line,
//! and the scenarios that all languages share. `truth` is the program in which things go wrong.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "the lints know tests by their functions, not by what those call"
)]

mod app;
mod conformance;
mod inspector;
mod parties;
mod rooms;
mod scenarios;
