//! The card number while it is typed, and how much of it may be seen.

use std::ops::Range;

use super::{
    field::{Masking, Validity},
    grouping::Grouping,
};
use crate::Rule;
use crate::card::{brand::Brand, digits::Digits, number};

/// The digits typed so far.
pub(super) struct NumberField {
    digits: Digits<{ number::LONGEST }>,
    /// One bit a digit: it was hidden in a number that was shown as complete, and is never shown again.
    ///
    /// Without this the number could be read out four digits at a time, by cutting it down and completing it anew.
    sealed: u32,
    /// The digit typed last, which is shown until the next edit.
    fresh: Option<usize>,
}

impl NumberField {
    pub(super) fn new() -> Self {
        Self {
            digits: Digits::new(),
            sealed: 0,
            fresh: None,
        }
    }

    pub(super) fn brand(&self) -> Brand {
        Brand::of(self.digits.as_bytes())
    }

    fn grouping(&self) -> Grouping {
        Grouping {
            gaps: self.brand().gaps(),
            separator: ' ',
            is_eager: false,
        }
    }

    /// Puts the digits of `text` in the place of `selection`; gives the caret's new position.
    ///
    /// # Errors
    /// The rule that `text` or the number it would make breaks; nothing is changed then.
    pub(super) fn replace(&mut self, selection: &Range<usize>, text: &[u8]) -> Result<usize, Rule> {
        let range = self.grouping().digits(self.digits.len(), selection, text.is_empty())?;
        let typed = Digits::<{ number::LONGEST }>::parse_spaced(text).map_err(|rule| match rule {
            Rule::Length { .. } => length_rule(self.brand()),
            other => other,
        })?;
        let mut next = self.digits.duplicate();
        next.replace(range.clone(), typed.as_bytes())
            .map_err(|_| length_rule(self.brand()))?;
        let brand = Brand::of(next.as_bytes());
        if next.len() > brand.longest() && next.len() > self.digits.len() {
            return Err(length_rule(brand));
        }
        let end = range.start + typed.len();
        // Both shifts stay far below 32: a number has 19 digits at most.
        self.sealed = (self.sealed & ((1 << range.start) - 1)) | ((self.sealed >> range.end) << end);
        self.fresh = (typed.len() == 1).then_some(range.start);
        self.digits = next;
        if self.validity() == Validity::Valid {
            let length = self.digits.len();
            self.sealed |= (0..length)
                .filter(|place| !number::is_shown(*place, length))
                .fold(0, |bits, place| bits | 1 << place);
        }
        Ok(self.grouping().caret(self.digits.len(), end))
    }

    /// Hides the digit typed last.
    pub(super) const fn conceal(&mut self) {
        self.fresh = None;
    }

    pub(super) fn display(&self, masking: Masking) -> String {
        let length = self.digits.len();
        let is_complete = self.validity() == Validity::Valid;
        let is_seen = |place: usize| match masking {
            Masking::Hidden => false,
            Masking::Masked if is_complete => number::is_shown(place, length) && self.sealed & (1 << place) == 0,
            Masking::Masked => self.fresh == Some(place),
        };
        self.grouping()
            .display(length, |place| match self.digits.as_bytes().get(place) {
                Some(digit) if is_seen(place) => char::from(*digit),
                _ => number::BULLET,
            })
    }

    pub(super) fn width(&self) -> usize {
        self.grouping().width(self.digits.len())
    }

    /// Whether the number is a card's: a length that the brand has, and the check digit.
    pub(super) fn check(&self) -> Result<(), Rule> {
        let brand = self.brand();
        let has_a_length = brand
            .lengths()
            .iter()
            .any(|length| usize::from(*length) == self.digits.len());
        match (self.digits.is_empty(), has_a_length) {
            (true, _) => Err(Rule::Missing),
            (false, false) => Err(length_rule(brand)),
            (false, true) => number::check(self.digits.as_bytes()),
        }
    }

    pub(super) fn validity(&self) -> Validity {
        let (brand, length) = (self.brand(), self.digits.len());
        match self.check() {
            Ok(()) => Validity::Valid,
            Err(Rule::Missing) => Validity::Empty,
            // At a shorter length the cardholder is most likely still typing.
            Err(Rule::CheckDigit) if length >= brand.usual_length().min(brand.longest()) => {
                Validity::Invalid(Rule::CheckDigit)
            }
            Err(rule) if length > brand.longest() => Validity::Invalid(rule),
            Err(_) => Validity::Incomplete,
        }
    }

    /// Takes the digits out without copying them.
    pub(super) fn take(&mut self) -> Digits<{ number::LONGEST }> {
        (self.sealed, self.fresh) = (0, None);
        self.digits.take()
    }
}

fn length_rule(brand: Brand) -> Rule {
    Rule::Length {
        min: brand
            .lengths()
            .first()
            .map_or(number::SHORTEST, |length| usize::from(*length)),
        max: brand.longest(),
    }
}
