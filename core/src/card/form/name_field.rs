//! A name while it is typed.

use std::ops::Range;

use zeroize::Zeroizing;

use super::{field::Validity, grouping::check_selection};
use crate::card::holder::{self, LONGEST};
use crate::{Rule, text::breaks_line};

/// The name typed so far, in the clear: at most 50 characters.
pub(super) struct NameField(Zeroizing<String>);

impl NameField {
    pub(super) fn new() -> Self {
        Self(Zeroizing::new(String::new()))
    }

    /// Puts `text` in the place of `selection`, which counts UTF-16 code units; gives the caret's new position.
    ///
    /// # Errors
    /// The rule that `text` or the name it would make breaks; nothing is changed then.
    pub(super) fn replace(&mut self, selection: &Range<usize>, text: &[u8]) -> Result<usize, Rule> {
        const CHARACTERS: Rule = Rule::Characters {
            allowed: "printable characters",
        };
        let outside = |()| Rule::Range {
            min: 0,
            max: i64::try_from(self.width()).unwrap_or(i64::MAX),
        };
        check_selection(selection, self.width())?;
        let start = byte_offset(&self.0, selection.start).ok_or(()).map_err(outside)?;
        let end = byte_offset(&self.0, selection.end).ok_or(()).map_err(outside)?;
        let typed = std::str::from_utf8(text).map_err(|_| CHARACTERS)?;
        if typed.chars().any(breaks_line) {
            return Err(CHARACTERS);
        }
        let (before, replaced, after) = (&self.0[..start], &self.0[start..end], &self.0[end..]);
        let grows = typed.chars().count() > replaced.chars().count();
        if grows
            && [before, typed, after]
                .iter()
                .map(|part| part.chars().count())
                .sum::<usize>()
                > LONGEST
        {
            return Err(Rule::Length { min: 1, max: LONGEST });
        }
        // A new string of the right size: growing the old one could leave a copy of it behind.
        let mut next = Zeroizing::new(String::with_capacity(before.len() + typed.len() + after.len()));
        [before, typed, after].iter().for_each(|part| next.push_str(part));
        self.0 = next;
        Ok(selection.start + utf16_width(typed))
    }

    pub(super) fn text(&self) -> &str {
        &self.0
    }

    pub(super) fn width(&self) -> usize {
        utf16_width(&self.0)
    }

    pub(super) fn check(&self) -> Result<(), Rule> {
        holder::check(&self.0)
    }

    pub(super) fn validity(&self) -> Validity {
        match self.check() {
            Ok(()) => Validity::Valid,
            Err(Rule::Missing) => Validity::Empty,
            Err(rule) => Validity::Invalid(rule),
        }
    }
}

fn utf16_width(text: &str) -> usize {
    text.chars().map(char::len_utf16).sum()
}

/// Where in `text` the UTF-16 code unit `position` begins; `None` in the middle of a character or behind the end.
fn byte_offset(text: &str, position: usize) -> Option<usize> {
    let mut units = 0;
    for (offset, character) in text.char_indices() {
        if units == position {
            return Some(offset);
        }
        units += character.len_utf16();
    }
    (units == position).then_some(text.len())
}
