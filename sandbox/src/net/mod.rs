//! What the parties' messages pass over: servers on loopback, the certificates that they have, and how a merchant's server is
//! reached.

mod authority_folder;
pub(crate) mod ca_pem;
pub(crate) mod merchant_server;
pub(crate) mod server;
pub(crate) mod tls;

pub use self::{
    merchant_server::{MerchantPaths, MerchantServer},
    tls::Flaw,
};
