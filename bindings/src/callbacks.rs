//! The thread on which the app's code is called: one, for all calls that need no answer at once.
//!
//! So the app sees its calls one after the other and in order, and code of the app's that takes its time does not
//! keep the engine from working. The store is the exception (see `store`): the engine needs its answers.

use std::{
    panic::{AssertUnwindSafe, catch_unwind},
    sync::{OnceLock, mpsc},
    thread,
};

use tokio::sync::oneshot;

type Job = Box<dyn FnOnce() + Send>;

static QUEUE: OnceLock<Option<mpsc::Sender<Job>>> = OnceLock::new();

fn queue() -> Option<&'static mpsc::Sender<Job>> {
    QUEUE
        .get_or_init(|| {
            let (sender, jobs) = mpsc::channel::<Job>();
            let work = move || {
                for job in jobs {
                    // A panic of one call must not silence all later ones; whoever waits for it sees its channel close.
                    let _ = catch_unwind(AssertUnwindSafe(job));
                }
            };
            let started = thread::Builder::new().name("salekit-app".to_owned()).spawn(work);
            started.is_ok().then_some(sender)
        })
        .as_ref()
}

/// Calls the app soon. Answers whether that will happen: if the system gives no thread, it will not.
pub(crate) fn call(job: impl FnOnce() + Send + 'static) -> bool {
    queue().is_some_and(|queue| queue.send(Box::new(job)).is_ok())
}

/// Calls the app and waits until it is back. `None` if the call could not be made or panicked.
pub(crate) async fn call_and_wait<T: Send + 'static>(job: impl FnOnce() -> T + Send + 'static) -> Option<T> {
    let (sender, receiver) = oneshot::channel();
    call(move || {
        let _ = sender.send(job());
    });
    receiver.await.ok()
}

#[cfg(test)]
mod tests {
    use std::{sync::mpsc, time::Duration};

    use super::*;

    #[test]
    fn calls_come_in_order_on_one_thread_and_survive_a_panic() {
        let (sender, receiver) = mpsc::channel();
        for number in 0..100 {
            let sender = sender.clone();
            assert!(call(move || {
                assert_ne!(number, 50, "one of them fails");
                sender
                    .send((number, thread::current().name().map(str::to_owned)))
                    .unwrap();
            }));
        }
        for expected in (0..100).filter(|number| *number != 50) {
            let (number, thread) = receiver.recv_timeout(Duration::from_secs(10)).unwrap();
            assert_eq!((number, thread.as_deref()), (expected, Some("salekit-app")));
        }
    }
}
