//! Runs one world from its seed to its end: what happens next, and then each process until it has nothing to do.

use std::{collections::BTreeSet, sync::PoisonError};

use salekit_core::SaleState;

use crate::{
    app::{self, Act},
    dice::Dice,
    disk::Disk,
    fault::Fault,
    gateway,
    network::{self, Server},
    oracle::{self, Broken, Property},
    payer,
    process::Process,
    secrets::Reader,
    setup::{ClientPlan, Setup},
    tally::Tally,
    threads::{self, Threads},
    world::{Happening, Shared, World},
};

/// From here on nothing goes wrong any more.
const CALM: u64 = 70_000;
/// What has not ended by then never will.
const END: u64 = 1_800_000;

/// The process in which new clients ask for all that is left.
const HEIR: usize = 9;

/// What came of a world.
pub(crate) struct Ended {
    pub(crate) tally: Tally,
    pub(crate) broken: Vec<Broken>,
    pub(crate) trace: Vec<String>,
}

/// Runs the world of `seed`.
pub(crate) fn world(seed: u64, traced: bool) -> Ended {
    let setup = Setup::roll(seed);
    let mut run = Run {
        plans: setup.processes.clone(),
        world: Shared::new(World::new(setup, seed, traced)),
        processes: Vec::new(),
    };
    tracing::subscriber::with_default(Reader(run.world.clone()), || run.all(seed));
    let happenings = run.world.with(World::forget_happenings);
    drop(happenings);
    run.world.with(|world| Ended {
        tally: std::mem::take(&mut world.tally),
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
        self.script(&mut Dice::new(seed.rotate_left(32)));
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
        self.world.with(|world| oracle::at_rest(world, &clients));
        while let Some(process) = self.processes.pop() {
            self.kill(process);
        }
        self.inherit();
        self.world.with(oracle::at_end);
    }

    /// Writes down what the apps will do, and what will be done to them.
    fn script(&self, dice: &mut Dice) {
        self.world.with(|world| {
            world.after(CALM, |world| {
                world.is_calm = true;
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
                let start = dice.between(0, 3_000);
                world.schedule(start, Happening::Start { slot });
                for _ in 0..world.setup.acts {
                    let act = kinds[dice.place(kinds.len()).unwrap_or_default()].1.clone();
                    // Mostly close together: what an app does meets what it did just before.
                    let spread = dice.one_of(&[2_000, 8_000, 50_000]);
                    let at = start + dice.between(1, spread);
                    world.schedule(at, Happening::App { slot, act });
                }
                if world.setup.has(Fault::Killed) {
                    for _ in 0..dice.between(1, 2) {
                        let at = start + dice.between(100, 30_000);
                        world.schedule(at, Happening::Kill { slot });
                    }
                }
                if world.setup.has(Fault::Outage) {
                    let servers = [Server::Merchant, Server::Gateway(0), Server::Gateway(0)];
                    let (server, lasts) = (dice.one_of(&servers), dice.between(2_000, 25_000));
                    world.after(start + dice.between(0, 15_000), move |world| {
                        world.count(Fault::Outage);
                        network::goes_down(world, server, lasts);
                    });
                }
                if world.setup.has(Fault::DiskFull) {
                    let (at, lasts) = (dice.between(0, 12_000), dice.between(500, 15_000));
                    world.after(start + at, move |world| {
                        world.count(Fault::DiskFull);
                        let until = world.now + lasts;
                        world.disks.iter_mut().for_each(|disk| disk.fills_up(until));
                    });
                }
                for (fault, sign) in [(Fault::ClockForward, 1), (Fault::ClockBack, -1)] {
                    let (at, by) = (dice.between(0, 60_000), dice.one_of(&[500, 20_000, 3_600_000]));
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
        while let Some(happening) = self.world.with(|world| world.next_happening(end)) {
            self.happens(happening);
            let touched = self.world.with(|world| {
                world.tally.happenings += 1;
                std::mem::take(&mut world.touched)
            });
            for process in self.processes.iter().filter(|process| touched.contains(&process.life)) {
                process.run_until_idle();
                self.look_at(process);
            }
        }
    }

    fn happens(&mut self, happening: Happening) {
        match happening {
            Happening::Outside(what) => self.world.with(what),
            Happening::App { slot, act } => {
                if let Some(process) = self.processes.iter_mut().find(|process| process.slot == slot) {
                    let (life, clients) = (process.life, process.clients.len());
                    self.world.with(|world| world.touched.insert(life));
                    app::act(&self.world, process, act);
                    if process.clients.len() > clients {
                        self.start_up(slot, clients);
                    }
                }
            }
            Happening::Payer { key, act } => {
                let reported = self.world.with(|world| {
                    let act = payer::acts(world, &key, act)?;
                    let (life, challenge) = world.pages.get(&key)?.challenge.clone();
                    Some((act, life, challenge))
                });
                // A process that was killed reports nothing, and those after it know nothing of its pages.
                if let Some((act, life, challenge)) = reported
                    && self.processes.iter().any(|process| process.life == life)
                {
                    self.world.with(|world| world.touched.insert(life));
                    payer::report(&challenge, act);
                }
            }
            Happening::Work { life, work } => {
                threads::run(&self.world, life, work);
                if self.world.with(|world| world.dying.take()).is_some() {
                    let place = self.processes.iter().position(|process| process.life == life);
                    if let Some(place) = place {
                        let process = self.processes.remove(place);
                        self.kill_and_restart(process);
                    }
                }
            }
            Happening::Kill { slot } => {
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
            Happening::Start { slot } => {
                if self.processes.iter().all(|process| process.slot != slot) {
                    let process = Process::start(&self.world, slot, &self.plans[slot]);
                    self.processes.push(process);
                    self.start_up(slot, 0);
                }
            }
        }
    }

    /// Lets the clients from the `first` on do what an app does first.
    fn start_up(&self, slot: usize, first: usize) {
        let process = self.processes.iter().find(|process| process.slot == slot);
        let clients = process
            .into_iter()
            .flat_map(|process| process.clients.iter().skip(first));
        self.world.with(|world| {
            for client in clients {
                let (delay, client) = (world.dice.between(0, 300), client.place.client);
                let act = Act::StartUp { client };
                world.schedule(delay, Happening::App { slot, act });
            }
        });
    }

    /// Ends a process wherever its tasks are.
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
            let delay = world.dice.between(200, 20_000);
            world.schedule(delay, Happening::Start { slot });
        });
    }

    /// After each step: how the sales of a process stand.
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
                        oracle::told(world, client.place, sale.id(), &outcome);
                        if is_registered {
                            let what = format!("the client still has {}, which has ended", world.name(sale.id()));
                            world.breaks(Property::OutlivesNothing, what);
                        }
                    });
                    false
                }
                SaleState::Challenge { .. } => {
                    self.world
                        .with(|world| oracle::waits_for_payer(world, client.place, sale.id()));
                    true
                }
                _ => true,
            });
        }
    }

    /// Every bank decides, and new clients ask for all that is left.
    fn inherit(&mut self) {
        let places: BTreeSet<_> = self.world.with(|world| {
            world.is_calm = true;
            world.heirs = true;
            world.setup.threads = 8;
            gateway::settle(world);
            let sales = world.sales.iter();
            sales.map(|sale| (sale.place.disk, sale.place.gateway)).collect()
        });
        let stale = self.world.with(World::forget_happenings);
        drop(stale);
        for (disk, gateway) in places {
            let plan = [ClientPlan { disk, gateway }];
            let process = Process::start(&self.world, HEIR, &plan);
            self.processes.push(process);
            self.start_up(HEIR, 0);
            let end = self.world.with(|world| world.now) + END;
            self.until(end);
            if let Some(process) = self.processes.pop() {
                let clients: Vec<_> = process.clients.iter().map(|client| client.place.client).collect();
                self.world.with(|world| oracle::at_rest(world, &clients));
                self.kill(process);
            }
        }
    }
}
