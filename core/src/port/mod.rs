//! What the engine needs from outside, as traits: HTTP, the shop's server, a store, a clock, a browser,
//! chance and threads.
//!
//! Each has a default of this crate; an app may bring its own. Nothing here decides anything about a sale.

mod clock;
mod device;
mod presenter;
mod shop;
mod store;
mod transport;

pub use clock::{Clock, SystemClock};
pub use device::{Blocking, Device, SystemDevice};
pub use presenter::RedirectPresenter;
pub use shop::{InitiateRequest, InvoiceQuestion, ShopServer};
pub use store::{SaleStore, StoreError, StoreLock};
pub use transport::{Freshness, HttpRequest, Method, Transport};

use std::{future::Future, pin::Pin};

/// A future that a port returns.
pub type PortFuture<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;
