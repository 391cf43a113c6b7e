//! The machinery of the scripts: `cargo tool NAME ARGUMENT…`, and `cargo tool` alone for the list. People call `scripts/`;
//! what stands there calls this.
#![allow(clippy::print_stdout, clippy::print_stderr, reason = "that is its purpose")]

mod artefact;
mod check;
mod crates;
mod documents;
mod failure;
mod outdated;
mod process;
mod project;
mod rules;
mod suite;

use std::{env, process::ExitCode};

use failure::Failure;
use project::Project;

/// One thing that this program does.
struct Tool {
    name: &'static str,
    /// What follows the name.
    arguments: &'static str,
    /// What it does, in one line.
    does: &'static str,
    run: fn(&Project, &[String]) -> Result<ExitCode, Failure>,
}

const TOOLS: &[Tool] = &[
    Tool {
        name: "test",
        arguments: "[--long] [--list] [--only SUITE[,SUITE]]",
        does: "runs the suites of tests, counts and times them",
        run: suite::test,
    },
    Tool {
        name: "rules",
        arguments: "",
        does: "checks this project's own rules, which need no compiler",
        run: rules::rules,
    },
    Tool {
        name: "crates",
        arguments: "[--names]",
        does: "lists what a release publishes to the registry of crates",
        run: crates::crates,
    },
    Tool {
        name: "outdated",
        arguments: "",
        does: "lists dependencies that are behind the newest version for the oldest Rust (needs the network)",
        run: outdated::outdated,
    },
    Tool {
        name: "check",
        arguments: "ARTEFACT ARGUMENT...",
        does: "checks what is built and published; alone it lists what it knows",
        run: artefact::check,
    },
    Tool {
        name: "cross-check",
        arguments: "[--link] [--manifest-path FILE] [CRATE...]",
        does: "compiles the shipped crates for phones, and links them if it is told to",
        run: artefact::cross::run,
    },
    Tool {
        name: "size",
        arguments: "[--start] | --by-crate [LIBRARY]",
        does: "builds this machine's library and checks its size, or says which crates its bytes are of",
        run: artefact::size::run,
    },
    Tool {
        name: "documents",
        arguments: "",
        does: "checks the links, paths and snippets of all documents",
        run: documents::documents,
    },
    Tool {
        name: "site",
        arguments: "[--book]",
        does: "builds the documents as a site with search; --book leaves out the pages of the interfaces",
        run: documents::site,
    },
];

fn main() -> ExitCode {
    let arguments: Vec<String> = env::args().skip(1).collect();
    match run(&arguments) {
        Ok(code) => code,
        Err(failure) => {
            eprintln!("tool: {failure}");
            match failure {
                Failure::Usage { .. } => ExitCode::from(2),
                _ => ExitCode::FAILURE,
            }
        }
    }
}

fn run(arguments: &[String]) -> Result<ExitCode, Failure> {
    let [name, arguments @ ..] = arguments else {
        println!("usage: cargo tool NAME ARGUMENT...");
        for tool in TOOLS {
            println!(
                "  {}\n      {}",
                format!("{} {}", tool.name, tool.arguments).trim_end(),
                tool.does
            );
        }
        return Ok(ExitCode::SUCCESS);
    };
    let tool = TOOLS.iter().find(|tool| tool.name == name);
    let tool = tool.ok_or_else(|| Failure::usage(format!("there is no tool {name}; `cargo tool` lists them")))?;
    (tool.run)(&Project::find()?, arguments)
}
