//! Perform sale at the moment at which the gateway closes the idle connection that was made for it: whichever comes
//! first, the sale is performed once or not at all, and nothing untrue is said. Real time, in steps of 5 ms.

use std::{
    collections::{BTreeMap, HashSet},
    time::Duration,
};

use salekit_core::{SaleClient, SaleOutcome, UnknownReason};
use salekit_sandbox::{
    Direction, Fault, FaultPlan, FaultProxy, Message, Sandbox, SandboxConfig, Script, TokenExtension,
};
use tokio::{sync::broadcast::error::TryRecvError, task::JoinSet};

use crate::support::{MACHINE, Truth, Verdicts, config, count, request};

const STEP: Duration = Duration::from_millis(5);
/// Steps in all, and those before the close. The connection's idle time begins a little after the sale.
const STEPS: u32 = 24;
const STEPS_BEFORE: u32 = 8;
/// More at the same time would blur the steps.
const AT_ONCE: usize = 6;

/// The gateway closes connections that were idle for this long. No server should close one so soon: it has not been idle
/// for so long that perform sale would go out on a new one.
const LIMIT: Duration = Duration::from_millis(300);

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_server_that_closes_sooner_than_any_should_makes_no_sale_fail_or_double() {
    let _machine = MACHINE.read().await;
    let rounds = count("SALEKIT_ROUNDS", 2, 40);
    // A merchant that voids would settle what the close leaves open.
    let merchant = TokenExtension::TokensOnly;
    let parties = SandboxConfig::default().immediate().token_extension(merchant);
    let sandbox = Sandbox::start(parties).await.unwrap();
    let plan = FaultPlan::quiet().idle_limit(LIMIT);
    let gateway = FaultProxy::of_gateway(&sandbox, plan).await.unwrap();
    let mut observations = sandbox.observe();
    let mut moments: Vec<(String, Duration)> = Vec::new();
    for round in 0..rounds {
        for step in 0..STEPS {
            // The answer to initiate sale is held back for so long that perform sale comes at about the moment of the close.
            let hold = LIMIT + STEP * step - STEP * STEPS_BEFORE;
            moments.push((format!("device-{round}-{step}"), hold));
        }
    }
    let mut outcomes = Vec::new();
    let mut asked = HashSet::new();
    for some in moments.chunks(AT_ONCE) {
        let mut selling = JoinSet::new();
        for (serial, hold) in some {
            sandbox.script(serial, Script::new().fault(Message::Initiate, Fault::Stall(*hold)));
            let config = config(gateway.url(), sandbox.merchant_url(), sandbox.ca_pem())
                .with_connection_timeouts(Duration::from_secs(10), Duration::from_secs(10));
            let serial = serial.clone();
            selling.spawn(async move {
                let client = SaleClient::new(config).unwrap();
                // The connection is there before, so that its idle time begins when initiate sale does.
                client.preconnect().await;
                let sale = client.start(request(&serial, "123")).unwrap();
                let outcome = sale.outcome().await;
                let again = match outcome {
                    SaleOutcome::Unknown(_) => Some(client.resume(sale.id()).await.unwrap().outcome().await),
                    _ => None,
                };
                (sale.invoice_id(), outcome, again)
            });
        }
        outcomes.extend(selling.join_all().await);
        // Every few sales, because only so many messages are kept for who is slow to ask.
        loop {
            match observations.try_recv() {
                Ok(seen) if (seen.message, seen.direction) == ("session token", Direction::Request) => {
                    asked.extend(seen.invoice_id);
                }
                Ok(_) => {}
                Err(TryRecvError::Lagged(missed)) => panic!("{missed} messages were missed"),
                Err(_) => break,
            }
        }
    }
    let reconnected = gateway.totals().connections - moments.len() as u64;
    let mut verdicts = Verdicts::default();
    for entry in sandbox.ledger().entries() {
        verdicts.entry(&entry, 1);
    }
    let mut told = BTreeMap::<&str, usize>::new();
    for (invoice, outcome, again) in outcomes {
        let entry = invoice.and_then(|invoice| sandbox.ledger().entry(&invoice));
        let truth = Truth::of(entry.as_ref(), merchant);
        verdicts.told(&outcome, truth);
        if let SaleOutcome::Unknown(end) = &outcome {
            assert_eq!(end.reason, UnknownReason::PerformAnswerLost);
            assert_eq!(entry, None, "what had arrived is known");
            verdicts.told_again(&again.unwrap(), truth, String::new);
        }
        *told.entry(outcome.name()).or_default() += 1;
    }
    println!(
        "idle connections closed after {LIMIT:?}: {told:?}; {reconnected} of {} sales made a new connection, {} went to recovery",
        moments.len(),
        asked.len()
    );
    verdicts.end("idle connections closed", reconnected);
    sandbox.shutdown().await;
    // Lost to the close is at worst unknown; nothing is called failed, and nothing is sent again.
    let [approved, unknown] = ["approved", "unknown"].map(|word| told.get(word).copied().unwrap_or_default());
    assert_eq!(approved + unknown, moments.len(), "{told:?}");
    assert!(asked.len() >= unknown);
}
