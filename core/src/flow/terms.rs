//! What no event changes: what the sale is about, with whom, and under which ids.

use serde::Serialize;

use super::Plan;
use crate::{
    card::CardSummary,
    json::{Stored, Value, stored_struct, variant},
    value::{Money, Parties, SaleId, Timestamp},
};

/// What the sale is about.
#[derive(Clone, PartialEq, Eq, Hash, Serialize)]
pub struct Order {
    /// The amount to be charged.
    pub amount: Money,
    /// `consumer.device.serialNumber`: needed to ask the merchant's server after a restart.
    pub serial_number: String,
    /// Brand and last digits, if the sale is made with a card number; `None` for a stored card.
    pub card: Option<CardSummary>,
    /// The merchant's id of the order, to recognise the sale after a restart.
    pub merchant_order_id: Option<String>,
}

stored_struct!(Order {
    amount,
    serial_number,
    card,
    merchant_order_id
});

/// Hides the serial number, which identifies the payer's device.
impl std::fmt::Debug for Order {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self {
            amount,
            serial_number: _,
            card,
            merchant_order_id,
        } = self;
        formatter
            .debug_struct("Order")
            .field("amount", amount)
            .field("card", card)
            .field("merchant_order_id", merchant_order_id)
            .finish_non_exhaustive()
    }
}

/// The ids under which the gateway knows the sale.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize)]
pub struct Invoice {
    /// `endpointId`.
    pub endpoint_id: String,
    /// `invoiceId`.
    pub invoice_id: String,
}

stored_struct!(Invoice {
    endpoint_id,
    invoice_id
});

/// The parties that the sale was started with, as far as its snapshot says.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Origin {
    /// Version 1 wrote the first snapshot and did not store the parties. Every client treats the sale as its own.
    Unrecorded,
    /// The stored parties.
    Recorded(Parties),
}

impl Stored for Origin {
    fn read(value: Value<'_>) -> Option<Self> {
        let (name, held) = variant(value)?;
        Some(match name.as_str() {
            "unrecorded" => Self::Unrecorded,
            "recorded" => Self::Recorded(Stored::read(held)?),
            _ => return None,
        })
    }
}

/// Data that no event changes.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize)]
pub(super) struct Terms {
    pub(super) id: SaleId,
    pub(super) origin: Origin,
    pub(super) order: Order,
    pub(super) plan: Plan,
    pub(super) started: Timestamp,
}

stored_struct!(Terms {
    id,
    origin,
    order,
    plan,
    started
});
