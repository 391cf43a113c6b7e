//! Async calls of the app: their work is done on SaleKit's threads, and their results come on a thread for calls.
//!
//! UniFFI polls exported futures on the caller's thread, where no reactor runs. So every exported async function is
//! `runtime::run(…)` and nothing else: the work is spawned on the runtime, and the caller only waits for it. A test
//! checks that.

use std::{future::Future, pin::Pin};

use tokio::{sync::oneshot, task::JoinHandle};

use crate::{SaleKitError, callbacks, threads};

/// Runs `work` on the runtime. Dropping the future ends the work. A panic in it becomes [`SaleKitError::Internal`],
/// without the panic's text.
pub(crate) async fn run<T: Send + 'static>(
    work: impl Future<Output = Result<T, SaleKitError>> + Send + 'static,
) -> Result<T, SaleKitError> {
    run_boxed(Box::pin(work)).await
}

/// Calls with the same type of result share this code.
async fn run_boxed<T: Send + 'static>(
    work: Pin<Box<dyn Future<Output = Result<T, SaleKitError>> + Send>>,
) -> Result<T, SaleKitError> {
    let (sender, result) = oneshot::channel();
    let handover = Handover {
        waiting: Some(sender),
        result: None,
    };
    // Box the future, so that all calls share one type of task: each type adds a kilobyte or two of code.
    let _task = spawn(Box::pin(async move {
        handover.of(work.await);
    }))?;
    result.await.unwrap_or_else(|_| Err(panicked()))
}

/// One piece of code for work of all types.
fn spawn(work: Pin<Box<dyn Future<Output = ()> + Send>>) -> Result<AbortOnDrop, SaleKitError> {
    Ok(AbortOnDrop(threads::handle()?.spawn(work)))
}

fn panicked() -> SaleKitError {
    SaleKitError::Internal {
        detail: "SaleKit's own code panicked".to_owned(),
    }
}

/// Passes the result to the waiting caller, or reports that the work panicked.
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
                // The caller may have stopped waiting. Then the result is not needed.
                let _ = waiting.send(result);
            });
        }
    }
}

/// A task that ends when its caller stops waiting for it.
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
        thread,
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
            Ok(thread::current().name().map(str::to_owned))
        }));
        assert_eq!(slept.unwrap().as_deref(), Some("salekit"));
    }

    #[test]
    fn two_hundred_results_at_once_each_reach_their_caller() {
        let callers: Vec<_> = (0..200)
            .map(|number| {
                thread::spawn(move || {
                    wait(run(async move {
                        tokio::task::yield_now().await;
                        Ok(number)
                    }))
                })
            })
            .collect();
        for (number, caller) in callers.into_iter().enumerate() {
            assert_eq!(caller.join().unwrap().unwrap(), number);
        }
    }

    /// An executor that runs the app's code inside the waker, where it takes long.
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
