//! The card number (PAN).
//!
//! `brand` decides to which brand a number belongs, and `form` how it is typed.

use std::fmt::{self, Write as _};

use super::{brand::CardBrand, digits::Digits};
use crate::value::{InputError, Rule};

pub(crate) const FIELD: &str = "sourceOfFunds.card.number";
/// The fewest digits of a number (`sourceOfFunds.card.number`, 9 to 19 digits).
pub(crate) const SHORTEST: usize = 9;
/// The most digits of a number (`sourceOfFunds.card.number`; also ISO/IEC 7812-1).
pub(crate) const LONGEST: usize = 19;

/// Replaces a digit that is not shown.
pub(crate) const BULLET: char = '•';

/// A card number: 9 to 19 digits with a right check digit.
///
/// Wiped when dropped; neither copied nor serialised. `Debug` and `Display` show `411111••••••1111`, the most that PCI
/// DSS 3.4.1 allows. Shorter numbers show less: at least four digits are hidden.
///
/// The brand's lengths are not checked here: tables of ranges become outdated, and a card in an unknown range is still
/// a card. The form uses them, because it must know when typing is complete.
pub struct CardNumber(Digits<LONGEST>);

impl CardNumber {
    /// Parses a number in digits of any script. Spaces, dashes and invisible characters between them are skipped.
    ///
    /// # Errors
    /// [`InputError`] for `sourceOfFunds.card.number`: [`Rule::Missing`], [`Rule::Characters`], [`Rule::Length`] or
    /// [`Rule::CheckDigit`]. It never contains a digit of the number.
    pub fn parse(text: &str) -> Result<Self, InputError> {
        Self::from_bytes(text.as_bytes())
    }

    /// Like [`CardNumber::parse`], but from UTF-8 bytes, which the caller can wipe afterwards (unlike a `String` of
    /// Kotlin or Swift).
    ///
    /// # Errors
    /// As [`CardNumber::parse`].
    pub fn from_bytes(text: &[u8]) -> Result<Self, InputError> {
        let too_long = |rule| match rule {
            Rule::Length { .. } => LENGTH,
            other => other,
        };
        Digits::read(text)
            .map_err(too_long)
            .and_then(Self::from_digits)
            .map_err(error)
    }

    pub(crate) fn from_digits(digits: Digits<LONGEST>) -> Result<Self, Rule> {
        check(digits.as_bytes())?;
        Ok(Self(digits))
    }

    /// The digits, not masked.
    ///
    /// Only for the body of perform sale. The caller must wipe any copy.
    pub fn expose(&self) -> &str {
        self.0.as_str()
    }

    /// The brand by the issuer's range; [`CardBrand::Unknown`] if the tables have none.
    pub fn brand(&self) -> CardBrand {
        CardBrand::of(self.0.as_bytes())
    }

    /// The number of digits, 9 to 19.
    pub fn length(&self) -> usize {
        self.0.len()
    }

    /// The last four digits, which may be shown and stored.
    pub(crate) fn last4(&self) -> [u8; 4] {
        // A number has at least 9 digits, so there are always four.
        self.0.as_bytes().last_chunk().copied().unwrap_or([b'0'; 4])
    }
}

const LENGTH: Rule = Rule::Length {
    min: SHORTEST,
    max: LONGEST,
};

/// An error about the card number.
pub(crate) const fn error(rule: Rule) -> InputError {
    InputError::new(FIELD, rule)
}

/// The protocol's rules for a number: its length and its check digit.
pub(crate) fn check(digits: &[u8]) -> Result<(), Rule> {
    match digits.len() {
        0 => Err(Rule::Missing),
        SHORTEST..=LONGEST if luhn(digits) => Ok(()),
        SHORTEST..=LONGEST => Err(Rule::CheckDigit),
        _ => Err(LENGTH),
    }
}

/// Whether the last digit is the check digit of those before it (ISO/IEC 7812-1, annex B).
pub(crate) fn luhn(digits: &[u8]) -> bool {
    let sum: u32 = digits
        .iter()
        .rev()
        .enumerate()
        .map(|(place, digit)| {
            let digit = u32::from(digit - b'0');
            match (place % 2, digit) {
                (0, digit) => digit,
                (_, digit @ 0..=4) => 2 * digit,
                (_, digit) => 2 * digit - 9,
            }
        })
        .sum();
    sum.is_multiple_of(10)
}

