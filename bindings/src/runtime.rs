//! The threads on which SaleKit works: one tokio runtime for the process, started on first use.
//!
//! UniFFI polls exported futures on the caller's thread, where no reactor runs. So every exported async function is
//! `runtime::run(…)` and nothing else: its work is spawned here and only waited for there. A test sees to that.

use std::{future::Future, sync::OnceLock};

use tokio::{
    runtime::{Builder, Handle, Runtime},
    task::JoinHandle,
};

use crate::SaleKitError;

/// All sales of an app together wait for the network nearly all of their time.
const WORKERS: usize = 2;
/// Snapshots, and the system's name resolution.
const BLOCKING_THREADS: usize = 4;
/// The deepest stack is that of a TLS handshake, well below this in a debug build too.
const STACK_BYTES: usize = 512 * 1024;

static RUNTIME: OnceLock<Result<Runtime, String>> = OnceLock::new();

/// The runtime's handle.
///
/// # Errors
/// [`SaleKitError::Internal`] if the system gave no threads, now or when it was asked first.
pub(crate) fn handle() -> Result<&'static Handle, SaleKitError> {
    let runtime = RUNTIME.get_or_init(|| {
        let mut builder = Builder::new_multi_thread();
        builder
            .worker_threads(WORKERS)
            .max_blocking_threads(BLOCKING_THREADS)
            .thread_stack_size(STACK_BYTES)
            .thread_name("salekit")
            .enable_all();
        builder.build().map_err(|error| error.to_string())
    });
    match runtime {
        Ok(runtime) => Ok(runtime.handle()),
        Err(error) => Err(SaleKitError::Internal {
            detail: format!("the worker threads could not be started: {error}"),
        }),
    }
}

/// Does `work` on the runtime. Dropping the future ends the work; a panic in it becomes [`SaleKitError::Internal`],
/// without the panic's text.
pub(crate) async fn run<T: Send + 'static>(
    work: impl Future<Output = Result<T, SaleKitError>> + Send + 'static,
) -> Result<T, SaleKitError> {
    let mut task = AbortOnDrop(handle()?.spawn(work));
    (&mut task.0).await.unwrap_or_else(|_| {
        Err(SaleKitError::Internal {
            detail: "SaleKit's own code panicked".to_owned(),
        })
    })
}

/// A task that ends when nobody waits for it any more.
struct AbortOnDrop<T>(JoinHandle<T>);

impl<T> Drop for AbortOnDrop<T> {
    fn drop(&mut self) {
        self.0.abort();
    }
}

#[cfg(test)]
mod tests {
    use std::{future::pending, sync::mpsc, task::Context, time::Duration};

    use super::*;

    fn wait<T>(work: impl Future<Output = T>) -> T {
        // Like UniFFI: a thread without a reactor.
        tokio::runtime::Builder::new_current_thread()
            .build()
            .unwrap()
            .block_on(work)
    }

    #[test]
    fn a_panic_becomes_an_error_without_its_text() {
        let result = wait(run::<()>(async { panic!("4111") }));
        let Err(SaleKitError::Internal { detail }) = result else {
            panic!("{result:?}")
        };
        assert!(!detail.contains("4111"), "{detail}");
        assert_eq!(wait(run(async { Ok(7) })).unwrap(), 7, "the runtime lives on");
    }

    #[test]
    fn work_may_use_timers_although_the_caller_has_no_reactor() {
        let slept = wait(run(async {
            tokio::time::sleep(Duration::from_millis(1)).await;
            Ok(std::thread::current().name().map(str::to_owned))
        }));
        assert_eq!(slept.unwrap().as_deref(), Some("salekit"));
    }

    #[test]
    fn dropping_the_future_ends_the_work() {
        struct Ended(mpsc::Sender<()>);
        impl Drop for Ended {
            fn drop(&mut self) {
                self.0.send(()).unwrap();
            }
        }
        let (sender, receiver) = mpsc::channel();
        let (begun_sender, begun) = mpsc::channel();
        let mut waiting = Box::pin(run::<()>(async move {
            let _ended = Ended(sender);
            begun_sender.send(()).unwrap();
            pending().await
        }));
        let waker = std::task::Waker::noop();
        assert!(waiting.as_mut().poll(&mut Context::from_waker(waker)).is_pending());
        begun.recv_timeout(Duration::from_secs(10)).unwrap();
        drop(waiting);
        receiver.recv_timeout(Duration::from_secs(10)).unwrap();
    }
}
