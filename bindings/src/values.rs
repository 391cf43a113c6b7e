//! The values of a sale as they cross the FFI boundary: plain records, checked by the core's types on the way in.

use salekit_core::{ConsumerParts, Currency, FailureKind, Secret, SourceOfFunds};

use crate::SaleKitError;

/// An amount. See the contract.
#[derive(Debug, Clone, PartialEq, Eq)]
#[allow(missing_docs, reason = "the contract says it, for those who see these fields")]
pub struct Money {
    pub minor_units: i64,
    pub currency: String,
}

impl From<&salekit_core::Money> for Money {
    fn from(money: &salekit_core::Money) -> Self {
        let (minor_units, currency) = money.parts();
        Self {
            minor_units,
            currency: currency.code().to_owned(),
        }
    }
}

impl TryFrom<Money> for salekit_core::Money {
    type Error = SaleKitError;

    fn try_from(money: Money) -> Result<Self, SaleKitError> {
        let Money { minor_units, currency } = money;
        Ok(Self::from_minor_units(minor_units, &currency)?)
    }
}

/// Reads an amount of major units.
///
/// # Errors
/// [`SaleKitError::InvalidInput`].
pub fn parse_money(amount: &str, currency: &str) -> Result<Money, SaleKitError> {
    Ok((&salekit_core::Money::parse_amount(amount, currency)?).into())
}

/// Writes an amount with its currency's decimals. It also accepts withdrawn currencies, which receipts of old sales
/// name.
///
/// # Errors
/// [`SaleKitError::InvalidInput`].
pub fn format_money(money: Money) -> Result<String, SaleKitError> {
    let Money { minor_units, currency } = money;
    Ok(salekit_core::Money::new(minor_units, Currency::known(&currency)?)?.to_string())
}

/// How many digits follow the decimal point.
///
/// # Errors
/// [`SaleKitError::InvalidInput`].
pub fn currency_exponent(currency: &str) -> Result<u32, SaleKitError> {
    Ok(Currency::known(currency)?.exponent())
}

/// Who pays. See the contract. Personal, so `Debug` shows none of its members.
#[derive(Clone, PartialEq, Eq)]
#[allow(missing_docs, reason = "the contract says it, for those who see these fields")]
pub struct Consumer {
    pub serial_number: String,
    pub imei: Option<String>,
    pub ip_addresses: Vec<String>,
    pub email: Option<String>,
}

impl std::fmt::Debug for Consumer {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("Consumer").finish_non_exhaustive()
    }
}

impl From<&salekit_core::Consumer> for Consumer {
    fn from(consumer: &salekit_core::Consumer) -> Self {
        let ConsumerParts {
            serial_number,
            imei,
            ip_addresses,
            email,
        } = consumer.parts();
        Self {
            serial_number: serial_number.to_owned(),
            imei: imei.map(str::to_owned),
            ip_addresses: ip_addresses.iter().map(ToString::to_string).collect(),
            email: email.map(str::to_owned),
        }
    }
}

impl TryFrom<Consumer> for salekit_core::Consumer {
    type Error = SaleKitError;

    fn try_from(consumer: Consumer) -> Result<Self, SaleKitError> {
        let Consumer {
            serial_number,
            imei,
            ip_addresses,
            email,
        } = consumer;
        let mut core = Self::new(serial_number)?;
        if let Some(imei) = imei {
            core = core.with_imei(imei)?;
        }
        if let Some(email) = email {
            core = core.with_email(email)?;
        }
        for address in ip_addresses {
            core = core.with_ip_address(&address)?;
        }
        Ok(core)
    }
}

/// The consumer's location. See the contract. Personal, so `Debug` leaves it out.
#[derive(Clone, Copy, PartialEq)]
#[allow(missing_docs, reason = "the contract says it, for those who see these fields")]
pub struct SaleLocation {
    pub lat: f64,
    pub lng: f64,
}

