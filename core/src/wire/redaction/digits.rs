//! Finds card numbers and security codes among the digits of a text, in any script.

use std::ops::Range;

use zeroize::Zeroizing;

use super::{
    letters::{Letter, letters_of},
    marked_text::{BULLET, Mark, MarkedText},
};
use crate::{
    card::{CardBrand, CardSummary, is_shown, luhn},
    value::typed::Sign,
};

/// So many digits in a row could be a card number (DAPI: 9–19).
const CARD_LIKE: usize = 9;
/// How many characters after a word for a security code the code may be.
const CODE_IS_NEAR: usize = 32;
/// So many asterisks or bullets in a row count as a mask.
const MASK: usize = 3;
/// Represents a digit that is already masked.
const MASKED: u8 = b'?';

/// Words for a security code: only their letters, in lower case. They are also found within other words.
const CODE_WORDS: [&str; 24] = [
    "cvv",
    "cvc",
    "securitycode",
    "cardcode",
    "verificationcode",
    "verificationvalue",
    "verificationnumber",
    "codedesécurité",
    "codedesecurite",
    "cryptogramme",
    "prüfnummer",
    "prüfziffer",
    "sicherheitscode",
    "códigodeseguridad",
    "codigodeseguridad",
    "códigodesegurança",
    "codigodeseguranca",
    "codicedisicurezza",
    "кодбезопасности",
    "кодбезпеки",
    "güvenlikkodu",
    "kodzabezpieczający",
    "安全码",
    "セキュリティコード",
];
/// Short words for a security code. They are found only as whole words, because other words contain them by chance.
const SHORT_CODE_WORDS: [&str; 5] = ["cid", "csc", "cvn", "cav", "cv"];

/// The digits of a text and their positions. A masked character counts as an unknown digit.
struct Digits {
    values: Zeroizing<Vec<u8>>,
    places: Vec<usize>,
}

impl Digits {
    fn of(marked: &MarkedText) -> Self {
        let mut digits = Self {
            values: Zeroizing::new(Vec::with_capacity(marked.characters.len())),
            places: Vec::new(),
        };
        for (place, character) in marked.characters.iter().enumerate() {
            if let Some(value) = digit(*character).or_else(|| (*character == BULLET).then_some(MASKED)) {
                digits.values.push(value);
                digits.places.push(place);
            }
        }
        digits
    }
}

fn digit(character: char) -> Option<u8> {
    match character {
        '0'..='9' => u8::try_from(character).ok(),
        '\0'..='\u{7f}' => None,
        _ => match Sign::of(character) {
            Sign::Digit(digit) => Some(digit),
            _ => None,
        },
    }
}

impl MarkedText {
    /// Masks runs of nine or more digits with anything but letters between them, unless a run is what is left of a
    /// number that came masked.
    pub(super) fn hide_long_runs(&mut self) {
        let (mut run, mut at, mut masked) = (Vec::new(), 0, 0);
        while at <= self.characters.len() {
            let character = self.characters.get(at).copied();
            masked = if matches!(character, Some('*' | BULLET)) {
                masked + 1
            } else {
                0
            };
            if character.and_then(digit).is_some() {
                run.push(at);
            } else if character.is_none_or(char::is_alphanumeric) || masked == MASK {
                if run.len() >= CARD_LIKE {
                    self.hide_each(&run);
                }
                run.clear();
            }
            at += 1;
        }
    }

    /// Masks `number`, whatever is between its digits. A part of it may already be masked.
    pub(super) fn hide_number(&mut self, number: &[u8]) {
        let digits = Digits::of(self);
        for (at, window) in digits.values.windows(number.len()).enumerate() {
            let is_it = |(known, digit): (&u8, &u8)| *known == MASKED || known == digit;
            // A number that came masked may keep its first and last digits.
            let shows_too_much = || {
                let places = window.iter().enumerate();
                places
                    .filter(|(_, known)| **known != MASKED)
                    .any(|(place, _)| !is_shown(place, number.len()))
            };
            if window.iter().zip(number).all(is_it) && shows_too_much() {
                self.hide_each(&digits.places[at..at + number.len()]);
            }
        }
    }

