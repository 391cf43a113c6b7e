//! What leaves the form: the card, once, and nothing else.

use super::{AMEX, VISA, filled, form, shown, today, type_in};
use crate::{
    card::{
        CalendarMonth,
        form::{CardField, CardForm, HolderFields, Masking, Validity},
        holder::HolderName,
    },
    value::Rule,
};

#[test]
fn a_form_has_the_names_it_asks_for() {
    let mut printed = form();
    let mut both = CardForm::new(HolderFields::FirstAndLastName, today());
    assert_eq!(
        printed.insert(CardField::FirstName, 0, 'A').unwrap_err().field,
        "sourceOfFunds.card.holder.firstName"
    );
    assert!(both.insert(CardField::PrintedName, 0, 'A').is_err());
    assert!(both.state(CardField::PrintedName).is_err());
    type_in(&mut both, CardField::FirstName, "Ada");
    assert!(both.missing().contains(&CardField::LastName));
    type_in(&mut both, CardField::LastName, "Lovelace ");
    type_in(&mut both, CardField::Number, AMEX);
    type_in(&mut both, CardField::Expiry, "1230");
    type_in(&mut both, CardField::SecurityCode, "1234");
    assert_eq!(both.missing(), []);
    let card = both.take_card(today()).unwrap();
    assert_eq!(
        card.holder().name(),
        HolderName::FirstLast {
            first: "Ada",
            last: "Lovelace"
        }
    );
}

#[test]
fn a_card_is_taken_once_and_leaves_nothing_behind() {
    let mut form = filled();
    form.set_masking(Masking::Hidden);
    let card = form.take_card(today()).unwrap();
    assert_eq!((card.number().expose(), card.security_code().expose()), (VISA, "987"));
    assert_eq!((card.expiry().month(), card.expiry().year()), (12, 2030));
    assert_eq!(card.holder().name(), HolderName::Printed("ADA LOVELACE"));
    assert_eq!(form.missing(), form.fields());
    for field in form.fields() {
        let state = form.state(*field).unwrap();
        assert_eq!((shown(&state), &state.validity), (("", 0), &Validity::Empty));
    }
    let error = form.take_card(today()).unwrap_err();
    assert_eq!((error.field, error.rule), ("sourceOfFunds.card.number", Rule::Missing));
    assert_eq!(
        type_in(&mut form, CardField::Number, "4").display,
        "•",
        "the masking stays"
    );
}

#[test]
fn a_form_that_is_not_ready_keeps_what_was_typed() {
    let mut form = filled();
    form.delete(CardField::SecurityCode, 2..3).unwrap();
    assert_eq!(form.missing(), [CardField::SecurityCode]);
    let error = form.take_card(today()).unwrap_err();
    assert_eq!(
        (error.field, error.rule),
        ("sourceOfFunds.card.securityCode", Rule::Length { min: 3, max: 3 })
    );
    type_in(&mut form, CardField::SecurityCode, "7");
    let error = form.take_card(CalendarMonth::new(2031, 1).unwrap()).unwrap_err();
    assert_eq!((error.field, error.rule), ("sourceOfFunds.card.expiry", Rule::Expired));
    assert_eq!(
        form.missing(),
        [CardField::Expiry],
        "the form now knows what month it is"
    );
    assert_eq!(form.take_card(today()).unwrap().number().expose(), VISA);
}

#[test]
fn wiping_empties_every_field() {
    let mut form = filled();
    form.wipe();
    assert_eq!(form.missing(), form.fields());
    assert!(
        form.fields()
            .iter()
            .all(|field| form.state(*field).unwrap().display.is_empty())
    );
}

#[test]
fn debug_shows_nothing_that_was_typed() {
    let mut form = CardForm::new(HolderFields::FirstAndLastName, today());
    let mut log = String::new();
    for (field, keys) in [
        (CardField::Number, VISA),
        (CardField::Expiry, "1230"),
        (CardField::SecurityCode, "987"),
        (CardField::FirstName, "Ada"),
        (CardField::LastName, "Lovelace"),
    ] {
        let mut caret = 0;
        for key in keys.chars() {
            let state = form.insert(field, caret, key).unwrap();
            caret = state.caret;
            log.push_str(&format!("{state:?} {form:?}\n"));
        }
    }
    log.push_str(&format!("{:?}", form.insert(CardField::SecurityCode, 3, '6')));
    // Without the numbers of the rule, the log contains no digit.
    let log = log.replace("Length { min: 3, max: 3 }", "");
    assert!(!log.contains(|character: char| character.is_ascii_digit()), "{log}");
    assert!(!log.contains("Ada") && !log.contains("Lovelace"));
}
