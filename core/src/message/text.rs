//! Text that others wrote and that people or logs will see.

use crate::text::{breaks_line, turns_direction};

/// Longest text that is passed on, in characters. The protocol says 128 for `errorMessage`; some write more.
const LONGEST: usize = 256;
/// So many digits in a row could be a card number (DAPI: 9–19), so they are not passed on.
const CARD_LIKE: usize = 9;

/// `text` made fit to be shown: control characters, line breaks and marks of direction become spaces, it is cut to 256
/// characters, and runs of nine and more digits (also grouped by single spaces or dashes) are masked. A gateway that
/// echoes a card number in an error message must not carry it into the app's log.
pub fn plain(text: &str) -> String {
    let cleaned: Vec<char> = text
        .chars()
        .map(|character| if is_unfit(character) { ' ' } else { character })
        .take(LONGEST)
        .collect();
    let mut shown = cleaned.clone();
    let mut start = 0;
    while start < cleaned.len() {
        if !cleaned[start].is_ascii_digit() {
            start += 1;
            continue;
        }
        let (end, digits) = digit_run(&cleaned, start);
        if digits >= CARD_LIKE {
            shown[start..end]
                .iter_mut()
                .filter(|shown| shown.is_ascii_digit())
                .for_each(|shown| *shown = '•');
        }
        start = end;
    }
    shown.into_iter().collect::<String>().trim().to_owned()
}

/// Whether a line of text is better off without `character`.
pub(super) fn is_unfit(character: char) -> bool {
    breaks_line(character) || turns_direction(character)
}

/// Where the run of digits that begins at `start` ends, and how many digits it has.
fn digit_run(text: &[char], start: usize) -> (usize, usize) {
    let (mut at, mut end, mut digits) = (start, start, 0);
    while at < text.len() {
        if text[at].is_ascii_digit() {
            digits += 1;
            end = at + 1;
        } else if !(matches!(text[at], ' ' | '-') && at == end) {
            break;
        }
        at += 1;
    }
    (end, digits)
}

#[cfg(test)]
mod tests {
    use super::plain;

    #[test]
    fn card_numbers_are_masked_and_other_numbers_are_kept() {
        assert_eq!(plain("card 4111111111111111 refused"), "card •••••••••••••••• refused");
        assert_eq!(plain("4111 1111-1111 1111"), "•••• ••••-•••• ••••");
        assert_eq!(plain("code 1234, order 5678"), "code 1234, order 5678");
        assert_eq!(plain("line\nbreak\u{7}"), "line break");
        assert_eq!(plain("one\u{2028}line \u{202e}only"), "one line  only");
    }

    #[test]
    fn long_text_is_cut_before_it_is_looked_at() {
        assert_eq!(plain(&"x".repeat(100_000)).chars().count(), 256);
    }
}
