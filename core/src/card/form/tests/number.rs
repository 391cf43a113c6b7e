//! The number, typed and corrected as a person does it.

use super::{AMEX, UNION_PAY, VISA, form, masked, shown, today, type_in};
use crate::{
    card::{
        brand::CardBrand,
        form::{CardField, Masking, Validity},
    },
    value::Rule,
};

#[test]
fn typing_a_number_shows_the_last_digit_and_then_the_ends() {
    let mut form = masked();
    let number = CardField::Number;
    assert_eq!(shown(&form.insert(number, 0, '4').unwrap()), ("4", 1));
    assert_eq!(shown(&form.insert(number, 1, '0').unwrap()), ("•0", 2));
    assert_eq!(shown(&type_in(&mut form, number, "12")), ("•••2", 4));
    assert_eq!(shown(&type_in(&mut form, number, "8")), ("•••• 8", 6));
    let state = type_in(&mut form, number, "8888888188");
    assert_eq!(
        (shown(&state), &state.validity),
        (("•••• •••• •••• ••8", 18), &Validity::Incomplete)
    );
    let state = type_in(&mut form, number, "1");
    assert_eq!(
        (shown(&state), &state.validity),
        (("4012 88•• •••• 1881", 19), &Validity::Valid)
    );
    assert_eq!(state.brand, CardBrand::Visa);
}

#[test]
fn the_digit_typed_last_is_hidden_by_whatever_comes_next() {
    let mut form = masked();
    type_in(&mut form, CardField::Number, "401");
    assert_eq!(form.state(CardField::Number).unwrap().display, "••1");
    form.conceal();
    assert_eq!(form.state(CardField::Number).unwrap().display, "•••");
    type_in(&mut form, CardField::Number, "2");
    type_in(&mut form, CardField::SecurityCode, "9");
    assert_eq!(form.state(CardField::Number).unwrap().display, "••••");
    type_in(&mut form, CardField::Number, "8");
    form.set_masking(Masking::Hidden);
    assert_eq!(form.state(CardField::Number).unwrap().display, "•••• •");
    form.paste(CardField::Number, VISA.as_bytes()).unwrap();
    assert_eq!(form.state(CardField::Number).unwrap().display, "•••• •••• •••• ••••");
}

#[test]
fn groups_follow_the_brand() {
    let mut form = form();
    for (number, display, brand, code_lengths, code_name) in [
        (AMEX, "3782 82•••• •0005", CardBrand::Amex, 4..=4, "CID"),
        ("30569309025904", "3056 93•••• 5904", CardBrand::Diners, 3..=3, "CVV"),
        (UNION_PAY, "6205 50•• •••• •••0 004", CardBrand::UnionPay, 3..=3, "CVN"),
        (
            "5555555555554444",
            "5555 55•• •••• 4444",
            CardBrand::Mastercard,
            3..=3,
            "CVC",
        ),
        (
            "9999999999999995",
            "9999 99•• •••• 9995",
            CardBrand::Unknown,
            3..=4,
            "CVV",
        ),
    ] {
        let state = form.paste(CardField::Number, number.as_bytes()).unwrap();
        assert_eq!(
            (state.display.as_str(), state.brand, &state.validity),
            (display, brand, &Validity::Valid)
        );
        assert_eq!(
            (form.security_code_lengths(), form.security_code_name()),
            (code_lengths, code_name)
        );
        assert!(form.number_lengths().contains(&u8::try_from(number.len()).unwrap()));
    }
}

#[test]
fn a_backspace_behind_a_gap_deletes_the_digit_before_it() {
    let mut form = masked();
    type_in(&mut form, CardField::Number, "40128");
    // The caret is after the gap: the fifth digit was deleted and is typed again before the gap.
    let state = form.delete(CardField::Number, 4..5).unwrap();
    assert_eq!(shown(&state), ("••••", 3));
    let state = type_in(&mut form, CardField::Expiry, "12");
    assert_eq!(shown(&state), ("12/", 3));
    let state = form.delete(CardField::Expiry, 2..3).unwrap();
    assert_eq!(shown(&state), ("1", 1));
}

#[test]
fn a_delete_before_a_gap_deletes_the_digit_behind_it() {
    let mut form = form();
    type_in(&mut form, CardField::Number, "401287");
    // Both keys select the gap. Only the caret tells which one it was.
    let state = form.delete_forward(CardField::Number, 4..5).unwrap();
    assert_eq!(shown(&state), ("4012 7", 5));
    assert_eq!(
        shown(&form.delete_forward(CardField::Number, 4..5).unwrap()),
        ("4012", 4)
    );
    assert_eq!(
        shown(&form.delete_forward(CardField::Number, 4..4).unwrap()),
        ("4012", 4)
    );
    assert_eq!(shown(&form.delete_forward(CardField::Number, 0..2).unwrap()), ("12", 0));
    type_in(&mut form, CardField::Expiry, "1230");
    let state = form.delete_forward(CardField::Expiry, 2..3).unwrap();
    assert_eq!(shown(&state), ("12/0", 3));
    form.clear(CardField::Expiry).unwrap();
    type_in(&mut form, CardField::Expiry, "12");
    let state = form.delete_forward(CardField::Expiry, 2..3).unwrap();
    assert_eq!(shown(&state), ("12/", 3), "there is nothing behind the slash");
    type_in(&mut form, CardField::PrintedName, "Ada");
    assert_eq!(
        shown(&form.delete_forward(CardField::PrintedName, 1..2).unwrap()),
        ("Aa", 1)
    );
    assert_eq!(
        form.delete_forward(CardField::Number, 2..3).unwrap_err().rule.code(),
        "range"
    );
}

