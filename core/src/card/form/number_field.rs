//! The card number while it is typed, and how much of it may be shown.

use super::{
    field::{Masking, Validity},
    grouping::{Edit, Grouping},
};
use crate::{
    card::{brand::CardBrand, digits::Digits, number},
    value::Rule,
};

/// The digits typed so far.
pub(super) struct NumberField {
    digits: Digits<{ number::LONGEST }>,
    /// One bit for each digit that was hidden in a complete number. Such a digit is never shown again.
    ///
    /// Without this the number could be read four digits at a time, by deleting some and completing it again.
    sealed: u32,
    /// The digit typed last, which is all that [`Masking::Masked`] shows while typing, until the next edit.
    fresh: Option<usize>,
    /// Whether the cardholder is in the field, so that [`Masking::AfterEditing`] shows digits that are not sealed.
    is_open: bool,
}

impl NumberField {
    pub(super) fn new() -> Self {
        Self {
            digits: Digits::new(),
            sealed: 0,
            fresh: None,
            is_open: false,
        }
    }

    pub(super) fn brand(&self) -> CardBrand {
        CardBrand::of(self.digits.as_bytes())
    }

    fn grouping(&self) -> Grouping {
        Grouping {
            gaps: self.brand().gaps(),
            separator: ' ',
            is_eager: false,
        }
    }

    /// Applies `edit`; returns the caret's new position.
    ///
    /// # Errors
    /// The rule that the text or the resulting number breaks; then nothing is changed.
    pub(super) fn replace(&mut self, edit: &Edit<'_>) -> Result<usize, Rule> {
        let range = self.grouping().digits(self.digits.len(), edit)?;
        let typed = Digits::<{ number::LONGEST }>::read(edit.text).map_err(|rule| match rule {
            Rule::Length { .. } => length_rule(self.brand()),
            other => other,
        })?;
        let mut next = self.digits.duplicate();
        next.replace(range.clone(), typed.as_bytes())
            .map_err(|_| length_rule(self.brand()))?;
        let brand = CardBrand::of(next.as_bytes());
        if next.len() > brand.longest() && next.len() > self.digits.len() {
            return Err(length_rule(brand));
        }
        let end = range.start + typed.len();
        // Both shifts are far below 32, because a number has at most 19 digits.
        self.sealed = (self.sealed & ((1 << range.start) - 1)) | ((self.sealed >> range.end) << end);
        self.fresh = (typed.len() == 1).then_some(range.start);
        self.is_open = true;
        self.digits = next;
        Ok(self.grouping().caret(self.digits.len(), end))
    }

    /// The cardholder returned to the number.
    pub(super) const fn open(&mut self) {
        self.is_open = true;
    }

    /// Hides, until the next edit, what is shown only while the cardholder is in the field.
    pub(super) const fn conceal(&mut self) {
        self.fresh = None;
        self.is_open = false;
    }

    /// Permanently hides the middle digits of a complete number.
    pub(super) fn seal(&mut self) {
        let length = self.digits.len();
        self.sealed |= (0..length)
            .filter(|place| !number::is_shown(*place, length))
            .fold(0, |bits, place| bits | 1 << place);
    }

    /// What to show. `is_typed` as in [`NumberField::validity`].
    pub(super) fn display(&self, masking: Masking, is_typed: bool) -> String {
        let length = self.digits.len();
        let is_complete = self.validity(is_typed) == Validity::Valid;
        let is_seen = |place: usize| match masking {
            Masking::Hidden => false,
            _ if self.sealed & (1 << place) != 0 => false,
            Masking::AfterEditing if self.is_open => true,
            Masking::Masked | Masking::AfterEditing if is_complete => number::is_shown(place, length),
            Masking::Masked => self.fresh == Some(place),
            Masking::AfterEditing => false,
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

    /// Whether the number is a card number: its brand has this length, and its check digit is right.
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

    /// How complete the field is. `is_typed` says whether the cardholder is in the field and may add digits.
    pub(super) fn validity(&self, is_typed: bool) -> Validity {
        let (brand, length) = (self.brand(), self.digits.len());
        let is_short = length < brand.usual_length().min(brand.longest());
        match self.check() {
            // One in ten numbers has a right check digit by chance.
            Ok(()) if is_typed && is_short => Validity::Possible,
            Ok(()) => Validity::Valid,
            Err(Rule::Missing) => Validity::Empty,
            // At a shorter length the cardholder is most likely still typing.
            Err(Rule::CheckDigit) if !is_short => Validity::Invalid(Rule::CheckDigit),
            Err(rule) if length > brand.longest() => Validity::Invalid(rule),
            Err(_) => Validity::Incomplete,
        }
    }

    /// Takes the digits out without copying them.
    pub(super) fn take(&mut self) -> Digits<{ number::LONGEST }> {
        (self.sealed, self.fresh, self.is_open) = (0, None, false);
        self.digits.take()
    }
}

fn length_rule(brand: CardBrand) -> Rule {
    Rule::Length {
        min: brand
            .lengths()
            .first()
            .map_or(number::SHORTEST, |length| usize::from(*length)),
        max: brand.longest(),
    }
}
