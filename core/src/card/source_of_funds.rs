//! What a sale is paid with: a card, or a stored card.

use std::fmt;

use zeroize::Zeroizing;

use super::{
    complete::Card,
    security_code::{REFERENCE_FIELD as REFERENCE_SECURITY_CODE, SecurityCode},
    summary::CardSummary,
};
use crate::value::{Consumer, EMAIL, InputError, Rule, text};

const CLIENT_CARD_ID: &str = "sourceOfFunds.reference.clientCardId";

/// The longest id of a stored card, in characters (`sourceOfFunds.reference.clientCardId`, 1 to 128).
const LONGEST_CLIENT_CARD_ID: usize = 128;

/// Exactly one source of funds (`sourceOfFunds`).
#[derive(Debug)]
pub enum SourceOfFunds {
    /// A card with its number (`sourceOfFunds.card`).
    Card(Card),
    /// A card of an earlier sale (`sourceOfFunds.reference`).
    StoredCardPayment(StoredCardPayment),
}

impl SourceOfFunds {
    /// Checks that `consumer` has what this source of funds needs: a card that was mapped in a transaction with an
    /// e-mail address must be used with that address again.
    ///
    /// # Errors
    /// [`InputError`] for `consumer.email` ([`Rule::Missing`]).
    pub fn check(&self, consumer: &Consumer) -> Result<(), InputError> {
        match self {
            Self::StoredCardPayment(card) if card.mapped_with_email && consumer.email().is_none() => {
                Err(InputError::new(EMAIL, Rule::Missing))
            }
            Self::Card(_) | Self::StoredCardPayment(_) => Ok(()),
        }
    }

    /// What may be shown and stored of a card with its number; `None` for a stored card, whose number only the gateway
    /// knows.
    pub const fn card_summary(&self) -> Option<CardSummary> {
        match self {
            Self::Card(card) => Some(card.summary()),
            Self::StoredCardPayment(_) => None,
        }
    }
}

impl From<Card> for SourceOfFunds {
    fn from(card: Card) -> Self {
        Self::Card(card)
    }
}

impl From<StoredCardPayment> for SourceOfFunds {
    fn from(card: StoredCardPayment) -> Self {
        Self::StoredCardPayment(card)
    }
}

/// A stored card, named by the merchant's id, with its security code. Wiped when dropped; neither copied nor
/// serialised.
pub struct StoredCardPayment {
    client_card_id: Zeroizing<String>,
    security_code: SecurityCode,
    mapped_with_email: bool,
}

impl StoredCardPayment {
    /// A stored card by the merchant's id (1 to 128 characters) and the security code, which the cardholder enters
    /// again.
    ///
    /// `mapped_with_email`: whether the transaction in which the card was stored carried `consumer.email`.
    ///
    /// # Errors
    /// [`InputError`] for `sourceOfFunds.reference.clientCardId` or `.securityCode` (three or four digits, because the
    /// brand is not known).
    pub fn new(
        client_card_id: impl Into<String>,
        security_code: &[u8],
        mapped_with_email: bool,
    ) -> Result<Self, InputError> {
        let client_card_id = Zeroizing::new(client_card_id.into());
        check_client_card_id(&client_card_id)?;
        let security_code =
            SecurityCode::read(security_code).map_err(|rule| InputError::new(REFERENCE_SECURITY_CODE, rule))?;
        Ok(Self {
            client_card_id,
            security_code,
            mapped_with_email,
        })
    }

    /// `sourceOfFunds.reference.clientCardId`.
    pub fn client_card_id(&self) -> &str {
        &self.client_card_id
    }

    /// `sourceOfFunds.reference.securityCode`.
    pub const fn security_code(&self) -> &SecurityCode {
        &self.security_code
    }

    /// Whether perform sale must carry the e-mail address with which the card was stored.
    pub const fn mapped_with_email(&self) -> bool {
        self.mapped_with_email
    }
}

/// The rule for the id of a stored card.
///
/// # Errors
/// [`InputError`] for `sourceOfFunds.reference.clientCardId` (1 to 128 printable characters).
pub(crate) fn check_client_card_id(id: &str) -> Result<(), InputError> {
    text::check_line(id, LONGEST_CLIENT_CARD_ID).map_err(|rule| InputError::new(CLIENT_CARD_ID, rule))
}

impl fmt::Debug for StoredCardPayment {
    /// Hides the id: together with the consumer's session it is equivalent to the card.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("StoredCardPayment")
            .field("mapped_with_email", &self.mapped_with_email)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::{SourceOfFunds, StoredCardPayment};
    use crate::{
        card::{Card, CardBrand, CardNumber, Expiry, Holder, SecurityCode},
        value::{Consumer, Rule},
    };

    fn card() -> Card {
        Card::new(
            CardNumber::parse("4012888888881881").unwrap(),
            Expiry::new(12, 2030).unwrap(),
            Holder::first_last("Ada", "Lovelace").unwrap(),
            SecurityCode::parse("987").unwrap(),
        )
        .unwrap()
    }

    #[test]
    fn a_card_mapped_with_an_email_needs_one_again() {
        let without = Consumer::new("serial-1").unwrap();
        let with = without.clone().with_email("ada@example.com").unwrap();
        let stored = |mapped| SourceOfFunds::from(StoredCardPayment::new("card-1", b"987", mapped).unwrap());
        let error = stored(true).check(&without).unwrap_err();
        assert_eq!((error.field, error.rule), ("consumer.email", Rule::Missing));
        assert!(stored(true).check(&with).is_ok());
        assert!(stored(false).check(&without).is_ok());
        assert!(SourceOfFunds::from(card()).check(&without).is_ok());
    }

    #[test]
    fn a_stored_card_is_checked() {
        let long = "x".repeat(129);
        for (id, code, field, rule) in [
            ("", "987", "sourceOfFunds.reference.clientCardId", "missing"),
            (long.as_str(), "987", "sourceOfFunds.reference.clientCardId", "length"),
            ("a\tb", "987", "sourceOfFunds.reference.clientCardId", "characters"),
            ("card-1", "98", "sourceOfFunds.reference.securityCode", "length"),
            ("card-1", "", "sourceOfFunds.reference.securityCode", "missing"),
            ("card-1", "9x7", "sourceOfFunds.reference.securityCode", "characters"),
        ] {
            let error = StoredCardPayment::new(id, code.as_bytes(), false).unwrap_err();
            assert_eq!((error.field, error.rule.code()), (field, rule));
        }
        let stored = StoredCardPayment::new("x".repeat(128), b"9876", false).unwrap();
        assert_eq!(
            (stored.client_card_id().len(), stored.security_code().expose()),
            (128, "9876")
        );
    }

    #[test]
    fn debug_and_summary_hold_nothing_secret() {
        let card = SourceOfFunds::from(card());
        let summary = card.card_summary().unwrap();
        assert_eq!((summary.brand(), summary.last4()), (CardBrand::Visa, "1881"));
        let stored = SourceOfFunds::from(StoredCardPayment::new("card-1", b"987", true).unwrap());
        assert!(stored.card_summary().is_none());
        let shown = format!("{card:?} {summary:?} {stored:?}");
        for secret in ["4012888888881881", "88888888", "987", "Ada", "Lovelace", "card-1"] {
            assert!(!shown.contains(secret), "{secret} in {shown}");
        }
    }
}
