//! The whole engine in worlds that are made up: processes that are killed, two clients on one store, disks that fail,
//! networks that lose and repeat, gateways that lag, payers who leave, apps that do anything at any moment.
//!
//! Everything but the engine is simulated, time and chance included, so a seed is a world: the same seed is the same
//! world, event by event. What must hold in each is in `oracle`; what may go wrong is in `fault`.
//!
//! ```text
//! SALEKIT_SEED=123 cargo test -p salekit-core --test simulation -- --nocapture     one world, event by event
//! SALEKIT_WORLDS=500 cargo test …                           so many worlds
//! SALEKIT_PROFILE=long cargo test --profile campaign …      two million
//! ```

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::print_stdout,
    reason = "tests say what they expect by unwrapping it, and show what they have seen"
)]

mod app;
mod campaign;
mod contact;
mod dice;
mod disk;
mod fault;
#[path = "../support/figures.rs"]
mod figures;
mod gateway;
mod merchant;
mod network;
mod oracle;
mod payer;
mod process;
mod run;
mod secrets;
mod setup;
mod story;
mod tally;
mod threads;
mod world;
