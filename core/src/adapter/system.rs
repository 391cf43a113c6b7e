//! The operating system as a clock and as a device.

use std::time::Duration;

use tokio::runtime::Handle;

use crate::{
    port::{Blocking, Clock, Device, PortFuture},
    value::Timestamp,
};

/// The device's clock.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> Timestamp {
        Timestamp::now()
    }

    fn sleep(&self, duration: Duration) -> PortFuture<'static, ()> {
        Box::pin(tokio::time::sleep(duration))
    }
}

/// The operating system's random numbers, and the runtime's blocking threads.
#[derive(Debug, Clone)]
pub struct SystemDevice {
    runtime: Handle,
}

impl SystemDevice {
    /// The device, with the blocking threads of `runtime`.
    pub const fn new(runtime: Handle) -> Self {
        Self { runtime }
    }
}

impl Device for SystemDevice {
    fn random(&self, bytes: &mut [u8]) -> bool {
        getrandom::fill(bytes).is_ok()
    }

    fn run_blocking(&self, work: Blocking) -> PortFuture<'static, ()> {
        let done = self.runtime.spawn_blocking(work);
        Box::pin(async move {
            // If the work panicked, its caller notices because no result arrives.
            let _ = done.await;
        })
    }
}
