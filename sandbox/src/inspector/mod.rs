//! The inspector: shows what is on record in a browser, live. Also the remote control of the sandbox, for people and for
//! programs; its API is described in `openapi.json`.
//!
//! It answers on 127.0.0.1 only, without TLS, and only to a `Host` of this machine.

mod actions;
mod api;
mod assets;
mod body;
mod context;
mod events;
mod guard;
mod import;
mod server;
mod testsale;

pub(crate) use self::context::Addresses;
pub use self::server::Inspector;