impl std::fmt::Debug for SaleLocation {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("SaleLocation(…)")
    }
}

impl From<salekit_core::SaleLocation> for SaleLocation {
    fn from(location: salekit_core::SaleLocation) -> Self {
        let (lat, lng) = location.parts();
        Self { lat, lng }
    }
}

impl TryFrom<SaleLocation> for salekit_core::SaleLocation {
    type Error = SaleKitError;

    fn try_from(location: SaleLocation) -> Result<Self, SaleKitError> {
        let SaleLocation { lat, lng } = location;
        Ok(Self::new(lat, lng)?)
    }
}

/// A sale to start, without the card. See the contract. Holds a token, so it is not `Debug`.
#[derive(Clone, PartialEq)]
#[allow(missing_docs, reason = "the contract says it, for those who see these fields")]
pub struct SaleRequest {
    pub amount: Money,
    pub consumer: Consumer,
    pub location: Option<SaleLocation>,
    pub access_token: Option<String>,
    pub merchant_order_id: Option<String>,
    pub allows_duplicate: bool,
}

/// A [`SaleRequest`] whose members are checked.
pub(crate) struct CheckedRequest {
    amount: salekit_core::Money,
    consumer: salekit_core::Consumer,
    location: Option<salekit_core::SaleLocation>,
    access_token: Option<Secret>,
    merchant_order_id: Option<String>,
    allows_duplicate: bool,
}

impl TryFrom<SaleRequest> for CheckedRequest {
    type Error = SaleKitError;

    fn try_from(request: SaleRequest) -> Result<Self, SaleKitError> {
        let SaleRequest {
            amount,
            consumer,
            location,
            access_token,
            merchant_order_id,
            allows_duplicate,
        } = request;
        let access_token = access_token.map(Secret::new);
        salekit_core::SaleRequest::check_extras(access_token.as_ref(), merchant_order_id.as_deref())?;
        Ok(Self {
            access_token,
            amount: amount.try_into()?,
            consumer: consumer.try_into()?,
            location: location.map(TryInto::try_into).transpose()?,
            merchant_order_id,
            allows_duplicate,
        })
    }
}

impl CheckedRequest {
    /// The merchant order id that no other sale may have, if there is one.
    pub(crate) fn order_of_its_own(&self) -> Option<&str> {
        self.merchant_order_id.as_deref().filter(|_| !self.allows_duplicate)
    }

    /// The whole request, paid from `source`.
    pub(crate) fn paid_from(self, source: impl Into<SourceOfFunds>) -> salekit_core::SaleRequest {
        let Self {
            amount,
            consumer,
            location,
            access_token,
            merchant_order_id,
            allows_duplicate,
        } = self;
        let mut request = salekit_core::SaleRequest::new(amount, consumer, source);
        if let Some(location) = location {
            request = request.with_location(location);
        }
        if let Some(token) = access_token {
            request = request.with_access_token(token);
        }
        if let Some(merchant_order_id) = merchant_order_id {
            request = request.with_merchant_order_id(merchant_order_id);
        }
        if allows_duplicate {
            request = request.allow_duplicate();
        }
        request
    }
}

/// What went wrong with a request, for a developer.
///
/// # Errors
/// None. The error is declared so that no call can crash the app.
pub fn failure_message(kind: FailureKind) -> Result<String, SaleKitError> {
    Ok(kind.message().to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_amount_of_a_withdrawn_currency_can_be_shown_and_not_asked_for() {
        let amount = |currency: &str| Money {
            minor_units: 500,
            currency: currency.to_owned(),
        };
        assert_eq!(format_money(amount("ANG")), Ok("5.00 ANG".to_owned()));
        assert_eq!(format_money(amount("BYR")), Ok("500 BYR".to_owned()));
        assert_eq!(currency_exponent("ANG"), Ok(2));
        assert!(salekit_core::Money::try_from(amount("ANG")).is_err());
        assert!(parse_money("5", "ANG").is_err());
    }
}
