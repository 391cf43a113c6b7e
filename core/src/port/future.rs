//! What a port's call returns at once.

use std::{future::Future, pin::Pin};

/// A future that a port returns.
pub type PortFuture<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;
