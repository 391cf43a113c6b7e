//! How a sale ended, for people and for programs.

use salekit_core::{Charge, Money, SaleOutcome, SaleReceipt};
use serde_json::{Map, Value, json};

use super::app::Ended;

/// The charge's word, the same in every language.
pub(crate) const fn charge_word(charge: Charge) -> &'static str {
    match charge {
        Charge::Charged => "charged",
        Charge::NotCharged => "not_charged",
        Charge::Unknown => "unknown",
    }
}

/// One JSON object with everything that is known, members that are not known left out.
pub(crate) fn to_json(ended: &Ended) -> Value {
    let outcome = &ended.outcome;
    let mut object = Map::new();
    object.insert("outcome".to_owned(), outcome.name().into());
    object.insert("charge".to_owned(), charge_word(outcome.charge()).into());
    let more = match outcome {
        SaleOutcome::Approved(receipt) => json!({ "invoice_id": receipt.invoice_id, "receipt": receipt_json(receipt) }),
        SaleOutcome::Declined(decline) => json!({
            "invoice_id": decline.invoice_id,
            "order_id": decline.order_id,
            "bank_order_id": decline.bank_order_id,
            "error_code": decline.error_code,
            "gateway_message": decline.gateway_message,
            "three_d_secure": decline.three_d_secure.as_ref().map(|status| status.as_str()),
            "advice": decline.advice,
            "advice_message": decline.advice.message(),
        }),
        SaleOutcome::NotCharged(end) => json!({
            "invoice_id": end.invoice_id,
            "reason": end.reason,
            "failure": end.failure,
            "detail": end.detail,
            "support_reference": end.support_reference,
        }),
        SaleOutcome::Unknown(end) => json!({
            "invoice_id": end.invoice_id,
            "order_id": end.order_id,
            "reason": end.reason,
            "detail": end.detail,
            "advice": end.advice,
            "advice_message": end.advice.message(),
        }),
    };
    if let Value::Object(more) = more {
        object.extend(more.into_iter().filter(|(_, value)| !value.is_null()));
    }
    if let Some(card) = &ended.stored_card {
        object.insert("client_card_id".to_owned(), card.client_card_id.clone().into());
    }
    object.insert("requests".to_owned(), ended.requests.into());
    object.insert(
        "milliseconds".to_owned(),
        u64::try_from(ended.took.as_millis()).unwrap_or(u64::MAX).into(),
    );
    Value::Object(object)
}

fn receipt_json(receipt: &SaleReceipt) -> Value {
    let mut object = json!({
        "invoice_id": receipt.invoice_id,
        "order_id": receipt.order_id,
        "bank_order_id": receipt.bank_order_id,
        "requested_amount": money_json(&receipt.requested_amount),
        "amount": receipt.amount.as_ref().map(money_json),
        "commission_minor_units": receipt.commission_minor_units,
        "order_created": receipt.order_created,
        "transaction_created": receipt.transaction_created,
        "three_d_secure": receipt.three_d_secure.as_ref().map(|status| status.as_str()),
        "card": receipt.card.map(|card| json!({ "brand": card.brand().name(), "last4": card.last4() })),
    });
    if let Value::Object(object) = &mut object {
        object.retain(|_, value| !value.is_null());
    }
    object
}

fn money_json(money: &Money) -> Value {
    json!({
        "text": money.to_string(),
        "minor_units": money.minor_units(),
        "currency": money.currency().code(),
    })
}

/// A sentence or two for a person.
pub(crate) fn to_text(ended: &Ended) -> String {
    match &ended.outcome {
        SaleOutcome::Approved(receipt) => {
            let order = receipt.order_id.as_deref().unwrap_or("-");
            let card = ended.stored_card.as_ref();
            let card = card.map_or_else(String::new, |card| format!(", stored as {}", card.client_card_id));
            let requested = &receipt.requested_amount;
            let amount = match &receipt.amount {
                Some(amount) if receipt.amount_differs() => format!("{amount} charged instead of {requested}"),
                Some(amount) => format!("{amount} charged"),
                None => format!("{requested} requested, and the gateway confirmed no amount"),
            };
            format!("approved: {amount}, order {order}{card}")
        }
        SaleOutcome::Declined(decline) => {
            let message = decline.gateway_message.as_deref().unwrap_or("no reason given");
            let code = decline.error_code.map_or_else(String::new, |code| format!(" ({code})"));
            format!("declined: {message}{code}. {}", decline.advice.message())
        }
        SaleOutcome::NotCharged(end) => format!("not charged: {}", end.detail),
        SaleOutcome::Unknown(end) => format!("unknown: {}. {}", end.detail, end.advice.message()),
    }
}
