//! `cargo tool outdated`: which dependencies are behind the newest version that this project's oldest Rust can compile. It asks
//! cargo, which needs the network, and changes nothing.

use std::{collections::BTreeSet, process::ExitCode};

use serde_json::Value;

use crate::{command::Outcome, failure::Failure, process::Run, project::Project};

/// A dependency for which there is a newer version.
#[derive(Debug, PartialEq, Eq)]
struct Behind<'a> {
    name: &'a str,
    version: &'a str,
    newest: &'a str,
    way: Way<'a>,
}

/// How to get the newer version.
#[derive(Debug, PartialEq, Eq)]
enum Way<'a> {
    /// `cargo update` takes it.
    Update,
    /// A manifest asks for an older one: ours, or that of another dependency.
    Manifest,
    /// Not yet: it needs this Rust.
    Rust(&'a str),
}

pub(crate) fn outdated(project: &Project) -> Outcome {
    let update = Run::line("cargo update --dry-run --verbose --color never").within(project.root());
    let ended = update.output()?;
    let said = String::from_utf8_lossy(&ended.stderr).into_owned();
    if !ended.status.success() {
        return Err(Failure::Command {
            command: update.shown(),
            status: ended.status,
            output: said,
        });
    }
    let metadata = Run::line("cargo metadata --no-deps --locked --format-version 1")
        .within(project.root())
        .read()?;
    print!("{}", report(&said, &direct(&metadata)?));
    Ok(ExitCode::SUCCESS)
}

/// What this project's own manifests name.
fn direct(metadata: &str) -> Result<BTreeSet<String>, Failure> {
    let metadata: Value =
        serde_json::from_str(metadata).map_err(|error| Failure::unfit(format!("cargo metadata: {error}")))?;
    let packages = metadata["packages"].as_array().into_iter().flatten();
    let dependencies = packages.flat_map(|package| package["dependencies"].as_array().into_iter().flatten());
    Ok(dependencies
        .filter_map(|dependency| dependency["name"].as_str().map(str::to_owned))
        .collect())
}

fn report(said: &str, direct: &BTreeSet<String>) -> String {
    let behind: Vec<Behind<'_>> = said.lines().filter_map(behind).collect();
    let own = |one: &&Behind<'_>| direct.contains(one.name);
    let lines = |heading: &str, these: Vec<&Behind<'_>>| {
        let line = |one: &Behind<'_>| {
            let needs = if let Way::Rust(version) = one.way {
                format!(", which needs Rust {version}")
            } else {
                String::new()
            };
            format!("  {} {}: there is {}{needs}\n", one.name, one.version, one.newest)
        };
        let lines: String = these.into_iter().map(line).collect();
        if lines.is_empty() {
            String::new()
        } else {
            format!("{heading}\n{lines}")
        }
    };
    let with = |way: fn(&Way<'_>) -> bool| behind.iter().filter(move |one| way(&one.way));
    let report = [
        lines(
            "A manifest of this project asks for an older version:",
            with(|way| *way == Way::Manifest).filter(own).collect(),
        ),
        lines(
            "Cargo.lock has an older version; `cargo update` takes the newer one:",
            with(|way| *way == Way::Update).collect(),
        ),
        lines(
            "A newer version needs a newer Rust:",
            with(|way| matches!(way, Way::Rust(_))).filter(own).collect(),
        ),
    ];
    let report = report.concat();
    if report.is_empty() {
        "Every dependency is at its newest version.\n".to_owned()
    } else {
        report
    }
}

/// A line of cargo: `Updating NAME vOLD -> vNEW`, or `Unchanged NAME vOLD (available: vNEW[, requires Rust VERSION])`.
fn behind(line: &str) -> Option<Behind<'_>> {
    let line = line.trim_start();
    if let Some(rest) = line.strip_prefix("Updating ") {
        let (package, newest) = rest.split_once(" -> v")?;
        let (name, version) = package.split_once(" v")?;
        return Some(Behind {
            name,
            version,
            newest,
            way: Way::Update,
        });
    }
    let (package, available) = line.strip_prefix("Unchanged ")?.split_once(" (available: v")?;
    let (name, version) = package.split_once(" v")?;
    let available = available.strip_suffix(')')?;
    Some(match available.split_once(", requires Rust ") {
        Some((newest, rust)) => Behind {
            name,
            version,
            newest,
            way: Way::Rust(rust),
        },
        None => Behind {
            name,
            version,
            newest: available,
            way: Way::Manifest,
        },
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const SAID: &str = "    Updating crates index
     Locking 26 packages to latest Rust 1.89 compatible versions
    Updating anyhow v1.0.104 -> v1.0.105
    Updating toml v1.2.1+spec-1.1.0 -> v1.2.2+spec-1.1.0
   Unchanged cargo-platform v0.3.2 (available: v0.3.3, requires Rust 1.91)
   Unchanged matchit v0.8.4 (available: v0.8.6)
   Unchanged rusqlite v0.37.0 (available: v0.43.0)
note: to see how you depend on a package, run `cargo tree --invert <dep>@<ver>`
";

    #[test]
    fn what_is_behind_is_told_with_the_way_to_it() {
        let direct = ["anyhow", "cargo-platform", "rusqlite"].map(str::to_owned).into();
        let expected = "\
A manifest of this project asks for an older version:
  rusqlite 0.37.0: there is 0.43.0
Cargo.lock has an older version; `cargo update` takes the newer one:
  anyhow 1.0.104: there is 1.0.105
  toml 1.2.1+spec-1.1.0: there is 1.2.2+spec-1.1.0
A newer version needs a newer Rust:
  cargo-platform 0.3.2: there is 0.3.3, which needs Rust 1.91
";
        assert_eq!(report(SAID, &direct), expected);
    }

    #[test]
    fn nothing_is_behind() {
        assert_eq!(
            report("    Updating crates index\n", &BTreeSet::new()),
            "Every dependency is at its newest version.\n"
        );
    }

    #[test]
    fn the_manifests_dependencies_are_read() {
        let metadata =
            r#"{"packages":[{"dependencies":[{"name":"serde"},{"name":"url"}]},{"dependencies":[{"name":"serde"}]}]}"#;
        assert_eq!(
            direct(metadata).unwrap().into_iter().collect::<Vec<_>>(),
            ["serde", "url"]
        );
        assert!(direct("no JSON").is_err());
    }
}
