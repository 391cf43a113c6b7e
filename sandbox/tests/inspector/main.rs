//! The inspector as a browser or a program uses it: by its API alone. Every answer of it is compared with the document that
//! describes the API, and everything that it ever sent is searched for card data.
#![allow(
    dead_code,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "the lints know tests by their functions, not their helpers; each test uses its part"
)]

mod actions;
#[path = "../parties/app.rs"]
mod app;
mod command_line;
mod document;
mod eye;
mod guard;
mod mistakes;
mod record;
mod redaction;
