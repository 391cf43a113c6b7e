//! How big a library may be: bindings/size-budget.toml, and the sizes that are compared with it.

use std::{
    fs::{self, File},
    path::Path,
    process::{Command, Stdio},
};

use toml::Table;

use crate::{failure::Failure, project::Project};

/// The most that an app may be made to carry for one target.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Budget {
    /// Of the stripped library.
    pub(crate) bytes: u64,
    /// Of that by `gzip -9`.
    pub(crate) gzip: u64,
}

impl Budget {
    /// The budget for a target; not every one has one.
    pub(crate) fn of(project: &Project, target: &str) -> Result<Option<Self>, Failure> {
        Self::parse(&project.read("bindings/size-budget.toml")?, target)
    }

    fn parse(text: &str, target: &str) -> Result<Option<Self>, Failure> {
        let wrong = |what: String| Failure::unfit(format!("bindings/size-budget.toml: {what}"));
        let tables: Table = text
            .parse()
            .map_err(|error: toml::de::Error| wrong(error.to_string()))?;
        let Some(table) = tables.get(target) else {
            return Ok(None);
        };
        let number = |key: &str| {
            let number = table
                .get(key)
                .and_then(toml::Value::as_integer)
                .and_then(|number| u64::try_from(number).ok());
            number.ok_or_else(|| wrong(format!("{target} has no number {key}")))
        };
        Ok(Some(Self {
            bytes: number("bytes")?,
            gzip: number("gzip")?,
        }))
    }

    /// What is too much of the library's own size, in bytes.
    pub(crate) fn excess(&self, bytes: u64) -> Option<String> {
        (bytes > self.bytes).then(|| format!("{bytes} bytes; the budget is {}", self.bytes))
    }

    /// What is too much of its size by `gzip -9`, in bytes.
    pub(crate) fn excess_zipped(&self, zipped: u64) -> Option<String> {
        (zipped > self.gzip).then(|| format!("{zipped} bytes by gzip -9; the budget is {}", self.gzip))
    }
}

/// The bytes of a file.
pub(crate) fn bytes(file: &Path) -> Result<u64, Failure> {
    Ok(fs::metadata(file).map_err(Failure::file(file))?.len())
}

/// The bytes of a file by `gzip -9`, of which the budgets speak.
pub(crate) fn zipped(file: &Path) -> Result<u64, Failure> {
    let start = |source| Failure::Start {
        command: "gzip -9n".to_owned(),
        source,
    };
    let input = File::open(file).map_err(Failure::file(file))?;
    let output = Command::new("gzip")
        .arg("-9n")
        .stdin(input)
        .stderr(Stdio::inherit())
        .output()
        .map_err(start)?;
    if output.status.success() {
        Ok(output.stdout.len() as u64)
    } else {
        Err(Failure::unfit(format!(
            "gzip -9n of {} ended with {}",
            file.display(),
            output.status
        )))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "[one]\nbytes = 2_500_000\ngzip = 1_380_000\n\n[half]\nbytes = 1\n";

    #[test]
    fn a_target_has_its_budget_or_none() {
        let budget = Budget {
            bytes: 2_500_000,
            gzip: 1_380_000,
        };
        assert_eq!(Budget::parse(TEXT, "one").unwrap(), Some(budget));
        assert_eq!(Budget::parse(TEXT, "two").unwrap(), None);
    }

    #[test]
    fn half_a_budget_is_none_and_said() {
        let failure = Budget::parse(TEXT, "half").unwrap_err().to_string();
        assert_eq!(failure, "bindings/size-budget.toml: half has no number gzip");
    }

    #[test]
    fn one_byte_more_is_too_much() {
        let budget = Budget { bytes: 10, gzip: 5 };
        assert_eq!((budget.excess(10), budget.excess_zipped(5)), (None, None));
        assert_eq!(budget.excess(11).unwrap(), "11 bytes; the budget is 10");
        assert_eq!(budget.excess_zipped(6).unwrap(), "6 bytes by gzip -9; the budget is 5");
    }
}
