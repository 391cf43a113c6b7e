//! What happened in worlds, counted: a fault or an outcome that never comes is seen.

use std::collections::BTreeMap;

use crate::fault::Fault;

#[derive(Debug, Default, Clone)]
pub(crate) struct Tally {
    pub(crate) faults: BTreeMap<Fault, u64>,
    pub(crate) outcomes: BTreeMap<String, u64>,
    pub(crate) worlds: u64,
    pub(crate) sales: u64,
    pub(crate) performs: u64,
    pub(crate) charges: u64,
    pub(crate) happenings: u64,
}

impl Tally {
    pub(crate) fn count(&mut self, fault: Fault) {
        *self.faults.entry(fault).or_default() += 1;
    }

    pub(crate) fn outcome(&mut self, outcome: String) {
        *self.outcomes.entry(outcome).or_default() += 1;
    }

    pub(crate) fn add(&mut self, other: &Self) {
        for (fault, times) in &other.faults {
            *self.faults.entry(*fault).or_default() += times;
        }
        for (outcome, times) in &other.outcomes {
            *self.outcomes.entry(outcome.clone()).or_default() += times;
        }
        self.worlds += other.worlds;
        self.sales += other.sales;
        self.performs += other.performs;
        self.charges += other.charges;
        self.happenings += other.happenings;
    }

    /// The table that a campaign ends with: how often, and in a thousand sales.
    pub(crate) fn show(&self) {
        println!(
            "worlds {}, sales {}, performs {}, charges {}, events {}",
            self.worlds, self.sales, self.performs, self.charges, self.happenings
        );
        let sales = self.sales.max(1) as f64;
        let row = |name: &str, times: u64| println!("  {name:<44}{times:>9} {:>9.2} ‰", times as f64 * 1_000.0 / sales);
        println!("faults");
        self.faults
            .iter()
            .for_each(|(fault, times)| row(&format!("{fault:?}"), *times));
        println!("outcomes told");
        self.outcomes.iter().for_each(|(outcome, times)| row(outcome, *times));
    }
}
