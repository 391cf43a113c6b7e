//! What this crate puts into the engine's ports, unless the app brings its own: HTTPS, the documented merchant, two stores,
//! the system's clock and device.
//!
//! No other room knows an adapter. `defaults` puts them together: [`crate::SaleClient::with_ports`] and, with the feature
//! `https`, `SaleClient::new`.

mod defaults;
mod documented_merchant;
#[cfg(feature = "https")]
mod https;
mod store;
mod system;

pub use documented_merchant::DocumentedMerchant;
#[cfg(feature = "https")]
pub use https::HttpsTransport;
pub use store::{DirectoryStore, MemoryStore};
pub use system::{SystemClock, SystemDevice};
