//! What a conformance run found. Its form is stable: programs read it.

use std::fmt;

use serde::Serialize;

use super::rules::{self, RULES};

/// How a check ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum CheckResult {
    /// The server does what the protocol says.
    Passed,
    /// It does not.
    Failed,
    /// Not made; `got` says why.
    Skipped,
}

/// One thing that was checked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct ConformanceCheck {
    /// A name that stays the same from version to version: `check.wrong_nonce`.
    pub id: &'static str,
    /// How it ended.
    pub result: CheckResult,
    /// The message, as the protocol calls it.
    pub message: &'static str,
    /// The member or parameter it is about; empty for the message as a whole.
    pub field: &'static str,
    /// What the protocol says.
    pub protocol: &'static str,
    /// What was expected; empty if the check was skipped.
    pub expected: String,
    /// What the server did, or why the check was skipped.
    pub got: String,
    /// What was likely done wrong, where a known mistake gives the value that came; otherwise empty.
    pub likely_mistake: String,
}

/// The result of a run against a merchant's server.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct ConformanceReport {
    /// The server's base URL.
    pub merchant_url: String,
    /// Whether no check failed, and those of the four messages and the callback were made.
    pub conforms: bool,
    /// Number of checks that passed.
    pub passed: usize,
    /// Number of checks that failed.
    pub failed: usize,
    /// Number of checks that were not made.
    pub skipped: usize,
    /// Every check, always all of them and in the same order.
    pub checks: Vec<ConformanceCheck>,
}

impl ConformanceReport {
    /// The check of this id.
    #[must_use]
    pub fn check(&self, id: &str) -> Option<&ConformanceCheck> {
        self.checks.iter().find(|check| check.id == id)
    }

    /// Ids of the checks that failed.
    #[must_use]
    pub fn failures(&self) -> Vec<&'static str> {
        let failed = |check: &&ConformanceCheck| check.result == CheckResult::Failed;
        self.checks.iter().filter(failed).map(|check| check.id).collect()
    }
}

/// One line a check, and more of those that did not pass.
impl fmt::Display for ConformanceReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for check in &self.checks {
            match check.result {
                CheckResult::Passed => writeln!(f, "passed   {}", check.id)?,
                CheckResult::Skipped => writeln!(f, "skipped  {}: {}", check.id, check.got)?,
                CheckResult::Failed => {
                    let about = match check.field {
                        "" => check.message.to_owned(),
                        field => format!("{}, {field}", check.message),
                    };
                    writeln!(f, "FAILED   {}  ({about})", check.id)?;
                    writeln!(f, "         protocol: {}", check.protocol)?;
                    writeln!(f, "         expected: {}", check.expected)?;
                    writeln!(f, "         got:      {}", check.got)?;
                    if !check.likely_mistake.is_empty() {
                        writeln!(f, "         likely:   {}", check.likely_mistake)?;
                    }
                }
            }
        }
        write!(
            f,
            "\n{}: {} passed, {} failed, {} skipped",
            self.merchant_url, self.passed, self.failed, self.skipped
        )
    }
}

/// A report that is being written.
pub(super) struct Sheet(Vec<Option<ConformanceCheck>>);

impl Sheet {
    pub(super) fn new() -> Self {
        Self(RULES.iter().map(|_| None).collect())
    }

    /// The server does what is expected, or it did something else.
    pub(super) fn note(&mut self, id: &str, holds: bool, expected: impl Into<String>, got: impl Into<String>) {
        let result = match holds {
            true => CheckResult::Passed,
            false => CheckResult::Failed,
        };
        self.write(id, result, expected.into(), got.into(), String::new());
    }

    /// A value that is wrong by a known mistake.
    pub(super) fn note_mistake(&mut self, id: &str, expected: String, got: String, likely_mistake: String) {
        self.write(id, CheckResult::Failed, expected, got, likely_mistake);
    }

    pub(super) fn skip(&mut self, id: &str, why: &str) {
        self.write(id, CheckResult::Skipped, String::new(), why.to_owned(), String::new());
    }

    fn write(&mut self, id: &str, result: CheckResult, expected: String, got: String, likely_mistake: String) {
        let Some((place, rule)) = rules::of(id) else { return };
        self.0[place] = Some(ConformanceCheck {
            id: rule.id,
            result,
            message: rule.message,
            field: rule.field,
            protocol: rule.says,
            expected,
            got,
            likely_mistake,
        });
    }

    /// The report. What was not reached is skipped for `reason`; without one, for what failed before it.
    pub(super) fn into_report(mut self, merchant_url: &str) -> ConformanceReport {
        for rule in RULES {
            if rules::of(rule.id).is_some_and(|(place, _)| self.0[place].is_none()) {
                self.skip(rule.id, "what it needs failed before it");
            }
        }
        let checks: Vec<ConformanceCheck> = self.0.into_iter().flatten().collect();
        let count = |result| checks.iter().filter(|check| check.result == result).count();
        let (passed, failed, skipped) = (
            count(CheckResult::Passed),
            count(CheckResult::Failed),
            count(CheckResult::Skipped),
        );
        ConformanceReport {
            merchant_url: merchant_url.to_owned(),
            conforms: failed == 0,
            passed,
            failed,
            skipped,
            checks,
        }
    }
}
