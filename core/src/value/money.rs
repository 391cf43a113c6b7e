//! Amounts: whole minor units of an ISO 4217 currency, never a floating-point number.
//!
//! Only the value and its formats are here. Whether an amount was charged is in `outcome`.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

use super::{
    currency::Currency,
    error::{InputError, Rule},
};
use crate::json::{Parts, Stored, Value, text};

const AMOUNT: &str = "transaction.amountCentis";

const OUT_OF_RANGE: InputError = InputError::new(AMOUNT, Rule::Range { min: 1, max: i64::MAX });

/// An amount to charge: more than zero, in whole minor units.
///
/// Displayed and parsed as `10.50 EUR`, `500 JPY`, `1.234 KWD`; stored in a snapshot as
/// `{"minor_units":1050,"currency":"EUR"}`.
#[derive(Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "Written")]
pub struct Money {
    minor_units: i64,
    currency: Currency,
}

impl Money {
    /// `minor_units` minor units (cents of EUR, whole JPY, thousandths of KWD) of the currency with the code
    /// `currency`.
    ///
    /// # Errors
    /// [`InputError`] for `transaction.amountCentis` if `minor_units` is not positive, for `transaction.currency` if
    /// the currency cannot be charged (see [`Currency::from_code`]).
    pub fn from_minor_units(minor_units: i64, currency: &str) -> Result<Self, InputError> {
        Self::new(minor_units, Currency::from_code(currency)?)
    }

    /// Parses an amount in major units, for example `10.50`, `10.5` or `10` with `EUR`.
    ///
    /// # Errors
    /// [`InputError`] for `transaction.amountCentis` if `text` is anything but ASCII digits with at most one decimal
    /// point between them, if it has more decimals than the currency (nothing is ever rounded), or if it is not
    /// positive; for `transaction.currency` as [`Currency::from_code`].
    pub fn parse_amount(text: &str, currency: &str) -> Result<Self, InputError> {
        let currency = Currency::from_code(currency)?;
        let exponent = currency.exponent();
        let not_understood = InputError::new(
            AMOUNT,
            Rule::Format {
                example: example(exponent),
            },
        );
        let (whole, decimals) = match text.split_once('.') {
            Some((whole, decimals)) if !decimals.is_empty() => (whole, decimals),
            Some(_) => return Err(not_understood),
            None => (text, ""),
        };
        let padding = (exponent as usize).checked_sub(decimals.len());
        let (false, Some(padding)) = (whole.is_empty(), padding) else {
            return Err(not_understood);
        };
        let mut minor_units: i64 = 0;
        for byte in whole
            .bytes()
            .chain(decimals.bytes())
            .chain(std::iter::repeat_n(b'0', padding))
        {
            if !byte.is_ascii_digit() {
                return Err(not_understood);
            }
            let digit = i64::from(byte - b'0');
            minor_units = minor_units
                .checked_mul(10)
                .and_then(|tens| tens.checked_add(digit))
                .ok_or(OUT_OF_RANGE)?;
        }
        Self::new(minor_units, currency)
    }

    /// `minor_units` minor units of `currency`, which may be withdrawn: for amounts that other parties name.
    ///
    /// # Errors
    /// [`InputError`] for `transaction.amountCentis` if `minor_units` is not positive.
    pub fn new(minor_units: i64, currency: Currency) -> Result<Self, InputError> {
        if minor_units > 0 {
            Ok(Self { minor_units, currency })
        } else {
            Err(OUT_OF_RANGE)
        }
    }

    /// Minor units and currency at once: code that carries an amount elsewhere takes them apart, and does not compile until
    /// it carries a new member, too.
    pub const fn parts(&self) -> (i64, Currency) {
        let Self { minor_units, currency } = *self;
        (minor_units, currency)
    }

    /// The amount in minor units, for `transaction.amountCentis`; positive.
    pub const fn minor_units(&self) -> i64 {
        self.minor_units
    }

