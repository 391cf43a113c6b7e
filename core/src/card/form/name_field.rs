//! A name while it is typed.

use zeroize::Zeroizing;

use super::{
    field::Validity,
    grouping::{Edit, check_selection},
};
use crate::{
    card::holder::{self, LONGEST},
    value::{Rule, text::breaks_line, typed},
};

/// The name typed so far, not masked: at most 50 characters.
pub(super) struct NameField(Zeroizing<String>);

impl NameField {
    pub(super) fn new() -> Self {
        Self(Zeroizing::new(String::new()))
    }

    /// Applies `edit`; returns the caret's new position.
    ///
    /// Invisible characters around the name are dropped if the name would be too long or not a single line with them,
    /// because pasted texts may end with a line break.
    ///
    /// # Errors
    /// The rule that the text or the resulting name breaks; then nothing is changed.
    pub(super) fn replace(&mut self, edit: &Edit<'_>) -> Result<usize, Rule> {
        const CHARACTERS: Rule = Rule::Characters {
            allowed: "printable characters",
        };
        let outside = |()| Rule::Range {
            min: 0,
            max: i64::try_from(self.width()).unwrap_or(i64::MAX),
        };
        let selection = &edit.selection;
        check_selection(selection, self.width())?;
        let start = byte_offset(&self.0, selection.start).ok_or(()).map_err(outside)?;
        let end = byte_offset(&self.0, selection.end).ok_or(()).map_err(outside)?;
        let typed = std::str::from_utf8(edit.text).map_err(|_| CHARACTERS)?;
        if typed::trim(typed).is_empty() && typed.chars().any(breaks_line) {
            return Err(CHARACTERS);
        }
        let (before, replaced, after) = (&self.0[..start], &self.0[start..end], &self.0[end..]);
        // A new string of the right size: growing the old one could leave a copy of it in memory.
        let mut next = Zeroizing::new(String::with_capacity(before.len() + typed.len() + after.len()));
        [before, typed, after].iter().for_each(|part| next.push_str(part));
        let mut caret = selection.start + utf16_width(typed);
        let fits = |name: &str| {
            let grows = typed.chars().count() > replaced.chars().count();
            !grows || name.chars().count() <= LONGEST
        };
        if next.chars().any(breaks_line) || !fits(&next) {
            let seen = typed::seen(&next);
            let (unseen, trimmed) = (&next[..seen.start], Zeroizing::new(next[seen.clone()].to_owned()));
            if trimmed.chars().any(breaks_line) {
                return Err(CHARACTERS);
            }
            if !fits(&trimmed) {
                return Err(Rule::Length { min: 1, max: LONGEST });
            }
            caret = caret.saturating_sub(utf16_width(unseen)).min(utf16_width(&trimmed));
            next = trimmed;
        }
        self.0 = next;
        Ok(caret)
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

/// The byte position of the UTF-16 code unit `position` in `text`; `None` within a character or after the end.
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
