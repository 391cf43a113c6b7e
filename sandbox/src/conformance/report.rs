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
    /// Why the server could not be reached, where it was not; then nothing was checked.
    pub unreachable: Option<String>,
    /// What the failures have in common, where it is known.
    pub hints: Vec<&'static str>,
    /// What a run cannot see, of a server that conforms; empty otherwise.
    pub not_seen: Vec<&'static str>,
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
        if let Some(reason) = &self.unreachable {
            return write!(f, "No connection to {}: {reason}", self.merchant_url);
        }
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
        )?;
        for hint in &self.hints {
            write!(f, "\nlikely: {hint}")?;
        }
        if !self.not_seen.is_empty() {
            write!(f, "\nnot visible to this check: {}", self.not_seen.join("; "))?;
        }
        Ok(())
    }
}

/// Checks without which others have no meaning, in the order in which they are made.
const NEEDED: [&str; 6] = [
    "access_token",
    "initiate",
    "check",
    "mapping",
    "stored_card",
    "check.stored_card",
];

/// `check.wrong_signature` is about a refusal, not about a signature of the server.
fn is_refusal_rule(id: &str) -> bool {
    id == "check.wrong_signature"
}

fn not_seen(is_of_one_order: bool) -> Vec<&'static str> {
    let mut not_seen = vec![
        "whether access tokens expire",
        "what is delivered, and that it is delivered once",
    ];
    if !is_of_one_order {
        not_seen.push("whether amounts are compared with the order (give --access-token of an order)");
    }
    not_seen
}

/// A report that is being written.
pub(super) struct Findings(Vec<Option<ConformanceCheck>>);

impl Findings {
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

    /// The check that failed first, of those that others need.
    fn stop(&self) -> Option<&'static str> {
        let failed = |id: &&str| {
            let check = rules::of(id).and_then(|(place, _)| self.0[place].as_ref());
            check.is_some_and(|check| check.result == CheckResult::Failed)
        };
        NEEDED.into_iter().find(failed)
    }

    /// The one mistake that lets every signature and every callback fail.
    fn hints(&self) -> Vec<&'static str> {
        let made = |id: &str| rules::of(id).and_then(|(place, _)| self.0[place].as_ref());
        let is_signature = |check: &&ConformanceCheck| check.id.ends_with("signature") && !is_refusal_rule(check.id);
        let mut signatures = self.0.iter().flatten().filter(is_signature).peekable();
        let were_made = signatures.peek().is_some();
        let all_fail = signatures.all(|check| check.result != CheckResult::Passed);
        let no_callback = made("callback").is_none_or(|check| match check.result {
            CheckResult::Failed => check.got.starts_with("HTTP 403"),
            CheckResult::Skipped => true,
            CheckResult::Passed => false,
        });
        match were_made && all_fail && no_callback && made("initiate.signature").is_some() {
            true => vec!["the control keys differ: compare --control-key with the server's"],
            false => Vec::new(),
        }
    }

    /// The report. What was not reached is skipped, for what failed before it. `unreachable` says why there was no server.
    pub(super) fn into_report(
        mut self,
        merchant_url: &str,
        unreachable: Option<String>,
        is_of_one_order: bool,
    ) -> ConformanceReport {
        let why = match self.stop() {
            Some(id) => format!("needs {id}, which failed"),
            None => "what it needs was not there".to_owned(),
        };
        let hints = self.hints();
        for rule in RULES {
            if rules::of(rule.id).is_some_and(|(place, _)| self.0[place].is_none()) {
                self.skip(rule.id, &why);
            }
        }
        let checks: Vec<ConformanceCheck> = self.0.into_iter().flatten().collect();
        let count = |result| checks.iter().filter(|check| check.result == result).count();
        let (passed, failed, skipped) = (
            count(CheckResult::Passed),
            count(CheckResult::Failed),
            count(CheckResult::Skipped),
        );
        let not_seen = match failed {
            0 => not_seen(is_of_one_order),
            _ => Vec::new(),
        };
        ConformanceReport {
            merchant_url: merchant_url.to_owned(),
            conforms: failed == 0,
            passed,
            failed,
            skipped,
            unreachable,
            hints,
            not_seen,
            checks,
        }
    }
}
