//! Every suite: what it tests, what must be installed for it, the commands that it consists of, and how each is counted.

use std::env;

use super::set_up::Need::{self, AndroidX, Browser, Cross, Guide, Jars, Java, Library, Phones, Shell, Swift};

/// A part of the tests that can be run alone.
#[derive(Debug)]
pub(super) struct Suite {
    pub(super) name: &'static str,
    /// What it tests, in one line.
    pub(super) tests: &'static str,
    pub(super) when: When,
    /// What is set up in the background, and must be ready before the suite begins.
    pub(super) needs: &'static [Need],
    pub(super) steps: &'static [Step],
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum When {
    Always,
    /// Only where `SALEKIT_PROFILE` is long, or if it is named.
    Long,
    /// On a Mac, Xcode does what it does.
    Linux,
}

impl When {
    /// Whether a run without names includes the suite.
    pub(super) fn is_now(self, long: bool) -> bool {
        match self {
            Self::Always => true,
            Self::Long => long,
            Self::Linux => env::consts::OS == "linux",
        }
    }
}

/// A command of a suite. Words are separated by spaces. In a word, `{target}` is where cargo builds, `{libraries}` where this
/// machine's library and sandbox are, `{profile}` that of cargo; `{long:WORD}` is there only in long runs. The command `tool`
/// is this program.
#[derive(Debug)]
pub(super) struct Step {
    pub(super) command: &'static str,
    pub(super) environment: &'static [(&'static str, &'static str)],
    pub(super) counted: Counted,
}

/// How the tests of a step are counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Counted {
    /// Not at all: it prepares the steps after it, which are left out if it fails.
    Not,
    /// It is one test.
    Whole,
    /// By its closing line, `N passed, N failed`.
    Plain,
    Cargo,
    Swift,
    /// By the reports in these folders; those of an earlier run are deleted before it.
    Surefire(&'static [&'static str]),
}

const fn step(command: &'static str, counted: Counted) -> Step {
    Step {
        command,
        environment: &[],
        counted,
    }
}

/// Always the whole workspace: its crates share features, and are then built only once.
const BUILD: Step = step("cargo build --quiet --locked --workspace", Counted::Not);

const SWIFT_ENVIRONMENT: &[(&str, &str)] = &[
    ("LD_LIBRARY_PATH", "{libraries}"),
    ("SALEKIT_SANDBOX", "{libraries}/salekit-sandbox"),
];

