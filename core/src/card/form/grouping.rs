//! Lays out digits as text and places the caret.
//!
//! It only knows positions; which digit may be seen is decided elsewhere.

use std::ops::Range;

use crate::value::Rule;

/// One edit: `text` replaces `selection`, which counts UTF-16 code units of the text shown.
pub(super) struct Edit<'a> {
    pub(super) selection: Range<usize>,
    /// UTF-8.
    pub(super) text: &'a [u8],
    /// The direction in which a deletion continues if it covers only a separator.
    pub(super) direction: Direction,
}

/// On which side of the caret a key deletes.
#[derive(Clone, Copy)]
pub(super) enum Direction {
    /// Backspace: the caret was after what is deleted.
    Backward,
    /// Delete: the caret was before what is deleted.
    Forward,
}

/// Digits with a separator before some of them.
#[derive(Clone, Copy)]
pub(super) struct Grouping {
    /// The digits (counted from 0) before which there is a separator, ascending.
    pub(super) gaps: &'static [usize],
    pub(super) separator: char,
    /// Whether a separator appears as soon as the digits before it are there, or only with the digit after it.
    pub(super) is_eager: bool,
}

impl Grouping {
    /// No separators.
    pub(super) const NONE: Self = Self {
        gaps: &[],
        separator: ' ',
        is_eager: false,
    };

    /// The gaps that are shown among `length` digits.
    fn gaps(self, length: usize) -> impl Iterator<Item = usize> {
        self.gaps
            .iter()
            .copied()
            .filter(move |gap| length > *gap || (self.is_eager && length == *gap))
    }

    /// The text of `length` digits. `digit` returns the character to show for each of them.
    pub(super) fn display(self, length: usize, digit: impl Fn(usize) -> char) -> String {
        let mut text = String::with_capacity(self.width(length) * '•'.len_utf8());
        for place in 0..=length {
            if self.gaps(length).any(|gap| gap == place) {
                text.push(self.separator);
            }
            if place < length {
                text.push(digit(place));
            }
        }
        text
    }

    /// The number of characters in the text of `length` digits.
    pub(super) fn width(self, length: usize) -> usize {
        length + self.gaps(length).count()
    }

    /// The caret's position after the first `before` of `length` digits, and after the separator if one follows them.
    pub(super) fn caret(self, length: usize, before: usize) -> usize {
        before + self.gaps(length).filter(|gap| *gap <= before).count()
    }

    /// How many digits are before `position` in the text of `length` digits.
    fn digits_before(self, length: usize, position: usize) -> usize {
        // Each separator moves the later ones by one place.
        position
            - self
                .gaps(length)
                .enumerate()
                .filter(|(earlier, gap)| gap + earlier < position)
                .count()
    }

    /// The digits, out of `length`, that the selection of `edit` covers.
    ///
    /// A deletion that covers only separators deletes the digit before them, or after them if it goes forward.
    /// Otherwise the key would have no effect at a separator.
    ///
    /// # Errors
    /// [`Rule::Range`] if the selection does not lie within the text.
    pub(super) fn digits(self, length: usize, edit: &Edit<'_>) -> Result<Range<usize>, Rule> {
        let selection = &edit.selection;
        check_selection(selection, self.width(length))?;
        let digits = self.digits_before(length, selection.start)..self.digits_before(length, selection.end);
        if edit.text.is_empty() && digits.is_empty() && !selection.is_empty() {
            return Ok(match edit.direction {
                Direction::Backward => digits.start.saturating_sub(1)..digits.end,
                Direction::Forward => digits.start..length.min(digits.end + 1),
            });
        }
        Ok(digits)
    }
}

/// Checks that `selection` lies within a text of `width` characters.
pub(super) fn check_selection(selection: &Range<usize>, width: usize) -> Result<(), Rule> {
    if selection.start <= selection.end && selection.end <= width {
        Ok(())
    } else {
        Err(Rule::Range {
            min: 0,
            max: i64::try_from(width).unwrap_or(i64::MAX),
        })
    }
}

#[cfg(test)]
mod tests {
    use std::ops::Range;

    use super::{Direction, Edit, Grouping};
    use crate::value::Rule;

    const NUMBER: Grouping = Grouping {
        gaps: &[4, 10],
        separator: ' ',
        is_eager: false,
    };
    const EXPIRY: Grouping = Grouping {
        gaps: &[2],
        separator: '/',
        is_eager: true,
    };

    fn edit(selection: Range<usize>, text: &'static [u8], direction: Direction) -> Edit<'static> {
        Edit {
            selection,
            text,
            direction,
        }
    }

    fn typed(grouping: Grouping, length: usize, selection: Range<usize>) -> Result<Range<usize>, Rule> {
        grouping.digits(length, &edit(selection, b"1", Direction::Backward))
    }

    #[test]
    fn separators_come_when_they_should() {
        for (length, number, expiry) in [
            (0, "", ""),
            (2, "xx", "xx/"),
            (4, "xxxx", "xx/xx"),
            (5, "xxxx x", "xx/xxx"),
            (11, "xxxx xxxxxx x", "xx/xxxxxxxxx"),
        ] {
            assert_eq!(NUMBER.display(length, |_| 'x'), number);
            assert_eq!(EXPIRY.display(length, |_| 'x'), expiry);
            assert_eq!(
                (NUMBER.width(length), EXPIRY.width(length)),
                (number.len(), expiry.len())
            );
        }
    }

    #[test]
    fn every_position_belongs_to_a_digit_and_back() {
        for grouping in [NUMBER, EXPIRY, Grouping::NONE] {
            for length in 0..15 {
                let text = grouping.display(length, |_| 'x');
                for position in 0..=text.len() {
                    let expected = text[..position].matches('x').count();
                    assert_eq!(typed(grouping, length, position..position), Ok(expected..expected));
                }
                for before in 0..=length {
                    let caret = grouping.caret(length, before);
                    assert_eq!(text[..caret].matches('x').count(), before);
                    assert!(!text[caret..].starts_with(grouping.separator), "behind the separator");
                }
            }
        }
    }

    #[test]
    fn no_deleting_key_gets_stuck_at_a_separator() {
        let backspace =
            |grouping: Grouping, length, selection| grouping.digits(length, &edit(selection, b"", Direction::Backward));
        let delete =
            |grouping: Grouping, length, selection| grouping.digits(length, &edit(selection, b"", Direction::Forward));
        assert_eq!(backspace(NUMBER, 5, 4..5), Ok(3..4));
        assert_eq!(delete(NUMBER, 5, 4..5), Ok(4..5));
        assert_eq!(typed(NUMBER, 5, 4..5), Ok(4..4));
        assert_eq!(backspace(EXPIRY, 2, 2..3), Ok(1..2));
        assert_eq!(delete(EXPIRY, 2, 2..3), Ok(2..2), "there is no digit behind it");
        assert_eq!(delete(EXPIRY, 4, 2..3), Ok(2..3));
        for key in [backspace, delete] {
            assert_eq!(key(NUMBER, 5, 3..5), Ok(3..4));
            assert_eq!(key(NUMBER, 5, 5..5), Ok(4..4));
        }
    }

    #[test]
    fn a_selection_outside_of_the_text_is_refused() {
        #[expect(clippy::reversed_empty_ranges, reason = "a platform may send anything")]
        for selection in [0..7, 7..7, 3..2, usize::MAX..usize::MAX] {
            assert_eq!(typed(NUMBER, 5, selection).unwrap_err().code(), "range");
        }
    }
}
