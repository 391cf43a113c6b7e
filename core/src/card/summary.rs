//! What may be shown and stored of a card, for receipts and snapshots.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::{brand::CardBrand, number};
use crate::{
    json::{Parts, Stored, Value, text},
    value::{InputError, Rule},
};

/// The brand, the last four digits and the number of digits of a card.
///
/// The type has room for four digits only, so it cannot hold a card number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "Written", into = "Written")]
pub struct CardSummary {
    brand: CardBrand,
    last4: [u8; 4],
    length: u8,
}

impl CardSummary {
    /// A summary of a card with `length` digits that ends with `last4`.
    ///
    /// # Errors
    /// [`InputError`] for `card.last4` unless it is four ASCII digits, for `card.length` unless it is 9 to 19.
    pub fn new(brand: CardBrand, last4: &str, length: usize) -> Result<Self, InputError> {
        let digits: [u8; 4] = last4
            .as_bytes()
            .try_into()
            .map_err(|_| InputError::new("card.last4", Rule::Length { min: 4, max: 4 }))?;
        if !digits.iter().all(u8::is_ascii_digit) {
            return Err(InputError::new("card.last4", Rule::Characters { allowed: "digits" }));
        }
        Self::of(brand, digits, length)
    }

    pub(crate) fn of(brand: CardBrand, last4: [u8; 4], length: usize) -> Result<Self, InputError> {
        match u8::try_from(length) {
            Ok(digits) if (number::SHORTEST..=number::LONGEST).contains(&length) => Ok(Self {
                brand,
                last4,
                length: digits,
            }),
            _ => Err(InputError::new("card.length", Rule::Range { min: 9, max: 19 })),
        }
    }

    /// All members at once, to be taken apart by name: code that carries a summary elsewhere does not compile until it
    /// carries a new member, too.
    pub fn parts(&self) -> CardSummaryParts<'_> {
        let Self {
            brand,
            last4: _,
            length: _,
        } = *self;
        CardSummaryParts {
            brand,
            last4: self.last4(),
            length: self.length(),
        }
    }

    /// The brand.
    pub const fn brand(&self) -> CardBrand {
        self.brand
    }

    /// The last four digits.
    pub fn last4(&self) -> &str {
        // Always four ASCII digits, by construction.
        std::str::from_utf8(&self.last4).unwrap_or_default()
    }

    /// How many digits the whole number has.
    pub const fn length(&self) -> usize {
        self.length as usize
    }
}

/// The members of a [`CardSummary`]: [`CardSummary::parts`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CardSummaryParts<'a> {
    /// The brand.
    pub brand: CardBrand,
    /// The last four digits.
    pub last4: &'a str,
    /// How many digits the whole number has.
    pub length: usize,
}

impl fmt::Display for CardSummary {
    /// `Visa •••• 1111`; without a name if the brand is unknown.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.brand != CardBrand::Unknown {
            write!(formatter, "{} ", self.brand)?;
        }
        write!(formatter, "•••• {}", self.last4())
    }
}

/// [`CardSummary`] as it is stored in a snapshot, before it is checked.
#[derive(Serialize, Deserialize)]
struct Written {
    brand: CardBrand,
    last4: String,
    length: usize,
}

impl TryFrom<Written> for CardSummary {
    type Error = InputError;

    fn try_from(written: Written) -> Result<Self, InputError> {
        Self::new(written.brand, &written.last4, written.length)
    }
}

impl From<CardSummary> for Written {
    fn from(summary: CardSummary) -> Self {
        Self {
            brand: summary.brand,
            last4: summary.last4().to_owned(),
            length: summary.length(),
        }
    }
}

impl Stored for CardSummary {
    fn read(value: Value<'_>) -> Option<Self> {
        let parts = Parts::of(value)?;
        let last4 = text(parts.value("last4")?)?;
        Self::new(parts.part("brand")?, &last4, parts.part("length")?).ok()
    }
}

#[cfg(test)]
mod tests {
    use super::CardSummary;
    use crate::card::CardBrand;

    #[test]
    fn written_and_read_again() {
        let summary = CardSummary::new(CardBrand::Visa, "1111", 16).unwrap();
        let json = r#"{"brand":"visa","last4":"1111","length":16}"#;
        assert_eq!(serde_json::to_string(&summary).unwrap(), json);
        assert_eq!(serde_json::from_str::<CardSummary>(json).unwrap(), summary);
        assert_eq!(summary.to_string(), "Visa •••• 1111");
        assert_eq!(
            CardSummary::new(CardBrand::Unknown, "0005", 9).unwrap().to_string(),
            "•••• 0005"
        );
    }

    #[test]
    fn nothing_longer_than_four_digits_gets_in() {
        for (last4, length, field) in [
            ("4111111111111111", 16, "card.last4"),
            ("11111", 16, "card.last4"),
            ("111", 16, "card.last4"),
            ("11x1", 16, "card.last4"),
            ("١١", 16, "card.last4"),
            ("1111", 8, "card.length"),
            ("1111", 20, "card.length"),
        ] {
            assert_eq!(
                CardSummary::new(CardBrand::Visa, last4, length).unwrap_err().field,
                field
            );
            let json = format!(r#"{{"brand":"visa","last4":"{last4}","length":{length}}}"#);
            assert!(serde_json::from_str::<CardSummary>(&json).is_err());
        }
    }
}
