//! The default transport: HTTPS by `reqwest` and `rustls`, with nothing left to chance.

mod answer;
mod client;
mod failure;
mod pin;
mod pool;
mod resolver;
mod security;
mod tls;
mod transport;
mod verifier;
mod warm_up;

pub use pin::Pin;
pub use security::Security;
pub use transport::HttpsTransport;
