//! The commands, one a module, and what they share.
#![allow(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a command line talks to a person"
)]

mod app;
mod check_merchant;
mod console;
mod demo;
mod failure;
mod gateway;
mod lan;
mod line;
mod merchant;
mod merchant_options;
mod narrator;
mod options;
mod report;
mod sale;
mod serve;
mod wire;

pub(crate) use self::line::run;
