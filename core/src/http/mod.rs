//! The default transport: HTTPS by `reqwest` and `rustls`, with every setting chosen explicitly.

mod answer;
mod client;
mod failure;
mod pin;
mod pool;
mod preconnect;
mod resolver;
mod tls;
mod tls_settings;
mod transport;
mod verifier;

pub use pin::PublicKeyPin;
pub use tls_settings::TlsSettings;
pub use transport::HttpsTransport;
