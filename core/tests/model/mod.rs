//! Explores the flow exhaustively: the shipped `step` against a gateway that charges, declines or never answers, a
//! network that loses, delays, repeats and reorders, a cardholder who may do anything, an app that cancels, sleeps and
//! is killed after any effect, and a store that fails. Every world within the bounds is visited.
//!
//! `SALEKIT_PROFILE=long` explores more than a million worlds. `--nocapture` shows the bounds and the counts.

mod act;
mod answer;
mod completion;
mod engine;
mod environment;
mod mutant;
mod property;
mod regressions;
mod setup;
mod transition;
mod world;

use std::{collections::BTreeSet, time::Instant};

use salekit_core::flow::step;
use stateright::{Checker, DiscoveryClassification, HasDiscoveries, Model, Path};

use act::Act;
use mutant::Mutant;
use property::Sales;
use salekit_testkit::figures::Figures;
use setup::{Budget, Setup};
use transition::Tables;
use world::World;

/// One checker thread for each core of a small machine.
const THREADS: usize = 2;
/// What the long profile must reach at least.
const LONG_STATES: usize = 1_000_000;

#[test]
fn every_world_within_the_bounds_is_sound() {
    let is_long = std::env::var("SALEKIT_PROFILE").is_ok_and(|profile| profile == "long");
    let (profile, budgets) = if is_long {
        ("long", setup::LONG)
    } else {
        ("normal", setup::NORMAL)
    };
    println!("profile {profile}, {} kinds of sale", Setup::ALL.len());
    let mut figures = Figures::default();
    for budget in budgets {
        explore(*budget, &mut figures);
    }
    println!("{} unique states in all", figures.cases);
    figures.report("every order of events (model)");
    assert_eq!((figures.double_charges, figures.wrong, figures.unexplained), (0, 0, 0));
    assert!(!is_long || figures.cases >= LONG_STATES);
    println!("{}", transition::table());
    let Tables { documented, seen } = transition::compare(is_long);
    let missing: Vec<_> = seen.difference(&documented).collect();
    let wrong: Vec<_> = documented.difference(&seen).collect();
    assert!(
        missing.is_empty() && wrong.is_empty(),
        "the table in core/src/flow/mod.rs is not what the machine does.\nseen, not documented: {missing:#?}\ndocumented, \
         not seen: {wrong:#?}"
    );
}

/// Explores everything within `budget`. Only its unique states count as cases.
fn explore(budget: Budget, figures: &mut Figures) {
    let began = Instant::now();
    let checker = Sales::new(step, &Setup::ALL, budget)
        .checker()
        .threads(THREADS)
        .finish_when(HasDiscoveries::AnyFailures)
        .spawn_bfs()
        .join();
    println!("bounds         {budget}");
    println!("states         {}", checker.state_count());
    println!("unique states  {}", checker.unique_state_count());
    println!("max depth      {}", checker.max_depth());
    println!("seconds        {:.1}", began.elapsed().as_secs_f64());
    for (name, path) in checker.discoveries() {
        if matches!(
            checker.discovery_classification(name),
            DiscoveryClassification::Counterexample
        ) {
            println!("broken: {name}");
            show(checker.model(), name, path);
            match name {
                property::SENT_ONCE => figures.double_charges += 1,
                property::HEALS | property::ADVICE_IS_TRUE => figures.unexplained += 1,
                _ => figures.wrong += 1,
            }
        }
    }
    figures.cases += checker.unique_state_count();
    if figures.wrong == 0 {
        // Also checks that all required states were reached.
        checker.assert_properties();
    }
}

/// Explores a mutant until `property` catches it.
fn catches(property: &'static str, mutant: Mutant) {
    let checker = Sales::new(mutant.step(), &Setup::ALL, setup::MUTANTS)
        .checker()
        .finish_when(HasDiscoveries::AnyOf(BTreeSet::from([property])))
        .spawn_bfs()
        .join();
    let path = checker.assert_any_discovery(property);
    println!("{mutant:?} is caught by \"{property}\":");
    show(checker.model(), property, path);
}

/// Shows how `property` is violated, without later events.
fn show(sales: &Sales, property: &'static str, path: Path<World, Act>) {
    let holds = sales.property(property).condition;
    for (world, act) in path.into_vec() {
        if let (true, Some(act)) = (holds(sales, &world), act) {
            println!("  {act:?}");
        } else {
            return;
        }
    }
}

#[test]
fn a_second_perform_is_caught() {
    catches(property::SENT_ONCE, Mutant::ResendsPerform);
}

#[test]
fn a_cancel_that_beats_an_approval_is_caught() {
    catches(property::NOT_CHARGED_IS_TRUE, Mutant::CancelBeatsApproved);
}

#[test]
fn a_guessed_decline_is_caught() {
    catches(property::NOT_CHARGED_IS_TRUE, Mutant::UnknownStateDeclines);
}

#[test]
fn a_forgotten_snapshot_is_caught() {
    catches(property::NOT_CHARGED_IS_TRUE, Mutant::ForgetsSnapshot);
}

#[test]
fn a_page_that_stays_is_caught() {
    catches(property::PAGE_CLOSED, Mutant::KeepsBrowser);
}

#[test]
fn a_page_that_opens_again_is_caught() {
    catches(property::PAGE_ONCE, Mutant::ReopensPage);
}

#[test]
fn a_page_that_is_never_opened_again_is_caught() {
    catches(property::PAGE_SHOWN, Mutant::OpensOnePage);
}

#[test]
fn a_forgotten_timer_is_caught() {
    catches(property::WAITS, Mutant::SetsNoTimer);
    catches(property::ENDS, Mutant::SetsNoTimer);
}

#[test]
fn an_unknown_outcome_that_stays_is_caught() {
    catches(property::HEALS, Mutant::NeverAsksAgain);
}

#[test]
fn believing_a_non_dapi_server_is_caught() {
    catches(property::NOT_CHARGED_IS_TRUE, Mutant::BelievesNonDapiServers);
}

#[test]
fn a_guessed_approval_is_caught() {
    catches(property::APPROVED_IS_TRUE, Mutant::BelievesAnything);
}

#[test]
fn believing_an_unconfirmed_refusal_is_caught() {
    catches(property::NOT_CHARGED_IS_TRUE, Mutant::BelievesRefusals);
}

#[test]
fn another_sales_invoice_is_caught() {
    catches(property::OWN_INVOICE, Mutant::TakesAnyInvoice);
}

#[test]
fn a_sale_that_two_runs_believe_to_be_theirs_is_caught() {
    catches(property::NOT_CHARGED_IS_TRUE, Mutant::IgnoresOtherRuns);
}

#[test]
fn an_invoice_that_is_never_voided_is_caught() {
    catches(property::PROVES, Mutant::NeverVoids);
}
