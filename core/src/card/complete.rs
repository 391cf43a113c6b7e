//! A complete card, as perform sale sends it.

use std::fmt;

use super::{
    calendar::CalendarMonth,
    expiry::Expiry,
    holder::Holder,
    number::CardNumber,
    security_code::{self, SecurityCode},
    summary::CardSummary,
};
use crate::value::InputError;

/// A card for perform sale (`sourceOfFunds.card`). Wiped when dropped; neither copied nor serialised.
pub struct Card {
    number: CardNumber,
    expiry: Expiry,
    holder: Holder,
    security_code: SecurityCode,
    summary: CardSummary,
}

impl Card {
    /// Creates a card. [`Card::check`] says whether it has expired, because that needs the date.
    ///
    /// # Errors
    /// [`InputError`] for `sourceOfFunds.card.securityCode` if the code does not have as many digits as the brand's
    /// codes.
    pub fn new(
        number: CardNumber,
        expiry: Expiry,
        holder: Holder,
        security_code: SecurityCode,
    ) -> Result<Self, InputError> {
        let brand = number.brand();
        if !security_code.fits(brand) {
            return Err(InputError::new(
                security_code::CARD_FIELD,
                security_code::length_rule(brand),
            ));
        }
        let summary = CardSummary::of(brand, number.last4(), number.length())?;
        Ok(Self {
            number,
            expiry,
            holder,
            security_code,
            summary,
        })
    }

    /// Whether the card can be used in the month `today`; see [`Expiry::check`].
    ///
    /// # Errors
    /// [`InputError`] for `sourceOfFunds.card.expiry` or `.year`.
    pub fn check(&self, today: CalendarMonth) -> Result<(), InputError> {
        self.expiry.check(today)
    }

    /// `sourceOfFunds.card.number`.
    pub const fn number(&self) -> &CardNumber {
        &self.number
    }

    /// `sourceOfFunds.card.expiry`.
    pub const fn expiry(&self) -> Expiry {
        self.expiry
    }

    /// `sourceOfFunds.card.holder`.
    pub const fn holder(&self) -> &Holder {
        &self.holder
    }

    /// `sourceOfFunds.card.securityCode`.
    pub const fn security_code(&self) -> &SecurityCode {
        &self.security_code
    }

    /// What may be shown and stored of the card.
    pub const fn summary(&self) -> CardSummary {
        self.summary
    }
}

impl fmt::Debug for Card {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Card")
            .field("number", &self.number)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::{CalendarMonth, Card, CardNumber, Expiry, Holder, SecurityCode};
    use crate::{
        CardBrand,
        value::{InputError, Rule},
    };

    fn card(number: &str, code: &str) -> Result<Card, InputError> {
        Card::new(
            CardNumber::parse(number)?,
            Expiry::new(12, 2030)?,
            Holder::printed("ADA LOVELACE")?,
            SecurityCode::parse(code)?,
        )
    }

    #[test]
    fn the_code_must_fit_the_brand() {
        for (number, code, length) in [
            ("4111111111111111", "1234", 3),
            ("378282246310005", "123", 4),
            ("5555555555554444", "1234", 3),
        ] {
            let error = card(number, code).unwrap_err();
            assert_eq!(error.field, "sourceOfFunds.card.securityCode");
            assert_eq!(
                error.rule,
                Rule::Length {
                    min: length,
                    max: length
                }
            );
        }
        for (number, code) in [
            ("4111111111111111", "123"),
            ("378282246310005", "1234"),
            ("9999999999999995", "123"),
            ("9999999999999995", "1234"),
        ] {
            assert!(card(number, code).is_ok(), "{number} {code}");
        }
    }

    #[test]
    fn a_summary_and_debug_show_what_may_be_shown() {
        let card = card("4012888888881881", "987").unwrap();
        let summary = card.summary();
        assert_eq!(
            (summary.brand(), summary.last4(), summary.length()),
            (CardBrand::Visa, "1881", 16)
        );
        assert_eq!(format!("{card:?}"), "Card { number: CardNumber(401288••••••1881), .. }");
    }

    #[test]
    fn a_card_expires_after_its_month() {
        let card = card("4012888888881881", "987").unwrap();
        assert!(card.check(CalendarMonth::new(2030, 12).unwrap()).is_ok());
        let error = card.check(CalendarMonth::new(2031, 1).unwrap()).unwrap_err();
        assert_eq!((error.field, error.rule), ("sourceOfFunds.card.expiry", Rule::Expired));
    }
}
