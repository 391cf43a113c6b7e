//! The readable text in a library that an app must not carry: paths of the machine that built it, what only tests need, and
//! lines for developers.

use regex_lite::Regex;

use crate::failure::Failure;

/// As `strings` has it: less than this is chance.
const SHORTEST: usize = 6;

/// Lines of text that a library must not have.
#[derive(Debug)]
pub(crate) struct Unwanted {
    pattern: Regex,
    /// A line without any of these cannot match. Reading millions of bytes with the pattern alone takes too long.
    marks: &'static [&'static str],
    /// What may be there although it matches.
    allowed: Option<Regex>,
}

impl Unwanted {
    fn new(pattern: &str, marks: &'static [&'static str], allowed: Option<&str>) -> Result<Self, Failure> {
        let regex = |pattern: &str| Regex::new(pattern).map_err(|error| Failure::unfit(format!("{pattern}: {error}")));
        Ok(Self {
            pattern: regex(pattern)?,
            marks,
            allowed: allowed.map(regex).transpose()?,
        })
    }

    /// Paths of a build machine (not of the phone), from panics, assertions or debugging information.
    pub(crate) fn machine_paths() -> Result<Self, Failure> {
        Self::new(
            r"(?:^|[^A-Za-z0-9_.-])/(?:root|home|Users|work|builds?|tmp)/[A-Za-z0-9._-]+/|\.cargo/(?:registry|git)|rustup/toolchains",
            &["/"],
            None,
        )
    }

    /// Texts that only tests and tools of this project contain.
    pub(crate) fn test_hooks() -> Result<Self, Failure> {
        Self::new(
            r"salekit[-_]sandbox|proptest|stateright|rcgen|/sandbox/|\bSALEKIT_[A-Z]|4111111111111111|[Ss]imulated ACS",
            &[
                "sandbox",
                "proptest",
                "stateright",
                "rcgen",
                "SALEKIT_",
                "4111111111111111",
                "imulated ACS",
            ],
            None,
        )
    }

    /// Log lines of dependencies: tracing names each line by its place in the source.
    pub(crate) fn developers_text() -> Result<Self, Failure> {
        Self::new(
            r"event [^ ]*(?:hyper(?:-util)?-[0-9]|h2|reqwest|rustls|tokio|tower)[^ ]*\.rs:[0-9]+|\[[a-z_/]+\.rs:[0-9]+:[0-9]+\] ",
            &[".rs:"],
            // Log lines that cannot be left out: hyper-util's client logs at debug level, as SaleKit does, and tracing has only
            // one minimum level for all crates. None of them reaches an app.
            Some(r"^event hyper-util-[0-9.]+/src/client/legacy/(?:client|pool|connect/http)\.rs:[0-9]+$"),
        )
    }

    /// What of `text` must not be there.
    pub(crate) fn among(&self, text: &[String]) -> Vec<String> {
        let may_match = |line: &&String| self.marks.iter().any(|mark| line.contains(mark));
        let mut found = Vec::new();
        for line in text.iter().filter(may_match) {
            for part in self.pattern.find_iter(line) {
                if !self
                    .allowed
                    .as_ref()
                    .is_some_and(|allowed| allowed.is_match(part.as_str()))
                {
                    found.push(around(line, part.start(), part.end()));
                }
            }
        }
        found
    }
}

/// The found text with some of what stands around it: neighbouring texts in a library have nothing between them.
fn around(line: &str, start: usize, end: usize) -> String {
    let (from, to) = (start.saturating_sub(40), (end + 80).min(line.len()));
    line.get(from..to).unwrap_or(line).to_owned()
}

/// Every run of printable characters, as `strings` prints them. They are all ASCII.
pub(crate) fn readable(bytes: &[u8]) -> Vec<String> {
    bytes
        .split(|byte| !matches!(byte, b'\t' | b' '..=b'~'))
        .filter(|run| run.len() >= SHORTEST)
        .map(|run| String::from_utf8_lossy(run).into_owned())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(unwanted: &Unwanted, line: &str) -> bool {
        !unwanted.among(&[line.to_owned()]).is_empty()
    }

    #[test]
    fn only_runs_of_six_characters_are_text() {
        assert_eq!(readable(b"\0short\0\x01longer\0tab\there\xff"), ["longer", "tab\there"]);
    }

    #[test]
    fn paths_of_a_build_machine_are_found() {
        let paths = Unwanted::machine_paths().unwrap();
        for folder in ["root", "home", "Users", "work", "build", "builds", "tmp"] {
            for line in [
                format!("/{folder}/src/main.rs"),
                format!("panicked at /{folder}/a-b.c/core/src/lib.rs"),
            ] {
                assert!(found(&paths, &line), "{line}");
            }
        }
        for line in ["a/.cargo/registry/src", ".cargo/git/x", "lib/rustup/toolchains/stable"] {
            assert!(found(&paths, line), "{line}");
        }
        for line in [
            "core/src/lib.rs",
            "/data/home/file",
            "rust/library/std/src",
            "https://example/tmp",
            "a/tmp/b/c",
        ] {
            assert!(!found(&paths, line), "{line}");
        }
    }

    #[test]
    fn what_only_tests_need_is_found() {
        let hooks = Unwanted::test_hooks().unwrap();
        for line in [
            "salekit_sandbox::control",
            "salekit-sandbox",
            "SALEKIT_PROFILE",
            "4111111111111111",
            "Simulated ACS",
            "a/sandbox/b",
        ] {
            assert!(found(&hooks, line), "{line}");
        }
        for line in ["sandboxed", "UNIFFI_META_SALEKIT_X", "SALEKIT_x"] {
            assert!(!found(&hooks, line), "{line}");
        }
    }

    #[test]
    fn log_lines_of_dependencies_are_found_but_for_the_known_ones() {
        let texts = Unwanted::developers_text().unwrap();
        for line in [
            "event reqwest-0.13.5/src/connect.rs:12",
            "event hyper-1.12.0/src/proto/h1/io.rs:7",
            "[core/src/lib.rs:7:9] x",
            "event hyper-util-0.1.21/src/client/legacy/connect/dns.rs:5",
        ] {
            assert!(found(&texts, line), "{line}");
        }
        for line in [
            "event hyper-util-0.1.21/src/client/legacy/client.rs:263",
            "event hyper-util-0.1.21/src/client/legacy/connect/http.rs:5",
            "event core/src/flow.rs:3",
        ] {
            assert!(!found(&texts, line), "{line}");
        }
    }
}
