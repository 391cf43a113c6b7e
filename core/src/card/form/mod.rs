//! The form behind a card-entry screen: it takes keystrokes and returns what to show.
//!
//! The app chooses how much of the number is shown ([`Masking`]): what is being typed until the cardholder leaves the
//! field, so that a mistyped digit can be found, or each digit only once, right after it was typed. Of a complete
//! number that the cardholder has left, the form shows what PCI DSS 3.4.1 allows (first six, last four). A digit that
//! was hidden then is never shown again, however the number is edited. There is no way to read the number. It leaves
//! the form once, inside a [`Card`].
//!
//! This keeps the number out of screens, logs and stores that use what the form returns. It does not protect against a
//! malicious app: such an app sees the keystrokes first, and could find out digits from when the check digit is right.
//!
//! The platform decides how a screen looks and when it shows an error.

mod code_field;
mod expiry_field;
mod field;
mod grouping;
mod name_field;
mod number_field;
#[cfg(test)]
mod tests;

use std::fmt;
use std::ops::{Range, RangeInclusive};

use code_field::CodeField;
use expiry_field::ExpiryField;
pub use field::{CardField, FieldState, HolderFields, Masking, Validity};
use grouping::{Direction, Edit};
use name_field::NameField;
use number_field::NumberField;
use zeroize::Zeroize;

use super::{CalendarMonth, Card, CardBrand, CardNumber, Holder, SecurityCode};
use crate::value::{InputError, Rule};

/// A card while it is typed.
///
/// Every edit returns the [`FieldState`] to show, or the [`InputError`] for which it was refused. A refused edit
/// changes nothing, so the screen keeps its text. Positions count UTF-16 code units of the text shown, as the text
/// fields of both platforms do. Everything is wiped when the form is dropped or the card is taken.
pub struct CardForm {
    number: NumberField,
    expiry: ExpiryField,
    security_code: CodeField,
    holder: HolderNames,
    today: CalendarMonth,
    masking: Masking,
    /// The field that the cardholder is typing in. A field that was pasted into or left counts as complete.
    typed: Option<CardField>,
}

enum HolderNames {
    Printed(NameField),
    FirstLast { first: NameField, last: NameField },
}

impl HolderNames {
    fn new(fields: HolderFields) -> Self {
        match fields {
            HolderFields::PrintedName => Self::Printed(NameField::new()),
            HolderFields::FirstAndLastName => Self::FirstLast {
                first: NameField::new(),
                last: NameField::new(),
            },
        }
    }
}

impl CardForm {
    /// An empty form. `today` decides whether an expiry has passed.
    pub fn new(holder: HolderFields, today: CalendarMonth) -> Self {
        Self {
            number: NumberField::new(),
            expiry: ExpiryField::new(),
            security_code: CodeField::new(),
            holder: HolderNames::new(holder),
            today,
            masking: Masking::default(),
            typed: None,
        }
    }

