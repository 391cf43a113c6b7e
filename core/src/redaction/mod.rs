//! What others wrote, made fit to be shown, logged and stored: one place through which every text and id of an answer
//! goes before the flow sees it.
//!
//! A [`Redaction`] takes out what is known to be secret as long as it is known (the card, the payer's data, the tokens
//! of the session) and, whatever is known, what looks like it. It borrows all that, so there is no copy to be wiped; its
//! own working copies of a text are wiped. Where answers become events is the engine's affair (`engine::scrub`).

mod digits;
mod sheet;
mod words;

use zeroize::Zeroizing;

use crate::{
    Card, CardNumber, CardSummary, Consumer, HolderName, Secret, SecurityCode, SourceOfFunds,
    text::{breaks_line, is_unfit, turns_direction},
    typed::is_invisible,
};

use sheet::{Mark, Sheet};

/// Longest text that is passed on, in characters. The protocol says 128 for `errorMessage`; some write more.
const LONGEST_TEXT: usize = 256;
/// Longest id or date that is passed on, in characters; the gateway's own column has 64.
const LONGEST_ID: usize = 128;

/// What must not be in a text of somebody else's.
#[derive(Default)]
pub(crate) struct Redaction<'a> {
    card: Option<&'a Card>,
    code: Option<&'a SecurityCode>,
    /// What is still known of a card whose number is gone.
    summary: Option<CardSummary>,
    /// Tokens, of which a part tells something, too.
    secrets: Vec<&'a str>,
    /// What counts only as a whole.
    words: Vec<&'a str>,
}

impl<'a> Redaction<'a> {
    /// Knows `source`, too.
    #[must_use]
    pub(crate) fn with_source(mut self, source: &'a SourceOfFunds) -> Self {
        match source {
            SourceOfFunds::Card(card) => {
                self.card = Some(card);
                self.code = Some(card.security_code());
            }
            SourceOfFunds::StoredCardPayment(card) => {
                self.code = Some(card.security_code());
                self.words.push(card.client_card_id());
            }
        }
        self
    }

    /// Knows whose sale it is, too.
    #[must_use]
    pub(crate) fn with_consumer(mut self, consumer: &'a Consumer) -> Self {
        self.words.extend(consumer.email());
        self.words.extend(consumer.imei());
        self
    }

    /// Knows the last digits of the card and how many there are: enough to know the number by if it comes.
    #[must_use]
    pub(crate) const fn with_summary(mut self, summary: Option<CardSummary>) -> Self {
        self.summary = summary;
        self
    }

    /// Knows a token, a nonce or a signature, too.
    #[must_use]
    pub(crate) fn with_secret(self, secret: &'a Secret) -> Self {
        self.with_secret_text(secret.expose())
    }

    /// Knows what is behind a header's name, too.
    #[must_use]
    pub(crate) fn with_secret_text(mut self, secret: &'a str) -> Self {
        self.secrets.push(secret);
        self
    }

    /// Knows a text that names somebody or something, too.
    #[must_use]
    pub(crate) fn with_word(mut self, word: &'a str) -> Self {
        self.words.push(word);
        self
    }

    /// `text` for people: one line of at most 256 characters, without marks that nobody sees, what is secret masked, and
    /// also what looks like it: nine and more digits, whatever but letters stands between them; three or four digits
    /// behind a word for a security code; what an address carries beside the page.
    pub(crate) fn text(&self, text: &str) -> String {
        // Cut only when it is masked: the beginning of a secret is none that is found. But what is looked at has an end.
        let mut sheet = Sheet::of(shown(text).take(4 * LONGEST_TEXT));
        sheet.hide_long_runs();
        sheet.hide_codes_by_name();
        sheet.hide_addresses();
        if let Some(code) = self.code {
            sheet.hide_code(code.expose().as_bytes());
        }
        self.hide_holder(&mut sheet);
        self.hide_number_and_words(&mut sheet);
        sheet.write(LONGEST_TEXT)
    }

    /// An id or a date to be shown: long runs of digits are its nature, so only what is known to be secret is masked.
    /// Never for an id that is sent back.
    pub(crate) fn id(&self, id: &str) -> String {
        let mut sheet = Sheet::of(
            id.chars()
                .filter(|character| !is_unfit(*character))
                .take(4 * LONGEST_ID),
        );
        self.hide_number_and_words(&mut sheet);
        sheet.write(LONGEST_ID)
    }

    /// A reference for the support, as an id: but nobody asks with it, so what is left of the card goes as well.
    pub(crate) fn reference(&self, reference: &str) -> String {
        let mut sheet = Sheet::of(shown(reference).take(4 * LONGEST_ID));
        if let Some(code) = self.code {
            sheet.hide_code_alone(code.expose().as_bytes());
        }
        self.hide_holder(&mut sheet);
        self.hide_number_and_words(&mut sheet);
        sheet.write(LONGEST_ID)
    }

    /// `number`, unless it is the card's.
    pub(crate) fn integer(&self, number: i64) -> Option<i64> {
        let mut sheet = Sheet::of(number.to_string().chars());
        self.hide_number(&mut sheet);
        (!sheet.hides_any()).then_some(number)
    }

    /// Whether `id` holds the card's number, which is known.
    pub(crate) fn holds_card(&self, id: &str) -> bool {
        self.number().is_some_and(|number| {
            let mut sheet = Sheet::of(shown(id));
            sheet.hide_number(number.expose().as_bytes());
            sheet.hides_any()
        })
    }

    fn number(&self) -> Option<&CardNumber> {
        self.card.map(Card::number)
    }

    fn hide_number(&self, sheet: &mut Sheet) {
        match (self.number(), &self.summary) {
            (Some(number), _) => sheet.hide_number(number.expose().as_bytes()),
            (None, Some(summary)) => sheet.hide_resembling(summary),
            (None, None) => {}
        }
    }

    fn hide_holder(&self, sheet: &mut Sheet) {
        match self.card.map(|card| card.holder().name()) {
            Some(HolderName::FirstLast { first, last }) => sheet.hide_name(&[first, last]),
            Some(HolderName::Printed(printed)) => sheet.hide_name(&[printed]),
            None => {}
        }
    }

    fn hide_number_and_words(&self, sheet: &mut Sheet) {
        self.hide_number(sheet);
        for secret in &self.secrets {
            sheet.hide_secret(&characters(secret));
        }
        for word in &self.words {
            sheet.hide_word(&characters(word));
        }
    }
}

fn characters(text: &str) -> Zeroizing<Vec<char>> {
    let mut characters = Zeroizing::new(Vec::with_capacity(text.len()));
    characters.extend(shown(text));
    characters
}

/// The characters of `text` on one line, without those that nobody sees. Marks of direction leave a space, as line
/// breaks do.
fn shown(text: &str) -> impl Iterator<Item = char> {
    text.chars().filter_map(|character| match character {
        ' '..='~' => Some(character),
        _ if breaks_line(character) || turns_direction(character) => Some(' '),
        _ if is_invisible(character) => None,
        _ => Some(character),
    })
}

#[cfg(test)]
mod tests;
