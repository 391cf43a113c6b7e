//! What every check of this project reports with: one line for each check that does not hold, its details below it, and one
//! closing line, `N passed, N failed`.

use std::{
    fmt::{Display, Write as _},
    io::{self, Stdout, Write},
    process::ExitCode,
};

/// Counts checks, and prints those that do not hold. A tool makes one, and ends with [`Checks::close`].
#[derive(Debug)]
pub(crate) struct Checks<W = Stdout> {
    out: W,
    passed: u32,
    failed: u32,
}

impl Checks {
    pub(crate) fn new() -> Self {
        Self::on(io::stdout())
    }
}

impl<W: Write> Checks<W> {
    fn on(out: W) -> Self {
        Self {
            out,
            passed: 0,
            failed: 0,
        }
    }

    /// Counts one check. The name says what holds if it passes; the error says what does not.
    pub(crate) fn check(&mut self, name: impl Display, result: Result<(), impl Display>) {
        match result {
            Ok(()) => self.passed += 1,
            Err(error) => {
                self.failed += 1;
                let mut lines = format!("broken: {name}\n");
                for line in error.to_string().trim_end().lines() {
                    let _ = writeln!(lines, "    {line}");
                }
                // Nobody reads a closed output; the status still says that a check failed.
                let _ = self.out.write_all(lines.as_bytes());
            }
        }
    }

    /// Counts one check that passes if there is nothing to report. The name says what holds then.
    pub(crate) fn none(&mut self, name: impl Display, found: impl IntoIterator<Item = impl Display>) {
        let mut lines = String::new();
        for line in found {
            let _ = writeln!(lines, "{line}");
        }
        self.check(name, if lines.is_empty() { Ok(()) } else { Err(lines) });
    }

    /// Counts one check that is a condition. The name says what holds if it passes.
    pub(crate) fn holds(&mut self, name: impl Display, condition: bool) {
        self.check(name, if condition { Ok(()) } else { Err("") });
    }

    /// Prints the closing line. The exit code says whether all checks held, of which there must be one.
    pub(crate) fn close(mut self) -> ExitCode {
        let _ = writeln!(self.out, "{} passed, {} failed", self.passed, self.failed);
        if self.failed == 0 && self.passed > 0 {
            ExitCode::SUCCESS
        } else {
            ExitCode::FAILURE
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn printed(checks: impl FnOnce(&mut Checks<&mut Vec<u8>>)) -> (String, ExitCode) {
        let mut text = Vec::new();
        let mut all = Checks::on(&mut text);
        checks(&mut all);
        let code = all.close();
        (String::from_utf8(text).unwrap(), code)
    }

    #[test]
    fn what_holds_is_only_counted() {
        let (text, code) = printed(|checks| {
            checks.check("one", Ok::<(), String>(()));
            checks.holds("two", true);
            checks.none("three", Vec::<String>::new());
        });
        assert_eq!((text.as_str(), code), ("3 passed, 0 failed\n", ExitCode::SUCCESS));
    }

    #[test]
    fn what_does_not_hold_is_named_with_its_details() {
        let (text, code) = printed(|checks| {
            checks.check("it is small", Err("7 bytes\nbudget 6"));
            checks.holds("it is there", false);
            checks.none("nothing is left", ["a", "b"]);
        });
        let expected = "broken: it is small\n    7 bytes\n    budget 6\nbroken: it is there\nbroken: nothing is left\n    a\n    b\n0 passed, 3 failed\n";
        assert_eq!((text.as_str(), code), (expected, ExitCode::FAILURE));
    }

    #[test]
    fn no_check_at_all_is_a_failure() {
        assert_eq!(printed(|_| ()), ("0 passed, 0 failed\n".to_owned(), ExitCode::FAILURE));
    }
}