/// Quick ones first. Those that need more than Rust come later: their tools are installed meanwhile.
pub(super) const SUITES: &[Suite] = &[
    Suite {
        name: "format",
        tests: "Rust's formatting",
        when: When::Always,
        needs: &[],
        steps: &[step("cargo fmt --all --check", Counted::Whole)],
    },
    Suite {
        name: "rules",
        tests: "this project's own rules: layers, wording, length of files, shell",
        when: When::Always,
        needs: &[Shell],
        steps: &[step("tool rules", Counted::Plain)],
    },
    Suite {
        name: "documents",
        tests: "links, paths and snippets of all documents",
        when: When::Always,
        needs: &[],
        steps: &[step("tool documents", Counted::Plain)],
    },
    Suite {
        name: "release",
        tests: "what a release needs, without building one: versions, fields, changelog",
        when: When::Always,
        needs: &[],
        steps: &[step("tool check release", Counted::Plain)],
    },
    Suite {
        name: "dependencies",
        tests: "licences, bans, sources and duplicates of dependencies",
        when: When::Always,
        needs: &[],
        steps: &[step("tool check dependencies", Counted::Plain)],
    },
    Suite {
        name: "lint",
        tests: "clippy, also of the core without its own transport",
        when: When::Always,
        needs: &[],
        steps: &[
            step(
                "cargo clippy --quiet --locked --workspace --all-targets -- -D warnings",
                Counted::Whole,
            ),
            step(
                "cargo clippy --quiet --locked --package salekit-core --no-default-features --all-targets -- -D warnings",
                Counted::Whole,
            ),
        ],
    },
    Suite {
        name: "msrv",
        tests: "the oldest Rust compiles what is shipped; everything in a long run",
        when: When::Always,
        needs: &[],
        steps: &[step("tools/shell/check-msrv {long:--all}", Counted::Whole)],
    },
    Suite {
        name: "rust",
        tests: "all tests of the workspace, and the long campaigns in long runs",
        when: When::Always,
        needs: &[],
        steps: &[step(
            "cargo test --quiet --locked --workspace --no-fail-fast --profile {profile}",
            Counted::Cargo,
        )],
    },
    Suite {
        name: "run",
        tests: "the demonstration: sales from end to end",
        when: When::Always,
        needs: &[],
        steps: &[step("cargo run --quiet --locked", Counted::Whole)],
    },
    Suite {
        name: "sandbox-guide",
        tests: "the sale by curl of docs/sandbox.md, word for word",
        when: When::Always,
        needs: &[],
        steps: &[step("tools/shell/check-sandbox-guide", Counted::Whole)],
    },
    Suite {
        name: "inspector",
        tests: "the sandbox's inspector in a browser",
        when: When::Always,
        needs: &[Browser],
        steps: &[step("tools/shell/check-inspector", Counted::Plain)],
    },
    Suite {
        name: "merchant-guide",
        tests: "the merchant's guide, its OpenAPI document and its example server",
        when: When::Always,
        needs: &[Guide],
        steps: &[step("tools/shell/check-merchant-guide", Counted::Plain)],
    },
    Suite {
        name: "bindings",
        tests: "whether the generated Kotlin and Swift match the contract",
        when: When::Always,
        needs: &[],
        steps: &[step("scripts/generate-bindings --check", Counted::Whole)],
    },
    Suite {
        name: "kotlin",
        tests: "the Kotlin library on the JVM, and the fake client for tests of apps",
        when: When::Always,
        needs: &[Java, Jars],
        steps: &[
            BUILD,
            step(
                "tools/shell/test-kotlin kotlin",
                Counted::Surefire(&["bindings/kotlin/target"]),
            ),
            step(
                "tools/shell/test-kotlin testing",
                Counted::Surefire(&["bindings/kotlin-testing/target"]),
            ),
        ],
    },
    Suite {
        name: "android",
        tests: "what is for Android only, on the frameworks of two Android versions",
        when: When::Always,
        needs: &[Java, Jars],
        steps: &[
            BUILD,
            step(
                "tools/shell/test-kotlin android",
                Counted::Surefire(&["bindings/kotlin-android/target"]),
            ),
        ],
    },
    Suite {
        name: "compose",
        tests: "the card fields for Jetpack Compose",
        when: When::Always,
        needs: &[Java, Jars, AndroidX],
        steps: &[
            BUILD,
            step(
                "tools/shell/test-kotlin compose",
                Counted::Surefire(&["bindings/kotlin-compose/target"]),
            ),
        ],
    },
    Suite {
        name: "android-sample",
        tests: "every screen of the Android sample, against the sandbox",
        when: When::Always,
        needs: &[Java, Jars, AndroidX],
        steps: &[
            step("tools/shell/check-android-sample --return-link", Counted::Whole),
            step(
                "tools/shell/check-android-sample",
                Counted::Surefire(&["android-sample/target"]),
            ),
        ],
    },
    Suite {
        name: "swift",
        tests: "the Swift package",
        when: When::Always,
        needs: &[Swift],
        steps: &[
            BUILD,
            Step {
                command: "tools/shell/run-swift test --package-path bindings/swift --scratch-path target/swift -Xlinker -L{libraries}",
                environment: SWIFT_ENVIRONMENT,
                counted: Counted::Swift,
            },
        ],
    },
    Suite {
        name: "swift-package",
        tests: "the Swift package as a package that depends on it gets it",
        when: When::Long,
        needs: &[Swift],
        steps: &[step("tools/shell/check-swift-package", Counted::Whole)],
    },
    Suite {
        name: "apple",
        tests: "the Swift code for Apple's systems and the documents' Swift, as far as another machine can check them",
        when: When::Linux,
        needs: &[Swift],
        steps: &[step("tools/shell/check-apple", Counted::Plain)],
    },
    Suite {
        name: "ios-sample",
        tests: "the iOS sample, with stand-ins for Apple's frameworks, and its Xcode project",
        when: When::Linux,
        needs: &[Swift],
        steps: &[
            step("tools/shell/check-ios-sample", Counted::Swift),
            step("tool check xcode-project", Counted::Plain),
        ],
    },
    Suite {
        name: "cross-check",
        tests: "whether the shipped crates compile for phones; long: link, too",
        when: When::Always,
        needs: &[Cross, Phones],
        steps: &[step("tool cross-check {long:--link}", Counted::Plain)],
    },
    Suite {
        name: "size",
        tests: "the shipped library against its budget",
        when: When::Always,
        needs: &[Cross, Library],
        steps: &[step("tool size", Counted::Plain)],
    },
    Suite {
        name: "packages",
        tests: "the packages for apps: their layouts, and a sale with nothing but them",
        when: When::Always,
        needs: &[Java, Jars, Cross, Library],
        steps: &[step("tool check packages", Counted::Plain)],
    },
    Suite {
        name: "r8",
        tests: "the packages, minified as an app's build would",
        when: When::Always,
        needs: &[Java, Jars, Cross, Library],
        steps: &[step("tools/shell/check-r8", Counted::Plain)],
    },
    Suite {
        name: "arm64",
        tests: "the library for arm64 Android on an emulated processor: contract, card form, whole sales",
        when: When::Long,
        needs: &[Java, Jars, Cross],
        steps: &[step("tools/shell/check-arm64", Counted::Plain)],
    },
    Suite {
        name: "apk",
        tests: "the Android sample's release APK: minified, signed, aligned",
        when: When::Long,
        needs: &[Java, Jars, AndroidX, Cross],
        steps: &[step("tools/shell/check-apk", Counted::Plain)],
    },
    Suite {
        name: "site",
        tests: "the documents as a site, with the pages of all interfaces",
        when: When::Long,
        needs: &[Java, Jars, AndroidX, Swift],
        steps: &[step("tool site", Counted::Whole)],
    },
    Suite {
        name: "okhttp",
        tests: "the client on OkHttp that scripts/bench compares with compiles",
        when: When::Long,
        needs: &[Java],
        steps: &[step("mvn -q -f tools/measure/okhttp compile", Counted::Whole)],
    },
    Suite {
        name: "fuzz",
        tests: "the fuzzers, ten minutes each; they need a nightly compiler",
        when: When::Long,
        needs: &[],
        steps: &[step("scripts/fuzz", Counted::Plain)],
    },
];

