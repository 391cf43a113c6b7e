//! What a sale is of, as it crosses the border: plain records, checked by the core's types on the way in.

use salekit_core::{Advice, Currency, FailureKind, SaleRequest, Secret, SourceOfFunds, UnknownAdvice};

use crate::SaleKitError;

/// An amount. See the contract.
#[derive(Debug, Clone, PartialEq, Eq)]
#[allow(missing_docs, reason = "the contract says it, for those who see these fields")]
pub struct Money {
    pub minor: i64,
    pub currency: String,
}

impl From<&salekit_core::Money> for Money {
    fn from(money: &salekit_core::Money) -> Self {
        Self {
            minor: money.minor_units(),
            currency: money.currency().code().to_owned(),
        }
    }
}

impl TryFrom<Money> for salekit_core::Money {
    type Error = SaleKitError;

    fn try_from(money: Money) -> Result<Self, SaleKitError> {
        Ok(Self::from_minor(money.minor, &money.currency)?)
    }
}

/// Reads an amount of major units.
///
/// # Errors
/// [`SaleKitError::InvalidInput`].
pub fn parse_money(amount: &str, currency: &str) -> Result<Money, SaleKitError> {
    Ok((&salekit_core::Money::parse_amount(amount, currency)?).into())
}

/// Writes an amount with its currency's decimals: receipts of old sales name withdrawn currencies, too.
///
/// # Errors
/// [`SaleKitError::InvalidInput`].
pub fn format_money(money: Money) -> Result<String, SaleKitError> {
    let currency = Currency::known(&money.currency)?;
    Ok(salekit_core::Money::new(money.minor, currency)?.to_string())
}

/// How many digits stand behind the decimal point.
///
/// # Errors
/// [`SaleKitError::InvalidInput`].
pub fn currency_exponent(currency: &str) -> Result<u32, SaleKitError> {
    Ok(Currency::known(currency)?.exponent())
}

/// Who pays. See the contract. Personal, so `Debug` shows the serial number's place only.
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
        Self {
            serial_number: consumer.serial_number().to_owned(),
            imei: consumer.imei().map(str::to_owned),
            ip_addresses: consumer.ip_addresses().iter().map(ToString::to_string).collect(),
            email: consumer.email().map(str::to_owned),
        }
    }
}

impl TryFrom<Consumer> for salekit_core::Consumer {
    type Error = SaleKitError;

    fn try_from(consumer: Consumer) -> Result<Self, SaleKitError> {
        let mut core = Self::new(consumer.serial_number)?;
        if let Some(imei) = consumer.imei {
            core = core.with_imei(imei)?;
        }
        if let Some(email) = consumer.email {
            core = core.with_email(email)?;
        }
        for address in consumer.ip_addresses {
            core = core.with_ip_address(&address)?;
        }
        Ok(core)
    }
}

/// Where the consumer is. See the contract. Personal, so `Debug` does not tell.
#[derive(Clone, Copy, PartialEq)]
#[allow(missing_docs, reason = "the contract says it, for those who see these fields")]
pub struct Location {
    pub lat: f64,
    pub lng: f64,
}

impl std::fmt::Debug for Location {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("Location(…)")
    }
}

impl From<salekit_core::Location> for Location {
    fn from(location: salekit_core::Location) -> Self {
        Self {
            lat: location.lat(),
            lng: location.lng(),
        }
    }
}

/// A sale to be made, without what it is paid from. See the contract. Holds a token, so it is not `Debug`.
#[derive(Clone, PartialEq)]
#[allow(missing_docs, reason = "the contract says it, for those who see these fields")]
pub struct SaleOptions {
    pub amount: Money,
    pub consumer: Consumer,
    pub location: Option<Location>,
    pub access_token: Option<String>,
    pub label: Option<String>,
    pub allows_duplicate: bool,
}

/// [`SaleOptions`] whose parts are checked.
pub(crate) struct CheckedOptions {
    amount: salekit_core::Money,
    consumer: salekit_core::Consumer,
    location: Option<salekit_core::Location>,
    access_token: Option<Secret>,
    label: Option<String>,
    allows_duplicate: bool,
}

impl TryFrom<SaleOptions> for CheckedOptions {
    type Error = SaleKitError;

    fn try_from(options: SaleOptions) -> Result<Self, SaleKitError> {
        let location = options
            .location
            .map(|location| salekit_core::Location::new(location.lat, location.lng));
        let access_token = options.access_token.map(Secret::new);
        SaleRequest::check_extras(access_token.as_ref(), options.label.as_deref())?;
        Ok(Self {
            access_token,
            amount: options.amount.try_into()?,
            consumer: options.consumer.try_into()?,
            location: location.transpose()?,
            label: options.label,
            allows_duplicate: options.allows_duplicate,
        })
    }
}

impl CheckedOptions {
    /// The label that no other sale may have, if there is one.
    pub(crate) fn order_of_its_own(&self) -> Option<&str> {
        self.label.as_deref().filter(|_| !self.allows_duplicate)
    }

    /// The whole request: these options, paid from `source`.
    pub(crate) fn paid_from(self, source: impl Into<SourceOfFunds>) -> SaleRequest {
        let mut request = SaleRequest::new(self.amount, self.consumer, source);
        if let Some(location) = self.location {
            request = request.with_location(location);
        }
        if let Some(token) = self.access_token {
            request = request.with_access_token(token);
        }
        if let Some(label) = self.label {
            request = request.with_label(label);
        }
        if self.allows_duplicate {
            request = request.allow_duplicate();
        }
        request
    }
}

/// What the payer can do after a decline.
///
/// # Errors
/// None; an error is declared so that no call of the contract can end the app.
pub fn advice_message(advice: Advice) -> Result<String, SaleKitError> {
    Ok(advice.message().to_owned())
}

/// What the payer can do about an unknown outcome.
///
/// # Errors
/// None; see [`advice_message`].
pub fn unknown_advice_message(advice: UnknownAdvice) -> Result<String, SaleKitError> {
    Ok(advice.message().to_owned())
}

/// What went wrong with a request, for a developer.
///
/// # Errors
/// None; see [`advice_message`].
pub fn failure_message(kind: FailureKind) -> Result<String, SaleKitError> {
    Ok(kind.message().to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_amount_of_a_withdrawn_currency_can_be_shown_and_not_asked_for() {
        let amount = |currency: &str| Money {
            minor: 500,
            currency: currency.to_owned(),
        };
        assert_eq!(format_money(amount("ANG")), Ok("5.00 ANG".to_owned()));
        assert_eq!(format_money(amount("BYR")), Ok("500 BYR".to_owned()));
        assert_eq!(currency_exponent("ANG"), Ok(2));
        assert!(salekit_core::Money::try_from(amount("ANG")).is_err());
        assert!(parse_money("5", "ANG").is_err());
    }
}
