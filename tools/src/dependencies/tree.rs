//! The packages that are built, as `cargo tree` lists them. `cargo metadata` also lists what no feature asks for.

use std::collections::{BTreeMap, BTreeSet};

use super::rules::Rules;
use crate::{failure::Failure, process::Run, project::Project};

/// One version of somebody else's crate.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Package {
    pub(super) name: String,
    pub(super) version: String,
    /// An SPDX expression, or empty.
    pub(super) licence: String,
    /// Where it comes from, if that is not the registry that cargo knows by itself.
    pub(super) source: Option<String>,
    /// Whether nothing but tests needs it.
    pub(super) tests_only: bool,
}

/// Every package for any of the targets, without those of this project, by name and version.
pub(super) fn packages(project: &Project, rules: &Rules) -> Result<Vec<Package>, Failure> {
    let (mut shipped, mut all) = (BTreeMap::new(), BTreeMap::new());
    for (edges, found) in [("normal,build", &mut shipped), ("normal,build,dev", &mut all)] {
        let listed = Run::line("cargo tree --locked --workspace --all-features --prefix none --format {p}|{l}")
            .args(["--edges", edges])
            .args(rules.targets.iter().flat_map(|target| ["--target", target]))
            .within(project.root())
            .read()?;
        read(&listed, &project.root().to_string_lossy(), found);
    }
    for (key, package) in &mut all {
        package.tests_only = !shipped.contains_key(key);
    }
    Ok(all.into_values().collect())
}

/// Reads lines of the form `NAME vVERSION (NOTE)... (*)|LICENCE (*)`. A note says that it is a macro, the folder of a crate of
/// this project, or a source that is not the registry.
fn read(listed: &str, root: &str, found: &mut BTreeMap<(String, String), Package>) {
    // Between the trees of the workspace's crates are empty lines and headings.
    for (package, licence) in listed.lines().filter_map(|line| line.split_once('|')) {
        let package = package.replace("(proc-macro)", "");
        let mut words = package.trim().splitn(3, char::is_whitespace);
        let (Some(name), Some(version)) = (words.next(), words.next()) else {
            continue;
        };
        let version = version.trim_start_matches('v');
        let source = words
            .next()
            .map(|note| note.trim().trim_matches(['(', ')']))
            .filter(|source| !source.is_empty());
        if source.is_some_and(|source| source.starts_with(root)) {
            continue;
        }
        let package = Package {
            name: name.to_owned(),
            version: version.to_owned(),
            licence: licence.trim_end_matches(" (*)").trim().to_owned(),
            source: source.map(str::to_owned),
            tests_only: false,
        };
        found.insert((package.name.clone(), package.version.clone()), package);
    }
}

/// The names in the tree of somebody who uses the core with a transport of their own.
pub(super) fn core_without_transport(project: &Project) -> Result<BTreeSet<String>, Failure> {
    let listed = Run::line(
        "cargo tree --locked --package salekit-core --no-default-features --edges normal --prefix none --format {p}",
    )
    .within(project.root())
    .read()?;
    Ok(listed
        .lines()
        .filter_map(|line| line.split_whitespace().next())
        .map(str::to_owned)
        .collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_form_of_a_line_is_read() {
        let listed = "salekit-core v0.1.0 (/here/core)|Apache-2.0 OR MIT\n\
                      url v2.5.8|MIT OR Apache-2.0\n\
                      serde_derive v1.0.229 (proc-macro)|MIT OR Apache-2.0 (*)\n\
                      \n\
                      patched v0.3.0 (https://example.com/patched#12ab)|MIT\n\
                      without v1.0.0|\n";
        let mut found = BTreeMap::new();
        read(listed, "/here", &mut found);
        let found: Vec<_> = found
            .values()
            .map(|p| {
                (
                    p.name.as_str(),
                    p.version.as_str(),
                    p.licence.as_str(),
                    p.source.as_deref(),
                )
            })
            .collect();
        let expected = [
            ("patched", "0.3.0", "MIT", Some("https://example.com/patched#12ab")),
            ("serde_derive", "1.0.229", "MIT OR Apache-2.0", None),
            ("url", "2.5.8", "MIT OR Apache-2.0", None),
            ("without", "1.0.0", "", None),
        ];
        assert_eq!(found, expected);
    }
}
