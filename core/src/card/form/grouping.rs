//! How digits are laid out as text, and where the caret stands in it.
//!
//! Knows places only: which digit may be seen is decided elsewhere.

use std::ops::Range;

use crate::Rule;

/// Digits with a separator before some of them.
#[derive(Clone, Copy)]
pub(super) struct Grouping {
    /// Before which digits (counted from 0) a separator stands, ascending.
    pub(super) gaps: &'static [usize],
    pub(super) separator: char,
    /// Whether a separator appears as soon as the digits before it are there, or with the digit behind it.
    pub(super) is_eager: bool,
}

impl Grouping {
    /// No separators at all.
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

    /// The text of `length` digits, of which `digit` gives the character to show at a place.
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

    /// How many characters the text of `length` digits has.
    pub(super) fn width(self, length: usize) -> usize {
        length + self.gaps(length).count()
    }

    /// Where the caret stands behind the first `before` of `length` digits: behind the separator, if one follows them.
    pub(super) fn caret(self, length: usize, before: usize) -> usize {
        before + self.gaps(length).filter(|gap| *gap <= before).count()
    }

    /// How many digits stand before `position` in the text of `length` digits.
    fn digits_before(self, length: usize, position: usize) -> usize {
        // A separator stands at its gap's place, shifted by the separators before it.
        position
            - self
                .gaps(length)
                .enumerate()
                .filter(|(earlier, gap)| gap + earlier < position)
                .count()
    }

    /// Which of `length` digits the `selection` of their text covers.
    ///
    /// With `is_deletion`, a selection of separators only covers the digit before them: it is what a backspace key
    /// selects behind a separator, and it must not get stuck there.
    ///
    /// # Errors
    /// [`Rule::Range`] if the selection does not lie within the text.
    pub(super) fn digits(
        self,
        length: usize,
        selection: &Range<usize>,
        is_deletion: bool,
    ) -> Result<Range<usize>, Rule> {
        check_selection(selection, self.width(length))?;
        let digits = self.digits_before(length, selection.start)..self.digits_before(length, selection.end);
        if is_deletion && digits.is_empty() && !selection.is_empty() {
            return Ok(digits.start.saturating_sub(1)..digits.end);
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
    use super::Grouping;

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
                    assert_eq!(
                        grouping.digits(length, &(position..position), false),
                        Ok(expected..expected)
                    );
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
    fn a_backspace_does_not_get_stuck_at_a_separator() {
        assert_eq!(NUMBER.digits(5, &(4..5), true), Ok(3..4));
        assert_eq!(NUMBER.digits(5, &(4..5), false), Ok(4..4));
        assert_eq!(EXPIRY.digits(2, &(2..3), true), Ok(1..2));
        assert_eq!(NUMBER.digits(5, &(3..5), true), Ok(3..4));
        assert_eq!(NUMBER.digits(5, &(5..5), true), Ok(4..4));
    }

    #[test]
    fn a_selection_outside_of_the_text_is_refused() {
        #[expect(clippy::reversed_empty_ranges, reason = "a platform may send anything")]
        for selection in [0..7, 7..7, 3..2, usize::MAX..usize::MAX] {
            assert_eq!(NUMBER.digits(5, &selection, false).unwrap_err().code(), "range");
        }
    }
}
