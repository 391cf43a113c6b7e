//! Digits that are wiped: the storage of a card number and a security code, while typed and afterwards.
//!
//! The meaning of the digits (Luhn, brands, lengths) is in the modules next to this one.

use std::ops::Range;

use zeroize::{Zeroize, ZeroizeOnDrop};

use crate::value::{Rule, typed::Sign};

/// Up to `N` ASCII digits at a fixed place on the heap.
///
/// Boxed, because moving a value in Rust copies its bytes and leaves the old ones behind. From the form to the card to
/// the source of funds, only the pointer moves. It is never reallocated, so there is never a second copy.
pub(crate) struct Digits<const N: usize> {
    bytes: Box<[u8; N]>,
    length: usize,
}

impl<const N: usize> Digits<N> {
    /// No digits.
    pub(crate) fn new() -> Self {
        Self {
            bytes: Box::new([0; N]),
            length: 0,
        }
    }

    /// Reads digits of any script. White space, dashes and invisible characters are skipped, because numbers and codes
    /// are printed, typed and pasted with them.
    ///
    /// # Errors
    /// [`Rule::Characters`] for any other character, [`Rule::Length`] for more than `N` digits.
    pub(crate) fn read(text: &[u8]) -> Result<Self, Rule> {
        const NOT_DIGITS: Rule = Rule::Characters {
            allowed: "digits, spaces and dashes",
        };
        let mut digits = Self::new();
        for character in std::str::from_utf8(text).map_err(|_| NOT_DIGITS)?.chars() {
            match Sign::of(character) {
                Sign::Digit(digit) => digits.push(digit).ok_or(Rule::Length { min: 0, max: N })?,
                Sign::Blank | Sign::Dash => {}
                Sign::Slash | Sign::Dot | Sign::Other => return Err(NOT_DIGITS),
            }
        }
        Ok(digits)
    }

    fn push(&mut self, digit: u8) -> Option<()> {
        *self.bytes.get_mut(self.length)? = digit;
        self.length += 1;
        Some(())
    }

    /// Replaces the digits in `range` by `digits`. The caller has checked that `range` lies within the digits.
    ///
    /// # Errors
    /// [`Rule::Length`] if the result would have more than `N` digits; then nothing is changed.
    pub(crate) fn replace(&mut self, range: Range<usize>, digits: &[u8]) -> Result<(), Rule> {
        let range = range.start.min(self.length)..range.end.clamp(range.start.min(self.length), self.length);
        let length = self.length - range.len() + digits.len();
        if length > N {
            return Err(Rule::Length { min: 0, max: N });
        }
        let tail = range.start + digits.len();
        self.bytes.copy_within(range.end..self.length, tail);
        self.bytes[range.start..tail].copy_from_slice(digits);
        if let Some(unused) = self.bytes.get_mut(length..) {
            unused.zeroize();
        }
        self.length = length;
        Ok(())
    }

    /// The number of digits.
    pub(crate) const fn len(&self) -> usize {
        self.length
    }

    /// Whether there are none.
    pub(crate) const fn is_empty(&self) -> bool {
        self.length == 0
    }

    /// The digits. The caller is responsible for where they go.
    pub(crate) fn as_bytes(&self) -> &[u8] {
        &self.bytes[..self.length]
    }

    /// The digits as text.
    pub(crate) fn as_str(&self) -> &str {
        // There are only ASCII digits, so this never falls back to the empty text.
        std::str::from_utf8(self.as_bytes()).unwrap_or_default()
    }

    /// A second copy of the digits, which is wiped like the first one.
    pub(crate) fn duplicate(&self) -> Self {
        Self {
            bytes: self.bytes.clone(),
            length: self.length,
        }
    }

    /// Takes the digits out without copying them, and leaves none.
    pub(crate) fn take(&mut self) -> Self {
        std::mem::replace(self, Self::new())
    }
}

impl<const N: usize> Zeroize for Digits<N> {
    fn zeroize(&mut self) {
        self.bytes.zeroize();
        self.length = 0;
    }
}

impl<const N: usize> Drop for Digits<N> {
    fn drop(&mut self) {
        self.zeroize();
    }
}

impl<const N: usize> ZeroizeOnDrop for Digits<N> {}

#[cfg(test)]
mod tests {
    use zeroize::Zeroize;

    use super::Digits;
    use crate::value::Rule;

    #[test]
    fn what_is_deleted_leaves_nothing_behind() {
        let mut digits = Digits::<8>::read(b"12345678").unwrap();
        digits.replace(2..6, b"9").unwrap();
        assert_eq!(digits.as_str(), "12978");
        assert_eq!(*digits.bytes, *b"12978\0\0\0");
        digits.zeroize();
        assert_eq!((*digits.bytes, digits.len()), ([0; 8], 0));
    }

    #[test]
    fn a_full_buffer_stays_as_it_is() {
        let mut digits = Digits::<4>::read(b"1234").unwrap();
        assert_eq!(digits.replace(1..2, b"99"), Err(Rule::Length { min: 0, max: 4 }));
        assert_eq!(digits.as_str(), "1234");
        digits.replace(0..4, b"").unwrap();
        assert!(digits.is_empty());
    }

    #[test]
    fn taking_moves_the_digits_without_copying_them() {
        let mut digits = Digits::<4>::read(b"1234").unwrap();
        let place = digits.as_bytes().as_ptr();
        let taken = digits.take();
        assert_eq!(
            (taken.as_bytes().as_ptr(), taken.as_str(), digits.len()),
            (place, "1234", 0)
        );
    }

    #[test]
    fn numbers_are_read_as_people_write_them() {
        for text in [
            "4111 1111",
            "4111-1111",
            " 4111\u{a0}1111\n",
            "4111\u{2013}1111",
            "٤١١١١١١١",
            "۴۱۱۱ ۱۱۱۱",
            "४१११-११११",
            "４１１１　１１１１",
            "\u{202a}4111\u{200b}1111\u{202c}\u{feff}",
            "4111\u{2212}1111",
        ] {
            assert_eq!(
                Digits::<8>::read(text.as_bytes()).unwrap().as_str(),
                "41111111",
                "{text}"
            );
        }
        for text in ["4111.1111", "4111x", "4111/1111", "４１１１／１１１１", "⁴111"] {
            assert_eq!(
                Digits::<19>::read(text.as_bytes()).err().unwrap().code(),
                "characters",
                "{text}"
            );
        }
        assert_eq!(Digits::<19>::read(b"41\xff").err().unwrap().code(), "characters");
        assert_eq!(Digits::<4>::read(b"1 2 3 4 5").err().unwrap().code(), "length");
    }
}
