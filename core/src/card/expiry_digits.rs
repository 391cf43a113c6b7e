//! An expiry as digits, with month and year in either order.
//!
//! The same reading for what is typed key by key, pasted and parsed. `expiry` knows the calendar and whether the month
//! has passed; `form` decides how the digits are shown.

use std::ops::Range;

use super::{
    calendar::MONTH_RULE,
    digits::Digits,
    expiry::{Expiry, FIELD, YEAR, YEAR_RULE},
};
use crate::value::{InputError, Rule, typed::Sign};

/// The most digits: month and year with four digits.
pub(super) const LONGEST: usize = 6;
/// The digits of month and year with two digits.
pub(super) const SHORT: usize = 4;

pub(super) const FORMAT: Rule = Rule::Format { example: "12/30" };

/// Up to six digits: `MMYY`, `MMYYYY` or `YYYYMM`, or the beginning of one.
///
/// The year comes first if they begin with `20`, because no month does.
pub(super) struct ExpiryDigits(Digits<LONGEST>);

impl ExpiryDigits {
    pub(super) fn new() -> Self {
        Self(Digits::new())
    }

    /// Replaces the digits in `range` by `text`. Returns how many digits are before the end of the inserted text.
    /// `can_be_long` says for which centuries (20 for 2000 to 2099) a year after a month may have four digits.
    ///
    /// A month is completed to two digits if there is only one possibility: `3` becomes `03`, `1/` becomes `01`, `25`
    /// becomes `025`. A single `2` waits, because `20` begins a year.
    ///
    /// # Errors
    /// The rule that `text` or the resulting expiry breaks; then nothing is changed.
    pub(super) fn replace(
        &mut self,
        range: Range<usize>,
        text: &[u8],
        can_be_long: impl Fn(u8) -> bool,
    ) -> Result<usize, Rule> {
        const CHARACTERS: Rule = Rule::Characters {
            allowed: "digits and a slash, a dash or a dot",
        };
        let (before, after) = (&self.as_bytes()[..range.start], &self.as_bytes()[range.end..]);
        let mut next = Digits::<LONGEST>::new();
        next.replace(0..0, before)?;
        for character in std::str::from_utf8(text).map_err(|_| CHARACTERS)?.chars() {
            let digits = next.as_bytes();
            let length = digits.len();
            match (Sign::of(character), digits) {
                (Sign::Digit(digit), _) => {
                    let zero = match (digits, digit) {
                        _ if !after.is_empty() => None,
                        ([], b'3'..=b'9') => Some(0),
                        ([b'2'], b'1'..=b'9') => Some(0),
                        ([b'2', b'0', _, _], b'2'..=b'9') => Some(length),
                        _ => None,
                    };
                    if let Some(place) = zero {
                        next.replace(place..place, b"0").map_err(|_| FORMAT)?;
                    }
                    let end = next.len();
                    next.replace(end..end, &[digit]).map_err(|_| FORMAT)?;
                }
                (Sign::Slash | Sign::Dash | Sign::Dot, [_]) => next.replace(0..0, b"0")?,
                (Sign::Slash | Sign::Dash | Sign::Dot, [b'2', b'0']) => return Err(MONTH_RULE),
                (Sign::Slash | Sign::Dash | Sign::Dot, [_, _] | [b'2', b'0', _, _]) | (Sign::Blank, _) => {}
                (Sign::Slash | Sign::Dash | Sign::Dot, _) => return Err(FORMAT),
                (Sign::Other, _) => return Err(CHARACTERS),
            }
        }
        let end = next.len();
        next.replace(end..end, after).map_err(|_| FORMAT)?;
        let next = Self(next);
        if next.len() > next.longest(can_be_long) && next.len() > self.len() {
            return Err(FORMAT);
        }
        *self = next;
        Ok(end)
    }

    pub(super) fn len(&self) -> usize {
        self.0.len()
    }

    pub(super) fn as_bytes(&self) -> &[u8] {
        self.0.as_bytes()
    }

    /// Whether the year comes first.
    pub(super) fn begins_with_year(&self) -> bool {
        self.as_bytes().starts_with(b"20")
    }

    /// How many digits the expiry can have in the end.
    pub(super) fn longest(&self, can_be_long: impl Fn(u8) -> bool) -> usize {
        match self.as_bytes() {
            _ if self.begins_with_year() => LONGEST,
            [_, _, tens, ones, ..] if can_be_long(10 * (tens - b'0') + (ones - b'0')) => LONGEST,
            _ => SHORT,
        }
    }

    /// The month once both of its digits are there, even if there is no such month.
    pub(super) fn month(&self) -> Option<u8> {
        let digits = if self.begins_with_year() {
            self.as_bytes().get(4..LONGEST)
        } else {
            self.as_bytes().get(..2)
        };
        digits.map(number).and_then(|month| u8::try_from(month).ok())
    }

    /// The expiry of these digits.
    ///
    /// # Errors
    /// [`InputError`] for `sourceOfFunds.card.expiry` ([`Rule::Missing`], [`Rule::Format`]), `.month` or `.year`
    /// ([`Rule::Range`]).
    pub(super) fn read(&self) -> Result<Expiry, InputError> {
        let (month, year) = match (self.as_bytes(), self.month()) {
            ([], _) => return Err(InputError::new(FIELD, Rule::Missing)),
            (digits @ [b'2', b'0', ..], Some(month)) => (month, number(&digits[..4])),
            ([_, _, year @ ..], Some(month)) if year.len() == 2 => (month, 2000 + number(year)),
            ([_, _, year @ ..], Some(month)) if year.len() == 4 => (month, number(year)),
            _ => return Err(InputError::new(FIELD, FORMAT)),
        };
        if year < 2000 {
            return Err(InputError::new(YEAR, YEAR_RULE));
        }
        Expiry::new(month, year)
    }
}

/// The number that up to four digits stand for.
fn number(digits: &[u8]) -> u16 {
    digits
        .iter()
        .fold(0, |number, digit| 10 * number + u16::from(digit - b'0'))
}

impl Expiry {
    /// Parses an expiry as people write it: `12/30`, `12/2030`, `1/30`, `329`, `1230`, `122030`; or with the year
    /// first, which then has four digits: `2030/12`, `203012`. Digits may be of any script, with a slash, a dash or a
    /// dot between them. Spaces and invisible characters are skipped.
    ///
    /// # Errors
    /// [`InputError`] for `sourceOfFunds.card.expiry` if it has another format; otherwise as [`Expiry::new`].
    pub fn parse(text: &str) -> Result<Self, InputError> {
        let mut digits = ExpiryDigits::new();
        digits
            .replace(0..0, text.as_bytes(), |_| true)
            .map_err(|rule| InputError::new(FIELD, rule))?;
        digits.read()
    }
}

impl std::str::FromStr for Expiry {
    type Err = InputError;

    fn from_str(text: &str) -> Result<Self, InputError> {
        Self::parse(text)
    }
}
