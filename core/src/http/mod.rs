//! The default transport: HTTPS by `hyper` and `rustls`, with nothing left to chance.

mod connect;
mod connection;
mod failure;
mod idle;
mod pin;
mod tls;
mod transport;

pub use pin::Pin;
pub use transport::HttpsTransport;
