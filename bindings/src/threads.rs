//! The threads on which SaleKit works: one tokio runtime for the process, started on first use.
//!
//! One worker thread does all work that does not block. Other threads resolve host names, keep snapshots and call the
//! app. None of the app's code runs on the worker. Its ports are called on other threads (see `callbacks` and `store`),
//! and so are the wakers of its futures, because some executors run the app's code inside a waker.

use std::{future, io, sync::OnceLock, thread};

use tokio::runtime::{Builder, Handle};

use crate::SaleKitError;

/// An upper limit: usually a few are enough, as long as the app's code returns. At most four resolve host names (the
/// core limits them), each client uses one for its snapshots and one for its pages, and the lanes of calls to the app
/// take up to 17. So calls that never return leave threads for the work that must continue.
const BLOCKING_THREADS: usize = 32;
/// The worker's stack is deepest during a TLS handshake, and stays well below this size in a debug build too.
const STACK_BYTES: usize = 512 * 1024;
/// The app's code runs on these threads. An app's own thread on Android has the same size.
const BLOCKING_STACK_BYTES: usize = 1024 * 1024;
const NAME: &str = "salekit";
const BLOCKING_NAME: &str = "salekit-calls";

static RUNTIME: OnceLock<Result<Handle, String>> = OnceLock::new();

/// The runtime's handle.
///
/// # Errors
/// [`SaleKitError::Internal`] if the system gave no thread, now or at the first call.
pub(crate) fn handle() -> Result<&'static Handle, SaleKitError> {
    let runtime = RUNTIME.get_or_init(|| start().map_err(|error| error.to_string()));
    runtime.as_ref().map_err(|error| SaleKitError::Internal {
        detail: format!("the worker thread could not be started: {error}"),
    })
}

/// An app's sales wait for the network nearly all of the time, so one thread is enough for them. tokio's multi-thread
/// scheduler would also add a hundred kilobytes.
fn start() -> io::Result<Handle> {
    let runtime = Builder::new_current_thread()
        .max_blocking_threads(BLOCKING_THREADS)
        .thread_stack_size(BLOCKING_STACK_BYTES)
        .thread_name(BLOCKING_NAME)
        .enable_all()
        .build()?;
    let handle = runtime.handle().clone();
    let worker = thread::Builder::new().name(NAME.to_owned()).stack_size(STACK_BYTES);
    worker.spawn(move || runtime.block_on(future::pending::<()>()))?;
    Ok(handle)
}
