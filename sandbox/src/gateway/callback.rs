//! Callback: the final status, told to the merchant by a GET that is repeated until it is answered with HTTP 200.

use tokio::time;

use super::{
    State,
    sale::{Sale, State as SaleState},
};
use crate::protocol::{
    diagram::{Exchange, Party},
    money,
};

const CALLBACK: Exchange = Exchange {
    name: "callback",
    asks: Party::Gateway,
    answers: Party::Merchant,
    step: Some(23),
};

/// What a callback is about. Only a sale's says how the sale ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Sale,
    Reversal,
    Chargeback,
}

impl Kind {
    /// Its word in the parameter `type`.
    pub(crate) const fn word(self) -> &'static str {
        match self {
            Self::Sale => "sale",
            Self::Reversal => "reversal",
            Self::Chargeback => "chargeback",
        }
    }
}

/// Tells the merchant the sale's final status, or what became of it later, as often as configured.
pub(super) async fn deliver(gateway: &State, sale: &Sale, kind: Kind) {
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
        ("type", kind.word()),
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
        let said = match kind {
            Kind::Sale => status.to_owned(),
            Kind::Reversal | Kind::Chargeback => format!("{}, {status}", kind.word()),
        };
        stage.saw_request(CALLBACK, Some(&sale.invoice_id), said);
        let taken = gateway
            .merchant
            .get(
                (CALLBACK, &sale.invoice_id),
                gateway.merchant.server().callback_url(),
                &parameters,
            )
            .await;
        let is_taken = taken.is_ok();
        let said = match taken {
            Ok(()) => "HTTP 200".to_owned(),
            Err(failure) => format!("not taken: {}", failure.describe()),
        };
        stage.saw_answer(CALLBACK, Some(&sale.invoice_id), said);
        match gap {
            Some(gap) if !is_taken => time::sleep(gap).await,
            _ => return,
        }
    }
}
