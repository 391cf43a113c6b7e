//! What is wrong with an input, said so that a person can mend it: the field, the rule, never the value.
//!
//! Failures of the network, the store or the gateway do not live here; they are part of an outcome or of a port.

use thiserror::Error;

/// An input that was refused before anything was sent.
///
/// `field` is the documented path of the value (for example `sourceOfFunds.card.number`), or the name of the
/// option where the protocol has none. The refused value itself is never kept: it may be a card number.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("{field}: {rule}")]
pub struct InputError {
    /// Path of the field, as the protocol writes it.
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

/// The rule an input broke. [`Rule::code`] is stable and may be used as a key for translations.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum Rule {
    /// Nothing was given where something is needed.
    #[error("is missing; give a value")]
    Missing,
    /// Too short or too long, in characters.
    #[error("must have {min} to {max} characters")]
    Length {
        /// Fewest characters allowed.
        min: usize,
        /// Most characters allowed.
        max: usize,
    },
    /// Holds characters that do not belong there.
    #[error("may hold {allowed} only")]
    Characters {
        /// What may stand there, in words.
        allowed: &'static str,
    },
    /// The check digit (Luhn, ISO/IEC 7812-1) does not fit: most likely a digit was mistyped.
    #[error("has a wrong check digit; look for a mistyped digit")]
    CheckDigit,
    /// A number outside its range.
    #[error("must be between {min} and {max}")]
    Range {
        /// Smallest value allowed.
        min: i64,
        /// Largest value allowed.
        max: i64,
    },
    /// A date that has passed.
    #[error("is in the past; use a card that has not expired")]
    Expired,
    /// Not written the way it must be.
    #[error("is not understood; write it like {example}")]
    Format {
        /// A valid example.
        example: &'static str,
    },
    /// A word that is not in its list, for example a currency that ISO 4217 does not know.
    #[error("is not known; use {expected}")]
    Unknown {
        /// What is expected instead.
        expected: &'static str,
    },
    /// A URL that may not be used.
    #[error("is not an allowed address; {requirement}")]
    Address {
        /// What an allowed address looks like.
        requirement: &'static str,
    },
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
        }
    }
}
