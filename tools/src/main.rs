//! The machinery of the scripts: `cargo tool NAME ARGUMENT…`, and `cargo tool` alone for the list. People call `scripts/`;
//! what stands there calls this.
#![allow(clippy::print_stdout, clippy::print_stderr, reason = "that is its purpose")]

mod artefact;
mod check;
mod command;
mod crates;
mod dependencies;
mod documents;
mod failure;
mod outdated;
mod process;
mod project;
mod release;
mod rules;
mod suite;
mod verdict;
mod xcode;

use std::{env, process::ExitCode};

use command::{
    Command, Outcome,
    Run::{Alone, With},
};
use failure::Failure;
use project::Project;

/// `cargo tool NAME`
const TOOLS: &[Command] = &[
    Command {
        name: "test",
        does: "runs the suites of tests, counts and times them",
        run: With {
            arguments: "[--long] [--list] [--only SUITE[,SUITE]]",
            run: suite::test,
        },
    },
    Command {
        name: "rules",
        does: "checks this project's own rules, which need no compiler",
        run: Alone(rules::rules),
    },
    Command {
        name: "crates",
        does: "lists what a release publishes to the registry of crates",
        run: With {
            arguments: "[--names]",
            run: crates::crates,
        },
    },
    Command {
        name: "outdated",
        does: "lists dependencies that are behind the newest version for the oldest Rust (needs the network)",
        run: Alone(outdated::outdated),
    },
    Command {
        name: "check",
        does: "checks what is built and published; alone it lists what it knows",
        run: With {
            arguments: "NAME ARGUMENT...",
            run: check,
        },
    },
    Command {
        name: "cross-check",
        does: "compiles the shipped crates for phones, and links them with --link",
        run: With {
            arguments: "[--link] [--manifest-path FILE] [CRATE...]",
            run: artefact::cross::run,
        },
    },
    Command {
        name: "size",
        does: "builds this machine's library and checks its size, or says which crates its bytes are of",
        run: With {
            arguments: "[--start] | --by-crate [LIBRARY]",
            run: artefact::size::run,
        },
    },
    Command {
        name: "documents",
        does: "checks the links, paths and snippets of all documents",
        run: Alone(documents::documents),
    },
    Command {
        name: "site",
        does: "builds the documents as a site with search; --book leaves out the pages of the interfaces",
        run: With {
            arguments: "[--book]",
            run: documents::site,
        },
    },
];

/// `cargo tool check NAME`
const CHECKS: &[Command] = &[
    Command {
        name: "library",
        does: "checks libraries as apps ship them, with a target against its budget",
        run: With {
            arguments: "[--target TARGET] FILE...",
            run: artefact::library::run,
        },
    },
    Command {
        name: "symbols",
        does: "checks that a file of symbols is of a library",
        run: With {
            arguments: "LIBRARY SYMBOLS",
            run: artefact::library::symbols::run,
        },
    },
    Command {
        name: "aar",
        does: "checks an AAR",
        run: With {
            arguments: "[--host] FILE",
            run: artefact::aar::run,
        },
    },
    Command {
        name: "framework",
        does: "checks the zip of an XCFramework",
        run: With {
            arguments: "FOLDER",
            run: artefact::framework::run,
        },
    },
    Command {
        name: "layout",
        does: "checks an artefact's folder in a Maven repository",
        run: With {
            arguments: "FOLDER KOTLIN",
            run: artefact::layout::run,
        },
    },
    Command {
        name: "packages",
        does: "builds the packages for apps and checks them as apps get them",
        run: Alone(artefact::packages::run),
    },
    Command {
        name: "dependencies",
        does: "checks licences, bans, duplicates and sources of what the crates depend on",
        run: Alone(dependencies::check),
    },
    Command {
        name: "xcode-project",
        does: "checks the iOS sample's Xcode project without Xcode",
        run: Alone(xcode::check),
    },
    Command {
        name: "release",
        does: "checks what a release needs, without building one",
        run: Alone(release::check),
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

fn run(arguments: &[String]) -> Outcome {
    if arguments.is_empty() {
        println!(
            "usage: cargo tool NAME ARGUMENT...\n{}",
            command::list(TOOLS, "cargo tool")
        );
        return Ok(ExitCode::SUCCESS);
    }
    Command::run_one(TOOLS, "cargo tool", &Project::find()?, arguments)
}

fn check(project: &Project, arguments: &[String]) -> Outcome {
    Command::run_one(CHECKS, "cargo tool check", project, arguments)
}
