//! The port for the device: random numbers, and threads for calls that block.

use super::PortFuture;

/// Work that may block.
pub type Blocking = Box<dyn FnOnce() + Send>;

/// Random bytes, and threads for calls that block.
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
}