    /// Masks numbers that match `summary`: the number of digits, the last digits, the brand of the first ones, and a
    /// right check digit.
    pub(super) fn hide_resembling(&mut self, summary: &CardSummary) {
        let digits = Digits::of(self);
        for (at, window) in digits.values.windows(summary.length()).enumerate() {
            let is_it = window.ends_with(summary.last4().as_bytes())
                && !window.contains(&MASKED)
                && luhn(window)
                && CardBrand::of(window) == summary.brand();
            if is_it {
                self.hide_each(&digits.places[at..at + summary.length()]);
            }
        }
    }

    /// Masks `code` unless it is part of a longer number.
    pub(super) fn hide_code(&mut self, code: &[u8]) {
        let runs = self.runs();
        self.hide_code_among(runs, code);
    }

    /// Masks `code` if it is a word of its own.
    pub(super) fn hide_code_alone(&mut self, code: &[u8]) {
        let words = self.words();
        self.hide_code_among(words, code);
    }

    fn hide_code_among(&mut self, ranges: Vec<Range<usize>>, code: &[u8]) {
        for range in ranges {
            let is_it = |(place, expected): (usize, &u8)| digit(self.characters[place]) == Some(*expected);
            if range.len() == code.len() && range.clone().zip(code).all(is_it) {
                self.hide(range, Mark::Digit);
            }
        }
    }

    /// Masks three or four digits after a word for a security code.
    pub(super) fn hide_codes_by_name(&mut self) {
        let ends = self.ends_of_code_words();
        if ends.is_empty() {
            return;
        }
        for run in self.runs() {
            let is_near = |end: &usize| (*end..end + CODE_IS_NEAR).contains(&run.start);
            if matches!(run.len(), 3 | 4) && ends.iter().any(is_near) {
                self.hide(run, Mark::Digit);
            }
        }
    }

    /// The positions after which a code may follow.
    fn ends_of_code_words(&self) -> Vec<usize> {
        let letters = letters_of(&self.characters);
        let spelled = |at: usize, words: &[&str]| words.iter().find_map(|word| spelled(&letters[at..], word));
        let is_alone = |first: usize, last: usize| {
            let is_letter = |place: usize| self.characters.get(place).is_some_and(|next| next.is_alphabetic());
            !first.checked_sub(1).is_some_and(is_letter) && !is_letter(last + 1)
        };
        let mut ends = Vec::new();
        for (at, Letter { place: first, .. }) in letters.iter().enumerate() {
            let short = || {
                let last = spelled(at, &SHORT_CODE_WORDS)?;
                is_alone(*first, last).then_some(last)
            };
            ends.extend(spelled(at, &CODE_WORDS).or_else(short).map(|last| last + 1));
        }
        ends
    }

    /// The runs of adjacent digits.
    fn runs(&self) -> Vec<Range<usize>> {
        let (mut runs, mut start) = (Vec::new(), None);
        for (place, character) in self.characters.iter().enumerate() {
            match (digit(*character), start) {
                (Some(_), None) => start = Some(place),
                (None, Some(first)) => {
                    runs.push(first..place);
                    start = None;
                }
                (Some(_), Some(_)) | (None, None) => {}
            }
        }
        runs.extend(start.map(|first| first..self.characters.len()));
        runs
    }

    fn hide_each(&mut self, places: &[usize]) {
        for place in places {
            self.hide(*place..place + 1, Mark::Digit);
        }
    }
}

/// The position of the last letter of `word`, if `letters` begin with it. Its letters may be separated by a space or a
/// dash.
fn spelled(letters: &[Letter], word: &str) -> Option<usize> {
    let mut letters = letters.iter();
    let mut last: Option<usize> = None;
    for expected in word.chars() {
        let Letter { letter, place } = letters.next()?;
        if *letter != expected || last.is_some_and(|last| place - last > 3) {
            return None;
        }
        last = Some(*place);
    }
    last
}
