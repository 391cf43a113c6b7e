//! The security code (CVV, CVC, CID …).

use std::fmt;

use super::{brand::CardBrand, digits::Digits};
use crate::value::{InputError, Rule};

/// `sourceOfFunds.card.securityCode`.
pub(crate) const CARD_FIELD: &str = "sourceOfFunds.card.securityCode";
/// `sourceOfFunds.reference.securityCode`: the code of a stored card.
pub(crate) const REFERENCE_FIELD: &str = "sourceOfFunds.reference.securityCode";

/// The most digits of a code.
pub(crate) const LONGEST: usize = 4;

const LENGTH: Rule = Rule::Length { min: 3, max: LONGEST };

/// A security code: three or four digits.
///
/// Wiped when dropped; neither copied nor serialised, because PCI DSS 3.3.1 forbids storing it. `Debug` always shows
/// three bullets.
pub struct SecurityCode(Digits<LONGEST>);

impl SecurityCode {
    /// The code of a card with its number, in digits of any script. Spaces and dashes are skipped.
    ///
    /// # Errors
    /// [`InputError`] for `sourceOfFunds.card.securityCode`.
    pub fn parse(text: &str) -> Result<Self, InputError> {
        Self::from_bytes(text.as_bytes())
    }

    /// Like [`SecurityCode::parse`], but from UTF-8 bytes, which the caller can wipe afterwards.
    ///
    /// # Errors
    /// [`InputError`] for `sourceOfFunds.card.securityCode`.
    pub fn from_bytes(text: &[u8]) -> Result<Self, InputError> {
        Self::read(text).map_err(|rule| InputError::new(CARD_FIELD, rule))
    }

    pub(crate) fn read(text: &[u8]) -> Result<Self, Rule> {
        match Digits::read(text) {
            Ok(digits) => Self::from_digits(digits),
            Err(Rule::Length { .. }) => Err(LENGTH),
            Err(rule) => Err(rule),
        }
    }

    pub(crate) fn from_digits(digits: Digits<LONGEST>) -> Result<Self, Rule> {
        match digits.len() {
            0 => Err(Rule::Missing),
            3..=LONGEST => Ok(Self(digits)),
            _ => Err(LENGTH),
        }
    }

    /// Whether the code has as many digits as the brand's codes have.
    pub fn fits(&self, brand: CardBrand) -> bool {
        brand.security_code_lengths().contains(&self.0.len())
    }

    /// The digits, not masked. Only for the body of perform sale.
    pub fn expose(&self) -> &str {
        self.0.as_str()
    }
}

/// The rule for the codes of `brand`.
pub(crate) const fn length_rule(brand: CardBrand) -> Rule {
    let lengths = brand.security_code_lengths();
    Rule::Length {
        min: *lengths.start(),
        max: *lengths.end(),
    }
}

impl fmt::Debug for SecurityCode {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("SecurityCode(•••)")
    }
}

#[cfg(test)]
mod tests {
    use super::SecurityCode;
    use crate::{card::CardBrand, value::Rule};

    #[test]
    fn three_or_four_digits() {
        for (text, fits_visa, fits_amex) in [("123", true, false), ("1234", false, true), ("000", true, false)] {
            let code = SecurityCode::parse(text).unwrap();
            assert_eq!(code.expose(), text);
            assert_eq!(
                (code.fits(CardBrand::Visa), code.fits(CardBrand::Amex)),
                (fits_visa, fits_amex)
            );
            assert!(code.fits(CardBrand::Unknown));
        }
    }

    #[test]
    fn codes_are_read_as_people_write_them() {
        for text in [" 987\n", "9 8 7", "٩٨٧", "９８７", "\u{200f}987\u{200e}"] {
            assert_eq!(SecurityCode::parse(text).unwrap().expose(), "987", "{text}");
        }
    }

    #[test]
    fn an_error_names_the_rule_and_not_the_code() {
        const CHARACTERS: Rule = Rule::Characters {
            allowed: "digits, spaces and dashes",
        };
        for (text, rule) in [
            ("", Rule::Missing),
            ("12", Rule::Length { min: 3, max: 4 }),
            ("98765", Rule::Length { min: 3, max: 4 }),
            (" \u{200b}", Rule::Missing),
            ("98x", CHARACTERS),
            ("9/87", CHARACTERS),
        ] {
            let error = SecurityCode::parse(text).unwrap_err();
            assert_eq!(
                (error.field, &error.rule),
                ("sourceOfFunds.card.securityCode", &rule),
                "{text}"
            );
            assert!(!error.to_string().contains('9'));
        }
    }

    #[test]
    fn debug_shows_neither_digits_nor_their_number() {
        for text in ["987", "9876"] {
            assert_eq!(format!("{:?}", SecurityCode::parse(text).unwrap()), "SecurityCode(•••)");
        }
    }
}
