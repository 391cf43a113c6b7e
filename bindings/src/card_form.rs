//! The card-entry form as an object for the app. The core does the work; this adds only a lock. Text arrives as a
//! borrowed slice: UniFFI passes the app's own buffer without copying it.

use std::sync::{Mutex, MutexGuard, PoisonError};

use salekit_core::{CalendarMonth, Card, CardBrand, CardField, HolderFields, InputError, Masking, Rule};

use crate::SaleKitError;

/// A card while it is typed. See the contract for each call.
pub struct CardForm(Mutex<salekit_core::CardForm>);

impl CardForm {
    /// An empty form.
    ///
    /// # Errors
    /// None, as with all calls here that name no error. The error is declared so that no call can crash the app.
    pub fn new(holder: HolderFields) -> Result<Self, SaleKitError> {
        Ok(Self(Mutex::new(salekit_core::CardForm::new(
            holder,
            CalendarMonth::now(),
        ))))
    }

    /// The fields of this form.
    ///
    /// # Errors
    /// None.
    pub fn fields(&self) -> Result<Vec<CardField>, SaleKitError> {
        Ok(self.form().fields().to_vec())
    }

    /// Types one character.
    ///
    /// # Errors
    /// [`SaleKitError::InvalidInput`] for a refused edit. The same holds for all other edits.
    pub fn insert(&self, field: CardField, position: u32, key: u32) -> Result<FieldState, SaleKitError> {
        let not_a_character = InputError::new(field.path(), Rule::Characters { allowed: "characters" });
        let key = char::from_u32(key).ok_or(not_a_character)?;
        Ok(self.form().insert(field, at(position), key)?.into())
    }

    /// Deletes a range, as backspace does.
    ///
    /// # Errors
    /// As [`CardForm::insert`].
    pub fn delete(&self, field: CardField, start: u32, end: u32) -> Result<FieldState, SaleKitError> {
        Ok(self.form().delete(field, at(start)..at(end))?.into())
    }

    /// Deletes a range, as the forward-delete key does.
    ///
    /// # Errors
    /// As [`CardForm::insert`].
    pub fn delete_forward(&self, field: CardField, start: u32, end: u32) -> Result<FieldState, SaleKitError> {
        Ok(self.form().delete_forward(field, at(start)..at(end))?.into())
    }

    /// Replaces a range.
    ///
    /// # Errors
    /// As [`CardForm::insert`].
    pub fn replace(&self, field: CardField, start: u32, end: u32, text: &[u8]) -> Result<FieldState, SaleKitError> {
        Ok(self.form().replace(field, at(start)..at(end), text)?.into())
    }

    /// Replaces the whole text, as pasting does.
    ///
    /// # Errors
    /// As [`CardForm::insert`].
    pub fn paste(&self, field: CardField, text: &[u8]) -> Result<FieldState, SaleKitError> {
        Ok(self.form().paste(field, text)?.into())
    }

    /// Empties a field.
    ///
    /// # Errors
    /// As [`CardForm::insert`].
    pub fn clear(&self, field: CardField) -> Result<FieldState, SaleKitError> {
        Ok(self.form().clear(field)?.into())
    }

    /// The cardholder entered a field.
    ///
    /// # Errors
    /// [`SaleKitError::InvalidInput`] if this form has no such field.
    pub fn focus_gained(&self, field: CardField) -> Result<FieldState, SaleKitError> {
        Ok(self.form().focus_gained(field)?.into())
    }

    /// The cardholder left a field.
    ///
    /// # Errors
    /// [`SaleKitError::InvalidInput`] if this form has no such field.
    pub fn focus_lost(&self, field: CardField) -> Result<FieldState, SaleKitError> {
        Ok(self.form().focus_lost(field)?.into())
    }

    /// What to show in a field now.
    ///
    /// # Errors
    /// [`SaleKitError::InvalidInput`] if this form has no such field.
    pub fn state(&self, field: CardField) -> Result<FieldState, SaleKitError> {
        Ok(self.form().state(field)?.into())
    }

