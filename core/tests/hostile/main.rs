//! A hostile gateway and a hostile merchant's server: whatever they answer, only the sale's own file changes, no other
//! host is asked, nothing grows without limit, and only plain https addresses reach the browser.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    unreachable_pub,
    reason = "a test says what it expects by unwrapping it"
)]

#[path = "../support/app.rs"]
mod app;
mod bounds;
mod browser;
mod ids;
mod log_capture;
mod peers;
mod repeats;
#[cfg(feature = "https")]
mod sockets;
