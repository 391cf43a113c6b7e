//! How often something goes wrong: by chance from a seed, or the next one as a test asks.

use std::{
    collections::VecDeque,
    sync::{Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use super::{
    fault::{ConnectionFault, ExchangeFault},
    record::Passing,
};
use crate::script::Dice;

/// How often the proxy breaks something. The seed fixes the throws; which exchange meets which throw depends on the
/// order in which they arrive.
#[derive(Debug, Clone)]
pub struct FaultPlan {
    seed: u64,
    connections: u64,
    exchanges: u64,
    repetitions: u64,
    idle_limit: Option<Duration>,
}

impl FaultPlan {
    /// Nothing goes wrong by chance.
    #[must_use]
    pub const fn quiet() -> Self {
        Self {
            seed: 0,
            connections: 0,
            exchanges: 0,
            repetitions: 0,
            idle_limit: None,
        }
    }

    /// Faults of every kind: 30 of 1,000 connections and 100 of 1,000 exchanges, and of the requests of apps that meet
    /// none of them, 50 of 1,000 are passed on twice.
    #[must_use]
    pub const fn chaos(seed: u64) -> Self {
        Self {
            seed,
            connections: 30,
            exchanges: 100,
            repetitions: 50,
            idle_limit: None,
        }
    }

    /// Closes a connection on which no request came for this long, in order, as servers do.
    #[must_use]
    pub const fn idle_limit(mut self, limit: Duration) -> Self {
        self.idle_limit = Some(limit);
        self
    }

    /// How many of 1,000 connections and of 1,000 exchanges go wrong.
    #[must_use]
    pub const fn rates(mut self, connections: u64, exchanges: u64) -> Self {
        (self.connections, self.exchanges) = (connections, exchanges);
        self
    }

    /// How many of 1,000 requests of apps (POST only) are passed on twice, if nothing else happens to them.
    #[must_use]
    pub const fn repetitions(mut self, repetitions: u64) -> Self {
        self.repetitions = repetitions;
        self
    }
}

/// A plan at work.
#[derive(Debug)]
pub(super) struct Planner {
    inner: Mutex<Inner>,
}

#[derive(Debug)]
struct Inner {
    plan: FaultPlan,
    dice: Dice,
    next_connections: VecDeque<ConnectionFault>,
    next_exchanges: Vec<(Passing, ExchangeFault)>,
}

impl Planner {
    pub(super) fn new(plan: FaultPlan) -> Self {
        Self {
            inner: Mutex::new(Inner {
                dice: Dice::new(plan.seed),
                plan,
                next_connections: VecDeque::new(),
                next_exchanges: Vec::new(),
            }),
        }
    }

    pub(super) fn heal(&self) {
        let mut inner = self.lock();
        inner.plan = FaultPlan::quiet();
        inner.next_connections.clear();
        inner.next_exchanges.clear();
    }

    pub(super) fn ask_connection(&self, fault: ConnectionFault) {
        self.lock().next_connections.push_back(fault);
    }

    pub(super) fn ask_exchange(&self, of: Passing, fault: ExchangeFault) {
        self.lock().next_exchanges.push((of, fault));
    }

    pub(super) fn idle_limit(&self) -> Option<Duration> {
        self.lock().plan.idle_limit
    }

    pub(super) fn connection(&self) -> Option<ConnectionFault> {
        let inner = &mut *self.lock();
        if let Some(asked) = inner.next_connections.pop_front() {
            return Some(asked);
        }
        (inner.dice.chance(inner.plan.connections)).then(|| ConnectionFault::any(&mut inner.dice))
    }

    pub(super) fn exchange(&self, of: Passing) -> Option<ExchangeFault> {
        let inner = &mut *self.lock();
        if let Some(asked) = inner.next_exchanges.iter().position(|(wanted, _)| *wanted == of) {
            return Some(inner.next_exchanges.remove(asked).1);
        }
        if inner.dice.chance(inner.plan.exchanges) {
            return Some(ExchangeFault::any(&mut inner.dice));
        }
        // Zero is not thrown for, so that a plan without repetitions keeps the throws that its seed had.
        (of.is_post_of_an_app() && inner.plan.repetitions > 0 && inner.dice.chance(inner.plan.repetitions))
            .then(|| ExchangeFault::any_repetition(&mut inner.dice))
    }

    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
