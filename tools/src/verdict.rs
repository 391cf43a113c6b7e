//! What one check says of an artefact: what has to hold, and everything that breaks it. Checks return verdicts, so that tests can
//! look at them; `check` counts and prints them.

use std::fmt::Display;

use crate::check::Checks;

/// More than this many lines below a check help nobody.
const MOST_LINES: usize = 12;

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Verdict {
    /// What holds if nothing breaks it.
    pub(crate) holds: String,
    /// One line for each thing that breaks it: what was found, and what is allowed.
    pub(crate) broken_by: Vec<String>,
}

impl Verdict {
    pub(crate) fn new(holds: impl Into<String>, broken_by: impl IntoIterator<Item = impl Into<String>>) -> Self {
        Self {
            holds: holds.into(),
            broken_by: broken_by.into_iter().map(Into::into).collect(),
        }
    }

    /// Of a condition. `otherwise` says what was found, and what is allowed.
    pub(crate) fn that(holds: impl Into<String>, condition: bool, otherwise: impl Into<String>) -> Self {
        Self::new(holds, (!condition).then(|| otherwise.into()))
    }
}

/// Counts verdicts on what is named, and prints those that do not hold.
pub(crate) fn report(checks: &mut Checks, name: impl Display, verdicts: impl IntoIterator<Item = Verdict>) {
    for Verdict { holds, broken_by } in verdicts {
        let more = broken_by.len().saturating_sub(MOST_LINES);
        let rest = (more > 0).then(|| format!("and {more} more"));
        checks.none(
            format!("{name}: {holds}"),
            broken_by.into_iter().take(MOST_LINES).chain(rest),
        );
    }
}

/// For tests: what does not hold, and nothing else.
#[cfg(test)]
pub(crate) fn broken(verdicts: &[Verdict]) -> Vec<&str> {
    verdicts
        .iter()
        .filter(|verdict| !verdict.broken_by.is_empty())
        .map(|verdict| verdict.holds.as_str())
        .collect()
}
