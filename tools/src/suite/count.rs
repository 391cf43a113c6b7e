//! Reads from what a runner printed, or left behind, how many tests passed and failed: one function for each runner.
//! `None` means that the runner did not close its run, which counts as a failure.

use std::ops::AddAssign;

/// How many tests passed and failed. Skipped tests are neither.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Counts {
    pub(crate) passed: u32,
    pub(crate) failed: u32,
}

impl AddAssign for Counts {
    fn add_assign(&mut self, other: Self) {
        self.passed += other.passed;
        self.failed += other.failed;
    }
}

/// `cargo test`: every binary, and the doctests, open with "running N tests" and close with a "test result:" line. A binary
/// that does not close has died: that is one failure.
pub(crate) fn cargo(output: &str) -> Option<Counts> {
    let mut counts = Counts::default();
    let (mut opened, mut closed) = (0_u32, 0_u32);
    for line in output.lines().map(without_colours) {
        if let Some(result) = line.strip_prefix("test result: ") {
            closed += 1;
            counts.passed += number_before(result, " passed").unwrap_or(0);
            counts.failed += number_before(result, " failed").unwrap_or(0);
        } else if is_opening(&line) {
            opened += 1;
        }
    }
    counts.failed += opened.saturating_sub(closed);
    (closed > 0).then_some(counts)
}

fn is_opening(line: &str) -> bool {
    let rest = line.strip_prefix("running ").and_then(|rest| rest.split_once(' '));
    rest.is_some_and(|(number, unit)| number.parse::<u32>().is_ok() && (unit == "test" || unit == "tests"))
}

/// Swift: a line for each test by XCTest and by Swift Testing; the lines of their suites are no tests. Both close their runs.
pub(crate) fn swift(output: &str) -> Option<Counts> {
    let mut counts = Counts::default();
    let mut closed = false;
    for line in output.lines().map(without_colours) {
        if let Some(test) = line.strip_prefix("Test Case ") {
            counts.passed += u32::from(test.contains("' passed ("));
            counts.failed += u32::from(test.contains("' failed ("));
        } else if let Some(test) = line.strip_prefix("✔ Test ").or_else(|| line.strip_prefix("✘ Test ")) {
            if test.starts_with("run with ") {
                closed = true;
            } else {
                counts.passed += u32::from(test.contains(" passed after "));
                counts.failed += u32::from(test.contains(" failed after "));
            }
        } else if line.trim_start().starts_with("Executed ") {
            closed = true;
        }
    }
    closed.then_some(counts)
}

/// Surefire: the attributes of the `<testsuite>` in each of its XML reports. Without a report nothing was run.
pub(crate) fn surefire<'a>(reports: impl IntoIterator<Item = &'a str>) -> Option<Counts> {
    let mut counts = None;
    for report in reports {
        let counts = counts.get_or_insert_with(Counts::default);
        let suite = report
            .split_once("<testsuite ")
            .and_then(|(_, rest)| rest.split_once('>'));
        let Some((attributes, _)) = suite else {
            // Cut off while it was written.
            counts.failed += 1;
            continue;
        };
        let attribute = |name: &str| {
            let (_, rest) = attributes.split_once(&format!(" {name}=\""))?;
            rest.split_once('"')?.0.parse::<u32>().ok()
        };
        let failed = attribute("failures").unwrap_or(0) + attribute("errors").unwrap_or(0);
        let skipped = attribute("skipped").unwrap_or(0);
        counts.failed += failed;
        counts.passed += attribute("tests").unwrap_or(0).saturating_sub(failed + skipped);
    }
    counts
}

/// This project's own checks: the last line that is exactly "N passed, N failed", also where a tool has left codes for colours
/// in front of it.
pub(crate) fn plain(output: &str) -> Option<Counts> {
    output.lines().rev().find_map(|line| {
        let line = without_colours(line);
        let (passed, failed) = line.strip_suffix(" failed")?.split_once(" passed, ")?;
        Some(Counts {
            passed: passed.parse().ok()?,
            failed: failed.parse().ok()?,
        })
    })
}

fn number_before(text: &str, word: &str) -> Option<u32> {
    text.split_once(word)?.0.rsplit(' ').next()?.parse().ok()
}

/// The line without the escape sequences of terminals, of which some tools leave parts where no terminal is: `ESC [ … letter`.
fn without_colours(line: &str) -> String {
    let mut plain = String::with_capacity(line.len());
    let mut characters = line.trim_end_matches('\r').chars();
    while let Some(character) = characters.next() {
        if character == '\u{1b}' {
            // To the letter that ends it.
            let _ = characters.by_ref().find(char::is_ascii_alphabetic);
        } else {
            plain.push(character);
        }
    }
    plain
}