/// The suite of this name.
pub(super) fn named(name: &str) -> Option<&'static Suite> {
    SUITES.iter().find(|suite| suite.name == name)
}

#[cfg(test)]
mod tests {
    use std::{collections::HashSet, path::Path};

    use super::*;

    #[test]
    fn names_are_there_once() {
        let names: HashSet<&str> = SUITES.iter().map(|suite| suite.name).collect();
        assert_eq!(names.len(), SUITES.len());
        assert!(named("rust").is_some() && named("no-such-suite").is_none());
    }

    #[test]
    fn every_suite_counts_something_and_its_scripts_exist() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
        for suite in SUITES {
            assert!(
                suite.steps.iter().any(|step| step.counted != Counted::Not),
                "{}",
                suite.name
            );
            for step in suite.steps {
                let program = step.command.split(' ').next().unwrap();
                assert!(
                    !program.contains('/') || root.join(program).is_file(),
                    "{}: there is no {program}",
                    suite.name
                );
            }
        }
    }

    #[test]
    fn whatever_suites_need_can_be_set_up() {
        let setup = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("../scripts/setup")).unwrap();
        for need in SUITES.iter().flat_map(|suite| suite.needs) {
            assert!(
                setup.contains(&format!("\n    {}) echo ", need.name())),
                "scripts/setup does not know {}",
                need.name()
            );
        }
    }

    #[test]
    fn only_long_runs_include_the_long_ones() {
        assert!(!When::Long.is_now(false) && When::Long.is_now(true) && When::Always.is_now(false));
    }
}
