//! What must hold in every world, and what must be reachable at all. Each has a name, so that a mutant's test can say
//! which one caught it.

use std::{
    collections::HashMap,
    hash::{DefaultHasher, Hash, Hasher},
    sync::Mutex,
};

use salekit_core::{UnknownAdvice, flow::Snapshot};
use stateright::{Model, Property};

use crate::{
    act::Act,
    engine::Step,
    setup::{Budget, Setup},
    weather::{End, Weather},
    world::{Order, Run, Told, Word, World},
};

pub(crate) const SENT_ONCE: &str = "perform sale is sent at most once";
pub(crate) const APPROVED_IS_TRUE: &str = "approved is told only if charged";
pub(crate) const NOT_CHARGED_IS_TRUE: &str = "not charged is told only if nothing can be charged any more";
pub(crate) const HEALS: &str = "over a healed network the gateway's word is told";
pub(crate) const ENDS: &str = "every sale ends";
pub(crate) const WAITS: &str = "an unfinished sale waits for something";
pub(crate) const PAGE_CLOSED: &str = "no page is left open";
pub(crate) const PAGE_ONCE: &str = "no page is opened twice in a row";
pub(crate) const PAGE_SHOWN: &str = "a page that the gateway asks for is shown";
pub(crate) const PAGE_STAYS: &str = "no page is opened by the step that ends the sale";
pub(crate) const RESTORES: &str = "the snapshot restores the same machine";
pub(crate) const CANCELLED_IS_TRUE: &str = "stopped waiting is told only after a cancel";
pub(crate) const OWN_INVOICE: &str = "perform sale is never sent for another sale's invoice";
pub(crate) const PROVES: &str =
    "where the merchant's server can void the invoice, a sale that never was is told as not charged";
pub(crate) const ADVICE_IS_TRUE: &str = "resume is advised exactly if there is a way to ask";

/// The sales of some kinds in an adversarial world.
pub(crate) struct Sales {
    pub(crate) step: Step,
    pub(crate) setups: Vec<Setup>,
    pub(crate) budget: Budget,
    /// Where courses came to, by what they depend on: worlds that differ only in what may still be done to them go
    /// on alike.
    courses: Mutex<HashMap<u64, End>>,
    /// Machines whose snapshots are known to restore.
    restored: Mutex<HashMap<u64, bool>>,
}

impl Sales {
    pub(crate) fn new(step: Step, setups: &[Setup], budget: Budget) -> Self {
        Self {
            step,
            setups: setups.to_vec(),
            budget,
            courses: Mutex::default(),
            restored: Mutex::default(),
        }
    }

    fn course(&self, world: &World, weather: Weather) -> End {
        let mut hasher = DefaultHasher::new();
        (&world.setup, world.now, &world.life, &world.stored, &world.gateway).hash(&mut hasher);
        (&world.other, world.told.last, weather).hash(&mut hasher);
        let key = hasher.finish();
        if let Some(end) = self.courses.lock().unwrap().get(&key) {
            return *end;
        }
        let end = world.course(self.step, weather);
        self.courses.lock().unwrap().insert(key, end);
        end
    }

    fn restores(&self, world: &World) -> bool {
        let Some(run) = world.run() else { return true };
        let digest = run.machine.digest();
        if let Some(restores) = self.restored.lock().unwrap().get(&digest) {
            return *restores;
        }
        let state = run.machine.state();
        let restores = Snapshot::decode(&Snapshot(state.clone()).encode()).is_ok_and(|Snapshot(same)| same == *state);
        self.restored.lock().unwrap().insert(digest, restores);
        restores
    }

    /// If the gateway has decided and stays reachable, the sale must come to know it, unless nobody can ask any more.
    fn heals(&self, world: &World) -> bool {
        let word = match world.gateway.order {
            Order::Approved => Word::Approved,
            Order::Declined => Word::Declined,
            Order::None | Order::Processing | Order::Challenge(_) => return true,
        };
        match self.course(world, Weather::Fair) {
            End::Told(told) if told == word => true,
            // The token was never learnt and the merchant's server cannot tell it: the app was told to ask the merchant.
            End::Told(Word::Unknown { advice, .. }) => advice == UnknownAdvice::AskMerchant && !world.setup.can_recover,
            _ => false,
        }
    }
}

impl Sales {
    /// Perform sale was sent and never came to an order, and nothing is on its way any more.
    fn proves(&self, world: &World) -> bool {
        let gateway = &world.gateway;
        let never_was = gateway.sent == 1 && gateway.order == Order::None && !gateway.on_the_way;
        let must_prove = never_was && world.setup.can_void;
        !must_prove || !matches!(self.course(world, Weather::Fair), End::Told(Word::Unknown { .. }))
    }
}

impl Model for Sales {
    type State = World;
    type Action = Act;

    fn init_states(&self) -> Vec<World> {
        self.setups
            .iter()
            .map(|setup| World::new(*setup, self.budget))
            .collect()
    }

    fn actions(&self, world: &World, acts: &mut Vec<Act>) {
        world.acts(self.step, acts);
    }

