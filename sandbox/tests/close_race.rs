//! Perform sale at the moment at which the gateway closes the idle connection that was made for it: whichever comes
//! first, the sale is performed once or not at all, and nothing untrue is told. Real time, in steps of 5 ms.

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

/// What became of the sales of a sweep.
#[derive(Default)]
struct Sweep {
    outcomes: BTreeMap<&'static str, usize>,
    /// Sales whose perform answer was lost.
    recovered: usize,
    /// Connections to the gateway beyond the first of each sale.
    reconnected: u64,
}

/// Sales whose perform request comes when the connection that was made for it has been idle for about `idle`, at a gateway
/// that closes connections which were idle for `limit`: the answer to initiate sale is held back for that long.
async fn sweep(limit: Duration, idle: Duration, rounds: u32) -> Sweep {
    // A merchant that voids would settle what the close leaves open.
    let merchant = TokenExtension::TokensOnly;
    let parties = SandboxConfig::default().immediate().token_extension(merchant);
    let sandbox = Sandbox::start(parties).await.unwrap();
    let plan = FaultPlan::quiet().idle_limit(limit);
    let gateway = FaultProxy::of_gateway(&sandbox, plan).await.unwrap();
    let mut observations = sandbox.observe();
    let mut moments: Vec<(String, Duration)> = Vec::new();
    for round in 0..rounds {
        for step in 0..STEPS {
            let hold = idle + STEP * step - STEP * STEPS_BEFORE;
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
                let sale = client.start(request(&serial, "123", None)).unwrap();
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
    let mut found = Sweep {
        recovered: asked.len(),
        reconnected: gateway.totals().connections - moments.len() as u64,
        ..Sweep::default()
    };
    let mut verdicts = Verdicts::default();
    for entry in sandbox.ledger().entries() {
        verdicts.entry(&entry, 1);
    }
    for (invoice, outcome, again) in outcomes {
        let entry = invoice.and_then(|invoice| sandbox.ledger().entry(&invoice));
        let truth = Truth::of(entry.as_ref(), merchant);
        verdicts.told(&outcome, truth);
        if let SaleOutcome::Unknown(end) = &outcome {
            assert_eq!(end.reason, UnknownReason::PerformAnswerLost);
            assert_eq!(entry, None, "what had arrived is known");
            verdicts.told_again(&again.unwrap(), truth, String::new);
        }
        *found.outcomes.entry(outcome.name()).or_default() += 1;
    }
    println!(
        "idle connections closed after {limit:?}, used after {idle:?}: {:?}; {} of {} sales made a new connection, {} went to recovery",
        found.outcomes,
        found.reconnected,
        moments.len(),
        found.recovered
    );
    verdicts.end("idle connections closed", found.reconnected);
    sandbox.shutdown().await;
    found
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_connection_that_was_idle_for_long_is_not_used_for_perform() {
    let _machine = MACHINE.read().await;
    // Both are longer than a connection counts as recently used, as servers' limits are. The connection is about to be
    // closed in the one case, and open for a second more in the other: it must not be used in either.
    let sweeps = [(2_500, 2_500), (4_000, 3_000)].map(|(limit, idle)| {
        let (limit, idle) = (Duration::from_millis(limit), Duration::from_millis(idle));
        tokio::spawn(sweep(limit, idle, 1))
    });
    for found in sweeps {
        let found = found.await.unwrap();
        assert_eq!(found.outcomes, BTreeMap::from([("approved", 24)]));
        assert_eq!(found.recovered, 0, "no answer was lost");
        assert_eq!(
            found.reconnected, 24,
            "every perform request went out on a new connection"
        );
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_server_that_closes_sooner_than_any_should_makes_no_sale_fail_or_double() {
    let _machine = MACHINE.read().await;
    let rounds = count("SALEKIT_ROUNDS", 2, 40);
    let limit = Duration::from_millis(300);
    let found = sweep(limit, limit, rounds as u32).await;
    // Lost to the close is at worst unknown; nothing is called failed, and nothing is sent again.
    let told: usize = ["approved", "unknown"]
        .iter()
        .filter_map(|word| found.outcomes.get(word))
        .sum();
    assert_eq!(told, rounds * STEPS as usize, "{:?}", found.outcomes);
    assert!(found.recovered >= found.outcomes.get("unknown").copied().unwrap_or_default());
}
