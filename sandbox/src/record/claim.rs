//! Which signature a message carries, over which parts.

use serde_json::Value;

use super::{
    checks::{ACCESS, AMOUNT, CHECK_SIGNATURE, CURRENCY, NONCE, SERIAL, SERVER_CARD, SIGNATURE, Wire, at, text},
    signed::{Claim, Part, Treatment},
};
use crate::protocol::money;

impl Wire<'_> {
    /// The signature of this message, if it has one and it has come.
    pub(crate) fn claim(&self) -> Option<Claim> {
        let of = |member: &'static str, body: &Value| text(body, member).map(|value| Part::new(member, value));
        let endpoint = Part::new("endpointId", self.endpoint_id);
        let invoice = Part::new("invoiceId", self.invoice_id?);
        let has_come = self.status == Some(200) && at(self.response, "error").is_none();
        let (member, parts, received) = match self.message {
            "initiate sale" | "perform sale" => {
                let signed = if self.message == "perform sale" {
                    self.request
                } else {
                    self.response
                };
                let parts = vec![
                    of(ACCESS, self.request)?,
                    of(SERIAL, self.request)?,
                    endpoint,
                    of(NONCE, signed)?,
                    invoice,
                    of(AMOUNT, self.request)?,
                    of(CURRENCY, self.request)?,
                ];
                (SIGNATURE, parts, text(signed, SIGNATURE))
            }
            "check sale" if has_come => {
                let mut parts = vec![of(SERIAL, self.request)?, of(NONCE, self.request)?, endpoint, invoice];
                parts.extend(of(SERVER_CARD, self.response));
                (CHECK_SIGNATURE, parts, text(self.response, CHECK_SIGNATURE))
            }
            "sale card mapping notification" if has_come => {
                let nonce = self.sale.and_then(|sale| sale.nonce.clone())?;
                let parts = vec![Part::new(NONCE, nonce), endpoint, invoice];
                (CHECK_SIGNATURE, parts, text(self.response, CHECK_SIGNATURE))
            }
            "callback" => {
                let value = |name: &str| {
                    self.query
                        .iter()
                        .find(|(of, _)| of == name)
                        .map(|(_, value)| value.clone())
                };
                let part = |name: &'static str| Part::new(name, value(name).unwrap_or_default());
                let parts = ["status", "orderid", "client_orderid"].map(part).to_vec();
                return Some(Claim {
                    member: "control",
                    treatment: Treatment::Digest,
                    parts,
                    received: value("control"),
                    amount_in_words: None,
                });
            }
            _ => return None,
        };
        let currency = text(self.request, CURRENCY).unwrap_or_default();
        let amount = text(self.request, AMOUNT).and_then(|amount| amount.parse().ok());
        Some(Claim {
            member,
            treatment: Treatment::Mac,
            parts,
            received: Some(received.unwrap_or_default()),
            amount_in_words: amount.map(|amount| money::major(amount, &currency)),
        })
    }
}