    /// What the number typed so far says about the card.
    ///
    /// # Errors
    /// None.
    pub fn hints(&self) -> Result<CardHints, SaleKitError> {
        let form = self.form();
        let code = form.security_code_lengths();
        Ok(CardHints {
            brand: form.brand(),
            brand_name: form.brand().name().to_owned(),
            number_lengths: form.number_lengths().iter().map(|length| u32::from(*length)).collect(),
            shortest_security_code: units(*code.start()),
            longest_security_code: units(*code.end()),
            security_code_name: form.security_code_name().to_owned(),
        })
    }

    /// The fields that are not valid yet.
    ///
    /// # Errors
    /// None.
    pub fn missing(&self) -> Result<Vec<CardField>, SaleKitError> {
        Ok(self.form().missing())
    }

    /// Sets how much of the number the form shows from now on.
    ///
    /// # Errors
    /// None.
    pub fn set_masking(&self, masking: Masking) -> Result<(), SaleKitError> {
        self.form().set_masking(masking);
        Ok(())
    }

    /// Hides a number that is being typed, until the next keystroke.
    ///
    /// # Errors
    /// None.
    pub fn conceal(&self) -> Result<(), SaleKitError> {
        self.form().conceal();
        Ok(())
    }

    /// Empties and wipes all fields.
    ///
    /// # Errors
    /// None.
    pub fn wipe(&self) -> Result<(), SaleKitError> {
        self.form().wipe();
        Ok(())
    }

    /// Takes the card and wipes the form. On an error the form keeps what was typed. Not part of the contract: a card
    /// can only go into a sale.
    pub(crate) fn take_card(&self) -> Result<Card, SaleKitError> {
        Ok(self.form().take_card(CalendarMonth::now())?)
    }

    fn form(&self) -> MutexGuard<'_, salekit_core::CardForm> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Converts a position to the core's type. One that is too large is beyond the end of every text.
fn at(position: u32) -> usize {
    usize::try_from(position).unwrap_or(usize::MAX)
}

/// Converts a position or a length to the contract's type. No field has so many characters that they would not fit.
fn units(count: usize) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}

/// What to show in a field. See the contract. `Debug` leaves the text out, as in the core.
#[derive(Clone, PartialEq, Eq)]
#[allow(missing_docs, reason = "the contract says it, for those who see these fields")]
pub struct FieldState {
    pub field: CardField,
    pub display: String,
    pub caret: u32,
    pub validity: Validity,
    pub brand: CardBrand,
}

impl std::fmt::Debug for FieldState {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_struct("FieldState")
            .field("field", &self.field)
            .field("validity", &self.validity)
            .field("brand", &self.brand)
            .finish_non_exhaustive()
    }
}

impl From<salekit_core::FieldState> for FieldState {
    fn from(mut state: salekit_core::FieldState) -> Self {
        let salekit_core::FieldState {
            field,
            display,
            caret,
            validity,
            brand,
        } = &mut state;
        Self {
            field: *field,
            // Move the text instead of copying it: it may be the card number. The core wipes what is left.
            display: std::mem::take(display),
            caret: units(*caret),
            validity: (&*validity).into(),
            brand: *brand,
        }
    }
}

/// How far a field is: empty, incomplete, possible, valid or invalid. See the contract.
#[derive(Debug, Clone, PartialEq, Eq)]
#[allow(missing_docs, reason = "the contract says it, for those who see these fields")]
pub enum Validity {
    Empty,
    Incomplete,
    Possible,
    Valid,
    Invalid { rule: String, detail: String },
}

impl From<&salekit_core::Validity> for Validity {
    fn from(validity: &salekit_core::Validity) -> Self {
        use salekit_core::Validity as Core;
        match validity {
            Core::Empty => Self::Empty,
            Core::Incomplete => Self::Incomplete,
            Core::Possible => Self::Possible,
            Core::Valid => Self::Valid,
            Core::Invalid(rule) => Self::Invalid {
                rule: rule.code().to_owned(),
                detail: rule.to_string(),
            },
        }
    }
}

/// What the number typed so far says about the card. See the contract.
#[derive(Debug, Clone, PartialEq, Eq)]
#[allow(missing_docs, reason = "the contract says it, for those who see these fields")]
pub struct CardHints {
    pub brand: CardBrand,
    pub brand_name: String,
    pub number_lengths: Vec<u32>,
    pub shortest_security_code: u32,
    pub longest_security_code: u32,
    pub security_code_name: String,
}
