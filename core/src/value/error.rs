//! What is wrong with an input, in terms that a person can act on: the field and the rule, never the value.
//!
//! Failures of the network, the store or the gateway are not here. They belong to an outcome or to a port.

use thiserror::Error;

/// An input that was refused before anything was sent.
///
/// `field` is the documented path of the value (for example `sourceOfFunds.card.number`), or the name of the option
/// where the protocol has none. The refused value is never kept, because it may be a card number.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("{field}: {rule}")]
pub struct InputError {
    /// The path of the field, as the protocol writes it.
    pub field: &'static str,
    /// The rule that was broken.
    pub rule: Rule,
}

impl InputError {
    /// An error for `field` that broke `rule`.
    pub const fn new(field: &'static str, rule: Rule) -> Self {
        Self { field, rule }
    }
}

/// The rule that an input broke. [`Rule::code`] is stable and can be used as a key for translations.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[cfg_attr(not(feature = "exhaustive"), non_exhaustive)]
pub enum Rule {
    /// A required value is missing.
    #[error("is missing; give a value")]
    Missing,
    /// Too short or too long, in characters.
    #[error("must have {}", count(*.min, *.max))]
    Length {
        /// The fewest characters allowed.
        min: usize,
        /// The most characters allowed.
        max: usize,
    },
    /// Contains characters that are not allowed.
    #[error("may contain only {allowed}")]
    Characters {
        /// The characters that are allowed, in words.
        allowed: &'static str,
    },
    /// The check digit (Luhn, ISO/IEC 7812-1) is wrong: most likely a digit was mistyped.
    #[error("has a wrong check digit; check for a mistyped digit")]
    CheckDigit,
    /// A number outside its range.
    #[error("must be {}", bounds(*.min, *.max))]
    Range {
        /// The smallest value allowed.
        min: i64,
        /// The largest value allowed.
        max: i64,
    },
    /// A date that has passed.
    #[error("is in the past; use a card that has not expired")]
    Expired,
    /// Not in the required format.
    #[error("has the wrong format; write it like {example}")]
    Format {
        /// A valid example.
        example: &'static str,
    },
    /// Not in the list of known values, for example a currency that ISO 4217 does not have.
    #[error("is not known; use {expected}")]
    Unknown {
        /// What is expected instead.
        expected: &'static str,
    },
    /// A URL that is not allowed.
    #[error("is not an allowed address; {requirement}")]
    Address {
        /// What an allowed address must look like.
        requirement: &'static str,
    },
    /// A name that the app may not set.
    #[error("is reserved; leave it out")]
    Reserved,
    /// A name that occurs more than once.
    #[error("occurs twice; give it once")]
    Repeated,
}

/// `4 characters`, `3 to 4 characters`, `1 character`.
fn count(min: usize, max: usize) -> String {
    match (min, max) {
        (1, 1) => "1 character".to_owned(),
        (min, max) if min == max => format!("{max} characters"),
        (0, max) => format!("at most {max} character{}", if max == 1 { "" } else { "s" }),
        (min, max) => format!("{min} to {max} characters"),
    }
}

/// `between 1 and 12`, or `0` if only one value is allowed.
fn bounds(min: i64, max: i64) -> String {
    if min == max {
        max.to_string()
    } else {
        format!("between {min} and {max}")
    }
}

impl Rule {
    /// A stable word for the rule, the same in every language and version.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Missing => "missing",
            Self::Length { .. } => "length",
            Self::Characters { .. } => "characters",
            Self::CheckDigit => "check_digit",
            Self::Range { .. } => "range",
            Self::Expired => "expired",
            Self::Format { .. } => "format",
            Self::Unknown { .. } => "unknown",
            Self::Address { .. } => "address",
            Self::Reserved => "reserved",
            Self::Repeated => "repeated",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Rule;

    #[test]
    fn rules_are_readable_sentences() {
        for (rule, text) in [
            (Rule::Length { min: 3, max: 4 }, "must have 3 to 4 characters"),
            (Rule::Length { min: 4, max: 4 }, "must have 4 characters"),
            (Rule::Length { min: 1, max: 1 }, "must have 1 character"),
            (Rule::Length { min: 0, max: 1 }, "must have at most 1 character"),
            (Rule::Length { min: 0, max: 19 }, "must have at most 19 characters"),
            (Rule::Range { min: 1, max: 12 }, "must be between 1 and 12"),
            (Rule::Range { min: 0, max: 0 }, "must be 0"),
        ] {
            assert_eq!(rule.to_string(), text);
        }
    }
}
