//! What the tests of the form share.

mod fields;
mod model;
mod number;
mod same_rules;
mod seen;
mod taking;

use super::{CardField, CardForm, FieldState, HolderFields, Masking};
use crate::card::CalendarMonth;

const VISA: &str = "4012888888881881";
const AMEX: &str = "378282246310005";
const UNION_PAY: &str = "6205500000000000004";

fn today() -> CalendarMonth {
    CalendarMonth::new(2026, 11).unwrap()
}

fn form() -> CardForm {
    CardForm::new(HolderFields::PrintedName, today())
}

/// A form that shows no more than the digit typed last.
fn masked() -> CardForm {
    let mut form = form();
    form.set_masking(Masking::Masked);
    form
}

/// Types `keys` one by one, each where the caret stands after the one before it.
fn type_in(form: &mut CardForm, field: CardField, keys: &str) -> FieldState {
    let mut state = form.state(field).unwrap();
    for key in keys.chars() {
        state = form.insert(field, state.caret, key).unwrap();
    }
    state
}

fn filled() -> CardForm {
    let mut form = form();
    type_in(&mut form, CardField::Number, VISA);
    type_in(&mut form, CardField::Expiry, "1230");
    type_in(&mut form, CardField::SecurityCode, "987");
    type_in(&mut form, CardField::PrintedName, "ADA LOVELACE");
    form
}

fn shown(state: &FieldState) -> (&str, usize) {
    (state.display.as_str(), state.caret)
}
