//! An app's request for a sale.

use crate::{
    card::{CalendarMonth, SourceOfFunds},
    value::{Consumer, InputError, Money, Rule, SaleLocation, Secret},
};

/// A sale to be made. Each part is checked when it is created; [`crate::SaleClient::start`] checks that the parts fit
/// together.
///
/// It is not `Clone`: it contains the card, of which there must be only one copy.
#[derive(Debug)]
pub struct SaleRequest {
    pub(crate) amount: Money,
    pub(crate) consumer: Consumer,
    pub(crate) source: SourceOfFunds,
    pub(crate) location: Option<SaleLocation>,
    pub(crate) access_token: Option<Secret>,
    pub(crate) merchant_order_id: Option<String>,
    pub(crate) allows_duplicate: bool,
}

impl SaleRequest {
    /// A sale of `amount` to `consumer`, paid from `source`.
    pub fn new(amount: Money, consumer: Consumer, source: impl Into<SourceOfFunds>) -> Self {
        Self {
            amount,
            consumer,
            source: source.into(),
            location: None,
            access_token: None,
            merchant_order_id: None,
            allows_duplicate: false,
        }
    }

    /// Where the consumer is. Only the merchant's server gets it.
    #[must_use]
    pub const fn with_location(mut self, location: SaleLocation) -> Self {
        self.location = Some(location);
        self
    }

    /// The access token that the merchant's server gave the app. Without it, SaleKit asks the server for one.
    #[must_use]
    pub fn with_access_token(mut self, token: Secret) -> Self {
        self.access_token = Some(token);
        self
    }

    /// The merchant's id of the order (an order number). It lets the app recognise the sale after a restart, and it
    /// prevents a second sale from paying the same order while the first one may still charge, or has charged and is not
    /// acknowledged: see [`Self::allow_duplicate`]. The merchant's server gets it, the gateway does not.
    #[must_use]
    pub fn with_merchant_order_id(mut self, merchant_order_id: impl Into<String>) -> Self {
        self.merchant_order_id = Some(merchant_order_id.into());
        self
    }

    /// Allows the sale even if another one with its merchant order id is running, unfinished or unknown, or is charged
    /// and not acknowledged. The payer may then pay twice for one order.
    #[must_use]
    pub const fn allow_duplicate(mut self) -> Self {
        self.allows_duplicate = true;
        self
    }

    /// The merchant order id that no other sale may have, if there is one.
    pub(super) fn order_of_its_own(&self) -> Option<&str> {
        self.merchant_order_id.as_deref().filter(|_| !self.allows_duplicate)
    }

    /// Checks the optional parts of a request, so that an app can find a mistake before it takes the card out of its
    /// form.
    ///
    /// # Errors
    /// [`InputError`] for `session.accessToken` (32 to 128 characters) or `merchant_order_id` (at most 256).
    pub fn check_extras(access_token: Option<&Secret>, merchant_order_id: Option<&str>) -> Result<(), InputError> {
        if access_token.is_some_and(|token| !(32..=128).contains(&token.expose().chars().count())) {
            return Err(InputError::new(
                "session.accessToken",
                Rule::Length { min: 32, max: 128 },
            ));
        }
        if merchant_order_id.is_some_and(|merchant_order_id| merchant_order_id.chars().count() > 256) {
            return Err(InputError::new("merchant_order_id", Rule::Length { min: 0, max: 256 }));
        }
        Ok(())
    }

    /// Checks that the parts fit together, and that the card is valid in the month `today`.
    pub(crate) fn check(&self, today: CalendarMonth) -> Result<(), InputError> {
        Self::check_extras(self.access_token.as_ref(), self.merchant_order_id.as_deref())?;
        if let SourceOfFunds::Card(card) = &self.source {
            card.check(today)?;
        }
        self.source.check(&self.consumer)
    }
}
