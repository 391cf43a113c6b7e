//! A text while it is looked through: its characters, and which of them are not shown.

use zeroize::Zeroizing;

/// Stands for a character that is not shown.
pub(super) const BULLET: char = '•';

/// What becomes of a character.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Mark {
    /// It is shown.
    Shown,
    /// A bullet stands for it.
    Digit,
    /// Three bullets stand for all of these in a row: not even their number is told.
    Word,
}

/// The text, wiped when dropped.
pub(super) struct Sheet {
    pub(super) characters: Zeroizing<Vec<char>>,
    pub(super) marks: Vec<Mark>,
}

impl Sheet {
    /// A sheet with these characters, all of them shown.
    pub(super) fn of(characters: impl Iterator<Item = char>) -> Self {
        // With room for most texts: a vector that grows leaves what it held behind.
        let mut sheet = Zeroizing::new(Vec::with_capacity(2 * super::LONGEST_TEXT));
        for character in characters {
            if sheet.len() == sheet.capacity() {
                let mut grown = Zeroizing::new(Vec::with_capacity(2 * sheet.capacity()));
                grown.extend_from_slice(&sheet);
                sheet = grown;
            }
            sheet.push(character);
        }
        Self {
            marks: vec![Mark::Shown; sheet.len()],
            characters: sheet,
        }
    }

    pub(super) fn hides_any(&self) -> bool {
        self.marks.iter().any(|mark| *mark != Mark::Shown)
    }

    /// Marks the characters of `range`, as far as there are any.
    pub(super) fn hide(&mut self, range: std::ops::Range<usize>, with: Mark) {
        for mark in self.marks.iter_mut().take(range.end).skip(range.start) {
            // Where a word is hidden, its digits are.
            if *mark != Mark::Word {
                *mark = with;
            }
        }
    }

    /// What is shown, in at most `longest` characters.
    pub(super) fn write(&self, longest: usize) -> String {
        let mut shown = String::with_capacity(self.characters.len().min(longest));
        let (mut length, mut last) = (0, Mark::Shown);
        for (character, mark) in self.characters.iter().zip(&self.marks) {
            let (written, times) = match mark {
                Mark::Shown => (*character, 1),
                Mark::Digit => (BULLET, 1),
                Mark::Word if last == Mark::Word => (BULLET, 0),
                Mark::Word => (BULLET, 3),
            };
            last = *mark;
            for _ in 0..times {
                if length == longest {
                    break;
                }
                shown.push(written);
                length += 1;
            }
        }
        let trimmed = shown.trim();
        if trimmed.len() < shown.len() {
            return trimmed.to_owned();
        }
        shown
    }
}
