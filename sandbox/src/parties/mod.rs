//! What a program starts: a gateway, a merchant's server, or both; each on its stage, and with the inspector that was asked
//! for.

mod accessors;
mod gateway;
mod merchant;
mod sandbox;

pub use self::{gateway::Gateway, merchant::Merchant, sandbox::Sandbox};
