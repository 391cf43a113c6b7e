//! Normalises text that a person enters with any keyboard, clipboard or autofill: the same way for the card form, the
//! parsers, the consumer and the command line.
//!
//! The meaning of the text (how many digits, which month) belongs to each field. Text from a device or a server is not
//! changed here, because serial numbers and ids are part of signatures; what is shown of such text is decided in
//! `wire::redaction`.

use std::ops::Range;

/// The meaning of a character among the digits of a number, a date or a code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Sign {
    /// A decimal digit of any script, as ASCII.
    Digit(u8),
    /// A hyphen, a dash or a minus.
    Dash,
    /// A slash of any kind.
    Slash,
    /// A full stop.
    Dot,
    /// White space, or an invisible character.
    Blank,
    /// Anything else.
    Other,
}

impl Sign {
    /// The meaning of `character`.
    pub(crate) fn of(character: char) -> Self {
        match character {
            '-' | '\u{58a}' | '\u{5be}' | '\u{1400}' | '\u{1806}' | '\u{2010}'..='\u{2015}' | '\u{2212}' | '\u{2e17}'
            | '\u{2e1a}' | '\u{2e3a}' | '\u{2e3b}' | '\u{2e40}' | '\u{2e5d}' | '\u{301c}' | '\u{3030}' | '\u{30a0}'
            // The Japanese sign for a long vowel: Japanese keyboards have it in the place of the dash.
            | '\u{30fc}' | '\u{ff70}'
            | '\u{fe31}' | '\u{fe32}' | '\u{fe58}' | '\u{fe63}' | '\u{ff0d}' | '\u{10d6e}' | '\u{10ead}' => Self::Dash,
            '/' | '\\' | '\u{2044}' | '\u{2215}' | '\u{2571}' | '\u{29f8}' | '\u{ff0f}' | '\u{ff3c}' => Self::Slash,
            '.' | '\u{6d4}' | '\u{2024}' | '\u{3002}' | '\u{fe52}' | '\u{ff0e}' | '\u{ff61}' => Self::Dot,
            _ if is_blank(character) => Self::Blank,
            _ => digit(character).map_or(Self::Other, Self::Digit),
        }
    }
}

/// The zeros of all scripts (general category Nd, decimal value 0), ascending. Each is followed by its nine other
/// digits. From Unicode 16.0 (September 2024), `extracted/DerivedGeneralCategory.txt`.
const ZEROS: [u32; 76] = [
    0x30, 0x660, 0x6f0, 0x7c0, 0x966, 0x9e6, 0xa66, 0xae6, 0xb66, 0xbe6, 0xc66, 0xce6, 0xd66, 0xde6, 0xe50, 0xed0,
    0xf20, 0x1040, 0x1090, 0x17e0, 0x1810, 0x1946, 0x19d0, 0x1a80, 0x1a90, 0x1b50, 0x1bb0, 0x1c40, 0x1c50, 0xa620,
    0xa8d0, 0xa900, 0xa9d0, 0xa9f0, 0xaa50, 0xabf0, 0xff10, 0x104a0, 0x10d30, 0x10d40, 0x11066, 0x110f0, 0x11136,
    0x111d0, 0x112f0, 0x11450, 0x114d0, 0x11650, 0x116c0, 0x116d0, 0x116da, 0x11730, 0x118e0, 0x11950, 0x11bf0,
    0x11c50, 0x11d50, 0x11da0, 0x11f50, 0x16130, 0x16a60, 0x16ac0, 0x16b50, 0x16d70, 0x1ccf0, 0x1d7ce, 0x1d7d8,
    0x1d7e2, 0x1d7ec, 0x1d7f6, 0x1e140, 0x1e2f0, 0x1e4f0, 0x1e5f1, 0x1e950, 0x1fbf0,
];

/// The ASCII digit for a decimal digit of any script.
fn digit(character: char) -> Option<u8> {
    let code = u32::from(character);
    let zero = ZEROS.partition_point(|zero| *zero <= code).checked_sub(1)?;
    let value = u8::try_from(code - ZEROS.get(zero)?).ok().filter(|value| *value <= 9)?;
    Some(b'0' + value)
}

/// Whether `character` is not visible: white space, direction marks, joiners, fillers, tags.
///
/// White space, and `Default_Ignorable_Code_Point` of Unicode 16.0 (`DerivedCoreProperties.txt`) with two more that
/// fonts leave empty: the annotation marks and the blank Braille pattern.
fn is_blank(character: char) -> bool {
    character.is_whitespace() || is_invisible(character) || character == '\u{2800}'
}

/// Characters without a width. Nobody types them on purpose, and nobody can see them.
pub(crate) const fn is_invisible(character: char) -> bool {
    attaches(character)
        || matches!(
            character,
            '\u{ad}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}' | '\u{180e}' | '\u{200b}'
                | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{3164}'
                | '\u{feff}' | '\u{ffa0}' | '\u{fff0}'..='\u{fffb}' | '\u{1bca0}'..='\u{1bca3}'
                | '\u{1d173}'..='\u{1d17a}' | '\u{e0000}'..='\u{e0fff}'
        )
}

