//! A gateway and a merchant's server in the wrong hands: whatever they say, no file but the sale's own is touched, no other
//! host is asked, nothing grows without bounds, and nothing but a plain https address reaches the browser.

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
mod ear;
mod ids;
mod peers;
mod repeats;
#[cfg(feature = "https")]
mod sockets;
