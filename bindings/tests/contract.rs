//! The contract's functions as apps call them, against the sandbox, and what is written of them.
//!
//! One program, because each would be linked with the whole of SaleKit and the sandbox, and because its tests wait for
//! each other's servers and timers at the same time. Those that look at the whole process have one for themselves.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test says what it expects by unwrapping it"
)]

mod async_exports;
mod blocked;
mod errors_page;
mod glossary;
mod headers;
mod log;
#[cfg(all(target_os = "linux", feature = "zeroizing-allocator"))]
mod memory;
mod merchant;
mod messages;
mod quiet;
mod sale;
mod store;
mod stored_card;
mod support;
#[cfg(target_os = "linux")]
mod threads;
