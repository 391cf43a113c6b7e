//! How much of a number is shown to the cardholder, and after they have left the field.

use super::{AMEX, VISA, form, shown, today, type_in};
use crate::{
    card::form::{CardField, Masking, Validity},
    value::Rule,
};

#[test]
fn who_types_a_number_sees_it_until_the_field_is_left() {
    let number = CardField::Number;
    let mut form = form();
    assert_eq!(shown(&type_in(&mut form, number, "401288")), ("4012 88", 7));
    assert_eq!(
        shown(&type_in(&mut form, number, "8888881881")),
        ("4012 8888 8888 1881", 19)
    );
    let left = form.focus_lost(number).unwrap();
    assert_eq!(
        (shown(&left), &left.validity),
        (("4012 88•• •••• 1881", 19), &Validity::Valid)
    );
    assert_eq!(
        form.focus_gained(number).unwrap().display,
        "4012 88•• •••• 1881",
        "a complete number that was left is masked permanently"
    );
    assert_eq!(form.delete(number, 18..19).unwrap().display, "4012 88•• •••• 188");
    assert_eq!(type_in(&mut form, number, "2").display, "4012 88•• •••• 1882");
}

#[test]
fn a_mistyped_digit_can_be_found() {
    let number = CardField::Number;
    let mut form = form();
    type_in(&mut form, number, "4012888888881882");
    let left = form.focus_lost(number).unwrap();
    assert_eq!(
        (left.display.as_str(), &left.validity),
        ("•••• •••• •••• ••••", &Validity::Invalid(Rule::CheckDigit)),
        "it is hidden after the cardholder has left"
    );
    assert_eq!(form.focus_gained(number).unwrap().display, "4012 8888 8888 1882");
    let mended = form.replace(number, 18..19, b"1").unwrap();
    assert_eq!(
        (mended.display.as_str(), &mended.validity),
        ("4012 8888 8888 1881", &Validity::Valid)
    );
}

#[test]
fn whatever_comes_next_in_another_field_masks_the_number() {
    let number = CardField::Number;
    for leave in [
        |form: &mut super::CardForm| drop(type_in(form, CardField::Expiry, "1")),
        |form: &mut super::CardForm| drop(form.focus_gained(CardField::SecurityCode)),
        |form: &mut super::CardForm| drop(form.focus_lost(CardField::Number)),
        |form: &mut super::CardForm| form.conceal(),
        |form: &mut super::CardForm| form.set_masking(Masking::Masked),
        |form: &mut super::CardForm| form.set_masking(Masking::Hidden),
    ] {
        let mut form = form();
        type_in(&mut form, number, "40128");
        leave(&mut form);
        let shown = form.state(number).unwrap();
        assert!(
            shown.display.chars().filter(char::is_ascii_digit).count() <= 1,
            "{}",
            shown.display
        );
        // Leaving another field does not change the field that the cardholder is in.
        let mut form = super::form();
        form.focus_gained(CardField::Expiry).unwrap();
        form.focus_gained(number).unwrap();
        form.focus_lost(CardField::Expiry).unwrap();
        assert_eq!(type_in(&mut form, number, "40").display, "40");
    }
}

#[test]
fn what_is_filled_in_is_masked_at_once_unless_something_is_wrong_with_it() {
    let number = CardField::Number;
    let mut form = form();
    assert_eq!(
        form.paste(number, AMEX.as_bytes()).unwrap().display,
        "3782 82•••• •0005"
    );
    assert_eq!(form.focus_gained(number).unwrap().display, "3782 82•••• •0005");
    assert_eq!(
        form.paste(number, b"378282246310006").unwrap().display,
        "3782 822463 10006"
    );
    form.clear(number).unwrap();
    let all = form.replace(number, 0..0, VISA.as_bytes()).unwrap();
    assert_eq!(all.display, "4012 88•• •••• 1881", "autofill reports it as an edit");
}

#[test]
fn an_app_may_choose_to_show_less() {
    let number = CardField::Number;
    for (masking, typing, whole) in [
        (Masking::AfterEditing, "4012 8", "4012 8888 8888 1881"),
        (Masking::Masked, "•••• 8", "4012 88•• •••• 1881"),
        (Masking::Hidden, "•••• •", "•••• •••• •••• ••••"),
    ] {
        let mut form = form();
        form.set_masking(masking);
        assert_eq!(type_in(&mut form, number, "40128").display, typing);
        assert_eq!(type_in(&mut form, number, "88888881881").display, whole);
        type_in(&mut form, CardField::Expiry, "1230");
        type_in(&mut form, CardField::SecurityCode, "987");
        type_in(&mut form, CardField::PrintedName, "A");
        assert_eq!(form.take_card(today()).unwrap().number().expose(), VISA);
        assert_eq!(form.state(number).unwrap().display, "");
    }
    // Digits that were masked before stay masked, whatever is chosen later.
    let mut form = form();
    form.set_masking(Masking::Masked);
    type_in(&mut form, number, VISA);
    form.set_masking(Masking::AfterEditing);
    assert_eq!(form.state(number).unwrap().display, "4012 88•• •••• 1881");
}
