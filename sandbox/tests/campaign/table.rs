//! What a campaign counts, printed. Nothing here is asserted: the numbers are for people.

use std::{collections::BTreeMap, time::Duration};

use salekit_core::SaleOutcome;
use salekit_sandbox::Entry;

use super::apps::Apps;

#[derive(Default)]
pub(crate) struct Table {
    outcomes: BTreeMap<String, usize>,
    explained: BTreeMap<&'static str, usize>,
    again: BTreeMap<String, usize>,
    merchants: BTreeMap<String, usize>,
    ledger: BTreeMap<String, usize>,
    sales: usize,
}

impl Table {
    pub(crate) fn outcome(&mut self, outcome: &SaleOutcome, merchant: &str) {
        self.sales += 1;
        *self.outcomes.entry(word(outcome)).or_default() += 1;
        let of_merchant = format!("merchant {merchant}: {}", outcome.name());
        *self.merchants.entry(of_merchant).or_default() += 1;
    }

    /// What the ledger says of an invoice whose perform was repeated on the way, or that was voided.
    pub(crate) fn entry(&mut self, entry: &Entry, passes: u32) {
        let voided = if entry.is_void { "void" } else { "not void" };
        if passes > 1 || entry.is_void {
            let received = entry.performs_received;
            let what = format!("{voided}, {received} performs received: {:?}", entry.state);
            *self.ledger.entry(what).or_default() += 1;
        }
    }

    pub(crate) fn explained(&mut self, why: &'static str) {
        *self.explained.entry(why).or_default() += 1;
    }

    pub(crate) fn again(&mut self, outcome: &SaleOutcome, entry: Option<&Entry>) {
        let truth = match entry {
            None => "perform never arrived".to_owned(),
            Some(entry) if entry.is_void => "void".to_owned(),
            Some(entry) if entry.unresolvable => "the bank never answers".to_owned(),
            Some(entry) => format!("ledger {:?}", entry.state),
        };
        *self.again.entry(format!("{} ({truth})", outcome.name())).or_default() += 1;
    }

    pub(crate) fn print(&self, seed: u64, sold: Duration, apps: &Apps) {
        let all = self.sales.max(1) as f64;
        println!("{} sales in {:.1} s, seed {seed}", self.sales, sold.as_secs_f64());
        section("outcome", &self.outcomes, all);
        section("outcome by merchant", &self.merchants, all);
        section("the ledger of what was repeated or voided", &self.ledger, all);
        section("unknown, because", &self.explained, all);
        section("asked again after the faults", &self.again, all);
        for (name, proxy) in [("gateway", &apps.gateway), ("merchant", &apps.merchant)] {
            let totals = proxy.totals();
            println!(
                "{name}: {} connections, {} requests, {:.1} requests a sale",
                totals.connections,
                totals.exchanges,
                totals.exchanges as f64 / all
            );
            section(
                &format!("faults at the {name}"),
                &totals.faults,
                totals.exchanges.max(1) as f64,
            );
        }
    }
}

fn section<K: AsRef<str>, V: Copy + TryInto<u64>>(title: &str, counts: &BTreeMap<K, V>, all: f64) {
    println!("  {title}");
    for (what, count) in counts {
        let count = (*count).try_into().unwrap_or_default();
        println!(
            "    {:<56} {count:>8} {:>6.2} %",
            what.as_ref(),
            count as f64 * 100.0 / all
        );
    }
}

fn word(outcome: &SaleOutcome) -> String {
    match outcome {
        SaleOutcome::NotCharged(end) => format!("not_charged, {:?}", end.reason),
        SaleOutcome::Unknown(end) => format!("unknown, {:?}", end.reason),
        outcome => outcome.name().to_owned(),
    }
}
