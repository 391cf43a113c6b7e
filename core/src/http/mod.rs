//! The default transport: HTTPS by `reqwest` and `rustls`, with nothing left to chance.

mod failure;
mod pin;
mod tls;
mod transport;

pub use pin::Pin;
pub use transport::{HttpsTransport, TransportError};
