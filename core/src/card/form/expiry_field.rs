//! The expiry while it is typed: digits that get their slash by themselves.

use std::ops::Range;

use super::{field::Validity, grouping::Grouping};
use crate::card::{digits::Digits, expiry};
use crate::{CalendarMonth, Expiry, InputError, Rule};

const GROUPING: Grouping = Grouping {
    gaps: &[2],
    separator: '/',
    is_eager: true,
};
const FORMAT: Rule = Rule::Format { example: "12/30" };

/// Month and year with two digits; four where they begin with `20`, because that is how cards are pasted and filled in.
const LONGEST: usize = 6;

/// The digits typed so far.
pub(super) struct ExpiryField(Digits<LONGEST>);

impl ExpiryField {
    pub(super) fn new() -> Self {
        Self(Digits::new())
    }

    /// Puts `text` in the place of `selection`; gives the caret's new position.
    ///
    /// A month is completed to two digits where no other can be meant: `3` becomes `03/`, `1/` becomes `01/`.
    ///
    /// # Errors
    /// The rule that `text` or the expiry it would make breaks; nothing is changed then.
    pub(super) fn replace(&mut self, selection: &Range<usize>, text: &[u8]) -> Result<usize, Rule> {
        const CHARACTERS: Rule = Rule::Characters {
            allowed: "digits and a slash",
        };
        let range = GROUPING.digits(self.0.len(), selection, text.is_empty())?;
        let (before, after) = (&self.0.as_bytes()[..range.start], &self.0.as_bytes()[range.end..]);
        let mut next = Digits::<LONGEST>::new();
        next.replace(0..0, before)?;
        for character in std::str::from_utf8(text).map_err(|_| CHARACTERS)?.chars() {
            match (character, next.len()) {
                ('0'..='9', length) => next.replace(length..length, &[character as u8]).map_err(|_| FORMAT)?,
                ('/', 1) => next.replace(0..0, b"0")?,
                ('/', 2) => {}
                ('/', _) => return Err(FORMAT),
                _ if character.is_whitespace() => {}
                _ => return Err(CHARACTERS),
            }
        }
        if matches!(next.as_bytes(), [b'2'..=b'9']) && after.is_empty() && !text.is_empty() {
            next.replace(0..0, b"0")?;
        }
        let typed_to = next.len();
        next.replace(typed_to..typed_to, after).map_err(|_| FORMAT)?;
        let longest = if next.as_bytes().get(2..4) == Some(b"20") {
            LONGEST
        } else {
            4
        };
        if next.len() > longest && next.len() > self.0.len() {
            return Err(FORMAT);
        }
        self.0 = next;
        Ok(GROUPING.caret(self.0.len(), typed_to))
    }

    pub(super) fn display(&self) -> String {
        GROUPING.display(self.0.len(), |place| {
            self.0.as_bytes().get(place).copied().map_or(' ', char::from)
        })
    }

    pub(super) fn width(&self) -> usize {
        GROUPING.width(self.0.len())
    }

    /// The expiry, if it is complete and good in the month `today`.
    pub(super) fn read(&self, today: CalendarMonth) -> Result<Expiry, InputError> {
        let expiry = Expiry::parse(self.0.as_str())?;
        expiry.check(today)?;
        Ok(expiry)
    }

    pub(super) fn validity(&self, today: CalendarMonth) -> Validity {
        let month = self.0.as_str().get(..2).and_then(|digits| digits.parse().ok());
        let has_wrong_month = month.is_some_and(|month: u8| !(1..=12).contains(&month));
        match (self.0.len(), self.read(today)) {
            (0, _) => Validity::Empty,
            (_, Ok(_)) => Validity::Valid,
            // Wrong before the year is there: more digits will not help.
            (_, Err(_)) if has_wrong_month => Validity::Invalid(expiry::MONTH_RULE),
            (4 | LONGEST, Err(error)) => Validity::Invalid(error.rule),
            _ => Validity::Incomplete,
        }
    }
}
