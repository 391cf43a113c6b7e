//! Runs many worlds: no property may be violated, and each fault and each outcome must have happened.

use std::{
    collections::{BTreeMap, BTreeSet},
    env, panic,
    sync::{
        Mutex, Once,
        atomic::{AtomicU64, Ordering},
    },
    thread,
    time::Instant,
};

use salekit_testkit::figures::Figures;

use super::{
    counters::Counters,
    excerpt,
    fault::Fault,
    invariants::Property,
    run::{self, Ended},
};

/// One for each core of a small machine.
const THREADS: u64 = 2;
/// About a minute and a quarter on two idle cores, without optimisation.
const NORMAL: u64 = 15_000;
const LONG: u64 = 2_000_000;
/// How many worlds are run twice, to check that both runs are the same.
const TWICE: u64 = 300;
/// Every outcome that a sale can have, as long as no panic ends its task.
const OUTCOMES: &[&str] = &[
    "approved",
    "declined",
    "not charged: AccessTokenRefused",
    "not charged: Cancelled",
    "not charged: GatewayUnreachable",
    "not charged: InitiateRefused",
    "not charged: InvoiceInUse",
    "not charged: InvoiceVoided",
    "not charged: OrderInUse",
    "not charged: Interrupted",
    "not charged: PerformRefused",
    "not charged: MerchantUnavailable",
    "not charged: StorageFailed",
    "refused at once: OrderInUse",
    "unknown: ChallengeUnfinished",
    "unknown: PerformAnswerLost",
    "unknown: RefusalUnconfirmed",
    "unknown: StatusUnavailable",
    "unknown: StillProcessing",
    "unknown: StoppedWaiting",
];

/// Panics that the worlds cause on purpose are not printed.
fn expect_panics() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let usual = panic::take_hook();
        panic::set_hook(Box::new(move |info| {
            let payload = info.payload();
            let text = payload.downcast_ref::<String>().map(String::as_str);
            let text = text
                .or_else(|| payload.downcast_ref::<&str>().copied())
                .unwrap_or_default();
            if !text.starts_with("simulated") {
                usual(info);
            }
        }));
    });
}

fn number(variable: &str) -> Option<u64> {
    env::var(variable).ok()?.parse().ok()
}

/// Shows one world, event by event.
fn replay(seed: u64) -> Ended {
    let ended = run::world(seed, true);
    ended.trace.iter().for_each(|line| println!("{line}"));
    for broken in &ended.broken {
        println!(
            "broken in the world of seed {seed}: {:?}: {}",
            broken.property, broken.what
        );
    }
    ended
}

/// Shows how a world came to violate `property`.
fn show_trace(seed: u64, property: Property) {
    let ended = run::world(seed, true);
    if let Some(broken) = ended.broken.iter().find(|broken| broken.property == property) {
        println!("seed {seed}: {property:?}: {}", broken.what);
        excerpt::of(&ended.trace, broken)
            .iter()
            .for_each(|line| println!("    {line}"));
    }
}

#[test]
fn every_world_holds() {
    expect_panics();
    if let Some(seed) = number("SALEKIT_SEED") {
        assert!(replay(seed).broken.is_empty());
        return;
    }
    let is_long = env::var("SALEKIT_PROFILE").is_ok_and(|profile| profile == "long");
    let worlds = number("SALEKIT_WORLDS").unwrap_or(if is_long { LONG } else { NORMAL });
    let (next, sum) = (AtomicU64::new(0), Mutex::new((Counters::default(), BTreeSet::new())));
    let began = Instant::now();
    thread::scope(|scope| {
        for _ in 0..THREADS {
            scope.spawn(|| {
                let (mut counters, mut broken) = (Counters::default(), BTreeSet::new());
                loop {
                    let seed = next.fetch_add(1, Ordering::Relaxed);
                    if seed >= worlds {
                        break;
                    }
                    let ended = run::world(seed, false);
                    counters.add(&ended.counters);
                    for found in ended.broken {
                        broken.insert((found.property, seed));
                    }
                }
                let mut sum = sum.lock().unwrap();
                sum.0.add(&counters);
                sum.1.append(&mut broken);
            });
        }
    });
    let (counters, broken) = sum.into_inner().unwrap();
    counters.show();
    let seconds = began.elapsed().as_secs_f64();
    println!("{seconds:.1} s, {:.0} worlds a second", worlds as f64 / seconds);
    let mut by_property: BTreeMap<Property, Vec<_>> = BTreeMap::new();
    for (property, seed) in &broken {
        by_property.entry(*property).or_default().push(*seed);
    }
    for (property, seeds) in &by_property {
        println!(
            "broken in {} worlds: {property:?}, seeds {:?} …",
            seeds.len(),
            &seeds[..seeds.len().min(8)]
        );
        show_trace(seeds[0], *property);
    }
    let worlds_that_break = |properties: &[Property]| {
        let broken = properties.iter().filter_map(|property| by_property.get(property));
        broken.map(Vec::len).sum::<usize>()
    };
    let charges = worlds_that_break(&[Property::ChargedOnce, Property::PerformedOnce, Property::OrderPaidOnce]);
    let wrong = worlds_that_break(&[Property::OutcomeIsTrue, Property::VoidIsVoid]);
    let unknown = counters
        .outcomes
        .iter()
        .filter(|(outcome, _)| outcome.starts_with("unknown"));
    Figures {
        cases: usize::try_from(worlds).unwrap(),
        faults: Some(counters.faults.values().sum()),
        double_charges: charges,
        wrong,
        unknown: usize::try_from(unknown.map(|(_, times)| times).sum::<u64>()).ok(),
        unexplained: broken.len() - charges - wrong,
    }
    .report("whole engine in made-up worlds (simulation)");
    assert!(broken.is_empty(), "replay with SALEKIT_SEED");
    if worlds >= NORMAL {
        let unseen: Vec<_> = Fault::ALL
            .iter()
            .filter(|fault| !fault.is_consequence())
            .filter(|fault| !counters.faults.contains_key(*fault))
            .collect();
        assert!(unseen.is_empty(), "never happened: {unseen:?}");
        let untold: Vec<_> = OUTCOMES
            .iter()
            .filter(|outcome| !counters.outcomes.contains_key(**outcome))
            .collect();
        assert!(untold.is_empty(), "never reported: {untold:?}");
    }
}

#[test]
fn a_seed_is_a_world() {
    expect_panics();
    let worlds = number("SALEKIT_WORLDS").unwrap_or(TWICE);
    let seeds = number("SALEKIT_SEED").map_or(0..worlds, |seed| seed..seed + 1);
    for seed in seeds {
        let [one, two] = [(); 2].map(|()| run::world(seed, true).trace);
        let differ = one.iter().zip(&two).find(|(one, two)| one != two);
        assert_eq!(differ, None, "seed {seed}");
        assert_eq!(one.len(), two.len(), "seed {seed}");
    }
}
