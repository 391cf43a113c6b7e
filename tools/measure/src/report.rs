//! Compares the measurements with the goals. Each goal is listed here once.

use salekit_core::Pacing;
use salekit_testkit::pacing::{simulate, simulate_without_challenge};

use crate::{
    alone::{Alone, QUIET, SETTLING},
    line::ONE_WAY,
    load::Load,
    median::median,
    options::RunOptions,
    round_trips::RoundTrips,
    server::{Account, Accounts},
    sold::Way,
    table::{Row, Table},
};

/// Every way of selling, and the most round trips it may take.
const WAYS: [(Way, &str, Option<f64>); 6] = [
    (Way::Warmed, "SaleKit, warmed, with an access token", Some(3.1)),
    (Way::Cold, "SaleKit, cold, with an access token", Some(5.2)),
    (
        Way::ColdWithoutToken,
        "SaleKit, cold, without an access token",
        Some(6.2),
    ),
    (
        Way::ReqwestEachCall,
        "for comparison, with an access token: a `reqwest` client a call",
        None,
    ),
    (
        Way::ReqwestOne,
        "for comparison, with an access token: one `reqwest` client",
        None,
    ),
    (
        Way::OkHttp,
        "for comparison, with an access token: one OkHttp client on the JVM, with Android's TLS",
        None,
    ),
];

/// A sale that counts: the gateway had decided by the first status request, and nothing was sent twice.
const PLAIN: Account = Account {
    performs: 1,
    status_requests: 1,
    charges: 1,
};

pub(crate) fn round_trips(table: &mut Table, measured: Result<&(RoundTrips, Accounts), &String>, options: &RunOptions) {
    let mut rows = Vec::new();
    for (way, what, goal) in WAYS {
        rows.push(match measured {
            Err(reason) => Row::not_run(what, goal, reason),
            Ok(_) if way == Way::OkHttp && options.okhttp.is_none() => {
                Row::not_run(what, goal, &options.without_okhttp)
            }
            Ok(measured) => way_row(measured, way, what, goal),
        });
    }
    let base = measured.ok().and_then(|(measured, _)| connect_micros(measured));
    let base = base.map(|micros| {
        let injected = 2 * ONE_WAY.as_millis();
        format!(
            " ({:.1} ms, of which {injected} ms are injected)",
            micros as f64 / 1_000.0
        )
    });
    let how = format!(
        "A frictionless sale from the tap to its outcome, over TLS 1.3 to two servers, in round trips: the median of {} sales \
         by the median TCP connect of the same run{}. Waits that the client made on purpose are taken out, and only sales count \
         whose first status request found the gateway decided.",
        options.rounds,
        base.unwrap_or_default(),
    );
    table.part("Round trips", &how, &rows);
}

fn way_row((measured, accounts): &(RoundTrips, Accounts), way: Way, what: &str, goal: Option<f64>) -> Row {
    let made: Vec<_> = measured.sales.iter().filter(|sold| sold.way == way).collect();
    let counted = made.iter().filter(|sold| {
        let account = accounts.get(&sold.invoice_id).copied().unwrap_or_default();
        // At most the one wait before the status request: a second one would be a request sent again.
        account == PLAIN && sold.waits <= 1
    });
    let own: Vec<u64> = counted
        .map(|sold| micros(sold.took.saturating_sub(sold.waited)))
        .collect();
    let (Some(took), Some(connect)) = (median(own.iter().copied()), connect_micros(measured)) else {
        return Row::not_run(what, goal, "no sale was decided by its first status request");
    };
    let figure = took as f64 / connect as f64;
    let row = match goal {
        Some(goal) => Row::at_most(what, goal, figure, 2, ""),
        None => Row::figure(what, format!("{figure:.2}")),
    };
    if own.len() == made.len() {
        row
    } else {
        row.with_remark(&format!(" ({} of {} sales)", own.len(), made.len()))
    }
}

fn connect_micros(measured: &RoundTrips) -> Option<u64> {
    median(measured.connects.iter().map(|took| micros(*took)))
}

fn micros(duration: std::time::Duration) -> u64 {
    u64::try_from(duration.as_micros()).unwrap_or(u64::MAX)
}

