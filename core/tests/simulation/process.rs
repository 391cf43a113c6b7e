//! One life of a process: its own runtime, which runs until every task waits and can be killed there.

use std::{
    future::poll_fn,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    task::{Poll, Waker},
};

use salekit_core::{RunningSales, Sale, SaleClient};
use tokio::runtime::{Builder, Runtime};

use super::{
    ports::{self, Place},
    setup::ClientPlan,
    world::Shared,
};

pub(crate) struct Process {
    pub(crate) slot: usize,
    pub(crate) life: u64,
    pub(crate) clients: Vec<Client>,
    running: Arc<RunningSales>,
    idle: Arc<Idle>,
    runtime: Runtime,
}

/// A client of the app.
pub(crate) struct Client {
    pub(crate) place: Place,
    /// `None` once the app has closed it; its sales go on.
    pub(crate) client: Option<SaleClient>,
    pub(crate) sales: Handles,
}

/// The handles of a client's sales. Ended ones are removed.
pub(crate) type Handles = Arc<Mutex<Vec<Sale>>>;

/// Notices when the runtime is idle.
#[derive(Default)]
struct Idle {
    is_reached: AtomicBool,
    waker: Mutex<Option<Waker>>,
}

impl Process {
    pub(crate) fn start(world: &Shared, slot: usize, plans: &[ClientPlan]) -> Self {
        let idle = Arc::new(Idle::default());
        let runtime = Builder::new_current_thread()
            .on_thread_park({
                let idle = Arc::clone(&idle);
                move || {
                    let waker = idle.waker.lock().unwrap_or_else(PoisonError::into_inner).take();
                    if let Some(waker) = waker {
                        idle.is_reached.store(true, Ordering::Relaxed);
                        waker.wake();
                    }
                }
            })
            .build()
            .unwrap();
        let life = world.with(|world| {
            let life = world.number();
            world.lives.insert(life, 0);
            world.trace(|| format!("process {slot} starts, life {life}"));
            life
        });
        let mut process = Self {
            slot,
            life,
            clients: Vec::new(),
            running: Arc::default(),
            idle,
            runtime,
        };
        for plan in plans {
            process.open_client(world, *plan);
        }
        process
    }

    pub(crate) fn open_client(&mut self, world: &Shared, plan: ClientPlan) {
        let place = Place {
            slot: self.slot,
            life: self.life,
            client: world.with(|world| world.number()),
            disk: plan.disk,
            gateway: plan.gateway,
        };
        world.with(|world| world.lives_of_clients.insert(place.client, place.life));
        let _entered = self.runtime.enter();
        let client = ports::client(world, place, &self.running);
        self.clients.push(Client {
            place,
            client: Some(client),
            sales: Handles::default(),
        });
    }

    pub(crate) fn spawn(&self, work: impl Future<Output = ()> + Send + 'static) {
        // Nobody waits for the app's own tasks.
        drop(self.runtime.spawn(work));
    }

    /// Runs until every task waits for something outside.
    pub(crate) fn run_until_idle(&self) {
        self.idle.is_reached.store(false, Ordering::Relaxed);
        let idle = &self.idle;
        self.runtime.block_on(poll_fn(|context| {
            if idle.is_reached.load(Ordering::Relaxed) {
                return Poll::Ready(());
            }
            *idle.waker.lock().unwrap_or_else(PoisonError::into_inner) = Some(context.waker().clone());
            Poll::Pending
        }));
    }
}
