//! The threads on which SaleKit works: one tokio runtime for the process, started on first use.
//!
//! One thread does it all but what may block: names are looked up, snapshots are kept, and the app is called on others. No
//! code of the app's runs on the one: its ports are called elsewhere (see `callbacks` and `store`), and so is the waker of
//! its futures, because some executors go on with the app's code right inside of it.
//!
//! UniFFI polls exported futures on the caller's thread, where no reactor runs. So every exported async function is
//! `runtime::run(…)` and nothing else: its work is spawned here and only waited for there. A test checks that.

use std::{
    future::{self, Future},
    io,
    pin::Pin,
    sync::OnceLock,
    thread,
};

use tokio::{
    runtime::{Builder, Handle},
    sync::oneshot,
    task::JoinHandle,
};

use crate::{SaleKitError, callbacks};

/// A bound and no number: a few are enough as long as the app's code comes back. At most four look up names (the core sees
/// to that), one a client keeps its snapshots and one shows its pages, and the lanes of the app's calls take up to 17; so
/// what never comes back leaves threads for what must go on.
const BLOCKING_THREADS: usize = 32;
/// The deepest stack of the worker's is that of a TLS handshake, well below this in a debug build too.
const STACK_BYTES: usize = 512 * 1024;
/// The app's code runs on these; so much it has on a thread of its own on Android.
const BLOCKING_STACK_BYTES: usize = 1024 * 1024;
const NAME: &str = "salekit";
const BLOCKING_NAME: &str = "salekit-calls";

static RUNTIME: OnceLock<Result<Handle, String>> = OnceLock::new();

/// The runtime's handle.
///
/// # Errors
/// [`SaleKitError::Internal`] if the system gave no thread, now or when it was asked first.
pub(crate) fn handle() -> Result<&'static Handle, SaleKitError> {
    let runtime = RUNTIME.get_or_init(|| start().map_err(|error| error.to_string()));
    runtime.as_ref().map_err(|error| SaleKitError::Internal {
        detail: format!("the worker thread could not be started: {error}"),
    })
}

/// The sales of an app together wait for the network nearly all of their time, so one thread is enough for them; tokio's
/// scheduler for several is also a hundred kilobytes.
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

/// Does `work` on the runtime. Dropping the future ends the work; a panic in it becomes [`SaleKitError::Internal`],
/// without the panic's text.
pub(crate) async fn run<T: Send + 'static>(
    work: impl Future<Output = Result<T, SaleKitError>> + Send + 'static,
) -> Result<T, SaleKitError> {
    let (sender, result) = oneshot::channel();
    let handover = Handover {
        waiting: Some(sender),
        result: None,
    };
    // One type of task for all calls: each has a kilobyte or two of code.
    let work: Pin<Box<dyn Future<Output = ()> + Send>> = Box::pin(async move {
        handover.of(work.await);
    });
    let _task = AbortOnDrop(handle()?.spawn(work));
    result.await.unwrap_or_else(|_| Err(panicked()))
}

fn panicked() -> SaleKitError {
    SaleKitError::Internal {
        detail: "SaleKit's own code panicked".to_owned(),
    }
}

/// Hands a result to the waiting caller, or reports that the work panicked.
struct Handover<T: Send + 'static> {
    waiting: Option<oneshot::Sender<Result<T, SaleKitError>>>,
    result: Option<Result<T, SaleKitError>>,
}

impl<T: Send + 'static> Handover<T> {
    fn of(mut self, result: Result<T, SaleKitError>) {
        self.result = Some(result);
    }
}

impl<T: Send + 'static> Drop for Handover<T> {
    fn drop(&mut self) {
        let waiting = self.waiting.take().filter(|waiting| !waiting.is_closed());
        let result = self.result.take().unwrap_or_else(|| Err(panicked()));
        if let Some(waiting) = waiting {
            callbacks::RESULTS.call(move || {
                // They may have stopped waiting; then nobody needs it.
                let _ = waiting.send(result);
            });
        }
    }
}

/// A task that ends when nobody waits for it any more.
struct AbortOnDrop(JoinHandle<()>);

impl Drop for AbortOnDrop {
    fn drop(&mut self) {
        self.0.abort();
    }
}

#[cfg(test)]
mod tests {
    use std::{
        future::pending,
        sync::{Arc, Mutex, mpsc},
        task::{Context, Wake, Waker},
        time::Duration,
    };

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

    /// An executor that goes on with the app's code inside of the waker, where it takes its time.
    struct Busy {
        begun: mpsc::Sender<()>,
        end: Mutex<mpsc::Receiver<()>>,
    }

    impl Wake for Busy {
        fn wake(self: Arc<Self>) {
            self.begun.send(()).unwrap();
            let _ = self.end.lock().unwrap().recv_timeout(Duration::from_secs(60));
        }
    }

    #[test]
    fn code_of_the_apps_in_a_waker_stops_no_work() {
        let (begun_sender, begun) = mpsc::channel();
        let mut ends = Vec::new();
        let mut results = Vec::new();
        for _ in 0..3 {
            let (end_sender, end) = mpsc::channel::<()>();
            ends.push(end_sender);
            let waker = Waker::from(Arc::new(Busy {
                begun: begun_sender.clone(),
                end: Mutex::new(end),
            }));
            let mut result = Box::pin(run(async {
                tokio::time::sleep(Duration::from_millis(10)).await;
                Ok(7)
            }));
            assert!(result.as_mut().poll(&mut Context::from_waker(&waker)).is_pending());
            results.push(result);
        }
        for _ in 0..3 {
            begun.recv_timeout(Duration::from_secs(10)).unwrap();
        }
        let (sender, other) = mpsc::channel();
        let waiting = thread::spawn(move || sender.send(wait(run(async { Ok(8) })).unwrap()).unwrap());
        assert_eq!(other.recv_timeout(Duration::from_secs(10)), Ok(8));
        waiting.join().unwrap();
        drop(ends);
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
        let waker = Waker::noop();
        assert!(waiting.as_mut().poll(&mut Context::from_waker(waker)).is_pending());
        begun.recv_timeout(Duration::from_secs(10)).unwrap();
        drop(waiting);
        receiver.recv_timeout(Duration::from_secs(10)).unwrap();
    }
}
