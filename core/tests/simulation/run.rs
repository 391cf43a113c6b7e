//! Runs one world from its seed to its end: the next event, then each process until it is idle.

use std::{collections::BTreeSet, sync::PoisonError};

use salekit_core::SaleState;

use super::{
    app::{self, Act},
    counters::Counters,
    disk::Disk,
    fault::Fault,
    gateway,
    invariants::{self, Broken, Property},
    network::{self, Server},
    payer,
    process::Process,
    random::Random,
    secrets::LogScanner,
    setup::{ClientPlan, Setup},
    threads::{self, Threads},
    world::{ScheduledEvent, Shared, World},
};

/// From here on there are no more faults.
const FAULTS_END: u64 = 70_000;
/// A sale that has not ended by then counts as one that never ends.
const END: u64 = 1_800_000;

/// The slot of the final process, whose clients resume everything that is left.
const FINAL_SLOT: usize = 9;

/// The result of a world.
pub(crate) struct Ended {
    pub(crate) counters: Counters,
    pub(crate) broken: Vec<Broken>,
    pub(crate) trace: Vec<String>,
}

/// Runs the world of `seed`.
pub(crate) fn world(seed: u64, traced: bool) -> Ended {
    let setup = Setup::from_seed(seed);
    let mut run = Run {
        plans: setup.processes.clone(),
        world: Shared::new(World::new(setup, seed, traced)),
        processes: Vec::new(),
    };
    tracing::subscriber::with_default(LogScanner(run.world.clone()), || run.all(seed));
    let events = run.world.with(World::take_events);
    drop(events);
    run.world.with(|world| Ended {
        counters: std::mem::take(&mut world.counters),
        broken: std::mem::take(&mut world.broken),
        trace: world.take_trace(),
    })
}

struct Run {
    world: Shared,
    plans: Vec<Vec<ClientPlan>>,
    processes: Vec<Process>,
}

impl Run {
    fn all(&mut self, seed: u64) {
        self.script(&mut Random::new(seed.rotate_left(32)));
        self.until(END);
        let clients: Vec<_> = self.processes.iter().flat_map(|process| &process.clients).collect();
        for client in &clients {
            for sale in client.sales.lock().unwrap_or_else(PoisonError::into_inner).iter() {
                let id = sale.id();
                self.world.with(|world| {
                    let name = world.name(id);
                    world.breaks(Property::Ends, format!("{name} has not ended"));
                });
            }
        }
        let clients: Vec<_> = clients.iter().map(|client| client.place.client).collect();
        self.world.with(|world| invariants::at_rest(world, &clients));
        while let Some(process) = self.processes.pop() {
            self.kill(process);
        }
        self.final_check();
        self.world.with(invariants::at_end);
    }

