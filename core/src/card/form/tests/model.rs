//! Compares the form with a much simpler model, under random edits.

use proptest::prelude::*;

use super::{AMEX, UNION_PAY, VISA, form, today, type_in};
use crate::{
    card::{
        brand::CardBrand,
        expiry::Expiry,
        form::{CardField, CardForm, FieldState, Masking, Validity},
        number::{CardNumber, luhn},
    },
    value::InputError,
};

#[derive(Debug, Clone)]
enum Step {
    Insert(usize, char),
    Delete(usize, usize),
    Replace(usize, usize, String),
    DeleteForward(usize, usize),
    Paste(String),
    Conceal,
    Leave,
    Return,
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        6 => (0..25_usize, proptest::char::ranges(vec!['0'..='9', '0'..='9', '0'..='9', ' '..='/', 'a'..='c'].into()))
            .prop_map(|(position, key)| Step::Insert(position, key)),
        3 => (0..25_usize, 0..4_usize).prop_map(|(start, length)| Step::Delete(start, length)),
        2 => (0..25_usize, 0..4_usize).prop_map(|(start, length)| Step::DeleteForward(start, length)),
        2 => (0..25_usize, 0..6_usize, "[0-9 -]{0,6}").prop_map(|(start, length, text)| Step::Replace(start, length, text)),
        1 => prop_oneof![
            Just(VISA.to_owned()), Just(AMEX.to_owned()), Just(UNION_PAY.to_owned()), "[0-9]{0,20}", "[0-9x ]{0,8}",
        ].prop_map(Step::Paste),
        1 => Just(Step::Conceal),
        1 => Just(Step::Leave),
        1 => Just(Step::Return),
    ]
}

/// A number field without masking: a list of digits, and where each of them came from.
#[derive(Debug, Clone, Default, PartialEq)]
struct Model {
    digits: Vec<(u8, usize)>,
    sources: usize,
    /// Whether the cardholder is typing: the last action was an edit that did not replace the whole text.
    is_typed: bool,
}

impl Model {
    fn number(&self) -> Vec<u8> {
        self.digits.iter().map(|(digit, _)| *digit).collect()
    }

    /// The text, not masked.
    fn text(&self) -> String {
        let gaps = CardBrand::of(&self.number()).gaps();
        let mut text = String::new();
        for (place, digit) in self.number().into_iter().enumerate() {
            if gaps.contains(&place) {
                text.push(' ');
            }
            text.push(char::from(digit));
        }
        text
    }

    /// The same edit, with the number of digits before the caret; `None` if it must be refused.
    fn replace(&self, start: usize, end: usize, typed: &str) -> Option<(Self, usize)> {
        self.edit(start, end, typed, false)
    }

    fn edit(&self, start: usize, end: usize, typed: &str, is_forward: bool) -> Option<(Self, usize)> {
        let text = self.text();
        let is_all = start == 0 && end == text.len() && typed.chars().count() > 1;
        let digits_in = |part: &str| part.chars().filter(char::is_ascii_digit).count();
        let mut first = digits_in(text.get(..start)?);
        let mut last = first + digits_in(text.get(start..end)?);
        if typed.is_empty() && first == last && start < end {
            if is_forward {
                last = self.digits.len().min(last + 1);
            } else {
                first = first.saturating_sub(1);
            }
        }
        if typed
            .chars()
            .any(|character| !character.is_ascii_digit() && character != ' ' && character != '-')
        {
            return None;
        }
        let mut next = self.clone();
        let typed: Vec<_> = typed.bytes().filter(u8::is_ascii_digit).zip(self.sources..).collect();
        next.sources += typed.len();
        let caret = first + typed.len();
        next.digits.splice(first..last, typed);
        next.is_typed = !is_all;
        let longest = usize::from(*CardBrand::of(&next.number()).lengths().last().unwrap());
        let fits = next.digits.len() <= 19 && (next.digits.len() <= longest || next.digits.len() <= self.digits.len());
        fits.then_some((next, caret))
    }

