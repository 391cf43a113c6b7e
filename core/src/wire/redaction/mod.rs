//! Cleans texts of other parties so that they may be shown, logged and stored. Every text and id of an answer goes
//! through here before the flow sees it.
//!
//! A [`Redaction`] removes known secrets (the card, the payer's data, the tokens of the session) and whatever looks
//! like one. It borrows the secrets, so that there is no copy to wipe; its own working copies of a text are wiped. The
//! engine decides where answers become events (`engine::scrub`).

mod digits;
mod letters;
mod marked_text;
mod words;

use zeroize::Zeroizing;

use marked_text::{LONGEST_TEXT, MarkedText};

use crate::{
    card::{Card, CardNumber, CardSummary, HolderName, SecurityCode, SourceOfFunds},
    value::{
        Consumer, Secret,
        text::{breaks_line, is_unfit, turns_direction},
        typed::is_invisible,
    },
};

/// The longest id or date that is passed on, in characters; the gateway's own column has 64.
const LONGEST_ID: usize = 128;

/// What must not appear in texts of other parties.
#[derive(Default)]
pub(crate) struct Redaction<'a> {
    card: Option<&'a Card>,
    code: Option<&'a SecurityCode>,
    /// What is still known of a card after its number was wiped.
    summary: Option<CardSummary>,
    /// Tokens. Even a part of one is a secret.
    secrets: Vec<&'a str>,
    /// Words that are masked only as a whole.
    words: Vec<&'a str>,
}

impl<'a> Redaction<'a> {
    /// Also masks `source`.
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

    /// Also masks the consumer's data.
    #[must_use]
    pub(crate) fn with_consumer(mut self, consumer: &'a Consumer) -> Self {
        self.words.extend(consumer.email());
        self.words.extend(consumer.imei());
        self
    }

    /// Also masks numbers with these last digits and this length, which are enough to recognise the card number.
    #[must_use]
    pub(crate) const fn with_summary(mut self, summary: Option<CardSummary>) -> Self {
        self.summary = summary;
        self
    }

    /// Also masks a token, a nonce or a signature.
    #[must_use]
    pub(crate) fn with_secret(self, secret: &'a Secret) -> Self {
        self.with_secret_text(secret.expose())
    }

    /// Also masks the value of a header.
    #[must_use]
    pub(crate) fn with_secret_text(mut self, secret: &'a str) -> Self {
        self.secrets.push(secret);
        self
    }

    /// Also masks a word that identifies a person or a thing.
    #[must_use]
    pub(crate) fn with_word(mut self, word: &'a str) -> Self {
        self.words.push(word);
        self
    }

    /// `text` for people: one line of at most 256 characters without invisible characters. Masked are known secrets and
    /// what looks like one: nine or more digits with anything but letters between them; three or four digits after a
    /// word for a security code; and the parts of an address besides the page.
    pub(crate) fn text(&self, text: &str) -> String {
        // Mask before cutting, because the beginning of a secret would not be found. But limit how much is searched.
        let mut marked = MarkedText::of(shown(text).take(4 * LONGEST_TEXT));
        marked.hide_long_runs();
        marked.hide_codes_by_name();
        marked.hide_addresses();
        if let Some(code) = self.code {
            marked.hide_code(code.expose().as_bytes());
        }
        self.hide_holder(&mut marked);
        self.hide_number_and_words(&mut marked);
        marked.write(LONGEST_TEXT)
    }

    /// An id or a date to be shown. Long runs of digits are normal there, so only known secrets are masked. Never use
    /// it for an id that is sent back.
    pub(crate) fn id(&self, id: &str) -> String {
        let mut marked = MarkedText::of(
            id.chars()
                .filter(|character| !is_unfit(*character))
                .take(4 * LONGEST_ID),
        );
        self.hide_number_and_words(&mut marked);
        marked.write(LONGEST_ID)
    }

    /// A reference for support, cleaned like an id. It is never sent back, so numbers that resemble the card's are
    /// masked as well.
    pub(crate) fn reference(&self, reference: &str) -> String {
        let mut marked = MarkedText::of(shown(reference).take(4 * LONGEST_ID));
        if let Some(code) = self.code {
            marked.hide_code_alone(code.expose().as_bytes());
        }
        self.hide_holder(&mut marked);
        self.hide_number_and_words(&mut marked);
        marked.write(LONGEST_ID)
    }

    /// `number`, unless it is the card number.
    pub(crate) fn integer(&self, number: i64) -> Option<i64> {
        let mut marked = MarkedText::of(number.to_string().chars());
        self.hide_number(&mut marked);
        (!marked.hides_any()).then_some(number)
    }

    /// Whether `id` contains the known card number.
    pub(crate) fn holds_card(&self, id: &str) -> bool {
        self.number().is_some_and(|number| {
            let mut marked = MarkedText::of(shown(id));
            marked.hide_number(number.expose().as_bytes());
            marked.hides_any()
        })
    }

    fn number(&self) -> Option<&CardNumber> {
        self.card.map(Card::number)
    }

    fn hide_number(&self, marked: &mut MarkedText) {
        match (self.number(), &self.summary) {
            (Some(number), _) => marked.hide_number(number.expose().as_bytes()),
            (None, Some(summary)) => marked.hide_resembling(summary),
            (None, None) => {}
        }
    }

    fn hide_holder(&self, marked: &mut MarkedText) {
        match self.card.map(|card| card.holder().name()) {
            Some(HolderName::FirstLast { first, last }) => marked.hide_name(&[first, last]),
            Some(HolderName::Printed(printed)) => marked.hide_name(&[printed]),
            None => {}
        }
    }

    fn hide_number_and_words(&self, marked: &mut MarkedText) {
        self.hide_number(marked);
        for secret in &self.secrets {
            marked.hide_secret(&characters(secret));
        }
        for word in &self.words {
            marked.hide_word(&characters(word));
        }
    }
}

fn characters(text: &str) -> Zeroizing<Vec<char>> {
    let mut characters = Zeroizing::new(Vec::with_capacity(text.len()));
    characters.extend(shown(text));
    characters
}

/// The characters of `text` on one line, without invisible ones. Direction marks and line breaks become spaces.
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
