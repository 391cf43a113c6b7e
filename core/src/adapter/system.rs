//! The operating system as a clock and as a device.

use std::{sync::Arc, time::Duration};

use tokio::runtime::Handle;

use crate::{
    engine::{Blocking, Device, RunningSales},
    port::{Clock, PortFuture},
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
    running: Arc<RunningSales>,
}

impl SystemDevice {
    /// The device, with the blocking threads of `runtime`.
    pub fn new(runtime: Handle) -> Self {
        let running = RunningSales::of_this_process();
        Self { runtime, running }
    }

    /// Like [`SystemDevice::new`], but with its own process as far as running sales are concerned: for tests that have
    /// several apps in one process. Clients that share the device are one app.
    pub fn apart(runtime: Handle) -> Self {
        let running = Arc::default();
        Self { runtime, running }
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

    fn running(&self) -> Arc<RunningSales> {
        Arc::clone(&self.running)
    }
}