    /// The fields of this form, in the order in which they are asked for and checked.
    pub const fn fields(&self) -> &'static [CardField] {
        use CardField::{Expiry, FirstName, LastName, Number, PrintedName, SecurityCode};
        match self.holder {
            HolderNames::Printed(_) => &[Number, Expiry, SecurityCode, PrintedName],
            HolderNames::FirstLast { .. } => &[Number, Expiry, SecurityCode, FirstName, LastName],
        }
    }

    /// Types `key` at `position`.
    ///
    /// # Errors
    /// [`InputError`] for the field's path: the key is not allowed there, the field is full, or the position is outside
    /// of the text. Nothing is changed then.
    pub fn insert(&mut self, field: CardField, position: usize, key: char) -> Result<FieldState, InputError> {
        let mut bytes = [0; 4];
        let result = self.replace(field, position..position, key.encode_utf8(&mut bytes).as_bytes());
        bytes.zeroize();
        result
    }

    /// Deletes the characters in `range`, like the backspace key. At a separator it deletes the digit before it.
    ///
    /// # Errors
    /// [`InputError`] for the field's path if `range` does not lie within the text. Nothing is changed then.
    pub fn delete(&mut self, field: CardField, range: Range<usize>) -> Result<FieldState, InputError> {
        self.replace(field, range, b"")
    }

    /// Deletes the characters in `range`, like the delete key, which deletes after the caret. At a separator it deletes
    /// the digit after it.
    ///
    /// Text fields report the same range for both keys, but the caret differs: before the key was pressed, it was at
    /// the end of what backspace deletes, and at the start of what delete deletes.
    ///
    /// # Errors
    /// As [`CardForm::delete`].
    pub fn delete_forward(&mut self, field: CardField, range: Range<usize>) -> Result<FieldState, InputError> {
        let edit = Edit {
            selection: range,
            text: b"",
            direction: Direction::Forward,
        };
        self.edit(field, &edit)
    }

    /// Replaces the whole field by `text` (UTF-8), as pasting and autofill do. Digits of any script are accepted.
    /// Spaces, dashes and invisible characters in a number are skipped; an expiry may have any format that
    /// [`Expiry::parse`](super::Expiry::parse) reads. The field counts as left: no more characters are expected.
    ///
    /// # Errors
    /// As [`CardForm::replace`]. Text that is too long is refused as a whole, never cut off.
    pub fn paste(&mut self, field: CardField, text: &[u8]) -> Result<FieldState, InputError> {
        let all = 0..self.width(field)?;
        self.replace(field, all, text)
    }

    /// Replaces the characters in `range` by `text` (UTF-8): the edit that text fields report, of which all others are
    /// special cases. More than one character in place of the whole text counts as pasted.
    ///
    /// # Errors
    /// [`InputError`] for the field's path: a character is not allowed there, the text is too long, the range is
    /// outside of the text, or the form does not have this field. Nothing is changed then.
    pub fn replace(&mut self, field: CardField, range: Range<usize>, text: &[u8]) -> Result<FieldState, InputError> {
        let edit = Edit {
            selection: range,
            text,
            direction: Direction::Backward,
        };
        self.edit(field, &edit)
    }

    fn edit(&mut self, field: CardField, edit: &Edit<'_>) -> Result<FieldState, InputError> {
        let brand = self.brand();
        let is_pasted = edit.selection == (0..self.width(field)?)
            && std::str::from_utf8(edit.text).is_ok_and(|text| text.chars().nth(1).is_some());
        let caret = match field {
            CardField::Number => self.number.replace(edit),
            CardField::Expiry => self.expiry.replace(edit, self.today),
            CardField::SecurityCode => self.security_code.replace(edit, brand),
            CardField::FirstName | CardField::LastName | CardField::PrintedName => self.name_mut(field)?.replace(edit),
        };
        let caret = caret.map_err(|rule| field.error(rule))?;
        self.typed = (!is_pasted).then_some(field);
        if field != CardField::Number {
            self.number.conceal();
        }
        self.seal_number();
        self.state_at(field, caret)
    }

    /// The cardholder entered `field`. With [`Masking::AfterEditing`], the number is shown while they are in its field.
    /// An edit has the same effect.
    ///
    /// # Errors
    /// [`InputError`] if this form has no such field.
    pub fn focus_gained(&mut self, field: CardField) -> Result<FieldState, InputError> {
        let caret = self.width(field)?;
        self.typed = self.typed.filter(|typed| *typed == field);
        match field {
            CardField::Number => self.number.open(),
            _ => self.number.conceal(),
        }
        self.seal_number();
        self.state_at(field, caret)
    }

    /// The cardholder left `field`: no more characters are expected, and the number is masked.
    ///
    /// # Errors
    /// [`InputError`] if this form has no such field.
    pub fn focus_lost(&mut self, field: CardField) -> Result<FieldState, InputError> {
        let caret = self.width(field)?;
        self.typed = self.typed.filter(|typed| *typed != field);
        if field == CardField::Number {
            self.number.conceal();
        }
        self.seal_number();
        self.state_at(field, caret)
    }

    /// Hides the number permanently if it is shown as complete.
    fn seal_number(&mut self) {
        let is_typed = self.is_typed(CardField::Number);
        let is_masked = !is_typed || self.masking != Masking::AfterEditing;
        if is_masked && self.number.validity(is_typed) == Validity::Valid {
            self.number.seal();
        }
    }

    fn is_typed(&self, field: CardField) -> bool {
        self.typed == Some(field)
    }

    /// Empties a field.
    ///
    /// # Errors
    /// [`InputError`] if this form has no such field.
    pub fn clear(&mut self, field: CardField) -> Result<FieldState, InputError> {
        self.paste(field, b"")
    }

    /// Empties and wipes all fields.
    pub fn wipe(&mut self) {
        let holder = match self.holder {
            HolderNames::Printed(_) => HolderFields::PrintedName,
            HolderNames::FirstLast { .. } => HolderFields::FirstAndLastName,
        };
        *self = Self {
            masking: self.masking,
            ..Self::new(holder, self.today)
        };
    }

    /// Hides what is shown of a number that is being typed, until the next keystroke: for a timer, or when the app
    /// leaves the foreground.
    pub fn conceal(&mut self) {
        self.number.conceal();
    }

    /// Changes how much of the number is shown from now on.
    pub fn set_masking(&mut self, masking: Masking) {
        self.masking = masking;
        self.seal_number();
    }

    /// What to show in `field` now, with the caret at its end.
    ///
    /// # Errors
    /// [`InputError`] if this form has no such field.
    pub fn state(&self, field: CardField) -> Result<FieldState, InputError> {
        self.state_at(field, self.width(field)?)
    }

    /// The brand, as far as the number shows it.
    pub fn brand(&self) -> CardBrand {
        self.number.brand()
    }

    /// The numbers of digits that the card number can have, ascending. With every digit typed there may be fewer of
    /// them.
    pub fn number_lengths(&self) -> &'static [u8] {
        self.brand().lengths()
    }

    /// How many digits the security code must have.
    pub fn security_code_lengths(&self) -> RangeInclusive<usize> {
        self.brand().security_code_lengths()
    }

    /// The brand's name for its security code, for a label.
    pub fn security_code_name(&self) -> &'static str {
        self.brand().security_code_name()
    }

    /// The fields that are not valid yet. If there are none, [`CardForm::take_card`] returns a card.
    pub fn missing(&self) -> Vec<CardField> {
        self.fields()
            .iter()
            .copied()
            .filter(|field| self.check(*field).is_err())
            .collect()
    }

    /// Takes the card out and wipes the form.
    ///
    /// # Errors
    /// [`InputError`] for the first field that is not valid in the month `today`; the form then keeps everything.
    pub fn take_card(&mut self, today: CalendarMonth) -> Result<Card, InputError> {
        self.today = today;
        self.fields().iter().try_for_each(|field| self.check(*field))?;
        let expiry = self.expiry.read(today)?;
        let holder = match &self.holder {
            HolderNames::Printed(name) => Holder::printed(name.text()),
            HolderNames::FirstLast { first, last } => Holder::first_last(first.text(), last.text()),
        }?;
        // Everything was checked above, so nothing fails from here on and no input is lost.
        let number = CardNumber::from_digits(self.number.take()).map_err(|rule| CardField::Number.error(rule))?;
        let security_code =
            SecurityCode::from_digits(self.security_code.take()).map_err(|rule| CardField::SecurityCode.error(rule))?;
        self.wipe();
        Card::new(number, expiry, holder, security_code)
    }

    /// Checks `field`.
    fn check(&self, field: CardField) -> Result<(), InputError> {
        let result = match field {
            CardField::Number => self.number.check(),
            CardField::Expiry => return self.expiry.read(self.today).map(drop),
            CardField::SecurityCode => self.security_code.check(self.brand()),
            CardField::FirstName | CardField::LastName | CardField::PrintedName => self.name(field)?.check(),
        };
        result.map_err(|rule| field.error(rule))
    }

    fn state_at(&self, field: CardField, caret: usize) -> Result<FieldState, InputError> {
        let (brand, is_typed) = (self.brand(), self.is_typed(field));
        let (display, validity) = match field {
            CardField::Number => (
                self.number.display(self.masking, is_typed),
                self.number.validity(is_typed),
            ),
            CardField::Expiry => (self.expiry.display(), self.expiry.validity(self.today, is_typed)),
            CardField::SecurityCode => (
                self.security_code.display(),
                self.security_code.validity(brand, is_typed),
            ),
            CardField::FirstName | CardField::LastName | CardField::PrintedName => {
                let name = self.name(field)?;
                (name.text().to_owned(), name.validity())
            }
        };
        Ok(FieldState {
            field,
            display,
            caret,
            validity,
            brand,
        })
    }

    fn width(&self, field: CardField) -> Result<usize, InputError> {
        Ok(match field {
            CardField::Number => self.number.width(),
            CardField::Expiry => self.expiry.width(),
            CardField::SecurityCode => self.security_code.width(),
            CardField::FirstName | CardField::LastName | CardField::PrintedName => self.name(field)?.width(),
        })
    }

    fn name(&self, field: CardField) -> Result<&NameField, InputError> {
        match (field, &self.holder) {
            (CardField::PrintedName, HolderNames::Printed(name))
            | (CardField::FirstName, HolderNames::FirstLast { first: name, .. })
            | (CardField::LastName, HolderNames::FirstLast { last: name, .. }) => Ok(name),
            _ => Err(not_on_this_form(field)),
        }
    }

    fn name_mut(&mut self, field: CardField) -> Result<&mut NameField, InputError> {
        match (field, &mut self.holder) {
            (CardField::PrintedName, HolderNames::Printed(name))
            | (CardField::FirstName, HolderNames::FirstLast { first: name, .. })
            | (CardField::LastName, HolderNames::FirstLast { last: name, .. }) => Ok(name),
            _ => Err(not_on_this_form(field)),
        }
    }
}

const fn not_on_this_form(field: CardField) -> InputError {
    field.error(Rule::Unknown {
        expected: "a field that this form asks for",
    })
}

impl fmt::Debug for CardForm {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("CardForm")
            .field("brand", &self.brand())
            .field("missing", &self.missing())
            .finish_non_exhaustive()
    }
}
