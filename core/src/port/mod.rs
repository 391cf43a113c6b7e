//! Traits for everything that the engine needs from outside: HTTP, the merchant's server, a store, a clock, a browser,
//! random numbers and threads.
//!
//! Each has a default implementation in this crate, and an app may provide its own. No decision about a sale is made
//! here.

mod clock;
mod device;
mod headers;
mod merchant;
mod presenter;
mod store;
mod transport;

pub use clock::{Clock, SystemClock};
pub use device::{Blocking, Device, SystemDevice};
pub use headers::{Headers, MerchantHeaders};
pub use merchant::{InitiateSaleRequest, InvoiceRequest, MerchantBackend};
pub use presenter::RedirectPresenter;
pub use store::{SnapshotStore, StoreError, StoreLock};
pub use transport::{Freshness, HttpRequest, Method, Transport};

use std::{future::Future, pin::Pin};

/// A future that a port returns.
pub type PortFuture<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;
