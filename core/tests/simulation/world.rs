//! One world: its time, its scheduled events, and everything around the engine.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{Arc, Mutex, PoisonError},
};

use salekit_core::SaleId;

use super::{
    app::Act,
    counters::Counters,
    disk::Disk,
    fault::Fault,
    gateway::Gateway,
    invariants::{Broken, Property, SaleRecord},
    merchant::Merchant,
    network::Network,
    payer::{Page, PayerAct},
    ports::Place,
    random::Random,
    setup::Setup,
    threads::Threads,
};

/// A change of the world.
pub(crate) type Change = Box<dyn FnOnce(&mut World) + Send>;

/// A scheduled event.
pub(crate) enum ScheduledEvent {
    /// Something outside of the app's processes.
    Outside(Change),
    /// The app does something, if its process lives.
    App { slot: usize, act: Act },
    /// The payer does something with the page of a sale.
    Payer { key: (u64, SaleId), act: PayerAct },
    /// A thread of a process begins its work with the store.
    Work { life: u64, work: u64 },
    /// A process is killed.
    Kill { slot: usize },
    /// A process is started (again).
    Start { slot: usize },
}

pub(crate) struct World {
    /// Milliseconds since the world began.
    pub(crate) now: u64,
    pub(crate) random: Random,
    pub(crate) setup: Setup,
    events: BTreeMap<(u64, u64), ScheduledEvent>,
    events_so_far: u64,
    /// After some time there are no more faults, so that every sale can end.
    pub(crate) faults_ended: bool,
    /// At the end, new clients resume everything that others have left.
    pub(crate) is_final_check: bool,
    /// The living processes by their life, and how far each one's wall clock has jumped.
    pub(crate) lives: BTreeMap<u64, i64>,
    /// The process life of each client.
    pub(crate) lives_of_clients: BTreeMap<u64, u64>,
    pub(crate) disks: Vec<Disk>,
    pub(crate) gateways: Vec<Gateway>,
    pub(crate) merchant: Merchant,
    pub(crate) network: Network,
    pub(crate) threads: BTreeMap<u64, Threads>,
    pub(crate) pages: BTreeMap<(u64, SaleId), Page>,
    /// All started sales, in order.
    pub(crate) sales: Vec<SaleRecord>,
    /// Running sales and their clients.
    pub(crate) running: BTreeSet<(SaleId, u64)>,
    /// Sales that are being acknowledged or forgotten, and the clients that do it.
    pub(crate) dropping: BTreeSet<(SaleId, u64)>,
    /// Those that are being acknowledged.
    pub(crate) acknowledging: BTreeSet<(SaleId, u64)>,
    /// Those that are being forgotten.
    pub(crate) forgetting: BTreeSet<(SaleId, u64)>,
    /// Timers that are still awaited, by client.
    pub(crate) sleeps: BTreeMap<u64, i64>,
    /// Calls of the app that have not returned: which, and since when.
    pub(crate) calls: BTreeMap<u64, (String, u64)>,
    /// Process lives in which tasks may have become ready since their last run.
    pub(crate) touched: BTreeSet<u64>,
    /// The running save kills its process.
    pub(crate) dying: Option<u64>,
    pub(crate) counters: Counters,
    pub(crate) broken: Vec<Broken>,
    trace: Option<Vec<String>>,
    numbers: u64,
}

impl World {
    pub(crate) fn new(setup: Setup, seed: u64, traced: bool) -> Self {
        Self {
            now: 0,
            random: Random::new(!seed),
            disks: (0..setup.disks).map(|_| Disk::default()).collect(),
            gateways: (0..setup.gateways).map(|_| Gateway::default()).collect(),
            setup,
            events: BTreeMap::new(),
            events_so_far: 0,
            faults_ended: false,
            is_final_check: false,
            lives: BTreeMap::new(),
            lives_of_clients: BTreeMap::new(),
            merchant: Merchant::default(),
            network: Network::default(),
            threads: BTreeMap::new(),
            pages: BTreeMap::new(),
            sales: Vec::new(),
            running: BTreeSet::new(),
            dropping: BTreeSet::new(),
            acknowledging: BTreeSet::new(),
            forgetting: BTreeSet::new(),
            sleeps: BTreeMap::new(),
            calls: BTreeMap::new(),
            touched: BTreeSet::new(),
            dying: None,
            counters: Counters::default(),
            broken: Vec::new(),
            trace: traced.then(Vec::new),
            numbers: 0,
        }
    }

