//! What a form says about its fields.

use std::fmt;

use zeroize::Zeroize;

use crate::card::{CardBrand, expiry, holder, number, security_code};
use crate::{InputError, Rule};

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
    /// The field's path in perform sale, which its errors name.
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

/// Which names a form asks for. The protocol takes either.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum HolderFields {
    /// [`CardField::PrintedName`].
    #[default]
    PrintedName,
    /// [`CardField::FirstName`] and [`CardField::LastName`].
    FirstAndLastName,
}

/// How much of the number a form shows. The security code is hidden always, the rest never.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Masking {
    /// All that was typed, until the cardholder leaves the field: who cannot see a mistyped digit cannot find it. From
    /// then on the first six and the last four of a number that is complete, permanently; nothing of another one, which is
    /// shown again when the cardholder comes back to it. A complete number that was pasted or filled in is masked at
    /// once.
    #[default]
    AfterEditing,
    /// While typing, the digit typed last; of a complete number, the first six and the last four.
    Masked,
    /// Nothing.
    Hidden,
}

/// How far a field is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Validity {
    /// Nothing is there yet.
    Empty,
    /// What is there may become valid with more.
    Incomplete,
    /// What is there will do as it is, but is most likely not all: the cardholder is still typing, and most cards have
    /// more digits. [`Validity::Valid`] once they leave the field.
    Possible,
    /// Nothing is wrong with it.
    Valid,
    /// More will not help; the rule says what is wrong. Best shown when the cardholder leaves the field.
    Invalid(Rule),
}

/// What to show in a field: the answer to every edit.
///
/// `Debug` leaves the text out: a log of it would be a log of the number. The text is wiped when dropped.
#[derive(Clone, PartialEq, Eq)]
pub struct FieldState {
    /// The field.
    pub field: CardField,
    /// The text to show: grouped, masked as [`Masking`] says, never a digit of the code.
    pub display: String,
    /// Where the caret stands in `display`, in UTF-16 code units from its start.
    pub caret: usize,
    /// How far the field is.
    pub validity: Validity,
    /// The card's brand, as far as the number tells.
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