/// Whether the digit at `place` of a complete number with `length` digits may be shown: the first six and the last
/// four, or fewer, so that at least four are hidden.
pub(crate) const fn is_shown(place: usize, length: usize) -> bool {
    const HIDDEN: usize = 4;
    const TAIL: usize = 4;
    let head = length.saturating_sub(HIDDEN + TAIL);
    let head = if head > 6 { 6 } else { head };
    place < head || (length >= HIDDEN + TAIL && place + TAIL >= length && place < length)
}

impl fmt::Display for CardNumber {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (place, digit) in self.0.as_bytes().iter().enumerate() {
            formatter.write_char(if is_shown(place, self.0.len()) {
                char::from(*digit)
            } else {
                BULLET
            })?;
        }
        Ok(())
    }
}

impl fmt::Debug for CardNumber {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "CardNumber({self})")
    }
}

impl std::str::FromStr for CardNumber {
    type Err = InputError;

    fn from_str(text: &str) -> Result<Self, InputError> {
        Self::parse(text)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{CardNumber, luhn};

    #[test]
    fn spaces_and_dashes_do_not_matter() {
        for text in [
            "4111111111111111",
            "4111 1111 1111 1111",
            "4111-1111-1111-1111",
            " 4111 1111\u{a0}11111111\n",
            "٤١١١ ١١١١ ١١١١ ١١١١",
            "\u{202a}4111\u{200b}1111\u{2060}11111111\u{202c}",
        ] {
            assert_eq!(CardNumber::parse(text).unwrap().expose(), "4111111111111111");
        }
    }

    #[test]
    fn an_error_names_the_rule_and_not_the_number() {
        for (text, code) in [
            ("", "missing"),
            (" - ", "missing"),
            ("41111111", "length"),
            ("41111111111111111111", "length"),
            ("4111111111111112", "check_digit"),
            ("4111111111111111x", "characters"),
            ("4111_1111_1111_1111", "characters"),
        ] {
            let error = CardNumber::parse(text).unwrap_err();
            assert_eq!(
                (error.field, error.rule.code()),
                ("sourceOfFunds.card.number", code),
                "{text}"
            );
            assert!(!format!("{error} {error:?}").contains("4111"), "{text}");
        }
        let error = CardNumber::parse(&"4".repeat(20)).unwrap_err();
        assert_eq!(
            error.to_string(),
            "sourceOfFunds.card.number: must have 9 to 19 characters"
        );
    }

    #[test]
    fn debug_and_display_show_ten_digits_at_most() {
        for (number, shown) in [
            ("4111111111111111", "411111••••••1111"),
            ("6205500000000000004", "620550•••••••••0004"),
            ("378282246310005", "378282•••••0005"),
            ("30569309025904", "305693••••5904"),
            ("4222222222222", "42222••••2222"),
            ("100000000008", "1000••••0008"),
            ("123456782", "1••••6782"),
        ] {
            let number = CardNumber::parse(number).unwrap();
            assert_eq!(number.to_string(), shown);
            assert_eq!(format!("{number:?}"), format!("CardNumber({shown})"));
        }
    }

    proptest! {
        #[test]
        fn exactly_one_check_digit_fits(payload in "[0-9]{8,18}") {
            let fitting = (b'0'..=b'9').filter(|digit| {
                let mut digits = payload.clone().into_bytes();
                digits.push(*digit);
                luhn(&digits)
            });
            prop_assert_eq!(fitting.count(), 1);
        }

        #[test]
        fn a_mistyped_digit_is_always_found(payload in "[0-9]{8,18}", place in 0_usize..18, other in b'0'..=b'9') {
            let mut digits = payload.into_bytes();
            digits.push((b'0'..=b'9').find(|digit| luhn(&[digits.as_slice(), &[*digit]].concat())).unwrap());
            let place = place % digits.len();
            let was = std::mem::replace(&mut digits[place], other);
            prop_assert_eq!(luhn(&digits), was == other);
        }

        #[test]
        fn reading_never_panics(bytes in proptest::collection::vec(any::<u8>(), 0..40)) {
            let _ = CardNumber::from_bytes(&bytes);
        }
    }
}
