//! How SaleKit calls the app's code: not on the worker thread, but in lanes that do not wait for each other.
//!
//! There is a lane for each kind of call: listeners, a client's pages, requests to the merchant, log lines, and the
//! results of async calls, whose wakers may run the app's code. So if the app's code takes long, or never returns, it
//! holds up only calls of its own kind. A lane has no thread of its own: while it has calls to make, it borrows one of
//! the runtime's threads for blocking work. The store has no lane (see `store`): the core makes its calls one at a
//! time.

use std::{
    collections::VecDeque,
    mem,
    panic::{AssertUnwindSafe, catch_unwind},
    sync::{Arc, LazyLock, Mutex, MutexGuard, PoisonError},
};

use tokio::sync::oneshot;

use crate::threads;

type Job = Box<dyn FnOnce() + Send>;

/// Listeners. If one sale's listener never returns, there is still room for the listeners of others.
pub(crate) static LISTENERS: LazyLock<Lane> = LazyLock::new(|| Lane::new(4));
/// Requests to the merchant. The lane only passes them to the app; the app answers later, elsewhere.
pub(crate) static MERCHANT: LazyLock<Lane> = LazyLock::new(|| Lane::new(4));
/// Log lines, in order. If this many wait, the sink does not keep up, and more would only fill the memory.
pub(crate) static LOGS: LazyLock<Lane> = LazyLock::new(|| Lane::with_room(1, 1_024));
/// Results of async calls.
pub(crate) static RESULTS: LazyLock<Lane> = LazyLock::new(|| Lane::new(8));

/// Calls of one kind, a few at a time, started in the order in which they were requested.
#[derive(Clone)]
pub(crate) struct Lane(Arc<Inner>);

struct Inner {
    /// How many calls run at the same time. One keeps them in order; with more, one call does not hold up the others.
    most: usize,
    /// How many calls may wait.
    room: usize,
    queue: Mutex<Queue>,
}

#[derive(Default)]
struct Queue {
    waiting: VecDeque<Job>,
    busy: usize,
}

impl Lane {
    /// A lane that runs up to `most` calls at the same time.
    pub(crate) fn new(most: usize) -> Self {
        Self::with_room(most, usize::MAX)
    }

    fn with_room(most: usize, room: usize) -> Self {
        Self(Arc::new(Inner {
            most,
            room,
            queue: Mutex::default(),
        }))
    }

    fn queue(&self) -> MutexGuard<'_, Queue> {
        self.0.queue.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Calls the app soon. Returns whether that will happen: not if there is no room, and not if the system gives no
    /// thread.
    pub(crate) fn call(&self, job: impl FnOnce() + Send + 'static) -> bool {
        self.take(Box::new(job))
    }

    /// One piece of code for jobs of all types.
    fn take(&self, job: Job) -> bool {
        let Ok(runtime) = threads::handle() else {
            return false;
        };
        {
            let mut queue = self.queue();
            if queue.waiting.len() >= self.0.room {
                return false;
            }
            queue.waiting.push_back(job);
            if queue.busy == self.0.most {
                return true;
            }
            queue.busy += 1;
        }
        let lane = self.clone();
        // `spawn_blocking` panics if the system gives no thread and there is none yet.
        let borrowed = catch_unwind(AssertUnwindSafe(|| runtime.spawn_blocking(move || lane.work())));
        if borrowed.is_ok() {
            return true;
        }
        let mut queue = self.queue();
        queue.busy -= 1;
        let is_stranded = queue.busy == 0;
        let stranded = is_stranded.then(|| mem::take(&mut queue.waiting));
        drop(queue);
        // Callers that wait for these jobs see their channels close.
        drop(stranded);
        !is_stranded
    }