    /// The currency.
    pub const fn currency(&self) -> Currency {
        self.currency
    }
}

/// A valid amount with `exponent` decimals, for an error message.
const fn example(exponent: u32) -> &'static str {
    match exponent {
        0 => "500",
        2 => "10.50",
        3 => "1.234",
        _ => "1.2345",
    }
}

impl fmt::Display for Money {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let exponent = self.currency.exponent();
        let scale = Currency::scale(exponent);
        let minor_units = self.minor_units.unsigned_abs();
        write!(formatter, "{}", minor_units / scale)?;
        if exponent > 0 {
            write!(formatter, ".{:0width$}", minor_units % scale, width = exponent as usize)?;
        }
        write!(formatter, " {}", self.currency)
    }
}

impl fmt::Debug for Money {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "Money({self})")
    }
}

impl FromStr for Money {
    type Err = InputError;

    /// Parses the format that `Display` writes: the amount, one space, the currency code.
    fn from_str(text: &str) -> Result<Self, InputError> {
        let (amount, currency) = text
            .split_once(' ')
            .ok_or(InputError::new(AMOUNT, Rule::Format { example: "10.50 EUR" }))?;
        Self::parse_amount(amount, currency)
    }
}

/// [`Money`] as it is stored in a snapshot, before it is checked.
#[derive(Deserialize)]
struct Written {
    minor_units: i64,
    currency: Currency,
}

impl TryFrom<Written> for Money {
    type Error = InputError;

    fn try_from(written: Written) -> Result<Self, InputError> {
        Self::new(written.minor_units, written.currency)
    }
}

