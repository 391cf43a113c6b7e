//! What the parties' messages pass over: servers on loopback, and the certificates that they have.

mod authority_folder;
pub(crate) mod server;
pub(crate) mod tls;

pub use tls::Flaw;
