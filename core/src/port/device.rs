//! The port for the device: random numbers, threads for calls that block, and the process.

use std::sync::Arc;

use tokio::runtime::Handle;

use super::PortFuture;
use crate::RunningSales;

/// Work that may block.
pub type Blocking = Box<dyn FnOnce() + Send>;

/// Random bytes, threads for calls that block, and the process.
///
/// With the other ports it covers everything that the engine cannot decide by itself. A simulation with its own device
/// and clock can repeat a run step by step.
pub trait Device: Send + Sync {
    /// Fills `bytes` with random bytes. False if the device cannot.
    fn random(&self, bytes: &mut [u8]) -> bool;

    /// Starts `work` at once on a thread outside the engine; the future waits until it ends. Dropping the future does
    /// not stop the work. If the work panics, the future still ends.
    fn run_blocking(&self, work: Blocking) -> PortFuture<'static, ()>;

    /// Calls the app's presenter. It should return at once, but it may block or panic.
    fn present(&self, call: Blocking) -> PortFuture<'static, ()> {
        self.run_blocking(call)
    }

    /// The sales that run in this process. All clients of the process share them, so that no two clients run the same
    /// sale. Only a simulation has more than one process.
    fn running(&self) -> Arc<RunningSales> {
        RunningSales::of_this_process()
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
