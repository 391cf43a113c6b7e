//! Text that others wrote and that people or logs will see.

use crate::redaction::Redaction;

/// `text` made fit to be shown, whatever it is about: line breaks, control characters and marks of direction become
/// spaces, other marks that nobody sees are left out, it is cut to 256 characters, and what looks like a card number (nine
/// and more digits, whatever but letters stands between them), a security code (three or four digits behind a word for
/// one) or what an address carries beside the page is masked. A gateway that echoes a card number in an error message must
/// not carry it into the app's log. While the engine holds the card it takes out more.
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