    /// Schedules what the apps will do, and the faults from outside.
    fn script(&self, random: &mut Random) {
        self.world.with(|world| {
            world.after(FAULTS_END, |world| {
                world.faults_ended = true;
                world.trace(|| "from here on nothing goes wrong".to_owned());
            });
            let kinds = [
                (None, Act::Order),
                (None, Act::Order),
                (None, Act::Order),
                (None, Act::Preconnect),
                (None, Act::List),
                (Some(Fault::StartsOrderAgain), Act::OrderAgain),
                (Some(Fault::Cancels), Act::Cancel),
                (Some(Fault::CancelsAmidRequest), Act::Cancel),
                (Some(Fault::GoesToBackground), Act::Background),
                (Some(Fault::ComesToForeground), Act::Foreground),
                (Some(Fault::FindsNetwork), Act::Network),
                (Some(Fault::HurriesAmidRequest), Act::Foreground),
                (Some(Fault::ResumesAgain), Act::Resume),
                (Some(Fault::ClosesClient), Act::CloseClient),
            ];
            let has = |fault: &Option<Fault>| fault.is_none_or(|fault| world.setup.has(fault));
            let kinds: Vec<_> = kinds.into_iter().filter(|(fault, _)| has(fault)).collect();
            for slot in 0..self.plans.len() {
                let start = random.between(0, 3_000);
                world.schedule(start, ScheduledEvent::Start { slot });
                for _ in 0..world.setup.acts {
                    let act = kinds[random.place(kinds.len()).unwrap_or_default()].1.clone();
                    // Mostly close together, so that an act meets the effects of the one before.
                    let spread = random.one_of(&[2_000, 8_000, 50_000]);
                    let at = start + random.between(1, spread);
                    world.schedule(at, ScheduledEvent::App { slot, act });
                }
                if world.setup.has(Fault::Killed) {
                    for _ in 0..random.between(1, 2) {
                        let at = start + random.between(100, 30_000);
                        world.schedule(at, ScheduledEvent::Kill { slot });
                    }
                }
                if world.setup.has(Fault::Outage) {
                    let servers = [Server::Merchant, Server::Gateway(0), Server::Gateway(0)];
                    let (server, lasts) = (random.one_of(&servers), random.between(2_000, 25_000));
                    world.after(start + random.between(0, 15_000), move |world| {
                        world.count(Fault::Outage);
                        network::goes_down(world, server, lasts);
                    });
                }
                if world.setup.has(Fault::DiskFull) {
                    let (at, lasts) = (random.between(0, 12_000), random.between(500, 15_000));
                    world.after(start + at, move |world| {
                        world.count(Fault::DiskFull);
                        let until = world.now + lasts;
                        world.disks.iter_mut().for_each(|disk| disk.fills_up(until));
                    });
                }
                for (fault, sign) in [(Fault::ClockForward, 1), (Fault::ClockBack, -1)] {
                    let (at, by) = (random.between(0, 60_000), random.one_of(&[500, 20_000, 3_600_000]));
                    world.after(at, move |world| {
                        if !world.lives.is_empty() && world.happens(fault, 900) {
                            world.lives.values_mut().for_each(|jumped| *jumped += sign * by);
                        }
                    });
                }
            }
        });
    }

    fn until(&mut self, end: u64) {
        while let Some(event) = self.world.with(|world| world.next_event(end)) {
            self.happens(event);
            let touched = self.world.with(|world| {
                world.counters.events += 1;
                std::mem::take(&mut world.touched)
            });
            for process in self.processes.iter().filter(|process| touched.contains(&process.life)) {
                process.run_until_idle();
                self.look_at(process);
            }
        }
    }

    fn happens(&mut self, event: ScheduledEvent) {
        match event {
            ScheduledEvent::Outside(what) => self.world.with(what),
            ScheduledEvent::App { slot, act } => {
                if let Some(process) = self.processes.iter_mut().find(|process| process.slot == slot) {
                    let (life, clients) = (process.life, process.clients.len());
                    self.world.with(|world| world.touched.insert(life));
                    app::act(&self.world, process, act);
                    if process.clients.len() > clients {
                        self.start_up(slot, clients);
                    }
                }
            }
            ScheduledEvent::Payer { key, act } => {
                let reported = self.world.with(|world| {
                    let act = payer::acts(world, &key, act)?;
                    let (life, challenge) = world.pages.get(&key)?.challenge.clone();
                    Some((act, life, challenge))
                });
                // A killed process reports nothing, and later ones do not know its pages.
                if let Some((act, life, challenge)) = reported
                    && self.processes.iter().any(|process| process.life == life)
                {
                    self.world.with(|world| world.touched.insert(life));
                    payer::report(&challenge, act);
                }
            }
            ScheduledEvent::Work { life, work } => {
                threads::run(&self.world, life, work);
                if self.world.with(|world| world.dying.take()).is_some() {
                    let place = self.processes.iter().position(|process| process.life == life);
                    if let Some(place) = place {
                        let process = self.processes.remove(place);
                        self.kill_and_restart(process);
                    }
                }
            }
            ScheduledEvent::Kill { slot } => {
                let Some(place) = self.processes.iter().position(|process| process.slot == slot) else {
                    return;
                };
                if !self.world.with(|world| world.happens(Fault::Killed, 900)) {
                    return;
                }
                let process = self.processes.remove(place);
                self.kill_and_restart(process);
                if self.world.with(|world| world.happens(Fault::PowerCut, 500)) {
                    while let Some(process) = self.processes.pop() {
                        self.kill_and_restart(process);
                    }
                    self.world.with(Disk::lose_power);
                }
            }
            ScheduledEvent::Start { slot } => {
                if self.processes.iter().all(|process| process.slot != slot) {
                    let process = Process::start(&self.world, slot, &self.plans[slot]);
                    self.processes.push(process);
                    self.start_up(slot, 0);
                }
            }
        }
    }