    /// The validity of a number that is a card number: valid, unless most cards of the brand have more digits and the
    /// cardholder may still be typing.
    fn of_a_card(&self) -> Validity {
        let usual = match CardBrand::of(&self.number()) {
            CardBrand::Amex | CardBrand::Uatp => 15,
            CardBrand::Diners => 14,
            _ => 16,
        };
        if self.is_typed && self.digits.len() < usual {
            Validity::Possible
        } else {
            Validity::Valid
        }
    }

    fn is_card(&self) -> bool {
        let number = String::from_utf8(self.number()).unwrap();
        CardNumber::parse(&number).is_ok()
            && CardBrand::of(number.as_bytes())
                .lengths()
                .contains(&u8::try_from(number.len()).unwrap())
    }
}

fn apply(form: &mut CardForm, model: &Model, step: &Step) -> (Result<FieldState, InputError>, Option<(Model, usize)>) {
    let number = CardField::Number;
    match step {
        Step::Insert(position, key) => (
            form.insert(number, *position, *key),
            model.replace(*position, *position, &key.to_string()),
        ),
        Step::Delete(start, length) => (
            form.delete(number, *start..start + length),
            model.replace(*start, start + length, ""),
        ),
        Step::DeleteForward(start, length) => (
            form.delete_forward(number, *start..start + length),
            model.edit(*start, start + length, "", true),
        ),
        Step::Replace(start, length, text) => (
            form.replace(number, *start..start + length, text.as_bytes()),
            model.replace(*start, start + length, text),
        ),
        Step::Paste(text) => (
            form.paste(number, text.as_bytes()),
            model.replace(0, model.text().len(), text),
        ),
        Step::Conceal => {
            form.conceal();
            (form.state(number), Some((model.clone(), model.digits.len())))
        }
        Step::Leave => {
            let left = Model {
                is_typed: false,
                ..model.clone()
            };
            (form.focus_lost(number), Some((left, model.digits.len())))
        }
        Step::Return => (form.focus_gained(number), Some((model.clone(), model.digits.len()))),
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn the_form_does_what_a_plain_text_field_would(
        steps in proptest::collection::vec(step(), 1..40),
        masking in proptest::sample::select(vec![Masking::AfterEditing, Masking::Masked, Masking::Hidden]),
    ) {
        let mut form = form();
        form.set_masking(masking);
        let mut model = Model::default();
        for step in steps {
            let before = form.state(CardField::Number).unwrap();
            let (edited, expected) = apply(&mut form, &model, &step);
            let Some((next, caret)) = expected else {
                prop_assert!(edited.is_err(), "{step:?} on {model:?}");
                prop_assert_eq!(form.state(CardField::Number).unwrap(), before);
                continue;
            };
            model = next;
            let state = edited.unwrap();
            let clear = model.text();
            // The text has the same length; every character is the right one, a bullet, or a gap in the right place.
            prop_assert_eq!(state.display.chars().count(), clear.len());
            for (shown, real) in state.display.chars().zip(clear.chars()) {
                prop_assert!(shown == real || (shown == '•' && real != ' '), "{} for {clear}", state.display);
            }
            prop_assert_eq!(clear[..state.caret].chars().filter(char::is_ascii_digit).count(), caret);
            prop_assert!(!clear[state.caret..].starts_with(' '));
            let is_valid = matches!(state.validity, Validity::Valid | Validity::Possible);
            prop_assert_eq!(is_valid, model.is_card());
            if is_valid {
                prop_assert_eq!(&state.validity, &model.of_a_card());
            }
            prop_assert_eq!(state.validity == Validity::Empty, model.digits.is_empty());
            prop_assert_eq!(state.brand, CardBrand::of(&model.number()));
        }
        type_in(&mut form, CardField::Expiry, "1230");
        type_in(&mut form, CardField::PrintedName, "A");
        form.paste(CardField::SecurityCode, if form.brand() == CardBrand::Amex { b"1234" } else { b"123" }).unwrap();
        match form.take_card(today()) {
            Ok(card) => prop_assert_eq!(card.number().expose().as_bytes(), model.number()),
            Err(error) => prop_assert!(!model.is_card() && error.field == CardField::Number.path()),
        }
    }

    #[test]
    fn who_only_types_sees_all_of_it(steps in proptest::collection::vec(step(), 1..40)) {
        let mut form = form();
        let mut model = Model::default();
        for step in steps {
            if matches!(step, Step::Paste(_) | Step::Conceal | Step::Leave) {
                continue;
            }
            let (edited, expected) = apply(&mut form, &model, &step);
            if let (Ok(state), Some((next, _))) = (edited, expected) {
                model = next;
                if !model.is_typed && model.is_card() {
                    // All of it came at once, which counts as pasting.
                    break;
                }
                prop_assert_eq!(&state.display, &model.text());
            }
        }
        let left = form.focus_lost(CardField::Number).unwrap();
        let seen = left.display.chars().filter(char::is_ascii_digit).count();
        prop_assert!(seen <= if model.is_card() { 10 } else { 0 }, "{}", left.display);
    }

    #[test]
    fn no_edits_ever_show_more_than_ten_digits_of_a_pasted_number(
        payload in "(62055|4|67|36|99)[0-9]{10,13}",
        steps in proptest::collection::vec(step(), 1..60),
        masking in proptest::sample::select(vec![Masking::AfterEditing, Masking::Masked]),
    ) {
        let pasted = ('0'..='9').map(|digit| format!("{payload}{digit}")).find(|text| {
            luhn(text.as_bytes())
        }).unwrap();
        let mut form = form();
        form.set_masking(masking);
        let whole = form.paste(CardField::Number, pasted.as_bytes()).unwrap().validity == Validity::Valid;
        // While a number is incomplete, the cardholder sees all of it unless typing is masked.
        prop_assume!(whole || masking == Masking::Masked);
        let mut model = Model::default().replace(0, 0, &pasted).unwrap().0;
        let mut seen = std::collections::BTreeSet::new();
        let mut look = |state: &FieldState, model: &Model| {
            let digits = state.display.chars().filter(|character| *character != ' ');
            for (shown, (_, source)) in digits.zip(&model.digits) {
                if shown != '•' && *source < pasted.len() {
                    seen.insert(*source);
                }
            }
            seen.len()
        };
        look(&form.state(CardField::Number).unwrap(), &model);
        for step in steps {
            let (edited, expected) = apply(&mut form, &model, &step);
            if let (Ok(state), Some((next, _))) = (edited, expected) {
                model = next;
                prop_assert!(look(&state, &model) <= 10);
            }
        }
    }

    #[test]
    fn the_expiry_takes_any_edit_without_losing_its_shape(
        edits in proptest::collection::vec((0..8_usize, 0..3_usize, "[0-9/ a.-]{0,3}|20[0-9]{2}-?[01]"), 1..30)
    ) {
        let mut form = form();
        for (start, length, text) in edits {
            let before = form.state(CardField::Expiry).unwrap();
            match form.replace(CardField::Expiry, start..start + length, text.as_bytes()) {
                Ok(state) => {
                    let digits = state.display.replace('/', "");
                    // A month that lost a digit waits for another one, but the same text typed anew would get its zero.
                    let waits = digits.len() == 5 && digits.starts_with("20");
                    let gap = if digits.starts_with("20") { 4 } else { 2 };
                    let shape = match digits.split_at_checked(gap) {
                        Some((first, second)) => format!("{first}/{second}"),
                        None => digits,
                    };
                    prop_assert_eq!(&state.display, &shape);
                    prop_assert!(state.caret <= state.display.len());
                    prop_assert_eq!(
                        state.validity == Validity::Valid,
                        !waits && Expiry::parse(&state.display).is_ok_and(|expiry| expiry.check(today()).is_ok())
                    );
                }
                Err(error) => {
                    prop_assert_eq!(error.field, CardField::Expiry.path());
                    prop_assert_eq!(form.state(CardField::Expiry).unwrap(), before);
                }
            }
        }
    }
}
