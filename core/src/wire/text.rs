//! Text from other parties that people or logs will see.

use super::redaction::Redaction;

/// Cleans `text` so that it may be shown, whatever it is about. Line breaks, control characters and direction marks
/// become spaces, other invisible characters are removed, and the text is cut to 256 characters. Masked are: what looks
/// like a card number (nine or more digits with anything but letters between them), what looks like a security code
/// (three or four digits after a word for one), and the parts of an address besides the page. A gateway that repeats a
/// card number in an error message must not bring it into the app's log. While the engine holds the card, it masks
/// more.
pub fn plain(text: &str) -> String {
    Redaction::default().text(text)
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
