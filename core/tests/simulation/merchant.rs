//! The shop's server: names invoices, hears of sales from the gateway, tells their session tokens.

use std::collections::BTreeMap;

use salekit_core::message::Reply;
use serde_json::{Value, json};

use crate::{
    contact::{Place, TOKEN},
    fault::Fault,
    network::Request,
    world::World,
};

#[derive(Default)]
pub(crate) struct Merchant {
    /// The last invoice of an order, which is known by its amount, and the client that got it.
    orders: BTreeMap<i64, (String, u64)>,
    /// What the gateway said in check sale.
    session_tokens: BTreeMap<String, String>,
}

impl Merchant {
    /// Check sale: the gateway tells the session token.
    pub(crate) fn checked(&mut self, invoice: &str, session_token: &str) {
        self.session_tokens.insert(invoice.to_owned(), session_token.to_owned());
    }
}

/// The answer, and after how long it comes.
pub(crate) fn serve(world: &mut World, place: Place, request: &Request) -> Option<(Reply, u64)> {
    let stored_card = request.path.ends_with("/stored-card");
    let late = if stored_card {
        world.happens(Fault::StoredCardLate, 300)
    } else {
        world.happens(Fault::MerchantLate, 60)
    };
    let thinks = if late {
        world.dice.between(1_500, 8_000)
    } else {
        world.dice.between(5, 250)
    };
    if !stored_card && world.happens(Fault::MerchantUnavailable, 50) {
        let error = json!({"error": {"cause": "SERVER_UNAVAILABLE", "message": "try later"}});
        return Some((Reply::new(503, error.to_string()), thinks));
    }
    let reply = if request.is_get {
        access_token(world)
    } else if request.path.ends_with("/initiate-sale") {
        initiate(world, place, request)
    } else {
        question(world, request, stored_card)
    };
    Some((reply, thinks))
}

fn access_token(world: &mut World) -> Reply {
    if world.happens(Fault::AccessTokenRefused, 30) {
        return Reply::new(403, "");
    }
    let token = format!("{TOKEN}access-{:032}", world.number());
    Reply::new(200, json!({"session": {"accessToken": token}}).to_string())
}

fn initiate(world: &mut World, place: Place, request: &Request) -> Reply {
    if world.happens(Fault::AccessTokenExpired, 40) {
        return Reply::new(401, "");
    }
    if world.happens(Fault::InitiateRefused, 40) {
        let error = json!({"error": {"cause": "FILTERED", "message": "not today"}});
        return Reply::new(200, error.to_string());
    }
    let body: Value = serde_json::from_str(&request.body).unwrap();
    let serial = request.serial();
    let amount = body["transaction"]["amountCentis"].as_i64().unwrap_or_default();
    let earlier = world.merchant.orders.get(&amount).cloned();
    let again = earlier.filter(|(_, client)| {
        let fault = if *client == place.client {
            Fault::InvoiceAgain
        } else {
            Fault::InvoiceAgainElsewhere
        };
        world.happens(fault, 500)
    });
    let invoice = again.map_or_else(|| format!("inv-{}", world.number()), |(invoice, _)| invoice);
    world.merchant.orders.insert(amount, (invoice.clone(), place.client));
    world.trace(|| format!("  the merchant names {invoice} for {serial}"));
    let reply = json!({
        "endpointId": format!("114{}", place.gateway),
        "invoiceId": invoice,
        "session": {
            "nonce": format!("{TOKEN}nonce-{invoice}"),
            "signature": format!("{TOKEN}signature-{invoice}"),
        },
    });
    Reply::new(200, reply.to_string())
}

fn question(world: &mut World, request: &Request, stored_card: bool) -> Reply {
    let invoice = request.path.split('/').nth(2).unwrap_or_default();
    let token = world.merchant.session_tokens.get(invoice);
    match token {
        None => Reply::new(404, ""),
        Some(_) if stored_card => {
            let card = json!({"invoiceId": invoice, "sourceOfFunds": {"reference": {"clientCardId": "card-1"}}});
            Reply::new(200, card.to_string())
        }
        Some(token) => Reply::new(
            200,
            json!({"invoiceId": invoice, "session": {"token": token}}).to_string(),
        ),
    }
}
