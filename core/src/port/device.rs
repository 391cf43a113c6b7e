//! The device under the engine: chance, threads for calls that block, and the process that it all runs in.

use std::sync::Arc;

use tokio::runtime::Handle;

use super::PortFuture;
use crate::RunningSales;

/// Work that may block.
pub type Blocking = Box<dyn FnOnce() + Send>;

/// Random bytes, threads for calls that block, and the process.
///
/// Together with the other ports it is all that the engine does not decide by itself: with a device and a clock of its
/// own, a simulation can repeat a run step by step.
pub trait Device: Send + Sync {
    /// Fills `bytes` with random ones. False if the device has none.
    fn random(&self, bytes: &mut [u8]) -> bool;

    /// Begins `work` off the engine's threads, at once; the future waits for its end. Dropping the future does not stop
    /// the work. If the work panics, the future ends all the same.
    fn run_blocking(&self, work: Blocking) -> PortFuture<'static, ()>;

    /// Calls the app's presenter, which should return at once, and may block or panic all the same.
    fn present(&self, call: Blocking) -> PortFuture<'static, ()> {
        self.run_blocking(call)
    }

    /// The sales that run in this process: the same for every client of the process, so that no two of them run one sale.
    /// Only a simulation has more processes than one.
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

    /// The same, in a process of its own as far as running sales go: for tests that have several apps in one process.
    /// Clients that share it are one app.
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
            // A panic is the work's affair: whoever waits for what it should have told notices.
            let _ = done.await;
        })
    }

    fn running(&self) -> Arc<RunningSales> {
        Arc::clone(&self.running)
    }
}