pub(crate) fn pacing(table: &mut Table) {
    let schedules = [
        ("strict", Pacing::strict(), [1.6, 3.1, 8.0]),
        ("burst", Pacing::burst(), [0.95, 3.1, 7.7]),
    ];
    let mut rows = Vec::new();
    for (name, pacing, [mean, p95, requests]) in schedules {
        let seen = simulate(name, pacing);
        rows.push(Row::at_most(format!("{name}: mean delay"), mean, seen.mean, 2, " s"));
        rows.push(Row::at_most(format!("{name}: 95 % of delays"), p95, seen.p95, 2, " s"));
        rows.push(Row::at_most(
            format!("{name}: status requests a sale"),
            requests,
            seen.requests,
            2,
            "",
        ));
    }
    let seen = simulate_without_challenge(Pacing::strict(), 1.5);
    let name = "strict, without a challenge";
    rows.push(Row::at_most(format!("{name}: mean delay"), 1.35, seen.mean, 2, " s"));
    rows.push(Row::at_most(
        format!("{name}: status requests a sale"),
        1.8,
        seen.requests,
        2,
        "",
    ));
    let how = "From the gateway's decision to the app's knowledge of it, with a challenge and without one: the real pacing \
               code replays 20,000 payments each in virtual time (`tools/testkit/src/pacing.rs` says which). The same figures on every machine.";
    table.part("Status requests", how, &rows);
}

pub(crate) fn process(table: &mut Table, loads: &[(Load, f64)], alone: &Alone) {
    let mean = loads.iter().map(|(load, _)| load.cpu.as_secs_f64()).sum::<f64>() / loads.len() as f64;
    let mut rows = Vec::new();
    for (Load { at_once, cpu, .. }, requests) in loads {
        let cpu = cpu.as_secs_f64();
        let what = format!("CPU a sale, {at_once} at once, by the mean of all");
        rows.push(Row::within(
            what,
            (0.8, 1.2),
            cpu / mean,
            &format!(" ({:.2} ms, {requests:.2} status requests)", cpu * 1_000.0),
        ));
    }
    for (Load { at_once, grown_kib, .. }, _) in loads {
        let a_sale = *grown_kib as f64 / *at_once as f64;
        rows.push(Row::figure(
            format!("memory a sale, {at_once} at once"),
            format!("{a_sale:.0} KiB"),
        ));
    }
    let memory = alone.memory_kib as f64 / 1_024.0;
    rows.push(Row::at_most(
        "memory of a client and its first sale",
        3.0,
        memory,
        2,
        " MiB",
    ));
    rows.push(Row::figure(
        "threads right after the first sale",
        alone.threads_after_sale.to_string(),
    ));
    rows.push(Row::at_most("threads when idle", 2.0, alone.threads_idle as f64, 0, ""));
    let what = format!("wake-ups of an idle client in {} s", QUIET.as_secs());
    rows.push(Row::none(what, alone.idle_wake_ups));
    let what = format!(
        "wake-ups in the {} s before, in which connections close and spare threads end",
        SETTLING.as_secs()
    );
    rows.push(Row::figure(what, alone.settling_wake_ups.to_string()));
    let how = "In processes of their own, through the bindings, over TLS on loopback; every sale makes its own connections. Memory \
               is resident memory: a sale's is the peak over what the process had after one sale, by the number of sales (one at \
               a time, that is the growth over fifteen). Threads are those besides the app's own.";
    table.part("In one process", how, &rows);
}

pub(crate) fn size(table: &mut Table, options: &RunOptions) {
    let mut rows = Vec::new();
    for library in &options.library {
        for (what, bytes, budget) in [
            ("bytes", library.bytes, library.budget),
            ("bytes by `gzip -9`", library.gzip, library.gzip_budget),
        ] {
            let what = format!("{}: {what}", library.target);
            rows.push(match budget {
                Some(budget) => Row::at_most(what, budget as f64, bytes as f64, 0, ""),
                None => Row::figure(what, bytes.to_string()),
            });
        }
    }
    for missing in &options.without_library {
        let (target, reason) = missing.split_once('=').unwrap_or((missing, "it was not built"));
        rows.push(Row::not_run(format!("{target}: bytes"), None, reason));
    }
    let how = "The stripped library, with everything in it, against `bindings/size-budget.toml`.";
    table.part("Size", how, &rows);
}
