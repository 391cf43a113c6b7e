//! The form behind a card-entry screen: it takes keystrokes and says what to show.
//!
//! How a number can be typed that cannot be read out: what goes in is known to whoever typed it, so the form echoes
//! a digit once, in the answer to its own keystroke, and keeps the rest. Of a complete number it shows what PCI DSS
//! 3.4.1 lets anybody see (first six, last four); a digit that was hidden then is never shown again, however the
//! number is edited. There is no way to ask for the number. It leaves the form once, inside a [`Card`].
//!
//! This keeps a number out of whatever shows, logs or stores what the form says. It is no wall against an app that
//! means harm: such an app sees the keys first, and could work digits out from when the check digit fits.
//!
//! How a screen is drawn, and when an error is shown, is the platform's.

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
use name_field::NameField;
use number_field::NumberField;
use zeroize::Zeroize;

use super::{Brand, CalendarMonth, Card, CardNumber, Holder, SecurityCode};
use crate::{InputError, Rule};

/// A card while it is typed.
///
/// Every edit answers with the [`FieldState`] to show, or with the [`InputError`] for which it was refused; a refused
/// edit changes nothing, so the screen keeps its text. Positions count UTF-16 code units of the text shown, as the
/// text fields of both platforms do. All that was typed is wiped when the form is dropped or the card taken.
pub struct CardForm {
    number: NumberField,
    expiry: ExpiryField,
    security_code: CodeField,
    holder: HolderNames,
    today: CalendarMonth,
    masking: Masking,
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
    /// [`InputError`] for the field's path: a key that does not belong there, more than fits, a position outside of
    /// the text. Nothing is changed.
    pub fn insert(&mut self, field: CardField, position: usize, key: char) -> Result<FieldState, InputError> {
        let mut bytes = [0; 4];
        let result = self.replace(field, position..position, key.encode_utf8(&mut bytes).as_bytes());
        bytes.zeroize();
        result
    }

    /// Deletes what lies in `range`. A backspace that meets a separator deletes the digit before it.
    ///
    /// # Errors
    /// [`InputError`] for the field's path if `range` does not lie within the text. Nothing is changed.
    pub fn delete(&mut self, field: CardField, range: Range<usize>) -> Result<FieldState, InputError> {
        self.replace(field, range, b"")
    }

    /// Puts `text` (UTF-8) in the place of all that is there, as pasting and autofill do. Spaces and dashes in a
    /// number are left out; an expiry may be written `12/30`, `12/2030`, `1230` or `122030`.
    ///
    /// # Errors
    /// As [`CardForm::replace`]. Nothing is cut off: what does not fit is refused as a whole.
    pub fn paste(&mut self, field: CardField, text: &[u8]) -> Result<FieldState, InputError> {
        let all = 0..self.width(field)?;
        self.replace(field, all, text)
    }

    /// Puts `text` (UTF-8) in the place of what lies in `range`: the edit of which all others are special cases, and
    /// the one that text fields report.
    ///
    /// # Errors
    /// [`InputError`] for the field's path: a character that does not belong there, more than fits, a range outside
    /// of the text, a field that this form has not. Nothing is changed.
    pub fn replace(&mut self, field: CardField, range: Range<usize>, text: &[u8]) -> Result<FieldState, InputError> {
        let brand = self.brand();
        let caret = match field {
            CardField::Number => self.number.replace(&range, text),
            CardField::Expiry => self.expiry.replace(&range, text),
            CardField::SecurityCode => self.security_code.replace(&range, text, brand),
            CardField::FirstName | CardField::LastName | CardField::PrintedName => {
                self.name_mut(field)?.replace(&range, text)
            }
        };
        let caret = caret.map_err(|rule| field.error(rule))?;
        if field != CardField::Number {
            self.number.conceal();
        }
        self.state_at(field, caret)
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

    /// Hides the digit typed last before the next keystroke does: for a timer, or an app that leaves the foreground.
    pub fn conceal(&mut self) {
        self.number.conceal();
    }

    /// Shows more or less of the number from now on.
    pub fn set_masking(&mut self, masking: Masking) {
        self.masking = masking;
    }

    /// What to show in `field` now, with the caret at its end.
    ///
    /// # Errors
    /// [`InputError`] if this form has no such field.
    pub fn state(&self, field: CardField) -> Result<FieldState, InputError> {
        self.state_at(field, self.width(field)?)
    }

    /// The brand, as far as the number tells.
    pub fn brand(&self) -> Brand {
        self.number.brand()
    }

    /// How many digits the number can have, ascending; with every digit typed there may be fewer ways.
    pub fn number_lengths(&self) -> &'static [u8] {
        self.brand().lengths()
    }

    /// How many digits the security code must have.
    pub fn security_code_lengths(&self) -> RangeInclusive<usize> {
        self.brand().security_code_lengths()
    }

    /// What the brand calls its security code, for a label.
    pub fn security_code_name(&self) -> &'static str {
        self.brand().security_code_name()
    }

    /// The fields that are not valid yet. With none left, [`CardForm::take_card`] gives a card.
    pub fn missing(&self) -> Vec<CardField> {
        self.fields()
            .iter()
            .copied()
            .filter(|field| self.check(*field).is_err())
            .collect()
    }

    /// Takes the card out and leaves the form wiped.
    ///
    /// # Errors
    /// [`InputError`] for the first field that is not valid in the month `today`; the form keeps all that was typed.
    pub fn take_card(&mut self, today: CalendarMonth) -> Result<Card, InputError> {
        self.today = today;
        self.fields().iter().try_for_each(|field| self.check(*field))?;
        let expiry = self.expiry.read(today)?;
        let holder = match &self.holder {
            HolderNames::Printed(name) => Holder::printed(name.text()),
            HolderNames::FirstLast { first, last } => Holder::first_last(first.text(), last.text()),
        }?;
        // Checked above: from here on nothing fails, so nothing that was typed is lost.
        let number = CardNumber::from_digits(self.number.take()).map_err(|rule| CardField::Number.error(rule))?;
        let security_code =
            SecurityCode::from_digits(self.security_code.take()).map_err(|rule| CardField::SecurityCode.error(rule))?;
        self.wipe();
        Card::new(number, expiry, holder, security_code)
    }

    /// What is wrong with `field`, if anything.
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
        let brand = self.brand();
        let (display, validity) = match field {
            CardField::Number => (self.number.display(self.masking), self.number.validity()),
            CardField::Expiry => (self.expiry.display(), self.expiry.validity(self.today)),
            CardField::SecurityCode => (self.security_code.display(), self.security_code.validity(brand)),
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
