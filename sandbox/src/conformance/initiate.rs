//! The app's part of a conformance run: access token and initiate sale.

use serde_json::{Value, json};

use super::{
    caller::Got,
    run::Run,
    sale::{EMAIL, Sale},
};
use crate::{
    error::SandboxError,
    protocol::{money, random},
    record::{Claim, Part, Treatment},
};

const ACCESS: &str = "session.accessToken";

impl Run {
    /// Two sales that were begun as they should be, the second with a member that no server knows. Of one order there is no second.
    pub(super) async fn initiate(&mut self) -> Result<Option<(Sale, Option<Sale>)>, SandboxError> {
        let Some(access_token) = self.access("access_token").await else {
            return Ok(None);
        };
        let serial_number = random::uuid()?;
        self.other_orders(&access_token, &serial_number).await?;
        let got = self.begin(&access_token, &serial_number, false).await?;
        let first = self.begun(&got, &access_token, &serial_number)?;
        self.findings.note(
            "initiate",
            first.is_some(),
            "HTTP 200 with endpointId, invoiceId, session.nonce and session.signature",
            got.describe(),
        );
        let Some(first) = first else { return Ok(None) };

        let endpoint_id = got.text("endpointId").unwrap_or_default();
        let expected = self.plan.endpoint_id.clone();
        self.findings.note(
            "initiate.endpoint_id",
            endpoint_id == expected,
            expected,
            endpoint_id.clone(),
        );
        let length = first.nonce.chars().count();
        self.findings.note(
            "initiate.nonce",
            (32..=128).contains(&length),
            "32 to 128 characters",
            format!("{length} characters"),
        );
        // Under the endpoint id that it names, so that a wrong one is reported once.
        let claim = self.initiate_claim(&first, &endpoint_id);
        self.signature("initiate.signature", &claim);
        if self.is_of_one_order() {
            return Ok(Some((first, None)));
        }

        let Some(access_token) = self.access("").await else {
            return Ok(None);
        };
        let got = self.begin(&access_token, &serial_number, true).await?;
        let second = self.begun(&got, &access_token, &serial_number)?;
        self.findings.note(
            "initiate.extra_members",
            second.is_some(),
            "the same answer as without them",
            got.describe(),
        );
        let second = match second {
            Some(second) => second,
            // The rest of the run needs a second sale, even from a server that cannot ignore members.
            None => {
                let Some(access_token) = self.access("").await else {
                    return Ok(None);
                };
                let got = self.begin(&access_token, &serial_number, false).await?;
                match self.begun(&got, &access_token, &serial_number)? {
                    Some(second) => second,
                    None => return Ok(None),
                }
            }
        };
        self.findings.note(
            "initiate.unique",
            first.invoice_id != second.invoice_id && first.nonce != second.nonce,
            "another invoice id and another nonce for each sale",
            match (first.invoice_id == second.invoice_id, first.nonce == second.nonce) {
                (true, _) => "the same invoice id twice",
                (false, true) => "the same nonce twice",
                (false, false) => "different ones",
            },
        );
        Ok(Some((first, Some(second))))
    }

    pub(super) async fn bad_initiates(&mut self, sale: &Sale) -> Result<(), SandboxError> {
        let wrong = Self::another(&sale.access_token)?;
        let got = self.begin(&wrong, &sale.serial_number, false).await?;
        self.refused("initiate.wrong_access_token", &got);
        let got = self.begin(&sale.access_token, &random::uuid()?, false).await?;
        self.refused("initiate.other_device", &got);
        if let Some(access_token) = self.access("").await {
            let url = self.plan.server.at(&self.plan.server.paths().initiate, "");
            let mut body = self.initiate_request(&access_token, &sale.serial_number)?;
            body["transaction"]["amountCentis"] = 0.into();
            let got = self.caller.app_posts("initiate sale", url, &body).await;
            self.refused("initiate.invalid_amount", &got);
        }
        Ok(())
    }