/// Characters that change the look of the letter before them: joiners and variation selectors. A name may end with one.
const fn attaches(character: char) -> bool {
    matches!(
        character,
        '\u{34f}' | '\u{180b}'..='\u{180d}' | '\u{180f}' | '\u{200c}' | '\u{200d}' | '\u{fe00}'..='\u{fe0f}'
            | '\u{e0100}'..='\u{e01ef}'
    )
}

/// The range (in bytes) of the visible part of `text`.
pub(crate) fn seen(text: &str) -> Range<usize> {
    let start = text.len() - text.trim_start_matches(is_blank).len();
    let end = text.trim_end_matches(is_blank).len().max(start);
    let attached = text
        .get(end..)
        .map_or(0, |behind| behind.len() - behind.trim_start_matches(attaches).len());
    start..if start < end { end + attached } else { end }
}

/// `text` without invisible characters at its ends. Empty if no character is visible.
pub(crate) fn trim(text: &str) -> &str {
    text.get(seen(text)).unwrap_or(text)
}

/// `text` without white space at its ends and without invisible characters anywhere: for addresses, which have none.
pub(crate) fn address(text: &str) -> String {
    let mut address = String::with_capacity(text.len());
    address.extend(trim(text).chars().filter(|character| !is_invisible(*character)));
    address
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{Sign, ZEROS, address, trim};

    #[test]
    fn digits_of_any_script_are_digits() {
        for text in [
            "٠١٢٣٤٥٦٧٨٩",
            "۰۱۲۳۴۵۶۷۸۹",
            "०१२३४५६७८९",
            "０１２３４５６７８９",
            "𝟎𝟏𝟐𝟑𝟒𝟓𝟔𝟕𝟖𝟗",
            "0123456789",
        ] {
            let digits: Vec<_> = text.chars().map(Sign::of).collect();
            assert_eq!(digits, (b'0'..=b'9').map(Sign::Digit).collect::<Vec<_>>(), "{text}");
        }
        for other in ['½', '²', '①', 'Ⅷ', '十', 'a'] {
            assert_eq!(Sign::of(other), Sign::Other, "{other}");
        }
    }

    #[test]
    fn the_zeros_are_ascending_and_ten_apart() {
        assert!(ZEROS.windows(2).all(|pair| pair[1] - pair[0] >= 10));
        assert!(
            ZEROS
                .iter()
                .flat_map(|zero| *zero..zero + 10)
                .all(|code| char::from_u32(code).is_some_and(char::is_numeric)),
        );
    }

    #[test]
    fn separators_of_any_keyboard_are_separators() {
        for (characters, sign) in [
            ("-‐‑‒–—―−﹣－ー", Sign::Dash),
            ("/⁄∕／＼\\", Sign::Slash),
            (".．。", Sign::Dot),
            (
                " \t\n\u{a0}\u{2007}\u{202f}\u{3000}\u{200b}\u{200e}\u{200f}\u{202a}\u{202e}\u{2066}\u{2069}\u{feff}\u{ad}\u{61c}\u{e0030}",
                Sign::Blank,
            ),
            ("x_,:'\0\u{7f}", Sign::Other),
        ] {
            for character in characters.chars() {
                assert_eq!(Sign::of(character), sign, "{character:?}");
            }
        }
    }

    #[test]
    fn what_cannot_be_seen_is_trimmed() {
        for (text, trimmed) in [
            ("", ""),
            (
                " \u{200b}\u{202e}\u{2060}\u{feff}\u{ad}\u{61c}\u{e0041}\u{3164}\u{2800}\t",
                "",
            ),
            ("\u{200d}\u{fe0f}", ""),
            ("\u{202b} Ada \u{202c}", "Ada"),
            ("\u{feff}Ada\u{200b}Lovelace\u{200b}", "Ada\u{200b}Lovelace"),
            // A joiner or a variation selector belongs to the letter before it.
            (" മോഹന്\u{200d} ", "മോഹന്\u{200d}"),
            ("辻\u{e0100}\u{200b}", "辻\u{e0100}"),
            ("Ada \u{200d}", "Ada"),
        ] {
            assert_eq!(trim(text), trimmed, "{text:?}");
        }
        assert_eq!(address(" \u{2066}ada@\u{200b}example.com\u{2069}\n"), "ada@example.com");
    }

    proptest! {
        /// `\d` is Unicode's list of decimal digits, as the regular expressions of this test define it.
        #[test]
        fn every_decimal_digit_of_unicode_is_one(digit in "\\d") {
            prop_assert!(digit.chars().all(|character| matches!(Sign::of(character), Sign::Digit(_))));
        }

        #[test]
        fn what_is_no_decimal_digit_is_none(character in "\\D") {
            prop_assert!(character.chars().all(|character| !matches!(Sign::of(character), Sign::Digit(_))));
        }

        #[test]
        fn trimming_twice_changes_nothing(text in "[\\PC\u{200b}-\u{200f}\u{202a}-\u{202e} ]{0,12}") {
            prop_assert_eq!(trim(trim(&text)), trim(&text));
            prop_assert_eq!(address(&address(&text)), address(&text));
        }
    }
}
