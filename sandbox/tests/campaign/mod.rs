//! Many sales through faulty connections: whatever the network does, no app gets anything untrue about money, no two
//! sales are mixed up, and nothing is unknown that could have been known.
//!
//! `SALEKIT_SEED` repeats a seed, `SALEKIT_PROFILE=long` makes 100,000 sales, `SALEKIT_SALES` any number.

mod apps;
mod explain;
mod listener;
mod parties;
mod table;

use std::{sync::Arc, time::Duration};

use salekit_core::SaleOutcome;
use salekit_sandbox::{Dice, FaultPlan, FaultProxy, Sandbox, SandboxConfig};

use crate::support::{MACHINE, Verdicts, count, seed};
use apps::{Apps, Ended};
use table::Table;

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn nothing_untrue_is_told_about_money() {
    let _machine = MACHINE.write().await;
    let seed = seed();
    let sales = count("SALEKIT_SALES", 1_000, 100_000);
    let config = SandboxConfig::default()
        .immediate()
        .challenge_timeout(Duration::from_millis(1_500))
        .short_challenge_timeout(Duration::from_millis(1_500));
    let sandbox = Sandbox::start(config).await.unwrap();
    let (gateway, merchant) = FaultProxy::pair(&sandbox, FaultPlan::chaos(seed), (0, 0))
        .await
        .unwrap();
    let apps = Arc::new(Apps::new(&sandbox, gateway, merchant));
    let began = std::time::Instant::now();
    let ended = apps.sell(sales, &Dice::new(seed)).await;
    let sold = began.elapsed();

    apps.gateway.heal();
    apps.merchant.heal();
    let unknown: Vec<&Ended> = ended.iter().filter(|ended| ended.is_unknown()).collect();
    // What comes late comes before the second answer, and what an app was once answered holds for ever: all is compared
    // with the end.
    apps.gateway.settled().await;
    let again = apps.ask_again(&unknown).await;
    let ledger = sandbox.ledger();
    ledger.settled().await;

    let mut table = Table::default();
    let mut verdicts = Verdicts::default();
    for ended in &ended {
        let entry = ended.invoice_id.as_deref().and_then(|id| ledger.entry(id));
        verdicts.told(&ended.outcome, apps.truth(ended, entry.as_ref()));
        if let Some(entry) = entry.filter(|entry| entry.performs_received > 0 && !apps.is_of(entry, ended)) {
            verdicts.wrong(format!("the sale of {} performed {entry:?}", ended.amount_minor));
        }
        table.outcome(&ended.outcome, apps.parties(ended).merchant_name());
        if let SaleOutcome::Unknown(end) = &ended.outcome {
            match explain::unknown(ended, end, &apps) {
                Ok(why) => table.explained(why),
                Err(complaint) => verdicts.unexplained(complaint),
            }
        }
    }
    for (ended, outcome) in &again {
        let entry = ended.invoice_id.as_deref().and_then(|id| ledger.entry(id));
        verdicts.told_again(outcome, apps.truth(ended, entry.as_ref()), || {
            let invoice_id = ended.invoice_id.as_deref().unwrap_or_default();
            let asked = apps.told.about(invoice_id);
            format!("first told {:?}; asked {asked:?}", ended.outcome)
        });
        table.again(outcome, entry.as_ref());
    }
    // No charge outside of the sales that were made.
    let invoices: std::collections::HashSet<&str> =
        ended.iter().filter_map(|ended| ended.invoice_id.as_deref()).collect();
    let initiated = ended.iter().filter(|ended| ended.invoice_id.is_some()).count();
    if initiated != invoices.len() {
        verdicts.wrong(format!("{initiated} sales share {} invoices", invoices.len()));
    }
    for entry in ledger.entries() {
        let (sent, passes) = apps.performs(&entry.invoice_id);
        verdicts.entry(&entry, passes);
        if sent > 1 {
            verdicts.wrong(format!("an app sent perform {sent} times: {entry:?}"));
        }
        table.entry(&entry, passes);
        if !invoices.contains(entry.invoice_id.as_str()) {
            verdicts.wrong(format!("performed by nobody: {entry:?}"));
        }
    }
    table.print(seed, sold, &apps);
    let totals = [apps.gateway.totals(), apps.merchant.totals()];
    assert!(
        totals.iter().all(|totals| totals.redirects_followed == 0),
        "a redirect was followed"
    );
    assert_eq!(again.len(), unknown.len(), "every unknown sale can be asked for again");
    verdicts.end(
        "faulty connections",
        totals.iter().flat_map(|totals| totals.faults.values()).sum(),
    );
    sandbox.shutdown().await;
}
