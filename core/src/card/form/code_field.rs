//! The security code while it is typed. Its digits are never shown.

use super::{
    field::Validity,
    grouping::{Edit, Grouping},
};
use crate::{
    card::{
        brand::CardBrand,
        digits::Digits,
        number::BULLET,
        security_code::{self, LONGEST},
    },
    value::Rule,
};

/// The digits typed so far.
pub(super) struct CodeField(Digits<LONGEST>);

impl CodeField {
    pub(super) fn new() -> Self {
        Self(Digits::new())
    }

    /// Applies `edit`; returns the caret's new position.
    ///
    /// # Errors
    /// The rule that the text or the resulting code breaks; then nothing is changed.
    pub(super) fn replace(&mut self, edit: &Edit<'_>, brand: CardBrand) -> Result<usize, Rule> {
        let range = Grouping::NONE.digits(self.0.len(), edit)?;
        let too_long = |rule| match rule {
            Rule::Length { .. } => security_code::length_rule(brand),
            other => other,
        };
        let typed = Digits::<LONGEST>::read(edit.text).map_err(too_long)?;
        let length = self.0.len() - range.len() + typed.len();
        if length > *brand.security_code_lengths().end() && length > self.0.len() {
            return Err(security_code::length_rule(brand));
        }
        let caret = range.start + typed.len();
        self.0.replace(range, typed.as_bytes()).map_err(too_long)?;
        Ok(caret)
    }

    pub(super) fn display(&self) -> String {
        Grouping::NONE.display(self.0.len(), |_| BULLET)
    }

    pub(super) fn width(&self) -> usize {
        self.0.len()
    }

    /// Whether the code has as many digits as the codes of `brand`.
    pub(super) fn check(&self, brand: CardBrand) -> Result<(), Rule> {
        match self.0.len() {
            0 => Err(Rule::Missing),
            length if brand.security_code_lengths().contains(&length) => Ok(()),
            _ => Err(security_code::length_rule(brand)),
        }
    }

    /// How complete the field is. `is_typed` says whether the cardholder is in the field and may add a digit.
    pub(super) fn validity(&self, brand: CardBrand, is_typed: bool) -> Validity {
        match self.check(brand) {
            Ok(()) if is_typed && self.0.len() < *brand.security_code_lengths().end() => Validity::Possible,
            Ok(()) => Validity::Valid,
            Err(Rule::Missing) => Validity::Empty,
            Err(_) if self.0.len() < *brand.security_code_lengths().start() => Validity::Incomplete,
            Err(rule) => Validity::Invalid(rule),
        }
    }

    /// Takes the digits out without copying them.
    pub(super) fn take(&mut self) -> Digits<LONGEST> {
        self.0.take()
    }
}
