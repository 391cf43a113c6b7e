//! A card form under any edits. Each edit is an operation, a field, a range and a text, taken from the bytes in turn.

use salekit_core::{CalendarMonth, CardField, CardForm, FieldState, HolderFields, InputError, Masking, Validity};

const FIELDS: [CardField; 6] = [
    CardField::Number,
    CardField::Expiry,
    CardField::SecurityCode,
    CardField::FirstName,
    CardField::LastName,
    CardField::PrintedName,
];

/// Takes bytes off the front of what is fuzzed.
struct Bytes<'a>(&'a [u8]);

impl<'a> Bytes<'a> {
    fn next(&mut self) -> Option<u8> {
        let (first, rest) = self.0.split_first()?;
        self.0 = rest;
        Some(*first)
    }

    /// A text, after its length.
    fn text(&mut self) -> Option<&'a [u8]> {
        let length = usize::from(self.next()? % 32).min(self.0.len());
        let (text, rest) = self.0.split_at(length);
        self.0 = rest;
        Some(text)
    }
}

/// Edits until the bytes are used up; then the card is taken, if there is one.
pub fn card_form(data: &[u8]) {
    let mut bytes = Bytes(data);
    let holder = match bytes.next() {
        Some(byte) if byte % 2 == 0 => HolderFields::PrintedName,
        Some(_) => HolderFields::FirstAndLastName,
        None => return,
    };
    let Ok(today) = CalendarMonth::new(2026, 11) else {
        return;
    };
    let (mut form, mut masking) = (CardForm::new(holder, today), Masking::default());
    while let Some(edit) = edit(&mut form, &mut masking, &mut bytes) {
        if let Ok(state) = edit {
            check(&state, masking);
        }
        let told = format!("{form:?}");
        assert!(!told.bytes().any(|byte| byte.is_ascii_digit()), "{told}");
    }
    if let Ok(left) = form.focus_lost(CardField::Number) {
        check(&left, Masking::Masked);
    }
    let missing = form.missing();
    match form.take_card(today) {
        Ok(card) => {
            assert!(missing.is_empty());
            let number = card.number().expose();
            assert!((9..=19).contains(&number.len()) && number.bytes().all(|digit| digit.is_ascii_digit()));
            let told = format!("{card:?} {}", card.number());
            assert!(!told.contains(number), "a card number is shown");
            assert_eq!(form.missing(), form.fields(), "a taken form is empty");
        }
        // The error may name a part: the year of the expiry.
        Err(error) => assert!(error.field.starts_with(missing[0].path()), "{error}"),
    }
}

/// The next edit, or `None` at the end of the bytes.
fn edit(form: &mut CardForm, masking: &mut Masking, bytes: &mut Bytes<'_>) -> Option<Result<FieldState, InputError>> {
    let operation = bytes.next()?;
    let is_other = operation & 8 != 0;
    let field = FIELDS[usize::from(operation >> 4) % FIELDS.len()];
    Some(match operation % 8 {
        0 | 1 => {
            let position = usize::from(bytes.next()?);
            form.insert(field, position, char::from(bytes.next()?))
        }
        2 => {
            let start = usize::from(bytes.next()?);
            let range = start..start + usize::from(bytes.next()? % 8);
            if is_other {
                form.delete_forward(field, range)
            } else {
                form.delete(field, range)
            }
        }
        3 => {
            let (start, end) = (usize::from(bytes.next()?), usize::from(bytes.next()?));
            form.replace(field, start..end, bytes.text()?)
        }
        4 => form.paste(field, bytes.text()?),
        5 => form.clear(field),
        6 if is_other => match bytes.next()? % 2 {
            0 => form.focus_gained(field),
            _ => form.focus_lost(field),
        },
        6 => {
            form.conceal();
            form.state(field)
        }
        _ => {
            *masking = match field {
                CardField::Number | CardField::FirstName => Masking::AfterEditing,
                _ if is_other => Masking::Hidden,
                _ => Masking::Masked,
            };
            form.set_masking(*masking);
            form.state(field)
        }
    })
}

fn check(state: &FieldState, masking: Masking) {
    let width = state.display.encode_utf16().count();
    assert!(state.caret <= width, "the caret stands behind the text");
    let digits = state.display.chars().filter(char::is_ascii_digit).count();
    match state.field {
        CardField::SecurityCode => assert_eq!(digits, 0, "a security code is shown"),
        // The cardholder who is typing sees it all.
        CardField::Number if masking == Masking::AfterEditing => {}
        CardField::Number if state.validity == Validity::Valid => {
            // First six and last four.
            assert!(digits <= 10, "{digits} digits of a number are shown");
        }
        // The echo of the key that was pressed last.
        CardField::Number => assert!(digits <= 1, "{digits} digits of a number are shown"),
        _ => {}
    }
}