#[test]
fn the_caret_stays_where_the_edit_was() {
    let mut form = masked();
    form.paste(CardField::Number, b"4012 8888").unwrap();
    assert_eq!(
        shown(&form.insert(CardField::Number, 2, '7').unwrap()),
        ("••7• •••• •", 3)
    );
    // A gap follows the fourth digit, and the caret goes after the gap.
    assert_eq!(
        shown(&form.insert(CardField::Number, 3, '7').unwrap()),
        ("•••7 •••• ••", 5)
    );
    assert_eq!(shown(&form.delete(CardField::Number, 0..2).unwrap()), ("•••• ••••", 0));
    assert_eq!(
        shown(&form.replace(CardField::Number, 1..6, b"12").unwrap()),
        ("•••• ••", 3)
    );
}

#[test]
fn a_number_may_be_pasted_with_spaces_and_dashes_only() {
    let mut form = form();
    for text in [
        "4012 8888 8888 1881",
        "4012-8888-8888-1881",
        "\t4012888888881881\n",
        "4012\u{a0}8888\u{2011}88881881",
        "٤٠١٢ ٨٨٨٨ ٨٨٨٨ ١٨٨١",
        "۴۰۱۲۸۸۸۸۸۸۸۸۱۸۸۱",
        "४०१२-८८८८-८८८८-१८८१",
        "４０１２　８８８８　８８８８　１８８１",
        "\u{202a}4012\u{200b}8888\u{2066}8888\u{2069}1881\u{202c}\u{feff}",
    ] {
        assert_eq!(
            form.paste(CardField::Number, text.as_bytes()).unwrap().validity,
            Validity::Valid
        );
    }
    let before = form.state(CardField::Number).unwrap();
    for text in [
        "4012x",
        "card 4012888888881881",
        "4012/8888",
        "4012.8888",
        "４０１２／８８８８",
    ] {
        let error = form.paste(CardField::Number, text.as_bytes()).unwrap_err();
        assert_eq!(
            (error.field, error.rule.code()),
            ("sourceOfFunds.card.number", "characters"),
            "{text}"
        );
        assert!(!format!("{error:?}").contains("4012"));
    }
    assert_eq!(
        form.paste(CardField::Number, b"40\xff").unwrap_err().rule.code(),
        "characters"
    );
    assert_eq!(form.state(CardField::Number).unwrap(), before);
}

#[test]
fn what_does_not_fit_is_refused_and_not_cut_off() {
    let mut form = form();
    for (number, longest) in [(AMEX, 15), ("5555555555554444", 16), (UNION_PAY, 19)] {
        let before = form.paste(CardField::Number, number.as_bytes()).unwrap();
        for (position, key) in [(before.caret, '1'), (2, '1')] {
            let error = form.insert(CardField::Number, position, key).unwrap_err();
            assert!(
                matches!(error.rule, Rule::Length { max, .. } if max == longest),
                "{error}"
            );
        }
        assert_eq!(form.state(CardField::Number).unwrap(), before);
    }
    assert_eq!(
        form.paste(CardField::Number, &[b'4'; 20]).unwrap_err().rule,
        Rule::Length { min: 14, max: 19 }
    );
    form.clear(CardField::Number).unwrap();
    assert_eq!(
        form.paste(CardField::Number, &[b'4'; 400]).unwrap_err().rule.code(),
        "length"
    );
    assert_eq!(form.state(CardField::Number).unwrap().validity, Validity::Empty);
    form.paste(CardField::PrintedName, "é".repeat(50).as_bytes()).unwrap();
    assert_eq!(
        form.insert(CardField::PrintedName, 0, 'x').unwrap_err().rule,
        Rule::Length { min: 1, max: 50 }
    );
    assert!(form.replace(CardField::PrintedName, 0..1, b"x").is_ok());
}

#[test]
fn an_edit_that_changes_the_brand_never_traps_the_cardholder() {
    let mut form = form();
    form.paste(CardField::Number, UNION_PAY.as_bytes()).unwrap();
    // 19 digits are too many for a Mastercard, but replacing one digit does not make the number longer.
    let state = form.replace(CardField::Number, 0..1, b"5").unwrap();
    assert_eq!(
        (state.brand, &state.validity),
        (
            CardBrand::Mastercard,
            &Validity::Invalid(Rule::Length { min: 16, max: 16 })
        )
    );
    let end = state.display.chars().count();
    assert!(form.insert(CardField::Number, end, '1').is_err());
    assert!(form.delete(CardField::Number, end - 1..end).is_ok());
    // The code was valid for the earlier brand and is not valid any more.
    form.paste(CardField::Number, AMEX.as_bytes()).unwrap();
    type_in(&mut form, CardField::SecurityCode, "9876");
    form.paste(CardField::Number, VISA.as_bytes()).unwrap();
    let code = form.state(CardField::SecurityCode).unwrap();
    assert_eq!(code.validity, Validity::Invalid(Rule::Length { min: 3, max: 3 }));
    assert_eq!(
        form.delete(CardField::SecurityCode, 3..4).unwrap().validity,
        Validity::Valid
    );
}