    /// Schedules `event` after `delay` milliseconds.
    pub(crate) fn schedule(&mut self, delay: u64, event: ScheduledEvent) {
        self.events_so_far += 1;
        let at = self.now.saturating_add(delay);
        self.events.insert((at, self.events_so_far), event);
    }

    pub(crate) fn after(&mut self, delay: u64, what: impl FnOnce(&mut Self) + Send + 'static) {
        self.schedule(delay, ScheduledEvent::Outside(Box::new(what)));
    }

    /// The next event before `end`, if there is one. Advances the time to it.
    pub(crate) fn next_event(&mut self, end: u64) -> Option<ScheduledEvent> {
        let (&(at, _), _) = self.events.first_key_value()?;
        if at > end {
            return None;
        }
        let (_, event) = self.events.pop_first()?;
        self.now = at;
        Some(event)
    }

    /// Takes out the remaining events: they hold ends of channels, and the world itself.
    pub(crate) fn take_events(&mut self) -> BTreeMap<(u64, u64), ScheduledEvent> {
        std::mem::take(&mut self.events)
    }

    /// Whether `fault` happens now: with a probability of `permille` in a thousand if the world has it.
    pub(crate) fn happens(&mut self, fault: Fault, permille: u64) -> bool {
        let happens = !self.faults_ended && self.setup.has(fault) && self.random.permille(permille);
        if happens {
            self.count(fault);
        }
        happens
    }

    pub(crate) fn count(&mut self, fault: Fault) {
        self.counters.count(fault);
        self.trace(|| format!("! {fault:?}"));
    }

    pub(crate) fn number(&mut self) -> u64 {
        self.numbers += 1;
        self.numbers
    }

    pub(crate) fn clock_offset(&self, life: u64) -> i64 {
        self.lives.get(&life).copied().unwrap_or_default()
    }

    pub(crate) fn sale_mut(&mut self, serial: &str) -> Option<&mut SaleRecord> {
        self.sales.iter_mut().find(|sale| sale.serial == serial)
    }

    pub(crate) fn sale_of(&mut self, id: &SaleId) -> Option<&mut SaleRecord> {
        self.sales.iter_mut().find(|sale| sale.id.as_ref() == Some(id))
    }

    /// A name for the trace that does not depend on ids.
    pub(crate) fn name(&self, id: &SaleId) -> String {
        let sale = self.sales.iter().find(|sale| sale.id.as_ref() == Some(id));
        sale.map_or_else(|| "sale ?".to_owned(), |sale| sale.serial.clone())
    }

    /// Whether another client than `client` runs the sale.
    pub(crate) fn runs_beside(&self, id: &SaleId, client: u64) -> bool {
        self.running.iter().any(|(sale, other)| sale == id && *other != client)
    }

    /// Whether another process than that at `place` runs the sale, without a lock that would show_trace.
    pub(crate) fn runs_out_of_sight(&self, id: &SaleId, place: Place) -> bool {
        let elsewhere = |other| self.lives_of_clients.get(other) != Some(&place.life);
        let mut running = self.running.iter();
        !self.setup.has_locks && running.any(|(sale, other)| sale == id && *other != place.client && elsewhere(other))
    }

    /// A request of the sale has started.
    pub(crate) fn began(&mut self, client: u64, serial: &str) {
        if let Some(sale) = self.sale_mut(serial) {
            *sale.under_way.entry(client).or_default() += 1;
        }
    }

    pub(crate) fn ended(&mut self, client: u64, serial: &str) {
        if let Some(sale) = self.sale_mut(serial) {
            *sale.under_way.entry(client).or_default() -= 1;
        }
    }

    pub(crate) fn breaks(&mut self, property: Property, what: String) {
        self.trace(|| format!("BROKEN {property:?}: {what}"));
        self.broken.push(Broken { property, what });
    }

    pub(crate) fn trace(&mut self, line: impl FnOnce() -> String) {
        let now = self.now;
        if let Some(trace) = &mut self.trace {
            trace.push(format!("{:>4}.{:03} {}", now / 1_000, now % 1_000, line()));
        }
    }

    pub(crate) fn take_trace(&mut self) -> Vec<String> {
        self.trace.take().unwrap_or_default()
    }
}

/// The world, shared with the ports inside the engine. It is locked only while no code of the engine runs.
#[derive(Clone)]
pub(crate) struct Shared(Arc<Mutex<World>>);

impl Shared {
    pub(crate) fn new(world: World) -> Self {
        Self(Arc::new(Mutex::new(world)))
    }

    pub(crate) fn with<T>(&self, what: impl FnOnce(&mut World) -> T) -> T {
        what(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}
