//! A whole run: starts what is measured, one thing after the other, and collects what it says.

use std::net::{IpAddr, Ipv4Addr};

use tokio::signal::unix::{SignalKind, signal};

use crate::{
    alone::Alone,
    child::Talk,
    failure::Failure,
    line::{Network, SERVER},
    load::Load,
    options::RunOptions,
    page, report,
    round_trips::RoundTrips,
    server::{Accounts, Server},
    table::Table,
};

/// How many sales at once.
const AT_ONCE: [usize; 4] = [1, 10, 100, 1_000];

/// Runs to the end, or until Ctrl-C; children, namespaces and devices are gone either way.
pub(crate) async fn until_interrupted(options: RunOptions) -> Result<(), Failure> {
    let mut terminated = signal(SignalKind::terminate())?;
    tokio::select! {
        done = run(&options) => done,
        _ = tokio::signal::ctrl_c() => Err("interrupted".into()),
        _ = terminated.recv() => Err("terminated".into()),
    }
}

async fn run(options: &RunOptions) -> Result<(), Failure> {
    let mut table = Table::default();
    let mut server = Server::start(None, IpAddr::V4(Ipv4Addr::LOCALHOST)).await?;

    // The lone sale is mostly waited for; that goes on beside the round trips, which are mostly waiting, too.
    let mut alone = Talk::with_self(None, &["alone"])?;
    alone.say(&server.address).await?;
    let mut broken = Vec::new();
    let round_trips = match Network::open() {
        Ok(network) => round_trips(options, &network).await.map_err(|failure| {
            broken.push(failure.to_string());
            failure.to_string()
        }),
        Err(reason) => Err(reason),
    };
    report::round_trips(&mut table, round_trips.as_ref(), options);
    let alone: Alone = alone.hear().await?;

    eprintln!("bench: replaying payments");
    report::pacing(&mut table);

    let mut loads = Vec::new();
    for at_once in AT_ONCE {
        eprintln!("bench: {at_once} sales at once");
        match load(&mut server, at_once).await {
            Ok(load) => loads.push(load),
            Err(failure) => broken.push(format!("{at_once} sales at once: {failure}")),
        }
    }
    report::process(&mut table, &loads, &alone);
    report::size(&mut table, options);

    println!("\n{table}");
    if !broken.is_empty() {
        return Err(broken.join("; ").into());
    }
    match &options.write {
        Some(file) => page::write(file, &table),
        None => Ok(()),
    }
}

/// The load, and how many status requests a sale of it had: each costs CPU, and a gateway with more to do decides later.
async fn load(server: &mut Server, at_once: usize) -> Result<(Load, f64), Failure> {
    let before = server.accounts().await?;
    let mut child = Talk::with_self(None, &["load", "--at-once", &at_once.to_string()])?;
    child.say(&server.address).await?;
    let load = child.hear().await?;
    let mut after = server.accounts().await?;
    after.retain(|invoice_id, _| !before.contains_key(invoice_id));
    let requests: u32 = after.values().map(|account| account.status_requests).sum();
    Ok((load, f64::from(requests) / after.len() as f64))
}

async fn round_trips(options: &RunOptions, network: &Network) -> Result<(RoundTrips, Accounts), Failure> {
    eprintln!("bench: {} rounds of sales over the delay line", options.rounds);
    let mut server = Server::start(Some(network.servers()), IpAddr::V4(SERVER)).await?;
    let rounds = options.rounds.to_string();
    let mut arguments = vec!["round-trips", "--rounds", &rounds];
    if let Some(class_path) = &options.okhttp {
        arguments.extend(["--okhttp", class_path]);
    }
    let mut clients = Talk::with_self(Some(network.clients()), &arguments)?;
    clients.say(&server.address).await?;
    let measured = clients.hear().await?;
    Ok((measured, server.accounts().await?))
}
