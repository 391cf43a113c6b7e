//! Callback: the final status, told to the merchant by a GET that is repeated until it is answered with HTTP 200.

use tokio::time;

use super::{
    State,
    sale::{Sale, State as SaleState},
};
use crate::{money, observation::Party, stage::Exchange};

const CALLBACK: Exchange = Exchange {
    name: "callback",
    asks: Party::Gateway,
    answers: Party::Merchant,
    step: Some(23),
};

/// Tells the merchant the sale's final status, as often as configured.
pub(super) async fn deliver(gateway: &State, sale: &Sale) {
    let stage = &gateway.stage;
    let state = sale.progress().state.clone();
    let (status, decline) = match &state {
        SaleState::Approved => ("approved", None),
        SaleState::Declined(decline) => ("declined", Some(decline)),
        SaleState::Processing | SaleState::Redirect { .. } => return,
    };
    let amount = money::major(sale.amount_minor, &sale.currency);
    let control = stage.key.control(status, &sale.order_id, &sale.invoice_id);
    let code = decline.map(|decline| decline.code.to_string());
    let mut parameters = vec![
        ("status", status),
        ("type", "sale"),
        ("orderid", &sale.order_id),
        ("merchant_order", &sale.invoice_id),
        ("client_orderid", &sale.invoice_id),
        ("amount", &amount),
        ("control", &control),
    ];
    if let (Some(code), Some(decline)) = (&code, decline) {
        parameters.extend([
            ("error_code", code.as_str()),
            ("error_message", decline.message.as_str()),
        ]);
    }
    let gaps = stage.config.callback_gaps.iter().copied().map(Some).chain([None]);
    for gap in gaps {
        stage.saw_request(CALLBACK, Some(&sale.invoice_id), status);
        let taken = gateway
            .merchant
            .get((CALLBACK, &sale.invoice_id), &["callback"], &parameters)
            .await;
        stage.saw_answer(
            CALLBACK,
            Some(&sale.invoice_id),
            if taken { "HTTP 200" } else { "not taken" },
        );
        match gap {
            Some(gap) if !taken => time::sleep(gap).await,
            _ => return,
        }
    }
}
