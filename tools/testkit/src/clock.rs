//! Clocks for tests.

use std::time::Duration;

use salekit_core::{Clock, PortFuture, Timestamp};
use tokio::time::Instant;

/// The test runtime's virtual time as a wall clock.
#[derive(Debug)]
pub struct VirtualClock(Instant);

impl VirtualClock {
    /// A clock that starts now.
    #[allow(clippy::new_without_default, reason = "it is a new one every time")]
    pub fn new() -> Self {
        Self(Instant::now())
    }
}

impl Clock for VirtualClock {
    fn now(&self) -> Timestamp {
        Timestamp(1_800_000_000_000).plus(self.0.elapsed().as_millis() as u64)
    }

    fn sleep(&self, duration: Duration) -> PortFuture<'static, ()> {
        Box::pin(tokio::time::sleep(duration))
    }
}
