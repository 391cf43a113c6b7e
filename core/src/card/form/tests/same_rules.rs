//! The form and the parsers read the same texts as the same cards.

use proptest::prelude::*;

use super::{AMEX, UNION_PAY, VISA, form, today, type_in};
use crate::{
    card::{
        brand::CardBrand,
        expiry::Expiry,
        form::{CardField, CardForm, Validity},
        holder::{Holder, HolderName},
        number::CardNumber,
        security_code::SecurityCode,
    },
    value::InputError,
};

/// What people type between digits, and what they do not type.
const BETWEEN: &[&str] = &[
    "", "", "", " ", "-", "–", "/", "／", ".", "\u{200b}", "\u{202a}", "\u{a0}", "\n", "x", "\0",
];

/// `digits` as some keyboard writes them, with separators.
fn written(digits: impl Strategy<Value = String>) -> impl Strategy<Value = String> {
    let zeros = prop_oneof![6 => Just('0'), 1 => Just('٠'), 1 => Just('۰'), 1 => Just('०'), 1 => Just('０')];
    let between = proptest::collection::vec(proptest::sample::select(BETWEEN), 0..4);
    (digits, zeros, between, any::<u64>()).prop_map(|(digits, zero, between, places)| {
        let mut text = String::new();
        for (place, digit) in digits.chars().enumerate() {
            if places >> (2 * place) & 3 == 3 {
                text.push_str(between.get(place % 4).copied().unwrap_or_default());
            }
            text.push(match digit.to_digit(10) {
                Some(value) => char::from_u32(u32::from(zero) + value).unwrap(),
                None => digit,
            });
        }
        text
    })
}

fn number() -> impl Strategy<Value = String> {
    let any = "(4|55|37|62|36|67|99|1|8600|506099)[0-9]{6,17}".prop_flat_map(|payload| {
        let fitting = ('0'..='9')
            .map(|digit| format!("{payload}{digit}"))
            .find(|text| CardNumber::parse(text).is_ok());
        prop_oneof![Just(fitting.unwrap_or(payload.clone())), Just(payload)]
    });
    written(prop_oneof![
        Just(VISA.to_owned()),
        Just(AMEX.to_owned()),
        Just(UNION_PAY.to_owned()),
        any
    ])
}

fn expiry() -> impl Strategy<Value = String> {
    let month = "(0?[1-9]|1[0-2]|[0-9]{1,2})";
    let year = "(2[0-9]|3[0-9]|20[0-9]{2}|[0-9]{2,4})";
    let parted = (month, "[/.-]?", year).prop_map(|(month, sign, year)| format!("{month}{sign}{year}"));
    let year_first = ("20[23][0-9]", "[/.-]?", month).prop_map(|(year, sign, month)| format!("{year}{sign}{month}"));
    written(prop_oneof![3 => parted, 2 => year_first, 1 => "[0-9/-]{0,8}"])
}

fn name() -> impl Strategy<Value = String> {
    prop_oneof![
        3 => "[ \t\n\u{200b}\u{202e}\u{200d}]{0,3}[A-Zéم李 ]{0,12}[ \t\n\u{200b}\u{202c}\u{200d}]{0,3}",
        1 => "\\PC{0,60}",
        1 => "[ \u{200b}]{0,4}[a-z]{45,52}[ \n\u{200b}]{0,4}",
        1 => "[a\n\0 ]{0,4}",
    ]
}

/// Whether an empty form accepts `text` in `field`, both pasted and typed key by key.
fn pasted(field: CardField, text: &str) -> (CardForm, bool) {
    let mut form = form();
    let accepted = form
        .paste(field, text.as_bytes())
        .is_ok_and(|state| state.validity == Validity::Valid);
    (form, accepted)
}

fn typed(field: CardField, text: &str) -> (CardForm, bool) {
    let mut form = form();
    let mut state = form.state(field).unwrap();
    for key in text.chars() {
        match form.insert(field, state.caret, key) {
            Ok(next) => state = next,
            Err(_) => return (form, false),
        }
    }
    let accepted = form.focus_lost(field).unwrap().validity == Validity::Valid;
    (form, accepted)
}

/// The card that the form returns once the other fields are filled.
fn taken(form: &mut CardForm) -> crate::Card {
    for (field, text) in [
        (CardField::Number, VISA),
        (CardField::Expiry, "12/30"),
        (CardField::SecurityCode, "123"),
        (CardField::PrintedName, "A"),
    ] {
        if form.missing().contains(&field) {
            form.paste(field, text.as_bytes()).unwrap();
        }
    }
    if form.brand() == CardBrand::Amex {
        form.paste(CardField::SecurityCode, b"1234").unwrap();
    }
    form.take_card(today()).unwrap()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn of_numbers(text in number()) {
        let parsed = CardNumber::parse(&text);
        // The one difference: a form must know when typing is complete, so it uses the brand's lengths.
        let has_length = |number: &CardNumber| number.brand().lengths().iter().any(|length| usize::from(*length) == number.length());
        for (mut form, accepted) in [pasted(CardField::Number, &text), typed(CardField::Number, &text)] {
            prop_assert_eq!(accepted, parsed.as_ref().is_ok_and(has_length));
            if let (true, Ok(number)) = (accepted, &parsed) {
                let card = taken(&mut form);
                prop_assert_eq!(card.number().expose(), number.expose());
            }
        }
    }

    #[test]
    fn of_expiries(text in expiry()) {
        let parsed: Result<Expiry, InputError> = Expiry::parse(&text).and_then(|expiry| expiry.check(today()).map(|()| expiry));
        for (mut form, accepted) in [pasted(CardField::Expiry, &text), typed(CardField::Expiry, &text)] {
            prop_assert_eq!(accepted, parsed.is_ok(), "{:?}", form.state(CardField::Expiry).unwrap().display.as_str());
            if let (true, Ok(expiry)) = (accepted, &parsed) {
                prop_assert_eq!(taken(&mut form).expiry(), *expiry);
            }
        }
    }

    #[test]
    fn of_codes(text in written("[0-9]{0,5}")) {
        let parsed = SecurityCode::parse(&text);
        for (mut form, accepted) in [pasted(CardField::SecurityCode, &text), typed(CardField::SecurityCode, &text)] {
            prop_assert_eq!(accepted, parsed.is_ok());
            if let (true, Ok(code)) = (accepted, &parsed) {
                let number = if code.fits(CardBrand::Visa) { VISA } else { AMEX };
                let before = code.expose().to_owned();
                form.paste(CardField::Number, number.as_bytes()).unwrap();
                type_in(&mut form, CardField::Expiry, "1230");
                type_in(&mut form, CardField::PrintedName, "A");
                let card = form.take_card(today()).unwrap();
                prop_assert_eq!(card.security_code().expose(), before);
            }
        }
    }

    #[test]
    fn of_names(text in name()) {
        let parsed = Holder::printed(&text);
        let (mut form, accepted) = pasted(CardField::PrintedName, &text);
        prop_assert_eq!(accepted, parsed.is_ok());
        if let (true, Ok(holder)) = (accepted, &parsed) {
            let card = taken(&mut form);
            let same = match (card.holder().name(), holder.name()) {
                (HolderName::Printed(taken), HolderName::Printed(parsed)) => taken == parsed,
                _ => false,
            };
            prop_assert!(same);
        }
    }
}
