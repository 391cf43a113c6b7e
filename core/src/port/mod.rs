//! Traits for everything that the engine needs from outside: HTTP, the merchant's server, a store, a clock, a browser,
//! random numbers and threads.
//!
//! `adapter` has one of each, and an app may bring its own. No decision about a sale is made here.

mod challenge;
mod clock;
mod device;
mod future;
mod headers;
mod merchant;
mod ports;
mod presenter;
mod store;
mod transport;

pub use challenge::Challenge;
pub(crate) use challenge::{PageCounter, Signal};
pub use clock::Clock;
pub use device::{Blocking, Device};
pub use future::PortFuture;
pub use headers::{Headers, MerchantHeaders};
pub use merchant::{InitiateSaleRequest, InvoiceRequest, MerchantBackend};
pub use ports::Ports;
pub use presenter::RedirectPresenter;
pub use store::{SnapshotStore, StoreError, StoreLock};
pub use transport::{Freshness, HttpRequest, Method, Transport};
