//! A conformance run with an access token of one order: what else the token must not pay, and what cannot be checked with one
//! sale.

use serde_json::Value;

use super::run::Run;
use crate::{error::SandboxError, protocol::random};

/// Checks of a token that is for one order.
const OF_ONE_ORDER: [&str; 3] = [
    "initiate.other_amount",
    "initiate.other_currency",
    "initiate.other_order",
];

/// Checks that need several sales.
const OF_SEVERAL_SALES: [&str; 10] = [
    "initiate.extra_members",
    "initiate.unique",
    "check.other_sale",
    "session_token.void",
    "mapping.without_card",
    "check.stored_card",
    "check.stored_card_signature",
    "check.stored_card_email",
    "check.unknown_card",
    "callback.declined",
];

impl Run {
    /// Whether the access token is that of one order.
    pub(super) fn is_of_one_order(&self) -> bool {
        self.plan.access_token.is_some()
    }

    /// Skips what this kind of run cannot check.
    pub(super) fn skip_by_orders(&mut self) {
        let (ids, why): (&[&str], _) = match self.is_of_one_order() {
            true => (
                &OF_SEVERAL_SALES,
                "needs several sales, and the access token is for one order; run without --access-token for it",
            ),
            false => (
                &OF_ONE_ORDER,
                "needs the access token of an order: --access-token, with --amount, --currency and --merchant-order-id",
            ),
        };
        for id in ids {
            self.findings.skip(id, why);
        }
    }

    /// The token with what its order is not; before the right request, which may use it up.
    pub(super) async fn other_orders(&mut self, access_token: &str, serial_number: &str) -> Result<(), SandboxError> {
        if !self.is_of_one_order() {
            return Ok(());
        }
        let currency = match self.plan.currency.as_str() {
            "EUR" => "USD",
            _ => "EUR",
        };
        let others: [(&str, &str, Value); 3] = [
            (
                "/transaction/amountCentis",
                OF_ONE_ORDER[0],
                self.plan.amount_minor.saturating_add(1).into(),
            ),
            ("/transaction/currency", OF_ONE_ORDER[1], currency.into()),
            ("/merchantOrderId", OF_ONE_ORDER[2], random::uuid()?.into()),
        ];
        for (pointer, id, value) in others {
            let mut body = self.initiate_request(access_token, serial_number)?;
            match body.pointer_mut(pointer) {
                Some(member) => *member = value,
                // No order was named; this names one.
                None => body["merchantOrderId"] = value,
            }
            let url = self.plan.server.at(&self.plan.server.paths().initiate, "");
            let got = self.caller.app_posts("initiate sale", url, &body).await;
            self.refused(id, &got);
        }
        Ok(())
    }
}
