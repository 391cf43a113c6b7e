//! Runs the whole engine in simulated worlds: processes are killed, two clients share a store, disks fail, networks
//! lose and repeat messages, gateways lag, payers leave, and apps do anything at any moment.
//!
//! Everything except the engine is simulated, including time and random numbers. So a seed always gives the same world,
//! event by event. `invariants` has what must hold in each world, and `fault` what can go wrong.
//!
//! ```text
//! SALEKIT_SEED=123 cargo test -p salekit-core --test worlds simulation -- --nocapture     one world, event by event
//! SALEKIT_WORLDS=500 cargo test …                           this many worlds
//! SALEKIT_PROFILE=long cargo test --profile campaign …      two million
//! ```

mod app;
mod campaign;
mod counters;
mod disk;
mod excerpt;
mod fault;
mod gateway;
mod invariants;
mod merchant;
mod network;
mod payer;
mod ports;
mod process;
mod random;
mod run;
mod secrets;
mod setup;
mod threads;
mod world;
