//! The other fields, typed and corrected as a person does it.

use super::{AMEX, filled, form, shown, today, type_in};
use crate::{
    card::form::{CardField, Validity},
    value::Rule,
};

#[test]
fn the_expiry_gets_its_slash_and_its_zero() {
    let mut form = form();
    let expiry = CardField::Expiry;
    for (keys, display, validity) in [
        ("1", "1", Validity::Incomplete),
        ("12", "12/", Validity::Incomplete),
        ("1230", "12/30", Validity::Valid),
        ("12/30", "12/30", Validity::Valid),
        ("1/30", "01/30", Validity::Valid),
        ("330", "03/30", Validity::Valid),
        ("122030", "12/2030", Validity::Valid),
        ("12203", "12/203", Validity::Incomplete),
        ("1220", "12/20", Validity::Incomplete),
        ("122020", "12/2020", Validity::Invalid(Rule::Expired)),
        ("2", "2", Validity::Incomplete),
        ("3", "03/", Validity::Incomplete),
        ("25", "02/5", Validity::Incomplete),
        ("329", "03/29", Validity::Valid),
        ("230", "02/30", Validity::Valid),
        ("2/30", "02/30", Validity::Valid),
        ("12-30", "12/30", Validity::Valid),
        ("12.2030", "12/2030", Validity::Valid),
        ("12 – 30", "12/30", Validity::Valid),
        ("20", "20", Validity::Incomplete),
        ("2030", "2030/", Validity::Incomplete),
        ("2030-1", "2030/1", Validity::Incomplete),
        ("2030-12", "2030/12", Validity::Valid),
        ("2030/12", "2030/12", Validity::Valid),
        ("203012", "2030/12", Validity::Valid),
        ("2030-3", "2030/03", Validity::Valid),
        ("203013", "2030/13", Validity::Invalid(Rule::Range { min: 1, max: 12 })),
        ("202012", "2020/12", Validity::Invalid(Rule::Expired)),
        ("١٢٣٠", "12/30", Validity::Valid),
        ("1026", "10/26", Validity::Invalid(Rule::Expired)),
        ("1126", "11/26", Validity::Valid),
        ("13", "13/", Validity::Invalid(Rule::Range { min: 1, max: 12 })),
        ("0030", "00/30", Validity::Invalid(Rule::Range { min: 1, max: 12 })),
        ("1277", "12/77", Validity::Invalid(Rule::Range { min: 2026, max: 2076 })),
    ] {
        form.clear(expiry).unwrap();
        let state = type_in(&mut form, expiry, keys);
        assert_eq!(
            (shown(&state), &state.validity),
            ((display, display.len()), &validity),
            "{keys}"
        );
    }
    for text in [
        "12/30",
        "12/2030",
        "1230",
        "122030",
        " 12 / 30 ",
        "12-30",
        "12-2030",
        "12.30",
        "12–30",
        "2030-12",
        "2030/12",
        "203012",
        "329",
        "１２／３０",
        "\u{200f}١٢/٣٠\u{200f}\n",
    ] {
        assert_eq!(
            form.paste(expiry, text.as_bytes()).unwrap().validity,
            Validity::Valid,
            "{text}"
        );
    }
    let before = form.state(expiry).unwrap();
    for text in ["30-12", "20/30", "12/30/1", "12345", "1230303", "/30", "a"] {
        assert_eq!(
            form.paste(expiry, text.as_bytes()).unwrap_err().field,
            "sourceOfFunds.card.expiry",
            "{text}"
        );
    }
    assert_eq!(form.state(expiry).unwrap(), before);
}

#[test]
fn an_expiry_that_may_get_a_longer_year_has_not_passed() {
    let expiry = CardField::Expiry;
    let mut form = form();
    assert_eq!(type_in(&mut form, expiry, "12/20").validity, Validity::Incomplete);
    assert_eq!(
        form.focus_lost(expiry).unwrap().validity,
        Validity::Invalid(Rule::Expired),
        "the year was all of it"
    );
    assert_eq!(type_in(&mut form, expiry, "30").validity, Validity::Valid);
    // No card expires in 2500 or has been valid since 1999, so these cannot become valid.
    for (keys, validity) in [
        ("12/25", Validity::Invalid(Rule::Expired)),
        ("12/19", Validity::Invalid(Rule::Expired)),
        ("12/99", Validity::Invalid(Rule::Range { min: 2026, max: 2076 })),
    ] {
        form.clear(expiry).unwrap();
        assert_eq!(type_in(&mut form, expiry, keys).validity, validity, "{keys}");
    }
    assert_eq!(
        form.paste(expiry, b"12/20").unwrap().validity,
        Validity::Invalid(Rule::Expired),
        "the cardholder is not typing"
    );
}

