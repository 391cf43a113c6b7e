//! The flow, explored exhaustively: the shipped `step` against a gateway that charges, declines or never answers, a
//! network that loses, delays, repeats and reorders, a cardholder who does as he likes, an app that cancels, sleeps and
//! is killed after any effect, and a store that fails. Every world that is reachable within the bounds is visited.
//!
//! `SALEKIT_PROFILE=long` explores more than a million worlds. `--nocapture` shows the bounds and the counts.

#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "tests say what they expect by unwrapping it, and show what they have explored"
)]

mod act;
mod answer;
mod engine;
mod property;
mod setup;
mod weather;
mod world;

use std::time::Instant;

use salekit_core::flow::step;
use stateright::{Checker, Model};

use property::Sales;
use setup::{Budget, LONG, NORMAL, Setup};

/// One checker thread a core of a small machine.
const THREADS: usize = 2;

#[test]
fn every_world_within_the_bounds_is_sound() {
    let is_long = std::env::var("SALEKIT_PROFILE").is_ok_and(|profile| profile == "long");
    let (profile, budget) = if is_long { ("long", LONG) } else { ("normal", NORMAL) };
    let mut budget = budget;
    if let Ok(x) = std::env::var("XM") {
        budget.mischief = x.parse().unwrap();
    }
    explore(profile, budget, is_long.then_some(1_000_000));
}

fn explore(profile: &str, budget: Budget, at_least: Option<usize>) {
    let began = Instant::now();
    let checker = Sales::new(step, &Setup::ALL, budget)
        .checker()
        .threads(THREADS)
        .timeout(std::time::Duration::from_secs(
            std::env::var("XT").map_or(1000, |x| x.parse().unwrap()),
        ))
        .spawn_bfs()
        .join();
    println!("profile        {profile}");
    println!("bounds         {budget}");
    println!("kinds of sale  {}", Setup::ALL.len());
    println!("states         {}", checker.state_count());
    println!("unique states  {}", checker.unique_state_count());
    println!("max depth      {}", checker.max_depth());
    println!("seconds        {:.1}", began.elapsed().as_secs_f64());
    checker.assert_properties();
    assert!(checker.unique_state_count() >= at_least.unwrap_or_default());
}
