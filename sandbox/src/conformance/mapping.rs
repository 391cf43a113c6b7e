//! The card mapping notification in a conformance run.

use serde_json::Value;

use super::{caller::Got, check::same_answer, run::Run, sale::Sale};
use crate::{
    error::SandboxError,
    protocol::random,
    record::{Claim, Part, Treatment},
};

/// A card that a card mapping has named to the server.
pub(super) struct Mapped {
    /// The gateway's id of it.
    pub(super) server_card_id: String,
    /// The body of the notification.
    pub(super) notification: Value,
}

/// The two paths of the protocol.
const PATHS: [&str; 2] = ["/sale/notification", "/sale/{invoiceId}/notification"];

impl Run {
    /// What the server must refuse, at a sale that was checked.
    pub(super) async fn bad_mappings(&mut self, sale: &Sale) -> Result<(), SandboxError> {
        let card = random::number()?.to_string();
        let right = sale.mapping_request(Some((&card, 7)));

        let mut body = right.clone();
        body["session"]["accessToken"] = Self::another(&sale.access_token)?.into();
        let got = self.notify(&sale.invoice_id, &body).await;
        self.refused("mapping.wrong_access_token", &got);

        let mut body = right.clone();
        body["consumer"]["device"]["serialNumber"] = random::uuid()?.into();
        let got = self.notify(&sale.invoice_id, &body).await;
        self.refused("mapping.wrong_serial_number", &got);

        let mut body = right;
        body["session"]["token"] = random::hex_id()?.into();
        let got = self.notify(&random::uuid()?, &body).await;
        self.refused("mapping.unknown_sale", &got);
        Ok(())
    }

    /// The right notification, twice, and one without a card. The card, if it was taken.
    pub(super) async fn good_mapping(
        &mut self,
        sale: &Sale,
        other: Option<&Sale>,
    ) -> Result<Option<Mapped>, SandboxError> {
        let server_card_id = random::number()?.to_string();
        let body = sale.mapping_request(Some((&server_card_id, random::reference()?)));
        let got = self.notify(&sale.invoice_id, &body).await;
        let is_taken = self.complete("mapping", &got);
        if is_taken {
            self.echoes(("mapping.invoice_id", "mapping.nonce", "mapping.token"), sale, &got);
            let claim = Claim {
                member: "session.checkSignature",
                treatment: Treatment::Mac,
                parts: vec![
                    Part::new("session.nonce", &sale.nonce),
                    Part::new("endpointId", &self.plan.endpoint_id),
                    Part::new("invoiceId", &sale.invoice_id),
                ],
                received: got.text("session.checkSignature"),
                amount_in_words: None,
            };
            self.signature("mapping.signature", &claim);
            let again = self.notify(&sale.invoice_id, &body).await;
            self.findings.note(
                "mapping.repeated",
                same_answer(&got, &again),
                "the same answer as the first time",
                again.describe(),
            );
            self.other_path(sale, &body, &got).await;
        }
        if let Some(other) = other {
            let got = self.notify(&other.invoice_id, &other.mapping_request(None)).await;
            self.findings.note(
                "mapping.without_card",
                got.accepted().is_some(),
                "HTTP 200 with a JSON object",
                got.describe(),
            );
        }
        Ok(is_taken.then_some(Mapped {
            server_card_id,
            notification: body,
        }))
    }

    /// The same notification to the protocol's other path.
    async fn other_path(&mut self, sale: &Sale, body: &Value, first: &Got) {
        const ID: &str = "mapping.with_invoice_path";
        let used = self.plan.server.paths().notification.clone();
        let Some(place) = PATHS.iter().position(|path| *path == used) else {
            return self
                .findings
                .skip(ID, "the server has a path of its own for notifications");
        };
        if !self.plan.has_other_notification_path {
            return self.findings.skip(ID, "the path of notifications was given");
        }
        let other = PATHS[1 - place];
        let url = self.plan.server.at(other, &sale.invoice_id);
        let got = self
            .caller
            .gateway_posts("sale card mapping notification", url, body)
            .await;
        let expected = format!("at {other} the same answer as at {used}");
        self.findings
            .note(ID, same_answer(first, &got), expected, got.describe());
    }

    pub(super) async fn notify(&mut self, invoice_id: &str, body: &Value) -> Got {
        let url = self.plan.server.at(&self.plan.server.paths().notification, invoice_id);
        self.caller
            .gateway_posts("sale card mapping notification", url, body)
            .await
    }
}
