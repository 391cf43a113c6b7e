//! The default transport: HTTPS by `reqwest` and `rustls`, with every setting chosen explicitly.

mod answer;
mod awaited;
mod client;
mod connection;
mod failure;
mod pool;
mod preconnect;
mod resolver;
mod tls;
mod transport;
mod verifier;

pub use transport::HttpsTransport;
