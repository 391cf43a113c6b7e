//! What must hold in every world, and what must be reachable. Each property has a name, so that a mutant's test can say
//! which one caught it.

use std::{
    collections::HashMap,
    hash::{DefaultHasher, Hash, Hasher},
    sync::Mutex,
};

use salekit_core::{UnknownAdvice, flow::Snapshot};
use stateright::{Model, Property};

use super::{
    act::Act,
    completion::{End, Network},
    engine::Step,
    setup::{Budget, Setup},
    world::{Order, OutcomeKind, Reported, Run, World},
};

pub(crate) const SENT_ONCE: &str = "perform sale is sent at most once";
pub(crate) const APPROVED_IS_TRUE: &str = "approved is reported only if charged";
pub(crate) const NOT_CHARGED_IS_TRUE: &str = "not charged is reported only if nothing can be charged later";
pub(crate) const HEALS: &str = "over a healthy network the gateway's decision is reported";
pub(crate) const ENDS: &str = "every sale ends";
pub(crate) const WAITS: &str = "an unfinished sale waits for something";
pub(crate) const PAGE_CLOSED: &str = "no page is left open";
pub(crate) const PAGE_ONCE: &str = "no page is opened twice in a row";
pub(crate) const PAGE_SHOWN: &str = "a page that the gateway asks for is shown";
pub(crate) const PAGE_STAYS: &str = "no page is opened by the step that ends the sale";
pub(crate) const RESTORES: &str = "the snapshot restores the same machine";
pub(crate) const CANCELLED_IS_TRUE: &str = "stopped waiting is reported only after a cancel";
pub(crate) const OWN_INVOICE: &str = "perform sale is never sent for another sale's invoice";
pub(crate) const PROVES: &str =
    "if the merchant's server can void the invoice, a sale that does not exist is reported as not charged";
pub(crate) const ADVICE_IS_TRUE: &str = "resume is advised exactly if there is a way to ask";

/// The sales of some kinds in an adversarial world.
pub(crate) struct Sales {
    pub(crate) step: Step,
    pub(crate) setups: Vec<Setup>,
    pub(crate) budget: Budget,
    /// The ends of completed worlds and of those on their way there, and after how many steps they come, by the part of
    /// the world that they depend on. Worlds with the same part end in the same way.
    completed: Mutex<HashMap<u64, (End, usize)>>,
    /// Whether a machine's snapshot restores it, for machines that were already checked.
    restored: Mutex<HashMap<u64, bool>>,
}

impl Sales {
    pub(crate) fn new(step: Step, setups: &[Setup], budget: Budget) -> Self {
        Self {
            step,
            setups: setups.to_vec(),
            budget,
            completed: Mutex::default(),
            restored: Mutex::default(),
        }
    }

