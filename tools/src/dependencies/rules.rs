//! What deny.toml allows: the part of cargo-deny's rules that is used here.

use std::collections::{BTreeMap, BTreeSet};

use toml::{Table, Value};

use crate::failure::Failure;

#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Rules {
    pub(super) targets: Vec<String>,
    /// Licences for everyone.
    pub(super) licences: BTreeSet<String>,
    /// Licences that only these crates may have besides.
    pub(super) exceptions: BTreeMap<String, BTreeSet<String>>,
    /// Crates that must not be there, and why.
    pub(super) bans: BTreeMap<String, String>,
    /// Versions that may be there beside another one of the same crate.
    pub(super) skips: Vec<Skip>,
}

/// `NAME@VERSION`, where the version may be only the beginning of one.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Skip {
    pub(super) name: String,
    pub(super) version: String,
}

impl Skip {
    pub(super) fn covers(&self, name: &str, version: &str) -> bool {
        self.name == name && format!("{version}.").starts_with(&format!("{}.", self.version))
    }
}

impl Rules {
    pub(super) fn parse(text: &str) -> Result<Self, Failure> {
        let wrong = |what: String| Failure::unfit(format!("deny.toml: {what}"));
        let all: Table = text
            .parse()
            .map_err(|error: toml::de::Error| wrong(error.to_string()))?;
        let list = |table: &str, key: &str| {
            let list = all
                .get(table)
                .and_then(|table| table.get(key))
                .and_then(Value::as_array);
            list.ok_or_else(|| wrong(format!("[{table}] has no list {key}")))
        };
        let text = |value: &Value, key: &str| {
            let text = value.get(key).and_then(Value::as_str);
            text.map(str::to_owned)
                .ok_or_else(|| wrong(format!("an entry has no {key}: {value:?}")))
        };
        let strings = |values: &[Value]| {
            values
                .iter()
                .filter_map(Value::as_str)
                .map(str::to_owned)
                .collect::<Vec<_>>()
        };

        let mut rules = Self {
            targets: strings(list("graph", "targets")?),
            licences: strings(list("licenses", "allow")?).into_iter().collect(),
            ..Self::default()
        };
        for exception in list("licenses", "exceptions")? {
            let allowed = exception
                .get("allow")
                .and_then(Value::as_array)
                .map(|allowed| strings(allowed));
            rules.exceptions.insert(
                text(exception, "crate")?,
                allowed.unwrap_or_default().into_iter().collect(),
            );
        }
        for ban in list("bans", "deny")? {
            rules.bans.insert(text(ban, "crate")?, text(ban, "reason")?);
        }
        for skip in list("bans", "skip")? {
            let both = text(skip, "crate")?;
            let (name, version) = both
                .split_once('@')
                .ok_or_else(|| wrong(format!("{both} is skipped in all versions")))?;
            rules.skips.push(Skip {
                name: name.to_owned(),
                version: version.to_owned(),
            });
        }
        Ok(rules)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_rules_of_this_project_can_be_read() {
        let rules = Rules::parse(include_str!("../../../deny.toml")).unwrap();
        assert!(rules.targets.iter().any(|target| target == "aarch64-linux-android"));
        assert!(rules.licences.contains("MIT"));
        for other in [
            "openssl",
            "openssl-sys",
            "native-tls",
            "boring",
            "aws-lc-rs",
            "aws-lc-sys",
        ] {
            assert!(
                rules.bans.contains_key(other),
                "{other} is another TLS library or its cryptography"
            );
        }
        assert!(rules.exceptions.values().all(|allowed| !allowed.is_empty()));
        assert!(rules.skips.iter().all(|skip| !skip.version.is_empty()));
    }

    #[test]
    fn a_rule_that_is_missing_is_said() {
        let failure = Rules::parse("[graph]\ntargets = []\n[licenses]\nexceptions = []\n").unwrap_err();
        assert_eq!(failure.to_string(), "deny.toml: [licenses] has no list allow");
    }

    #[test]
    fn a_skip_covers_what_its_version_begins() {
        let skip = Skip {
            name: "syn".to_owned(),
            version: "2".to_owned(),
        };
        assert!(skip.covers("syn", "2.0.1") && skip.covers("syn", "2"));
        assert!(!skip.covers("syn", "20.0.1") && !skip.covers("quote", "2.0.1"));
    }
}
