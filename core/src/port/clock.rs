//! The port for time.

use std::time::Duration;

use super::future::PortFuture;
use crate::value::Timestamp;

/// Reads the time and waits. Tests use a virtual clock.
pub trait Clock: Send + Sync {
    /// The time of the wall clock.
    fn now(&self) -> Timestamp;

    /// Waits for `duration`.
    fn sleep(&self, duration: Duration) -> PortFuture<'static, ()>;
}