    fn complete(&self, world: &World, network: Network) -> End {
        let mut passed = Vec::new();
        let (end, steps) = world.complete(self.step, network, |later| {
            let key = part(later, network);
            let known = self.completed.lock().unwrap().get(&key).copied();
            if known.is_none() {
                passed.push(key);
            }
            known
        });
        let mut completed = self.completed.lock().unwrap();
        for (taken, key) in passed.into_iter().enumerate() {
            completed.insert(key, (end, steps - taken));
        }
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

    /// If the gateway has decided and can be reached, the sale must learn the decision, unless nobody can be asked any
    /// more.
    fn heals(&self, world: &World) -> bool {
        let decision = match world.gateway.order {
            Order::Approved => OutcomeKind::Approved,
            Order::Declined => OutcomeKind::Declined,
            Order::None | Order::Processing | Order::Challenge(_) => return true,
        };
        match self.complete(world, Network::Healthy) {
            End::Reported(reported) if reported == decision => true,
            // The token was never received and the merchant's server does not know it: the app was advised to ask the
            // merchant.
            End::Reported(OutcomeKind::Unknown { advice, .. }) => {
                advice == UnknownAdvice::AskMerchant && !world.setup.can_recover
            }
            _ => false,
        }
    }
}

/// What the end of `world` depends on.
fn part(world: &World, network: Network) -> u64 {
    let mut hasher = DefaultHasher::new();
    (&world.setup, world.now, &world.life, &world.stored, &world.gateway).hash(&mut hasher);
    (&world.other, world.reported.last, network).hash(&mut hasher);
    hasher.finish()
}

impl Sales {
    /// Perform sale was sent and never became an order, and nothing is on its way.
    fn proves(&self, world: &World) -> bool {
        let gateway = &world.gateway;
        let no_order = gateway.sent == 1 && gateway.order == Order::None && !gateway.on_the_way;
        let must_prove = no_order && world.setup.can_void;
        !must_prove
            || !matches!(
                self.complete(world, Network::Healthy),
                End::Reported(OutcomeKind::Unknown { .. })
            )
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
        // Two perform requests can charge twice. The protocol has no idempotency that would prevent it.
        Property::always(SENT_ONCE, |_, world: &World| world.gateway.sent <= 1),
        // Goods are delivered because of this outcome.
        Property::always(APPROVED_IS_TRUE, |_, world: &World| {
            !world.reported.approved || world.gateway.order == Order::Approved
        }),
        // Because of this outcome the cardholder pays again, so it must be true and stay true: neither an open order
        // nor a perform request on its way may make it wrong later.
        Property::always(NOT_CHARGED_IS_TRUE, |_, world: &World| {
            !world.reported.not_charged || !world.gateway.may_charge()
        }),
        // Two sales that perform the same invoice charge the wrong card, or report each other's outcome.
        Property::always(OWN_INVOICE, |_, world: &World| !world.violations.others_invoice),
        // A page that stays open over the app asks for a security code after the sale has ended.
        Property::always(PAGE_CLOSED, |_, world: &World| !world.violations.page_left),
        // A page that opens again discards what the cardholder has typed, and a one-time code is used up.
        Property::always(PAGE_ONCE, |_, world: &World| !world.violations.page_twice),
        // Without seeing the page nobody can authenticate, and the sale ends as unknown.
        Property::always(PAGE_SHOWN, |_, world: &World| !world.violations.page_withheld),
        // It would appear and vanish at once, and might make the issuer send a code for nothing.
        Property::always(PAGE_STAYS, |_, world: &World| !world.violations.page_flashed),
        // If a snapshot restored another machine, nothing shown here would hold after a restart.
        Property::always(RESTORES, Sales::restores),
        // Resuming means that the app wants the outcome, even if an earlier run was cancelled.
        Property::always(CANCELLED_IS_TRUE, |_, world: &World| !world.violations.not_cancelled),
        // The app shows "check again" or "ask the merchant" because of it, and wrong advice leads nowhere.
        Property::always(ADVICE_IS_TRUE, |_, world: &World| !world.violations.wrong_advice),
    ]
}

fn liveness() -> Vec<Property<Sales>> {
    vec![
        // The sale is already charged; if it never learns that, the cardholder pays again.
        Property::always(HEALS, Sales::heals),
        // Otherwise the payer would wait for a callback that never comes.
        Property::always(PROVES, Sales::proves),
        // A spinner that never stops makes people kill the app. Every world must end within `MOST_STEPS`, whether the
        // network works or is down.
        Property::always(ENDS, |sales: &Sales, world: &World| {
            [Network::Healthy, Network::Down]
                .into_iter()
                .all(|network| sales.complete(world, network) != End::Never)
        }),
        // This is the same as an invariant: a sale that waits for nothing would stop for ever.
        Property::always(WAITS, |_, world: &World| {
            let waits = |run: &Run| run.timer.is_some() || !run.asked.is_empty() || run.commit.is_some();
            world.run().is_none_or(waits) && world.other.as_ref().is_none_or(|other| waits(&other.run))
        }),
    ]
}

/// An exploration that reaches too little finds no mistakes. It must reach these states.
fn possibilities() -> Vec<Property<Sales>> {
    vec![
        Property::sometimes("approved is reported", |_, world: &World| world.reported.approved),
        Property::sometimes("declined is reported", |_, world: &World| {
            world.reported.last == Some(OutcomeKind::Declined)
        }),
        Property::sometimes("not charged is reported", |_, world: &World| {
            world.reported.last == Some(OutcomeKind::NotCharged)
        }),
        Property::sometimes("unknown is reported although charged", |_, world: &World| {
            matches!(world.reported.last, Some(OutcomeKind::Unknown { .. })) && world.gateway.order == Order::Approved
        }),
        Property::sometimes("approved is reported after a cancel", |_, world: &World| {
            world.reported.approved_although_cancelled
        }),
        Property::sometimes("perform sale charges, and no run is left", |_, world: &World| {
            world.gateway.order == Order::Approved && world.run().is_none() && world.reported == Reported::default()
        }),
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