#[cfg(test)]
mod tests {
    use super::*;

    fn counts(passed: u32, failed: u32) -> Option<Counts> {
        Some(Counts { passed, failed })
    }

    const CARGO: &str = "
running 10 tests
..........
test result: ok. 10 passed; 0 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.14s


running 3 tests
.F.
failures:
    money::rounds
test result: FAILED. 2 passed; 1 failed; 4 ignored; 0 measured; 0 filtered out; finished in 27.63s

all doctests ran in 0.97s; merged doctests compilation took 0.97s
";

    #[test]
    fn cargo_sums_its_binaries() {
        assert_eq!(cargo(CARGO), counts(12, 1));
    }

    #[test]
    fn a_binary_that_dies_is_a_failure() {
        let died = format!(
            "{CARGO}\nrunning 5 tests\n..error: test failed\nCaused by: process didn't exit successfully (signal: 6)\n"
        );
        assert_eq!(cargo(&died), counts(12, 2));
    }

    #[test]
    fn cargo_that_does_not_compile_closes_nothing() {
        assert_eq!(cargo("error[E0425]: cannot find value `x` in this scope\n"), None);
        assert_eq!(cargo(""), None);
    }

    const SWIFT: &str = "\
Test Suite 'All tests' started at 2026-11-28 07:06:46.089
Test Case 'ShopTests.testPays' started at 2026-11-28 07:06:46.150
Test Case 'ShopTests.testPays' passed (0.012 seconds)
Test Case 'ShopTests.testWaits' failed (1.2 seconds)
Test Suite 'All tests' failed at 2026-11-28 07:06:46.150
\t Executed 2 tests, with 1 failure (0 unexpected) in 1.2 (1.2) seconds
◇ Test run started.
◇ Suite PortTests started.
\u{1b}[0;32m✔\u{1b}[0m Test masksAndWipes() passed after 3.460 seconds.
✔ Test every(brand:) with 6 test cases passed after 0.1 seconds.
✘ Test onlyAFinalOutcomeIsAcknowledged() failed after 13.244 seconds with 2 issues.
✘ Suite PortTests failed after 13.363 seconds with 2 issues.
✘ Test run with 88 tests failed after 38.025 seconds with 2 issues.
";

    #[test]
    fn swift_counts_the_tests_of_both_kinds_and_no_suite() {
        assert_eq!(swift(SWIFT), counts(3, 2));
    }

    #[test]
    fn swift_that_crashes_does_not_close() {
        let crashed = "◇ Test run started.\n✔ Test masksAndWipes() passed after 3.460 seconds.\nerror: Exited with signal code 11\n";
        assert_eq!(swift(crashed), None);
    }

    const SUREFIRE: &str = r#"<?xml version="1.0" encoding="UTF-8"?>
<testsuite xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" version="3.0.2" name="dev.salekit.BehaviourTest" time="15.552" tests="68" errors="1" skipped="4" failures="2" flakes="0">
  <testcase name="tests" classname="x" time="0.1"/>"#;

    #[test]
    fn surefire_sums_its_reports() {
        let other = r#"<testsuite name="dev.salekit.Other" time="1" tests="3" errors="0" skipped="0" failures="0">"#;
        assert_eq!(surefire([SUREFIRE, other]), counts(64, 3));
    }

    #[test]
    fn surefire_without_a_report_has_run_nothing() {
        assert_eq!(surefire([]), None);
    }

    #[test]
    fn a_report_that_is_cut_off_is_a_failure() {
        assert_eq!(
            surefire(["<?xml version=\"1.0\"?>\n<testsuite name=\"dev.sal"]),
            counts(0, 1)
        );
    }

    #[test]
    fn the_last_closing_line_counts() {
        assert_eq!(
            plain("2 passed, 1 failed\nand more\n25 passed, 0 failed\n"),
            counts(25, 0)
        );
    }

    #[test]
    fn a_closing_line_behind_colours_counts() {
        assert_eq!(plain("\u{1b}[0m\u{1b}[0m19 passed, 0 failed\n"), counts(19, 0));
        assert_eq!(
            plain("\u{1b}[1;31mWARN\u{1b}[m\r\n\u{1b}[0m3 passed, 2 failed\r\n"),
            counts(3, 2)
        );
    }

    #[test]
    fn other_lines_close_nothing() {
        assert_eq!(plain("http://127.0.0.1:1/: 60 passed, 0 failed, 3 skipped\n"), None);
        assert_eq!(plain("    18 passed, 1 failed\n"), None);
        assert_eq!(plain(""), None);
    }
}
