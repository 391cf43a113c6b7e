//! Which part of the project may know which, and that they share their builds. Which libraries none may have is in deny.toml.

use std::collections::BTreeSet;

use super::tree::{Scope, Tree, regex};
use crate::{failure::Failure, process::Run, project::Project};

/// The core must build without UniFFI; its documentation may mention it.
pub(super) fn core_without_uniffi(tree: &Tree) -> Result<Vec<String>, Failure> {
    let scope = Scope {
        folders: &["core"],
        ..Scope::default()
    };
    Ok(tree.lines(&scope, &["uniffi"], &regex(r"\buniffi(::|_| *=|\.workspace)")?))
}

/// The sandbox is the other party: sharing code with the app's side would hide mistakes. Its command line is an app.
pub(super) fn sandbox_without_core(tree: &Tree) -> Result<Vec<String>, Failure> {
    let except = &["sandbox/src/cli", "sandbox/src/main.rs"];
    let scope = Scope {
        folders: &["sandbox/src"],
        except,
        ..Scope::default()
    };
    Ok(tree.lines(
        &scope,
        &["salekit_core"],
        &regex(r"^use salekit_core|^ *pub.*salekit_core::")?,
    ))
}

/// Builds with and without tests ask for the same features of every dependency, so that each is compiled once for both.
pub(super) fn shared_builds(project: &Project) -> Result<Vec<String>, Failure> {
    let features = |edges: &str| {
        let tree =
            Run::line("cargo tree --quiet --locked --workspace --prefix none --no-dedupe --format {p}|{f} --edges")
                .arg(edges);
        tree.within(project.root()).read()
    };
    Ok(other_features(
        &features("normal,build")?,
        &features("normal,build,dev")?,
    ))
}

fn other_features(without_tests: &str, with_tests: &str) -> Vec<String> {
    let with_tests: BTreeSet<&str> = with_tests.lines().collect();
    let missing = without_tests
        .lines()
        .filter(|package| !with_tests.contains(package))
        .collect::<BTreeSet<_>>();
    let line =
        |package: &str| format!("{package}: with tests it has other features; see tools/shared-features/Cargo.toml");
    missing.into_iter().map(line).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_core_may_mention_uniffi_and_not_use_it() {
        let tree = Tree::with(&[
            (
                "core/src/a.rs",
                "//! For UniFFI, see the bindings (uniffi).\nuse uniffi::Record;\n",
            ),
            ("core/Cargo.toml", "uniffi.workspace = true\n"),
            ("bindings/src/lib.rs", "uniffi::setup!();\n"),
        ]);
        let found = core_without_uniffi(&tree).unwrap();
        assert_eq!(
            found,
            [
                "core/src/a.rs:2:use uniffi::Record;",
                "core/Cargo.toml:1:uniffi.workspace = true"
            ]
        );
    }

    #[test]
    fn only_the_sandboxs_command_line_uses_the_core() {
        let tree = Tree::with(&[
            (
                "sandbox/src/gateway/mod.rs",
                "use salekit_core::Money;\n    pub amount: salekit_core::Money,\n",
            ),
            ("sandbox/src/cli/demo.rs", "use salekit_core::Money;\n"),
            ("sandbox/src/main.rs", "use salekit_core::Money;\n"),
        ]);
        assert_eq!(sandbox_without_core(&tree).unwrap().len(), 2);
    }

    #[test]
    fn features_that_only_tests_ask_for_are_found() {
        let with_tests = "serde v1.0.229|derive,rc\ntokio v1.54.1|rt,test-util\nproptest v1.12.0|std\n";
        assert_eq!(
            other_features("serde v1.0.229|derive,rc\n", with_tests),
            Vec::<String>::new()
        );
        let found = other_features(
            "tokio v1.54.1|rt\nserde v1.0.229|derive,rc\ntokio v1.54.1|rt\n",
            with_tests,
        );
        assert_eq!(
            found,
            ["tokio v1.54.1|rt: with tests it has other features; see tools/shared-features/Cargo.toml"]
        );
    }
}
