//! The merchant's server ("connecting party"): access tokens, sales it begins, and what it answers when the gateway asks.

mod app;
mod gateway_side;
mod records;
mod server;
mod session_token;
mod state;

pub(crate) use self::server::{Served, serve};
