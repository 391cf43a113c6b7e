//! An app's request for a sale.

use salekit_core::{Card, CardNumber, Consumer, Expiry, Holder, Money, SaleRequest, SecurityCode};

/// The card number of every sale; a well-known test number.
pub const PAN: &str = "4111111111111111";

/// A sale of 10.50 EUR by card, of one device.
pub fn request() -> SaleRequest {
    let amount = Money::from_minor_units(1_050, "EUR").unwrap();
    SaleRequest::new(amount, Consumer::new("device-0001").unwrap(), card("123"))
}

/// The test card. The sandbox decides by its security code.
pub fn card(security_code: &str) -> Card {
    Card::new(
        CardNumber::parse(PAN).unwrap(),
        Expiry::parse("12/2040").unwrap(),
        Holder::printed("ADA LOVELACE").unwrap(),
        SecurityCode::parse(security_code).unwrap(),
    )
    .unwrap()
}
