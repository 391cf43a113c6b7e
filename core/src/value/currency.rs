//! Currencies by their ISO 4217 codes.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _};

use super::error::{InputError, Rule};

const CURRENCY: &str = "transaction.currency";
const UNKNOWN_CURRENCY: InputError = InputError::new(
    CURRENCY,
    Rule::Unknown {
        expected: "an upper-case ISO 4217 code of a currency that has minor units",
    },
);

/// Currencies that ISO 4217 has withdrawn since 2010, with their minor units (list three, "historic denominations").
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

/// An ISO 4217 currency that has minor units.
///
/// Codes without minor units (gold, bond units, "no currency", testing) are not included. A withdrawn currency can be
/// read and written, because gateways and snapshots of old sales may name it, but it cannot be used for a new sale.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Currency {
    code: &'static str,
    exponent: u8,
}

impl Currency {
    /// The currency with the alphabetic code `code`, for example `EUR`, for a new sale.
    ///
    /// # Errors
    /// [`InputError`] for `transaction.currency` if ISO 4217 does not have this code (any more), if the currency has no
    /// minor units, or if the code is not in upper case: the protocol defines `transaction.currency` as `[A-Z]{3}`.
    pub fn from_code(code: &str) -> Result<Self, InputError> {
        match Self::known(code) {
            Ok(currency) if !currency.is_withdrawn() => Ok(currency),
            _ => Err(UNKNOWN_CURRENCY),
        }
    }

    /// Like [`Currency::from_code`], but also accepts withdrawn currencies: for amounts that other parties name.
    ///
    /// # Errors
    /// As [`Currency::from_code`], except that a withdrawn currency is no error.
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

    /// Whether ISO 4217 withdrew the code, for example `HRK` when Croatia adopted the euro.
    pub fn is_withdrawn(self) -> bool {
        WITHDRAWN.iter().any(|(code, _)| *code == self.code)
    }

    /// The alphabetic code for `transaction.currency`: three upper-case letters.
    pub const fn code(self) -> &'static str {
        self.code
    }

    /// The number of digits after the decimal point: 2 for EUR, 0 for JPY, 3 for KWD, 4 for CLF.
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