#[test]
fn a_mistyped_number_is_invalid_once_it_is_long_enough() {
    let mut form = masked();
    assert_eq!(
        type_in(&mut form, CardField::Number, "401288888888188").validity,
        Validity::Incomplete
    );
    assert_eq!(
        type_in(&mut form, CardField::Number, "2").validity,
        Validity::Invalid(Rule::CheckDigit)
    );
    assert_eq!(form.take_card(today()).unwrap_err().rule, Rule::CheckDigit);
    // 12 digits could be a Maestro, but the cardholder is most likely still typing.
    form.clear(CardField::Number).unwrap();
    assert_eq!(
        type_in(&mut form, CardField::Number, "4222222222223").validity,
        Validity::Incomplete
    );
    form.clear(CardField::Number).unwrap();
    let state = form.paste(CardField::Number, b"378282246310006").unwrap();
    assert_eq!(
        (&state.validity, state.display.as_str()),
        (&Validity::Invalid(Rule::CheckDigit), "•••• •••••• •••••")
    );
}

#[test]
fn a_number_cannot_be_read_out_four_digits_at_a_time() {
    // The brand has numbers of 19, 18, 17 and 16 digits. Completing each of them would show another "last four".
    let mut form = form();
    let first = form.paste(CardField::Number, b"6205501234567890122").unwrap();
    assert_eq!(
        (first.display.as_str(), &first.validity),
        ("6205 50•• •••• •••0 122", &Validity::Valid)
    );
    for _ in 0..3 {
        let end = form.state(CardField::Number).unwrap().caret;
        form.delete(CardField::Number, end - 1..end).unwrap();
    }
    let completed = ('0'..='9').find_map(|digit| {
        let end = form.state(CardField::Number).unwrap().caret;
        let state = form
            .replace(CardField::Number, end - 1..end, digit.to_string().as_bytes())
            .unwrap();
        (state.validity == Validity::Valid).then_some((state, digit))
    });
    let (state, digit) = completed.unwrap();
    assert_eq!(
        state.display,
        format!("6205 50•• •••• •••{digit}"),
        "what was hidden stays hidden"
    );
}

#[test]
fn a_number_that_could_end_here_is_not_complete() {
    let number = CardField::Number;
    // Ten digits with a right check digit in a range that no table has: one card in ten has such a prefix.
    for (begin, rest, brand) in [
        ("9999999999", "999995", CardBrand::Unknown),
        ("675964982648", "0000", CardBrand::Maestro),
        ("62055000000009", "00", CardBrand::UnionPay),
    ] {
        for form in [&mut form(), &mut masked()] {
            let state = type_in(form, number, begin);
            assert_eq!((state.brand, &state.validity), (brand, &Validity::Possible), "{begin}");
            assert!(!form.missing().contains(&number), "it will do as it is");
            assert_eq!(form.focus_lost(number).unwrap().validity, Validity::Valid);
            assert_eq!(form.focus_gained(number).unwrap().validity, Validity::Valid);
            assert_ne!(type_in(form, number, &rest[..1]).validity, Validity::Valid);
            assert_eq!(form.paste(number, begin.as_bytes()).unwrap().validity, Validity::Valid);
            type_in(form, CardField::Expiry, "1");
            form.clear(number).unwrap();
        }
    }
    // Nearly all of these cards have sixteen digits, so no more are expected.
    for whole in [UNION_PAY, "6200000000000005", "9999999999999995"] {
        assert_eq!(type_in(&mut form(), number, whole).validity, Validity::Valid, "{whole}");
    }
    // A card with sixteen digits has no other length, even if the check digit is right at the tenth.
    for prefix in [
        "4111111111",
        "860012345",
        "979200123",
        "606282123",
        "507803123",
        "555555555",
    ] {
        for digit in '0'..='9' {
            let state = type_in(&mut form(), number, &format!("{prefix}{digit}"));
            assert_eq!(state.validity, Validity::Incomplete, "{prefix}{digit}");
        }
    }
}

#[test]
fn a_code_that_could_be_longer_is_not_complete() {
    let code = CardField::SecurityCode;
    let mut form = form();
    assert_eq!(type_in(&mut form, code, "12").validity, Validity::Incomplete);
    assert_eq!(type_in(&mut form, code, "3").validity, Validity::Possible);
    assert_eq!(form.focus_lost(code).unwrap().validity, Validity::Valid);
    assert_eq!(type_in(&mut form, code, "4").validity, Validity::Valid);
    form.paste(CardField::Number, VISA.as_bytes()).unwrap();
    form.clear(code).unwrap();
    assert_eq!(type_in(&mut form, code, "123").validity, Validity::Valid);
}
