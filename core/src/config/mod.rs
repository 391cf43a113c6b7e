//! What an app configures once: addresses, timeouts and TLS settings.

mod client;
pub mod gateway_profiles;
mod paths;
#[cfg(feature = "https")]
mod pin;
#[cfg(feature = "https")]
mod tls;

pub use client::SaleClientConfig;
pub(crate) use client::join;
pub use gateway_profiles::GatewayProfile;
pub use paths::MerchantPaths;
#[cfg(feature = "https")]
pub use pin::PublicKeyPin;
#[cfg(feature = "https")]
pub use tls::TlsSettings;
