//! Counts what happened in worlds, so that a fault or an outcome that never happens is noticed.

use std::collections::BTreeMap;

use super::fault::Fault;

#[derive(Debug, Default, Clone)]
pub(crate) struct Counters {
    pub(crate) faults: BTreeMap<Fault, u64>,
    pub(crate) outcomes: BTreeMap<String, u64>,
    pub(crate) worlds: u64,
    pub(crate) sales: u64,
    pub(crate) performs: u64,
    pub(crate) charges: u64,
    pub(crate) events: u64,
}

impl Counters {
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
        self.events += other.events;
    }

    /// Prints the table at the end of a campaign: counts, and counts for each thousand sales.
    pub(crate) fn show(&self) {
        println!(
            "worlds {}, sales {}, performs {}, charges {}, events {}",
            self.worlds, self.sales, self.performs, self.charges, self.events
        );
        let sales = self.sales.max(1) as f64;
        let row = |name: &str, times: u64| println!("  {name:<44}{times:>9} {:>9.2} ‰", times as f64 * 1_000.0 / sales);
        println!("faults");
        self.faults
            .iter()
            .for_each(|(fault, times)| row(&format!("{fault:?}"), *times));
        println!("outcomes reported");
        self.outcomes.iter().for_each(|(outcome, times)| row(outcome, *times));
    }
}
