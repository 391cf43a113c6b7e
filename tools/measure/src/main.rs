//! Measures SaleKit against its goals and prints a table of ratios and counts. `scripts/bench` runs it.
//!
//! The commands other than `run` are its child processes: a server, and clients that must each be alone in a process or in
//! a network namespace. Every child gets what it needs as JSON on its standard input and answers with JSON.
#![allow(clippy::print_stdout, clippy::print_stderr, reason = "that is its purpose")]

mod alone;
mod child;
mod failure;
mod line;
mod load;
mod median;
mod naive;
mod okhttp;
mod options;
mod page;
mod process;
mod report;
mod round_trips;
mod run;
mod sale;
mod server;
mod sold;
mod table;

use std::process::ExitCode;

use clap::Parser;
use failure::Failure;
use options::{Command, Line};
use tokio::runtime::{Builder, Runtime};

fn main() -> ExitCode {
    match run(Line::parse().command) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            eprintln!("bench: {failure}");
            ExitCode::FAILURE
        }
    }
}

fn run(command: Command) -> Result<(), Failure> {
    match command {
        Command::Run(options) => several_threads()?.block_on(run::until_interrupted(options)),
        Command::Serve { listen } => several_threads()?.block_on(server::serve(listen)),
        // One thread, as in an app.
        Command::RoundTrips { rounds, okhttp } => {
            one_thread()?.block_on(round_trips::measure(rounds, okhttp.as_deref()))
        }
        Command::Load { at_once } => one_thread()?.block_on(load::measure(at_once)),
        Command::Alone => one_thread()?.block_on(alone::measure()),
    }
}

fn several_threads() -> std::io::Result<Runtime> {
    Builder::new_multi_thread().enable_all().build()
}

fn one_thread() -> std::io::Result<Runtime> {
    Builder::new_current_thread().enable_all().build()
}
