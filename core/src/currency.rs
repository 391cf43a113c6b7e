//! Currencies, by their codes of ISO 4217.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _};

use crate::{InputError, Rule};

const CURRENCY: &str = "transaction.currency";
const UNKNOWN_CURRENCY: InputError = InputError::new(
    CURRENCY,
    Rule::Unknown {
        expected: "an upper-case ISO 4217 code of a currency that has minor units",
    },
);

/// Currencies that ISO 4217 withdrew since 2010, with their minor units (its list three, "historic denominations").
pub(crate) const WITHDRAWN: [(&str, u8); 14] = [
    ("ANG", 2),
    ("BGN", 2),
    ("BYR", 0),
    ("CUC", 2),
    ("EEK", 2),
    ("HRK", 2),
    ("LTL", 2),
    ("LVL", 2),
    ("MRO", 2),
    ("SLL", 2),
    ("STD", 2),
    ("VEF", 2),
    ("ZMK", 2),
    ("ZWL", 2),
];

/// A currency of ISO 4217 that has minor units.
///
/// Codes to which the standard gives none (gold, bond units, "no currency", testing) are not among them. A withdrawn
/// currency can be read and written, because gateways and snapshots of old sales name it; no new sale can be made in it.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Currency {
    code: &'static str,
    exponent: u8,
}

impl Currency {
    /// The currency with the alphabetic code `code`, for example `EUR`, for a new sale.
    ///
    /// # Errors
    /// [`InputError`] for `transaction.currency` if ISO 4217 has no such code (any more), if it has no minor unit, or if
    /// it is not in upper case: the protocol's `transaction.currency` is `[A-Z]{3}`.
    pub fn from_code(code: &str) -> Result<Self, InputError> {
        match Self::known(code) {
            Ok(currency) if !currency.is_withdrawn() => Ok(currency),
            _ => Err(UNKNOWN_CURRENCY),
        }
    }

    /// Like [`Currency::from_code`], withdrawn currencies included: for what others say of a sale.
    ///
    /// # Errors
    /// As [`Currency::from_code`], but for withdrawn currencies.
    pub fn known(code: &str) -> Result<Self, InputError> {
        if let Some((code, exponent)) = WITHDRAWN.into_iter().find(|(withdrawn, _)| *withdrawn == code) {
            return Ok(Self { code, exponent });
        }
        let current = iso_currency::Currency::from_code(code).filter(|current| current.code() == code);
        let exponent = current.and_then(iso_currency::Currency::exponent);
        match (current, exponent.map(u8::try_from)) {
            (Some(current), Some(Ok(exponent))) => Ok(Self {
                code: current.code(),
                exponent,
            }),
            _ => Err(UNKNOWN_CURRENCY),
        }
    }

    /// Whether ISO 4217 withdrew the code, for example `HRK` when Croatia took the euro.
    pub fn is_withdrawn(self) -> bool {
        WITHDRAWN.iter().any(|(code, _)| *code == self.code)
    }

    /// The alphabetic code: three upper-case letters, as `transaction.currency` wants them.
    pub const fn code(self) -> &'static str {
        self.code
    }

    /// How many digits stand behind the decimal point: 2 for EUR, 0 for JPY, 3 for KWD, 4 for CLF.
    pub fn exponent(self) -> u32 {
        u32::from(self.exponent)
    }

    /// Minor units in one major unit: 100 for EUR, 1 for JPY.
    pub(crate) const fn scale(exponent: u32) -> u64 {
        10_u64.pow(exponent)
    }
}

impl fmt::Display for Currency {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.code())
    }
}

impl fmt::Debug for Currency {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.code())
    }
}

impl FromStr for Currency {
    type Err = InputError;

    fn from_str(code: &str) -> Result<Self, InputError> {
        Self::from_code(code)
    }
}

impl Serialize for Currency {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.code)
    }
}

impl<'de> Deserialize<'de> for Currency {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::known(&String::deserialize(deserializer)?).map_err(D::Error::custom)
    }
}
