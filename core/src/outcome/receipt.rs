//! An approved sale.

use serde::{Deserialize, Serialize};

use crate::{
    card::CardSummary,
    json::stored_struct,
    value::Money,
    wire::{ThreeDSecureStatus, status::SaleStatus},
};

/// What the gateway said about an approved sale. Members that it left out are `None`.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct SaleReceipt {
    /// `invoiceId`: the merchant's id of the sale.
    pub invoice_id: String,
    /// `orderId`: the gateway's id of the sale.
    pub order_id: Option<String>,
    /// `bankOrderId`: the bank's id of the sale.
    pub bank_order_id: Option<String>,
    /// The amount that the app asked for.
    pub requested_amount: Money,
    /// The amount that the gateway confirmed: `transaction.amountCentis` and `.currency`, or the requested currency if
    /// the gateway names none. `None` if it names no amount, or one that cannot be read.
    pub amount: Option<Money>,
    /// `transaction.commissionCentis`, in minor units of the currency of `amount`, or of `requested_amount` if `amount`
    /// is `None`.
    pub commission_minor_units: Option<i64>,
    /// `transaction.orderCreatedDate`, as the gateway wrote it (for example `2017-11-27 16:45:47.000+0300`).
    pub order_created: Option<String>,
    /// `transaction.transactionCreatedDate`, likewise.
    pub transaction_created: Option<String>,
    /// `secure3DAuthStatus`.
    pub three_d_secure: Option<ThreeDSecureStatus>,
    /// Brand and last four digits, if the sale was made with a card number.
    pub card: Option<CardSummary>,
}

stored_struct!(SaleReceipt {
    invoice_id,
    order_id,
    bank_order_id,
    requested_amount,
    amount,
    commission_minor_units,
    order_created,
    transaction_created,
    three_d_secure,
    card
});

impl SaleReceipt {
    /// The receipt of the sale that `status` says is approved.
    pub(crate) fn new(status: &SaleStatus, invoice_id: String, requested: &Money, card: Option<CardSummary>) -> Self {
        let amount = status.confirmed_amount(requested);
        // An amount whose currency cannot be read is not an amount.
        let has_currency = amount.is_some() || status.currency_of_amounts(requested) == Some(requested.currency());
        Self {
            invoice_id,
            order_id: status.order_id.clone(),
            bank_order_id: status.bank_order_id.clone(),
            requested_amount: requested.clone(),
            amount,
            commission_minor_units: status.commission_minor_units.filter(|_| has_currency),
            order_created: status.order_created.clone(),
            transaction_created: status.transaction_created.clone(),
            three_d_secure: status.three_d_secure.clone(),
            card,
        }
    }

    /// Whether the gateway confirmed a different amount from the requested one, for example a part of it.
    pub fn amount_differs(&self) -> bool {
        self.amount
            .as_ref()
            .is_some_and(|amount| *amount != self.requested_amount)
    }

    /// The amount to show to the payer: the confirmed one, or the requested one if the gateway confirmed none.
    pub fn amount_to_show(&self) -> &Money {
        self.amount.as_ref().unwrap_or(&self.requested_amount)
    }
}
