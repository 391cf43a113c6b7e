//! One world: its time, what will happen in it, and all that stands around the engine.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{Arc, Mutex, PoisonError},
};

use salekit_core::SaleId;

use crate::{
    app::Act,
    contact::Place,
    dice::Dice,
    disk::Disk,
    fault::Fault,
    gateway::Gateway,
    merchant::Merchant,
    network::Network,
    oracle::{Broken, Property, SaleRecord},
    payer::{Page, PayerAct},
    setup::Setup,
    tally::Tally,
    threads::Threads,
};

/// Something that is done to the world.
pub(crate) type Change = Box<dyn FnOnce(&mut World) + Send>;

/// What happens at a time.
pub(crate) enum Happening {
    /// Something outside of the app's processes.
    Outside(Change),
    /// The app does something, if its process lives.
    App { slot: usize, act: Act },
    /// The payer does something with the page of a sale.
    Payer { key: (u64, SaleId), act: PayerAct },
    /// A thread of the process's begins its work with the store.
    Work { life: u64, work: u64 },
    /// A process is killed.
    Kill { slot: usize },
    /// A process is started (again).
    Start { slot: usize },
}

pub(crate) struct World {
    /// Milliseconds since the world began.
    pub(crate) now: u64,
    pub(crate) dice: Dice,
    pub(crate) setup: Setup,
    happenings: BTreeMap<(u64, u64), Happening>,
    happenings_so_far: u64,
    /// From some time on nothing goes wrong any more, so that what must end can end.
    pub(crate) is_calm: bool,
    /// At the end new clients look at what all others have left.
    pub(crate) heirs: bool,
    /// The lives of processes that last, and how far each one's wall clock has jumped.
    pub(crate) lives: BTreeMap<u64, i64>,
    /// In which life of a process a client is or was.
    pub(crate) lives_of_clients: BTreeMap<u64, u64>,
    pub(crate) disks: Vec<Disk>,
    pub(crate) gateways: Vec<Gateway>,
    pub(crate) merchant: Merchant,
    pub(crate) network: Network,
    pub(crate) threads: BTreeMap<u64, Threads>,
    pub(crate) pages: BTreeMap<(u64, SaleId), Page>,
    /// All starts of sales, in order.
    pub(crate) sales: Vec<SaleRecord>,
    /// Sales that run, and in which clients.
    pub(crate) running: BTreeSet<(SaleId, u64)>,
    /// Sales that are being acknowledged or forgotten, and by which clients.
    pub(crate) dropping: BTreeSet<(SaleId, u64)>,
    /// Those that are being acknowledged.
    pub(crate) acknowledging: BTreeSet<(SaleId, u64)>,
    /// Those that are being forgotten.
    pub(crate) forgetting: BTreeSet<(SaleId, u64)>,
    /// Waits that somebody still waits for, by client.
    pub(crate) sleeps: BTreeMap<u64, i64>,
    /// Calls of the app's that have not returned: what, and since when.
    pub(crate) calls: BTreeMap<u64, (String, u64)>,
    /// Lives in which something may go on since they were run last.
    pub(crate) touched: BTreeSet<u64>,
    /// A save that is being made kills its process.
    pub(crate) dying: Option<u64>,
    pub(crate) tally: Tally,
    pub(crate) broken: Vec<Broken>,
    trace: Option<Vec<String>>,
    numbers: u64,
}

impl World {
    pub(crate) fn new(setup: Setup, seed: u64, traced: bool) -> Self {
        Self {
            now: 0,
            dice: Dice::new(!seed),
            disks: (0..setup.disks).map(|_| Disk::default()).collect(),
            gateways: (0..setup.gateways).map(|_| Gateway::default()).collect(),
            setup,
            happenings: BTreeMap::new(),
            happenings_so_far: 0,
            is_calm: false,
            heirs: false,
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
            tally: Tally::default(),
            broken: Vec::new(),
            trace: traced.then(Vec::new),
            numbers: 0,
        }
    }

    /// Lets `happening` happen after `delay` milliseconds.
    pub(crate) fn schedule(&mut self, delay: u64, happening: Happening) {
        self.happenings_so_far += 1;
        let at = self.now.saturating_add(delay);
        self.happenings.insert((at, self.happenings_so_far), happening);
    }

    pub(crate) fn after(&mut self, delay: u64, what: impl FnOnce(&mut Self) + Send + 'static) {
        self.schedule(delay, Happening::Outside(Box::new(what)));
    }

    /// The next thing that happens, if it does before `end`; the time becomes its own.
    pub(crate) fn next_happening(&mut self, end: u64) -> Option<Happening> {
        let (&(at, _), _) = self.happenings.first_key_value()?;
        if at > end {
            return None;
        }
        let (_, happening) = self.happenings.pop_first()?;
        self.now = at;
        Some(happening)
    }

    /// Takes out what still would happen: it holds ends of channels and of the world itself.
    pub(crate) fn forget_happenings(&mut self) -> BTreeMap<(u64, u64), Happening> {
        std::mem::take(&mut self.happenings)
    }

    /// Whether `fault` happens now, as it does `permille` times in a thousand where the world has it.
    pub(crate) fn happens(&mut self, fault: Fault, permille: u64) -> bool {
        let happens = !self.is_calm && self.setup.has(fault) && self.dice.permille(permille);
        if happens {
            self.count(fault);
        }
        happens
    }

    pub(crate) fn count(&mut self, fault: Fault) {
        self.tally.count(fault);
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

    /// Whether another process than that at `place` runs the sale, and no lock tells it.
    pub(crate) fn runs_out_of_sight(&self, id: &SaleId, place: Place) -> bool {
        let elsewhere = |other| self.lives_of_clients.get(other) != Some(&place.life);
        let mut running = self.running.iter();
        !self.setup.has_locks && running.any(|(sale, other)| sale == id && *other != place.client && elsewhere(other))
    }

    /// A request of the sale's is under way.
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

/// The world, for the ports that live in the engine. Locked only for as long as nothing of the engine runs.
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
