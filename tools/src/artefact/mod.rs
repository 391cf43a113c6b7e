//! Checks of what is built and published: `cargo tool check ARTEFACT ARGUMENT...`. Each noun has a module: it reads its artefact
//! into facts and says what does not hold. Checks of the sources are not here.

mod aar;
pub(crate) mod cross;
mod dependencies;
mod digest;
mod files;
mod framework;
mod layout;
pub(crate) mod library;
mod packages;
mod plist;
mod pom;
mod release;
pub(crate) mod size;
mod verdict;

use std::process::ExitCode;

use crate::{failure::Failure, project::Project};

/// What can be checked.
struct Artefact {
    name: &'static str,
    arguments: &'static str,
    check: fn(&Project, &[String]) -> Result<ExitCode, Failure>,
}

const ARTEFACTS: &[Artefact] = &[
    Artefact {
        name: "library",
        arguments: "[--target TARGET] FILE...",
        check: library::run,
    },
    Artefact {
        name: "symbols",
        arguments: "LIBRARY SYMBOLS",
        check: library::symbols::run,
    },
    Artefact {
        name: "aar",
        arguments: "[--host] FILE",
        check: aar::run,
    },
    Artefact {
        name: "framework",
        arguments: "FOLDER",
        check: framework::run,
    },
    Artefact {
        name: "layout",
        arguments: "FOLDER KOTLIN",
        check: layout::run,
    },
    Artefact {
        name: "packages",
        arguments: "",
        check: packages::run,
    },
    Artefact {
        name: "dependencies",
        arguments: "",
        check: dependencies::run,
    },
    Artefact {
        name: "release",
        arguments: "",
        check: release::run,
    },
];

/// `check ARTEFACT ARGUMENT...`
pub(crate) fn check(project: &Project, arguments: &[String]) -> Result<ExitCode, Failure> {
    let known = arguments.split_first().and_then(|(name, arguments)| {
        let artefact = ARTEFACTS.iter().find(|artefact| artefact.name == name)?;
        Some((artefact, arguments))
    });
    let (artefact, arguments) = known.ok_or_else(|| {
        let usage = |artefact: &Artefact| {
            format!("  check {} {}", artefact.name, artefact.arguments)
                .trim_end()
                .to_owned()
        };
        Failure::usage(format!(
            "usage:\n{}",
            ARTEFACTS.iter().map(usage).collect::<Vec<_>>().join("\n")
        ))
    })?;
    (artefact.check)(project, arguments)
}
