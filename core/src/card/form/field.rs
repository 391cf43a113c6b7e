//! What a form reports about its fields.

use std::fmt;

use zeroize::Zeroize;

use crate::{
    card::{brand::CardBrand, expiry, holder, number, security_code},
    value::{InputError, Rule},
};

/// A field of a [`CardForm`](super::CardForm).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum CardField {
    /// The card number.
    Number,
    /// The expiry: month and year.
    Expiry,
    /// The security code.
    SecurityCode,
    /// The cardholder's first name.
    FirstName,
    /// The cardholder's last name.
    LastName,
    /// The cardholder's name as printed on the card.
    PrintedName,
}

impl CardField {
    /// The field's path in perform sale. Its errors name it.
    pub const fn path(self) -> &'static str {
        match self {
            Self::Number => number::FIELD,
            Self::Expiry => expiry::FIELD,
            Self::SecurityCode => security_code::CARD_FIELD,
            Self::FirstName => holder::FIRST_FIELD,
            Self::LastName => holder::LAST_FIELD,
            Self::PrintedName => holder::PRINTED_FIELD,
        }
    }

    pub(super) const fn error(self, rule: Rule) -> InputError {
        InputError::new(self.path(), rule)
    }
}

/// Which names a form asks for. The protocol accepts either.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum HolderFields {
    /// [`CardField::PrintedName`].
    #[default]
    PrintedName,
    /// [`CardField::FirstName`] and [`CardField::LastName`].
    FirstAndLastName,
}

/// How much of the number a form shows. The security code is always hidden, the other fields never.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Masking {
    /// While the cardholder is in the field: the whole number, so that a mistyped digit can be found. After they have
    /// left it: the first six and the last four digits of a complete number, permanently; nothing of an incomplete one,
    /// which is shown again when they return to the field. A complete number that was pasted or filled in is masked at
    /// once.
    #[default]
    AfterEditing,
    /// While typing: only the digit typed last. Of a complete number: the first six and the last four digits.
    Masked,
    /// No digit.
    Hidden,
}

/// How complete a field is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Validity {
    /// The field is empty.
    Empty,
    /// More characters may make it valid.
    Incomplete,
    /// It could be valid, but is probably not complete: the cardholder is still typing, and most cards have more
    /// digits. It becomes [`Validity::Valid`] when they leave the field.
    Possible,
    /// It is valid.
    Valid,
    /// It is wrong, and more characters cannot correct it; the rule says why. Show the error when the cardholder leaves
    /// the field.
    Invalid(Rule),
}

/// What to show in a field: the result of every edit.
///
/// `Debug` leaves the text out, because the text may contain the number. The text is wiped when dropped.
#[derive(Clone, PartialEq, Eq)]
pub struct FieldState {
    /// The field.
    pub field: CardField,
    /// The text to show: grouped, masked as [`Masking`] says, never with a digit of the code.
    pub display: String,
    /// The caret's position in `display`, in UTF-16 code units from its start.
    pub caret: usize,
    /// How complete the field is.
    pub validity: Validity,
    /// The card's brand, as far as the number shows it.
    pub brand: CardBrand,
}

impl Drop for FieldState {
    fn drop(&mut self) {
        self.display.zeroize();
    }
}

impl fmt::Debug for FieldState {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("FieldState")
            .field("field", &self.field)
            .field("validity", &self.validity)
            .field("brand", &self.brand)
            .finish_non_exhaustive()
    }
}