impl Stored for Money {
    fn read(value: Value<'_>) -> Option<Self> {
        let parts = Parts::of(value)?;
        let currency = text(parts.value("currency")?)?;
        Self::new(parts.part("minor_units")?, Currency::known(&currency).ok()?).ok()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::Money;
    use crate::value::{Currency, Rule};

    #[test]
    fn exponents_are_those_of_the_standard() {
        let none = "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF";
        let three = "BHD IQD JOD KWD LYD OMR TND";
        let two = "EUR USD GBP CHF HUF CZK TWD IDR COP CVE MGA MRU RUB TRY INR BRL CNY AED XCG ZWG";
        for (codes, exponent) in [(none, 0), (three, 3), ("CLF UYW", 4), (two, 2)] {
            for code in codes.split(' ') {
                assert_eq!(Currency::from_code(code).unwrap().exponent(), exponent, "{code}");
            }
        }
    }

    #[test]
    fn what_cannot_be_charged_is_no_currency() {
        for code in [
            "XAU", "XAG", "XDR", "XXX", "XTS", "eur", "Eur", "EU", "EURO", "", "ABC", " EUR", "ÄÖ",
        ] {
            let error = Currency::from_code(code).unwrap_err();
            assert_eq!(error.field, "transaction.currency", "{code}");
            assert_eq!(error.rule.code(), "unknown", "{code}");
        }
    }

    #[test]
    fn a_withdrawn_currency_can_be_read_and_not_be_offered() {
        for (code, written) in [
            ("ANG", "5.00 ANG"),
            ("BYR", "500 BYR"),
            ("HRK", "5.00 HRK"),
            ("MRO", "5.00 MRO"),
        ] {
            assert!(
                Currency::from_code(code).is_err() && Money::from_minor_units(500, code).is_err(),
                "{code}"
            );
            assert!(written.parse::<Money>().is_err(), "{code}");
            let json = format!(r#"{{"minor_units":500,"currency":"{code}"}}"#);
            let money: Money = serde_json::from_str(&json).unwrap();
            assert_eq!(money, Money::new(500, Currency::known(code).unwrap()).unwrap());
            assert_eq!(money.to_string(), written);
            assert_eq!(serde_json::to_string(&money).unwrap(), json);
        }
        for (code, _) in crate::value::currency::WITHDRAWN {
            assert!(Currency::known(code).unwrap().is_withdrawn(), "{code}");
        }
        assert!(!Currency::known("EUR").unwrap().is_withdrawn());
        assert!(Currency::known("eur").is_err() && Currency::known("XAU").is_err());
    }

    #[test]
    fn amounts_are_written_with_the_decimals_of_the_currency() {
        for (minor_units, currency, text) in [
            (1050, "EUR", "10.50 EUR"),
            (5, "EUR", "0.05 EUR"),
            (500, "JPY", "500 JPY"),
            (1234, "KWD", "1.234 KWD"),
            (1, "CLF", "0.0001 CLF"),
            (i64::MAX, "EUR", "92233720368547758.07 EUR"),
        ] {
            let money = Money::from_minor_units(minor_units, currency).unwrap();
            assert_eq!(money.to_string(), text);
            assert_eq!(text.parse::<Money>().unwrap(), money);
        }
    }

    #[test]
    fn nothing_is_rounded_and_nothing_is_guessed() {
        assert_eq!("10.5 EUR".parse::<Money>().unwrap().minor_units(), 1050);
        assert_eq!("10 EUR".parse::<Money>().unwrap().minor_units(), 1000);
        for text in [
            "10.505 EUR",
            "10.500 EUR",
            "500.0 JPY",
            "10. EUR",
            ".50 EUR",
            ". EUR",
            " EUR",
            "10,50 EUR",
            "1 000 EUR",
            "-1 EUR",
            "+1 EUR",
            "1e3 EUR",
            "1.0.0 EUR",
            "٣ EUR",
            "10.50",
            "0x10 EUR",
            "10.50  EUR",
        ] {
            assert!(text.parse::<Money>().is_err(), "{text}");
        }
    }

    #[test]
    fn an_amount_is_more_than_nothing_and_fits() {
        for minor_units in [0, -1, i64::MIN] {
            let error = Money::from_minor_units(minor_units, "EUR").unwrap_err();
            assert_eq!(error.field, "transaction.amountCentis");
            assert_eq!(error.rule, Rule::Range { min: 1, max: i64::MAX });
        }
        for text in [
            "0 EUR",
            "0.00 EUR",
            "92233720368547758.08 EUR",
            "99999999999999999999999 JPY",
        ] {
            assert_eq!(text.parse::<Money>().unwrap_err().rule.code(), "range", "{text}");
        }
    }

    #[test]
    fn a_snapshot_is_checked_when_it_is_read() {
        let money = Money::from_minor_units(1050, "EUR").unwrap();
        let json = r#"{"minor_units":1050,"currency":"EUR"}"#;
        assert_eq!(serde_json::to_string(&money).unwrap(), json);
        assert_eq!(serde_json::from_str::<Money>(json).unwrap(), money);
        for json in [
            r#"{"minor_units":0,"currency":"EUR"}"#,
            r#"{"minor_units":-5,"currency":"EUR"}"#,
            r#"{"minor_units":10.5,"currency":"EUR"}"#,
            r#"{"minor_units":1050,"currency":"XAU"}"#,
            r#"{"minor_units":1050}"#,
        ] {
            assert!(serde_json::from_str::<Money>(json).is_err(), "{json}");
        }
    }

    proptest! {
        #[test]
        fn writing_and_reading_gives_the_same(minor_units in 1..=i64::MAX, code in "EUR|JPY|KWD|CLF|USD|ISK") {
            let money = Money::from_minor_units(minor_units, &code).unwrap();
            prop_assert_eq!(money.to_string().parse::<Money>().unwrap(), money.clone());
            let json = serde_json::to_string(&money).unwrap();
            prop_assert_eq!(serde_json::from_str::<Money>(&json).unwrap(), money);
        }

        #[test]
        fn reading_never_panics(text in "\\PC{0,24}") {
            let _ = text.parse::<Money>();
        }
    }
}
