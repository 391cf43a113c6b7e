//! What an app asks for: a sale.

use crate::{CalendarMonth, Consumer, InputError, Money, Rule, SaleLocation, Secret, SourceOfFunds};

/// A sale to be made. Its parts are checked when they are made; what they must be to each other is checked by
/// [`crate::SaleClient::start`].
///
/// Not `Clone`: it holds the card, and there shall be one copy of it.
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

    /// Where the consumer is; goes to the merchant's server only.
    #[must_use]
    pub const fn with_location(mut self, location: SaleLocation) -> Self {
        self.location = Some(location);
        self
    }

    /// The access token that the merchant's server gave the app. Without one the server is asked.
    #[must_use]
    pub fn with_access_token(mut self, token: Secret) -> Self {
        self.access_token = Some(token);
        self
    }

    /// The merchant's id of the order (an order number), to recognise the sale after a restart, and so that no second
    /// sale pays for the same while the first one may still do so: see [`Self::allow_duplicate`]. The merchant's server gets
    /// it, the gateway does not.
    #[must_use]
    pub fn with_merchant_order_id(mut self, merchant_order_id: impl Into<String>) -> Self {
        self.merchant_order_id = Some(merchant_order_id.into());
        self
    }

    /// Lets the sale be made although another one with its merchant order id runs, is unfinished, or has an unknown outcome. The payer
    /// may then pay twice for one order.
    #[must_use]
    pub const fn allow_duplicate(mut self) -> Self {
        self.allows_duplicate = true;
        self
    }

    /// The merchant order id that no other sale may have, if there is one.
    pub(super) fn order_of_its_own(&self) -> Option<&str> {
        self.merchant_order_id.as_deref().filter(|_| !self.allows_duplicate)
    }

    /// Checks what a request is given besides its amount, consumer and source, so that an app can learn of a mistake
    /// before it takes the card out of its form.
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

    /// What the parts must be to each other, and to the month `today`.
    pub(crate) fn check(&self, today: CalendarMonth) -> Result<(), InputError> {
        Self::check_extras(self.access_token.as_ref(), self.merchant_order_id.as_deref())?;
        if let SourceOfFunds::Card(card) = &self.source {
            card.check(today)?;
        }
        self.source.check(&self.consumer)
    }
}
