//! Check sale in a conformance run: what must be refused, then what must be accepted.

use serde_json::Value;

use super::{
    caller::Got,
    run::Run,
    sale::{EMAIL, Sale},
};
use crate::{
    error::SandboxError,
    protocol::random,
    record::{Claim, Part, Treatment},
};

const CHECK: &str = "check sale";

impl Run {
    /// What the server must refuse, at a sale that has not been checked yet; then the right request for it, and whether
    /// that was accepted.
    pub(super) async fn bad_checks(&mut self, sale: &Sale, other: Option<&Sale>) -> Result<bool, SandboxError> {
        for (id, member) in [
            ("check.wrong_access_token", "accessToken"),
            ("check.wrong_nonce", "nonce"),
            ("check.wrong_signature", "signature"),
        ] {
            let mut body = sale.check_request(None);
            let value = &mut body["session"][member];
            *value = match member {
                // Hex of the same length, so that only its value is wrong.
                "signature" => flipped(&sale.signature).into(),
                _ => Self::another(value.as_str().unwrap_or_default())?.into(),
            };
            let got = self.check(sale, &body).await;
            self.refused(id, &got);
        }
        let mut body = sale.check_request(None);
        body["consumer"]["device"]["serialNumber"] = random::uuid()?.into();
        let got = self.check(sale, &body).await;
        self.refused("check.wrong_serial_number", &got);

        if let Some(other) = other {
            let got = self.check(sale, &other.check_request(None)).await;
            self.refused("check.other_sale", &got);
        }

        let unknown = Sale {
            invoice_id: random::uuid()?,
            ..sale.clone()
        };
        let got = self.check(&unknown, &sale.check_request(None)).await;
        self.refused("check.unknown_invoice", &got);

        let url = self.sale_url(&self.plan.server.paths().check.clone(), sale);
        let got = self.caller.gateway_posts_text(CHECK, url, "{\"consumer\": ").await;
        self.refused("check.not_json", &got);

        let got = self.check(sale, &sale.check_request(None)).await;
        self.findings.note(
            "check.after_refusals",
            got.accepted().is_some(),
            "HTTP 200 with a JSON object",
            got.describe(),
        );
        Ok(got.accepted().is_some())
    }

    /// The right request, twice. True if the rest of the run has a checked sale to go on from.
    pub(super) async fn good_check(&mut self, sale: &Sale) -> Result<bool, SandboxError> {
        let body = sale.check_request(None);
        let got = self.check(sale, &body).await;
        if !self.complete("check", &got) {
            return Ok(false);
        }
        self.echoes(("check.invoice_id", "check.nonce", "check.token"), sale, &got);
        let claim = self.check_claim(sale, &got, None);
        self.signature("check.signature", &claim);
        self.email("check.email", &got);
        let again = self.check(sale, &body).await;
        self.findings.note(
            "check.repeated",
            same_answer(&got, &again),
            "the same answer as the first time",
            again.describe(),
        );
        let mut body = body;
        body["session"]["token"] = random::hex_id()?.into();
        let got = self.check(sale, &body).await;
        self.refused("check.other_session_token", &got);
        Ok(true)
    }

    /// Whether an answer has the four members, noted under `id`.
    pub(super) fn complete(&mut self, id: &str, got: &Got) -> bool {
        let members = ["invoiceId", "session.checkSignature", "session.nonce", "session.token"];
        let missing: Vec<&str> = members
            .into_iter()
            .filter(|member| got.accepted().is_some() && got.text(member).is_none_or(|text| text.is_empty()))
            .collect();
        let is_complete = got.accepted().is_some() && missing.is_empty();
        let said = match missing.is_empty() {
            true => got.describe(),
            false => format!("{} missing: {}", missing.join(", "), got.describe()),
        };
        self.findings
            .note(id, is_complete, format!("HTTP 200 with {}", members.join(", ")), said);
        // An answer with some of it is looked at further.
        got.accepted().is_some()
    }

    /// What an answer must give back as it is.
    pub(super) fn echoes(&mut self, (invoice_id, nonce, token): (&str, &str, &str), sale: &Sale, got: &Got) {
        for (id, path, expected) in [
            (invoice_id, "invoiceId", &sale.invoice_id),
            (nonce, "session.nonce", &sale.nonce),
            (token, "session.token", &sale.token),
        ] {
            let said = got.text(path).unwrap_or_else(|| "nothing".to_owned());
            self.findings.note(id, said == *expected, expected, said.clone());
        }
    }

    /// The answer to check sale names the e-mail of initiate sale.
    pub(super) fn email(&mut self, id: &str, got: &Got) {
        let said = got.text("consumer.email");
        let is_right = said.as_deref() == Some(EMAIL);
        self.findings
            .note(id, is_right, EMAIL, said.unwrap_or_else(|| "nothing".to_owned()));
    }

    pub(super) async fn check(&mut self, sale: &Sale, body: &Value) -> Got {
        let url = self.sale_url(&self.plan.server.paths().check.clone(), sale);
        self.caller.gateway_posts(CHECK, url, body).await
    }

    pub(super) fn check_claim(&self, sale: &Sale, got: &Got, server_card_id: Option<&str>) -> Claim {
        let mut parts = vec![
            Part::new("consumer.device.serialNumber", &sale.serial_number),
            Part::new("session.nonce", &sale.nonce),
            Part::new("endpointId", &self.plan.endpoint_id),
            Part::new("invoiceId", &sale.invoice_id),
        ];
        parts.extend(server_card_id.map(|id| Part::new("sourceOfFunds.reference.serverCardId", id)));
        Claim {
            member: "session.checkSignature",
            treatment: Treatment::Mac,
            parts,
            received: got.text("session.checkSignature"),
            amount_in_words: None,
        }
    }
}

/// Whether two answers say the same of what the protocol asks for.
pub(super) fn same_answer(first: &Got, again: &Got) -> bool {
    again.accepted().is_some()
        && ["invoiceId", "session.checkSignature", "session.nonce", "session.token"]
            .iter()
            .all(|path| first.text(path) == again.text(path))
}

/// A signature of which one digit is another.
fn flipped(signature: &str) -> String {
    let mut digits: Vec<char> = signature.chars().collect();
    if let Some(last) = digits.last_mut() {
        *last = if *last == '0' { '1' } else { '0' };
    }
    digits.into_iter().collect()
}
