//! Nothing untrue is said about money, whatever happens: the network loses, repeats and cuts, the disk is full, servers
//! close connections, apps are killed. Real sockets, real time.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "a test says what it expects by unwrapping it, and shows its seed so that the run can be repeated"
)]

mod campaign;
mod close_race;
#[cfg(target_os = "linux")]
mod disk;
#[cfg(unix)]
mod kill;
mod proxy;
mod support;