    fn next_state(&self, world: &World, act: Act) -> Option<World> {
        world.after(self.step, &act)
    }

    fn properties(&self) -> Vec<Property<Self>> {
        let mut properties = safety();
        properties.extend(liveness());
        properties.extend(possibilities());
        properties.extend(self.budget.has_second_runs().then(second_run));
        properties.extend(self.budget.has_pages_in_second_runs().then(page_of_second_run));
        properties
    }
}

fn safety() -> Vec<Property<Sales>> {
    vec![
        // Two perform requests can charge twice. There is no idempotency in the protocol to fall back on.
        Property::always(SENT_ONCE, |_, world: &World| world.gateway.sent <= 1),
        // Goods are handed out on this word.
        Property::always(APPROVED_IS_TRUE, |_, world: &World| {
            !world.told.approved || world.gateway.order == Order::Approved
        }),
        // On this word the cardholder pays again, so it must not only be true but stay true: neither an order that is
        // still open nor a perform request that is still on its way may turn it into a lie.
        Property::always(NOT_CHARGED_IS_TRUE, |_, world: &World| {
            !world.told.not_charged || !world.gateway.may_charge()
        }),
        // Two sales that perform one invoice charge the wrong card, or are told each other's outcome.
        Property::always(OWN_INVOICE, |_, world: &World| !world.slips.others_invoice),
        // A page left over the app asks for a security code again, after the sale has ended.
        Property::always(PAGE_CLOSED, |_, world: &World| !world.slips.page_left),
        // A page that opens again takes away what the cardholder has typed, and a one-time code is used up.
        Property::always(PAGE_ONCE, |_, world: &World| !world.slips.page_twice),
        // Nobody can authenticate on a page that they do not see, and then the sale ends as unknown.
        Property::always(PAGE_SHOWN, |_, world: &World| !world.slips.page_withheld),
        // It would flash up and vanish, and might ask the issuer to send a code for nothing.
        Property::always(PAGE_STAYS, |_, world: &World| !world.slips.page_flashed),
        // A snapshot that restores another machine makes everything shown here worthless after a restart.
        Property::always(RESTORES, Sales::restores),
        // Whoever resumes a sale wants to know, whatever was cancelled in a run before.
        Property::always(CANCELLED_IS_TRUE, |_, world: &World| !world.slips.not_cancelled),
        // The app shows "check again" or "ask the merchant" by it; the wrong one is a dead end.
        Property::always(ADVICE_IS_TRUE, |_, world: &World| !world.slips.wrong_advice),
    ]
}

fn liveness() -> Vec<Property<Sales>> {
    vec![
        // The charge is a fact by then; a sale that never comes to know it makes the cardholder pay again.
        Property::always(HEALS, Sales::heals),
        // Otherwise the payer must wait for a callback that will never come.
        Property::always(PROVES, Sales::proves),
        // A spinner that never stops is what makes people kill the app. Bounded: every course has an end within
        // `MOST_STEPS`, in fair weather and in a storm, from every world.
        Property::always(ENDS, |sales: &Sales, world: &World| {
            [Weather::Fair, Weather::Storm]
                .into_iter()
                .all(|weather| sales.course(world, weather) != End::Never)
        }),
        // The same as an invariant: what waits for nothing can only be woken by luck.
        Property::always(WAITS, |_, world: &World| {
            let waits = |run: &Run| run.timer.is_some() || !run.asked.is_empty() || run.commit.is_some();
            world.run().is_none_or(waits) && world.other.as_ref().is_none_or(|other| waits(&other.run))
        }),
    ]
}

/// An exploration that never gets anywhere finds no fault. These must be found.
fn possibilities() -> Vec<Property<Sales>> {
    vec![
        Property::sometimes("approved is told", |_, world: &World| world.told.approved),
        Property::sometimes("declined is told", |_, world: &World| {
            world.told.last == Some(Word::Declined)
        }),
        Property::sometimes("not charged is told", |_, world: &World| {
            world.told.last == Some(Word::NotCharged)
        }),
        Property::sometimes("unknown is told although charged", |_, world: &World| {
            matches!(world.told.last, Some(Word::Unknown { .. })) && world.gateway.order == Order::Approved
        }),
        Property::sometimes("approved is told after a cancel", |_, world: &World| {
            world.told.approved_although_cancelled
        }),
        Property::sometimes(
            "perform sale charges, and nobody is there any more",
            |_, world: &World| {
                world.gateway.order == Order::Approved && world.run().is_none() && world.told == Told::default()
            },
        ),
    ]
}

fn second_run() -> Property<Sales> {
    Property::sometimes("two runs wait for the gateway at once", |_, world: &World| {
        let asks = |run: &Run| !run.asked.is_empty();
        world.run().is_some_and(asks) && world.other.as_ref().is_some_and(|other| asks(&other.run))
    })
}

fn page_of_second_run() -> Property<Sales> {
    Property::sometimes("a page is open in the second run", |sales: &Sales, world: &World| {
        world.run().is_some() && world.page.is_some() && world.left.resumes < sales.budget.resumes
    })
}
