//! The rule for short texts from a person or a device: not empty, not too long, one printable line.

use super::{error::Rule, typed::is_invisible};

/// Checks that `text` has 1 to `longest` characters (Unicode scalar values), without control characters and line
/// breaks.
pub(crate) fn check_line(text: &str, longest: usize) -> Result<(), Rule> {
    if text.trim().is_empty() {
        Err(Rule::Missing)
    } else if text.chars().any(breaks_line) {
        Err(Rule::Characters {
            allowed: "printable characters",
        })
    } else if text.chars().count() > longest {
        Err(Rule::Length { min: 1, max: longest })
    } else {
        Ok(())
    }
}

/// Characters that change the direction of the text around them and can make it read as something else.
pub(crate) const fn turns_direction(character: char) -> bool {
    matches!(character, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// Control characters, and the two line breaks that Unicode does not count as control characters.
pub(crate) fn breaks_line(character: char) -> bool {
    character.is_control() || matches!(character, '\u{2028}' | '\u{2029}')
}

/// Whether to remove `character` from a line of text: it breaks the line, changes its direction, or is invisible.
pub(crate) fn is_unfit(character: char) -> bool {
    breaks_line(character) || turns_direction(character) || is_invisible(character)
}