    /// Calls the app and waits until the call returns. `None` if the call could not be made or panicked.
    pub(crate) async fn call_and_wait<T: Send + 'static>(&self, job: impl FnOnce() -> T + Send + 'static) -> Option<T> {
        let (sender, receiver) = oneshot::channel();
        self.call(move || {
            let _ = sender.send(job());
        });
        receiver.await.ok()
    }

    fn work(&self) {
        while let Some(job) = self.next() {
            // A panic in one call must not prevent later calls. Its caller sees the channel close.
            let _ = catch_unwind(AssertUnwindSafe(job));
        }
    }

    /// The next call, or `None` if the thread is not needed any more.
    fn next(&self) -> Option<Job> {
        let mut queue = self.queue();
        let next = queue.waiting.pop_front();
        if next.is_none() {
            queue.busy -= 1;
        }
        next
    }
}

#[cfg(test)]
mod tests {
    use std::{sync::mpsc, thread, time::Duration};

    use super::*;

    const TIMEOUT: Duration = Duration::from_secs(10);

    #[test]
    fn calls_of_a_lane_of_one_come_in_order_and_survive_a_panic() {
        let (sender, receiver) = mpsc::channel();
        let lane = Lane::new(1);
        for number in 0..100 {
            let sender = sender.clone();
            assert!(lane.call(move || {
                assert_ne!(number, 50, "one of them fails");
                let thread = thread::current().name().map(str::to_owned);
                sender.send((number, thread)).unwrap();
            }));
        }
        for expected in (0..100).filter(|number| *number != 50) {
            let (number, thread) = receiver.recv_timeout(TIMEOUT).unwrap();
            assert_eq!((number, thread.as_deref()), (expected, Some("salekit-calls")));
        }
    }

    #[test]
    fn a_call_that_does_not_come_back_holds_up_its_lane_and_no_other() {
        let (end, ended) = mpsc::channel::<()>();
        let (begun_sender, begun) = mpsc::channel();
        let lane = Lane::new(1);
        assert!(lane.call(move || {
            begun_sender.send(()).unwrap();
            let _ = ended.recv_timeout(TIMEOUT);
        }));
        begun.recv_timeout(TIMEOUT).unwrap();
        let (sender, receiver) = mpsc::channel();
        let tell = |what: &'static str| {
            let sender = sender.clone();
            move || sender.send(what).unwrap()
        };
        assert!(lane.call(tell("next")));
        assert!(Lane::new(1).call(tell("other")));
        assert_eq!(receiver.recv_timeout(TIMEOUT), Ok("other"));
        drop(end);
        assert_eq!(receiver.recv_timeout(TIMEOUT), Ok("next"));
    }

    #[test]
    fn a_wider_lane_goes_on_beside_a_call_that_does_not_come_back() {
        let (end, ended) = mpsc::channel::<()>();
        let lane = Lane::new(2);
        assert!(lane.call(move || {
            let _ = ended.recv_timeout(TIMEOUT);
        }));
        let (sender, receiver) = mpsc::channel();
        assert!(lane.call(move || sender.send(()).unwrap()));
        receiver.recv_timeout(TIMEOUT).unwrap();
        drop(end);
    }

    #[test]
    fn a_lane_has_room_for_so_many_and_says_when_it_is_full() {
        let (end, ended) = mpsc::channel::<()>();
        let (begun_sender, begun) = mpsc::channel();
        let lane = Lane::with_room(1, 2);
        assert!(lane.call(move || {
            begun_sender.send(()).unwrap();
            let _ = ended.recv_timeout(TIMEOUT);
        }));
        begun.recv_timeout(TIMEOUT).unwrap();
        let (sender, receiver) = mpsc::channel();
        let calls = (0..4).map(|number| {
            let sender = sender.clone();
            lane.call(move || sender.send(number).unwrap())
        });
        assert_eq!(calls.collect::<Vec<_>>(), [true, true, false, false]);
        drop(end);
        drop(sender);
        assert_eq!(receiver.iter().collect::<Vec<_>>(), [0, 1]);
    }
}
