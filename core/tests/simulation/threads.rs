//! The few threads of a process that may block: they save snapshots and deliver results.

use std::{
    collections::{BTreeMap, BTreeSet, VecDeque},
    panic::{AssertUnwindSafe, catch_unwind},
};

use salekit_core::Blocking;
use tokio::sync::oneshot;

use super::{
    fault::Fault,
    ports::Place,
    world::{ScheduledEvent, Shared, World},
};

/// Longer than the engine waits for a save.
const LATE: (u64, u64) = (10_500, 25_000);

#[derive(Default)]
pub(crate) struct Threads {
    busy: usize,
    waiting: VecDeque<u64>,
    work: BTreeMap<u64, Work>,
    /// Clients whose stores hang.
    hung: BTreeSet<u64>,
}

struct Work {
    what: Blocking,
    /// The client whose store uses the thread.
    client: Option<u64>,
    done: oneshot::Sender<()>,
    began: u64,
}

/// Runs `what` on a thread of the process as soon as one is free.
pub(crate) fn enqueue(world: &mut World, place: Place, what: Blocking) -> oneshot::Receiver<()> {
    add(world, place.life, what, Some(place.client))
}

/// Delivers a result to the app on a thread of the process, as the bindings do.
pub(crate) fn hand_over(world: &mut World, life: u64) -> oneshot::Receiver<()> {
    add(world, life, Box::new(|| ()), None)
}

fn add(world: &mut World, life: u64, what: Blocking, client: Option<u64>) -> oneshot::Receiver<()> {
    let (done, waits) = oneshot::channel();
    let (number, began) = (world.number(), world.now);
    let most = world.setup.threads;
    let threads = world.threads.entry(life).or_default();
    threads.work.insert(
        number,
        Work {
            what,
            client,
            done,
            began,
        },
    );
    if threads.busy < most {
        begin(world, life, number);
    } else {
        threads.waiting.push_back(number);
    }
    waits
}

fn begin(world: &mut World, life: u64, number: u64) {
    let Some(threads) = world.threads.get_mut(&life) else {
        return;
    };
    threads.busy += 1;
    let Some(client) = threads.work[&number].client else {
        return world.schedule(1, ScheduledEvent::Work { life, work: number });
    };
    // A hanging store blocks a thread. An app with as many such clients as threads has lost all of them.
    let others = threads.hung.iter().filter(|other| **other != client).count();
    if others + 1 < world.setup.threads && world.happens(Fault::StoreHangs, 40) {
        if let Some(threads) = world.threads.get_mut(&life) {
            threads.hung.insert(client);
        }
        return;
    }
    let delay = if world.happens(Fault::SaveComesLate, 40) {
        world.random.between(LATE.0, LATE.1)
    } else if world.happens(Fault::StoreSlow, 80) {
        world.random.between(200, 4_000)
    } else {
        world.random.between(1, 12)
    };
    world.schedule(delay, ScheduledEvent::Work { life, work: number });
}

/// The thread does its work now.
pub(crate) fn run(shared: &Shared, life: u64, number: u64) {
    let work = shared.with(|world| {
        let work = world.threads.get_mut(&life)?.work.remove(&number)?;
        for disk in &mut world.disks {
            disk.work_began = work.began;
        }
        Some(work)
    });
    let Some(Work { what, done, .. }) = work else { return };
    let panicked = catch_unwind(AssertUnwindSafe(what)).is_err();
    shared.with(|world| {
        if panicked {
            world.trace(|| "a thread's work panicked".to_owned());
        }
        let delay = world.random.between(1, 8);
        world.after(delay, move |world| {
            world.touched.insert(life);
            let _ = done.send(());
            let Some(threads) = world.threads.get_mut(&life) else {
                return;
            };
            threads.busy -= 1;
            if let Some(next) = threads.waiting.pop_front() {
                begin(world, life, next);
            }
        });
    });
}

impl Threads {
    /// Whether a store of the client hangs.
    pub(crate) fn is_hung(&self, client: u64) -> bool {
        self.hung.contains(&client)
    }

    /// The threads of a dead process, to be dropped while the world is not locked.
    pub(crate) fn of_dead(world: &mut World, life: u64) -> Option<Self> {
        world.threads.remove(&life)
    }
}
