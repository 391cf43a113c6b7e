//! What the core does: its values and messages, the flow step by step, whole sales through the engine, and the default
//! transport on real sockets. `worlds` is the program that explores and simulates.
//!
//! One program, because linking costs more than compiling, and because its tests can wait at the same time.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    unreachable_pub,
    reason = "a test says what it expects by unwrapping it, and shows what it has found"
)]

#[cfg(feature = "https")]
mod answers;
mod cards;
#[cfg(feature = "https")]
mod connections;
mod corpus;
#[cfg(feature = "https")]
mod damage;
mod engine;
mod flow;
mod hostile;
mod messages;
#[cfg(feature = "https")]
mod old_servers;
mod pacing;
mod protocol_page;
// Some of the public types belong to the default transport.
#[cfg(feature = "https")]
mod quiet;
mod rooms;
mod snapshots;
mod store;
#[cfg(feature = "https")]
mod system_proxy;
#[cfg(feature = "https")]
mod tls;
#[cfg(feature = "https")]
mod transport;
