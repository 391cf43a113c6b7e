//! Nothing untrue is said about money in any world: `model` visits every order of events of the flow, `simulation` runs
//! the whole engine in worlds that are made up from seeds. Both use all cores for a while, so they are a program of
//! their own.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::print_stdout,
    reason = "tests say what they expect by unwrapping it, and show what they have seen"
)]

mod model;
mod simulation;