    /// A sale of a device that has one already.
    ///
    /// A repeat sale is begun without an e-mail, so that the server has to know that of the card.
    pub(super) async fn sale_of(
        &mut self,
        serial_number: &str,
        email: Option<&str>,
    ) -> Result<Option<Sale>, SandboxError> {
        if self.is_of_one_order() {
            return Ok(None);
        }
        let Some(access_token) = self.access("").await else {
            return Ok(None);
        };
        let url = self.plan.server.at(&self.plan.server.paths().initiate, "");
        let mut body = self.initiate_request(&access_token, serial_number)?;
        if email.is_none()
            && let Some(consumer) = body["consumer"].as_object_mut()
        {
            consumer.remove("email");
        }
        let got = self.caller.app_posts("initiate sale", url, &body).await;
        self.begun(&got, &access_token, serial_number)
    }

    /// An access token: the one that was given, or a new one. What is wrong with it is noted under `id`.
    pub(super) async fn access(&mut self, id: &str) -> Option<String> {
        if let Some(given) = self.plan.access_token.clone() {
            self.findings.skip(id, "an access token was given");
            return Some(given);
        }
        let url = self.plan.server.at(&self.plan.server.paths().access_token, "");
        let got = self.caller.app_gets("access token", url).await;
        let token = got.text(ACCESS);
        let fits = token
            .as_ref()
            .is_some_and(|token| (32..=128).contains(&token.chars().count()));
        self.findings.note(
            id,
            fits,
            "HTTP 200 with session.accessToken, 32 to 128 characters",
            got.describe(),
        );
        token
    }

    /// What SaleKit sends, its further members included.
    pub(super) fn initiate_request(&self, access_token: &str, serial_number: &str) -> Result<Value, SandboxError> {
        let mut body = json!({
            "consumer": {"device": {"serialNumber": serial_number}, "email": EMAIL},
            "transaction": {"amountCentis": self.plan.amount_minor, "currency": self.plan.currency},
            "session": {"accessToken": access_token},
            "saleId": random::hex_id()?,
        });
        if !self.plan.merchant_order_id.is_empty() {
            body["merchantOrderId"] = self.plan.merchant_order_id.clone().into();
        }
        Ok(body)
    }

    async fn begin(&mut self, access_token: &str, serial_number: &str, more: bool) -> Result<Got, SandboxError> {
        let url = self.plan.server.at(&self.plan.server.paths().initiate, "");
        let mut body = self.initiate_request(access_token, serial_number)?;
        if more {
            body["x-unknown"] = json!({"member": [true, null, 1]});
        }
        Ok(self.caller.app_posts("initiate sale", url, &body).await)
    }

    fn begun(&self, got: &Got, access_token: &str, serial_number: &str) -> Result<Option<Sale>, SandboxError> {
        let filled = |path| got.text(path).filter(|text| !text.is_empty());
        let (Some(_), Some(invoice_id), Some(nonce), Some(signature)) = (
            filled("endpointId"),
            filled("invoiceId"),
            filled("session.nonce"),
            filled("session.signature"),
        ) else {
            return Ok(None);
        };
        Ok(Some(Sale {
            invoice_id,
            serial_number: serial_number.to_owned(),
            access_token: access_token.to_owned(),
            nonce,
            signature,
            token: random::hex_id()?,
            order_id: random::number()?.to_string(),
        }))
    }

    fn initiate_claim(&self, sale: &Sale, endpoint_id: &str) -> Claim {
        Claim {
            member: "session.signature",
            treatment: Treatment::Mac,
            parts: vec![
                Part::new(ACCESS, &sale.access_token),
                Part::new("consumer.device.serialNumber", &sale.serial_number),
                Part::new("endpointId", endpoint_id),
                Part::new("session.nonce", &sale.nonce),
                Part::new("invoiceId", &sale.invoice_id),
                Part::new("transaction.amountCentis", self.plan.amount_minor.to_string()),
                Part::new("transaction.currency", &self.plan.currency),
            ],
            received: Some(sale.signature.clone()),
            amount_in_words: Some(money::major(self.plan.amount_minor, &self.plan.currency)),
        }
    }
}
