//! The merchant's server: it issues invoices, answers check sale, returns session tokens and voids invoices.

use std::collections::{BTreeMap, BTreeSet};

use salekit_core::wire::Reply;
use serde_json::{Value, json};

use super::{
    fault::Fault,
    network::Request,
    ports::{Place, TOKEN},
    world::World,
};

/// Which part of the session-token extension the merchant offers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Extension {
    /// It returns session tokens, and voids invoices for which it has accepted no check sale.
    WithVoid,
    /// It returns session tokens.
    TokensOnly,
    /// It offers none.
    Off,
}

#[derive(Default)]
pub(crate) struct Merchant {
    /// The last invoice of each order (identified by its amount), and who got it.
    orders: BTreeMap<i64, (String, Place)>,
    /// The session tokens from check sale.
    session_tokens: BTreeMap<String, String>,
    /// Invoices for which no check sale is accepted any more.
    void: BTreeSet<String>,
    /// Until when the merchant cannot return session tokens.
    unavailable_until: u64,
}

impl Merchant {
    /// Handles check sale, which contains the session token. Returns whether the sale is accepted.
    pub(crate) fn checks(&mut self, invoice: &str, session_token: &str) -> bool {
        let is_accepted = !self.void.contains(invoice);
        if is_accepted {
            self.session_tokens.insert(invoice.to_owned(), session_token.to_owned());
        }
        is_accepted
    }

    pub(crate) fn has_voided(&self, invoice: &str) -> bool {
        self.void.contains(invoice)
    }
}

/// The answer, and the delay after which it comes.
pub(crate) fn serve(world: &mut World, place: Place, request: &Request) -> Option<(Reply, u64)> {
    let stored_card = request.path.ends_with("/stored-card");
    let late = if stored_card {
        world.happens(Fault::StoredCardLate, 300)
    } else {
        world.happens(Fault::MerchantLate, 60)
    };
    let thinks = if late {
        world.random.between(1_500, 8_000)
    } else {
        world.random.between(5, 250)
    };
    // Requests about a lost or refused perform sale are rare, so they get more faults.
    let asks_for_session = request.path.ends_with("/session-token");
    let often = if asks_for_session { 300 } else { 50 };
    if !stored_card && (asks_for_session && is_unavailable(world) || world.happens(Fault::MerchantUnavailable, often)) {
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

/// Whether the merchant cannot answer requests about its invoices now. It takes a while to recover.
fn is_unavailable(world: &mut World) -> bool {
    if world.faults_ended {
        return false;
    }
    if world.now >= world.merchant.unavailable_until && world.happens(Fault::SessionTokensUnavailable, 600) {
        world.merchant.unavailable_until = world.now + world.random.between(20_000, 120_000);
    }
    world.now < world.merchant.unavailable_until
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
    let again = earlier.filter(|(_, owner)| {
        if owner.client == place.client {
            return world.happens(Fault::InvoiceAgain, 500);
        }
        // Another client can know the invoice only through the store.
        owner.disk == place.disk && world.happens(Fault::InvoiceAgainElsewhere, 500)
    });
    let invoice = match again {
        Some((invoice, ..)) => invoice,
        None => {
            let invoice = format!("inv-{}", world.number());
            world.merchant.orders.insert(amount, (invoice.clone(), place));
            invoice
        }
    };
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
    let merchant = &mut world.merchant;
    if let Some(token) = merchant.session_tokens.get(invoice) {
        let answer = if stored_card {
            json!({"invoiceId": invoice, "sourceOfFunds": {"reference": {"clientCardId": "card-1"}}})
        } else {
            json!({"invoiceId": invoice, "session": {"token": token}})
        };
        return Reply::new(200, answer.to_string());
    }
    let body: Value = serde_json::from_str(&request.body).unwrap();
    let voids = !stored_card && world.setup.extension == Extension::WithVoid && body["void"] == json!(true);
    if voids && merchant.void.insert(invoice.to_owned()) {
        world.count(Fault::InvoiceVoided);
        world.trace(|| format!("  the merchant voids {invoice}"));
    }
    if !stored_card && world.merchant.has_voided(invoice) {
        return Reply::new(200, json!({"invoiceId": invoice, "void": true}).to_string());
    }
    Reply::new(404, "")
}