    /// Schedules the start-up of the clients from `first` on.
    fn start_up(&self, slot: usize, first: usize) {
        let process = self.processes.iter().find(|process| process.slot == slot);
        let clients = process
            .into_iter()
            .flat_map(|process| process.clients.iter().skip(first));
        self.world.with(|world| {
            for client in clients {
                let (delay, client) = (world.random.between(0, 300), client.place.client);
                let act = Act::StartUp { client };
                world.schedule(delay, ScheduledEvent::App { slot, act });
            }
        });
    }

    /// Ends a process, wherever its tasks are.
    fn kill(&self, process: Process) {
        let life = process.life;
        let threads = self.world.with(|world| {
            world.trace(|| format!("process {} is killed", process.slot));
            world.lives.remove(&life);
            world.disks.iter_mut().for_each(|disk| disk.lose_process(life));
            let clients: BTreeSet<_> = process.clients.iter().map(|client| client.place.client).collect();
            world.running.retain(|(_, client)| !clients.contains(client));
            Threads::of_dead(world, life)
        });
        drop(threads);
        drop(process);
    }

    fn kill_and_restart(&self, process: Process) {
        let slot = process.slot;
        self.kill(process);
        self.world.with(|world| {
            let delay = world.random.between(200, 20_000);
            world.schedule(delay, ScheduledEvent::Start { slot });
        });
    }

    /// Checks the state of a process's sales after each step.
    fn look_at(&self, process: &Process) {
        for client in &process.clients {
            let mut sales = client.sales.lock().unwrap_or_else(PoisonError::into_inner);
            sales.retain(|sale| match sale.state() {
                SaleState::Finished(outcome) => {
                    let is_registered = client
                        .client
                        .as_ref()
                        .is_some_and(|client| client.running(sale.id()).is_some());
                    self.world.with(|world| {
                        invariants::reported(world, client.place, sale.id(), &outcome);
                        if is_registered {
                            let what = format!("the client still has {}, which has ended", world.name(sale.id()));
                            world.breaks(Property::OutlivesNothing, what);
                        }
                    });
                    false
                }
                SaleState::Challenge { .. } => {
                    self.world
                        .with(|world| invariants::waits_for_payer(world, client.place, sale.id()));
                    true
                }
                _ => true,
            });
        }
    }

    /// Every bank decides, and new clients resume everything that is left.
    fn final_check(&mut self) {
        let places: BTreeSet<_> = self.world.with(|world| {
            world.faults_ended = true;
            world.is_final_check = true;
            world.setup.threads = 8;
            gateway::settle(world);
            let sales = world.sales.iter();
            sales.map(|sale| (sale.place.disk, sale.place.gateway)).collect()
        });
        let stale = self.world.with(World::take_events);
        drop(stale);
        for (disk, gateway) in places {
            let plan = [ClientPlan { disk, gateway }];
            let process = Process::start(&self.world, FINAL_SLOT, &plan);
            self.processes.push(process);
            self.start_up(FINAL_SLOT, 0);
            let end = self.world.with(|world| world.now) + END;
            self.until(end);
            if let Some(process) = self.processes.pop() {
                let clients: Vec<_> = process.clients.iter().map(|client| client.place.client).collect();
                self.world.with(|world| invariants::at_rest(world, &clients));
                self.kill(process);
            }
        }
    }
}