#[test]
fn an_expiry_can_be_mended_in_the_middle() {
    let mut form = form();
    type_in(&mut form, CardField::Expiry, "1130");
    assert_eq!(shown(&form.delete(CardField::Expiry, 1..2).unwrap()), ("13/0", 1));
    assert_eq!(shown(&form.insert(CardField::Expiry, 1, '2').unwrap()), ("12/30", 3));
    assert_eq!(shown(&form.delete(CardField::Expiry, 0..1).unwrap()), ("23/0", 0));
    assert_eq!(shown(&form.insert(CardField::Expiry, 0, '0').unwrap()), ("02/30", 1));
}

#[test]
fn the_security_code_is_never_shown() {
    let mut form = form();
    form.paste(CardField::Number, AMEX.as_bytes()).unwrap();
    let state = type_in(&mut form, CardField::SecurityCode, "987");
    assert_eq!((shown(&state), &state.validity), (("•••", 3), &Validity::Incomplete));
    let state = type_in(&mut form, CardField::SecurityCode, "6");
    assert_eq!((shown(&state), &state.validity), (("••••", 4), &Validity::Valid));
    assert_eq!(
        form.insert(CardField::SecurityCode, 4, '5').unwrap_err().rule,
        Rule::Length { min: 4, max: 4 }
    );
    assert_eq!(
        form.insert(CardField::SecurityCode, 0, 'x').unwrap_err().rule.code(),
        "characters"
    );
    assert_eq!(form.delete(CardField::SecurityCode, 1..3).unwrap().caret, 1);
    form.insert(CardField::SecurityCode, 1, '1').unwrap();
    form.insert(CardField::SecurityCode, 2, '2').unwrap();
    type_in(&mut form, CardField::Expiry, "1230");
    type_in(&mut form, CardField::PrintedName, "A");
    assert_eq!(form.take_card(today()).unwrap().security_code().expose(), "9126");
}

#[test]
fn names_are_edited_in_the_units_of_the_platforms() {
    let mut form = form();
    let name = CardField::PrintedName;
    assert_eq!(shown(&form.paste(name, "Zoë 𝒜".as_bytes()).unwrap()), ("Zoë 𝒜", 6));
    assert_eq!(shown(&form.insert(name, 4, '𝒵').unwrap()), ("Zoë 𝒵𝒜", 6));
    assert_eq!(
        form.delete(name, 5..6).unwrap_err().rule.code(),
        "range",
        "half a character"
    );
    assert_eq!(shown(&form.delete(name, 4..6).unwrap()), ("Zoë 𝒜", 4));
    assert_eq!(
        form.insert(name, 7, 'x').unwrap_err().rule,
        Rule::Range { min: 0, max: 6 }
    );
    assert_eq!(form.insert(name, 0, '\n').unwrap_err().rule.code(), "characters");
    assert_eq!(form.paste(name, b"   ").unwrap().validity, Validity::Empty);
}

#[test]
fn what_is_pasted_around_a_name_does_not_matter() {
    let mut form = form();
    let name = CardField::PrintedName;
    assert_eq!(shown(&form.paste(name, "\tAda\r\n".as_bytes()).unwrap()), ("Ada", 3));
    let padded = format!("  {}\u{200b} ", "x".repeat(50));
    assert_eq!(form.paste(name, padded.as_bytes()).unwrap().display, "x".repeat(50));
    for unseen in ["\u{200b}", " \u{202e}\u{2060}\u{feff}\u{ad}"] {
        assert_eq!(form.paste(name, unseen.as_bytes()).unwrap().validity, Validity::Empty);
    }
    assert_eq!(
        form.paste(name, b"Ada\nLovelace").unwrap_err().rule.code(),
        "characters"
    );
    assert_eq!(form.paste(name, b"\n").unwrap_err().rule.code(), "characters");
}

#[test]
fn positions_outside_of_the_text_are_refused() {
    let mut form = filled();
    let before = format!("{form:?}");
    for field in form.fields() {
        let width = form.state(*field).unwrap().caret;
        #[expect(clippy::reversed_empty_ranges, reason = "a platform may send anything")]
        for range in [width..width + 1, width + 1..width + 1, 2..1, usize::MAX..usize::MAX] {
            let error = form.replace(*field, range, b"1").unwrap_err();
            assert_eq!((error.field, error.rule.code()), (field.path(), "range"));
        }
    }
    assert_eq!(format!("{form:?}"), before);
}
