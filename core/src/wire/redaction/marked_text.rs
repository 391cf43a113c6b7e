//! A text during redaction: its characters, and which of them are hidden.

use zeroize::Zeroizing;

/// The longest text that is passed on, in characters. The protocol says 128 for `errorMessage`; some servers write
/// more.
pub(super) const LONGEST_TEXT: usize = 256;

/// Replaces a hidden character.
pub(super) const BULLET: char = '•';

/// How a character is shown.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Mark {
    /// It is shown.
    Shown,
    /// As a bullet.
    Digit,
    /// A run of these becomes three bullets, so that not even its length is shown.
    Word,
}

/// The text, wiped when dropped.
pub(super) struct MarkedText {
    pub(super) characters: Zeroizing<Vec<char>>,
    pub(super) marks: Vec<Mark>,
}

impl MarkedText {
    /// A text of these characters, all of them shown.
    pub(super) fn of(characters: impl Iterator<Item = char>) -> Self {
        // Large enough for most texts: a vector that grows leaves its old contents in memory.
        let mut text = Zeroizing::new(Vec::with_capacity(2 * LONGEST_TEXT));
        for character in characters {
            if text.len() == text.capacity() {
                let mut grown = Zeroizing::new(Vec::with_capacity(2 * text.capacity()));
                grown.extend_from_slice(&text);
                text = grown;
            }
            text.push(character);
        }
        Self {
            marks: vec![Mark::Shown; text.len()],
            characters: text,
        }
    }

    pub(super) fn hides_any(&self) -> bool {
        self.marks.iter().any(|mark| *mark != Mark::Shown)
    }

    /// Marks the characters of `range`, as far as they exist.
    pub(super) fn hide(&mut self, range: std::ops::Range<usize>, with: Mark) {
        for mark in self.marks.iter_mut().take(range.end).skip(range.start) {
            // A hidden word also hides its digits.
            if *mark != Mark::Word {
                *mark = with;
            }
        }
    }

    /// The shown text, with at most `longest` characters.
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
