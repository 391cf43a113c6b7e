//! The app's part of a conformance run: access token and initiate sale, and the session token with its void.

use serde_json::json;

use super::{Run, caller::Got, sale::Sale};
use crate::{
    SandboxError,
    inspector::{Claim, Part, Treatment},
    money, random,
};

const ACCESS: &str = "session.accessToken";

impl Run {
    /// Two sales that were begun as they should be: the first plain, the second with SaleKit's further members.
    pub(super) async fn initiate(&mut self) -> Result<Option<(Sale, Sale)>, SandboxError> {
        let Some(access_token) = self.access("access_token").await else {
            return Ok(None);
        };
        let serial_number = random::uuid()?;
        let got = self.begin(&access_token, &serial_number, false).await?;
        let first = self.begun(&got, &access_token, &serial_number)?;
        self.sheet.note(
            "initiate",
            first.is_some(),
            "HTTP 200 with endpointId, invoiceId, session.nonce and session.signature",
            got.describe(),
        );
        let Some(first) = first else { return Ok(None) };

        let endpoint_id = got.text("endpointId").unwrap_or_default();
        let expected = self.plan.endpoint_id.clone();
        self.sheet.note(
            "initiate.endpoint_id",
            endpoint_id == expected,
            expected,
            endpoint_id.clone(),
        );
        let length = first.nonce.chars().count();
        self.sheet.note(
            "initiate.nonce",
            (32..=128).contains(&length),
            "32 to 128 characters",
            format!("{length} characters"),
        );
        // Under the endpoint id that it names, so that a wrong one is told once.
        let claim = self.initiate_claim(&first, &endpoint_id);
        self.signature("initiate.signature", &claim);

        let Some(access_token) = self.access("").await else {
            return Ok(None);
        };
        let got = self.begin(&access_token, &serial_number, true).await?;
        let second = self.begun(&got, &access_token, &serial_number)?;
        self.sheet.note(
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
        self.sheet.note(
            "initiate.unique",
            first.invoice_id != second.invoice_id && first.nonce != second.nonce,
            "another invoice id and another nonce for each sale",
            match (first.invoice_id == second.invoice_id, first.nonce == second.nonce) {
                (true, _) => "the same invoice id twice",
                (false, true) => "the same nonce twice",
                (false, false) => "different ones",
            },
        );
        Ok(Some((first, second)))
    }

    pub(super) async fn bad_initiates(&mut self, sale: &Sale) -> Result<(), SandboxError> {
        let wrong = Self::another(&sale.access_token)?;
        let got = self.begin(&wrong, &sale.serial_number, false).await?;
        self.refused("initiate.wrong_access_token", &got);
        if let Some(access_token) = self.access("").await {
            let url = self.plan.server.at(&self.plan.server.paths().initiate, "");
            let mut body = self.initiate_request(&access_token, &sale.serial_number);
            body["transaction"]["amountCentis"] = 0.into();
            let got = self.caller.app_posts("initiate sale", url, &body).await;
            self.refused("initiate.invalid_amount", &got);
        }
        Ok(())
    }

    /// The extension: the session token of a checked sale.
    pub(super) async fn session_token(&mut self, sale: &Sale) {
        let url = self.sale_url(&self.plan.server.paths().session_token.clone(), sale);
        let got = self
            .caller
            .app_posts("session token", url, &sale.owner_request(false))
            .await;
        if got.status().is_some_and(|status| matches!(status, 404 | 405 | 501)) {
            return self.sheet.skip("session_token", "the extension is not offered");
        }
        let right = got.text("session.token").as_deref() == Some(sale.token.as_str());
        self.sheet.note(
            "session_token",
            right,
            "HTTP 200 with the token of check sale",
            got.describe(),
        );
    }

    /// The extension: an invoice that is void stays void.
    pub(super) async fn void(&mut self) -> Result<(), SandboxError> {
        const ID: &str = "session_token.void";
        let Some(sale) = self.fresh_sale().await? else {
            return Ok(());
        };
        let url = self.sale_url(&self.plan.server.paths().session_token.clone(), &sale);
        let got = self
            .caller
            .app_posts("session token", url, &sale.owner_request(true))
            .await;
        let is_void = got
            .accepted()
            .and_then(|body| body.get("void"))
            .and_then(serde_json::Value::as_bool);
        if is_void != Some(true) {
            self.sheet.skip(ID, "the extension is not offered");
            return Ok(());
        }
        let url = self.sale_url(&self.plan.server.paths().check.clone(), &sale);
        let got = self
            .caller
            .gateway_posts("check sale", url, &sale.check_request(None))
            .await;
        self.refused(ID, &got);
        Ok(())
    }

    /// A sale that is begun for one further check.
    pub(super) async fn fresh_sale(&mut self) -> Result<Option<Sale>, SandboxError> {
        let Some(access_token) = self.access("").await else {
            return Ok(None);
        };
        let serial_number = random::uuid()?;
        let got = self.begin(&access_token, &serial_number, false).await?;
        self.begun(&got, &access_token, &serial_number)
    }

    /// A sale of a device that has one already.
    pub(super) async fn sale_of(&mut self, serial_number: &str) -> Result<Option<Sale>, SandboxError> {
        let Some(access_token) = self.access("").await else {
            return Ok(None);
        };
        let got = self.begin(&access_token, serial_number, false).await?;
        self.begun(&got, &access_token, serial_number)
    }

    /// An access token: the one that was given, or a new one. What is wrong with it is noted under `id`.
    async fn access(&mut self, id: &str) -> Option<String> {
        if let Some(given) = self.plan.access_token.clone() {
            self.sheet.skip(id, "an access token was given");
            return Some(given);
        }
        let url = self.plan.server.at(&self.plan.server.paths().access_token, "");
        let got = self.caller.app_gets("access token", url).await;
        let token = got.text(ACCESS);
        let fits = token
            .as_ref()
            .is_some_and(|token| (32..=128).contains(&token.chars().count()));
        self.sheet.note(
            id,
            fits,
            "HTTP 200 with session.accessToken, 32 to 128 characters",
            got.describe(),
        );
        token
    }

    fn initiate_request(&self, access_token: &str, serial_number: &str) -> serde_json::Value {
        json!({
            "consumer": {"device": {"serialNumber": serial_number}},
            "transaction": {"amountCentis": self.plan.amount_minor, "currency": self.plan.currency},
            "session": {"accessToken": access_token},
        })
    }

    async fn begin(&mut self, access_token: &str, serial_number: &str, more: bool) -> Result<Got, SandboxError> {
        let url = self.plan.server.at(&self.plan.server.paths().initiate, "");
        let mut body = self.initiate_request(access_token, serial_number);
        if more {
            body["saleId"] = random::hex_id()?.into();
            body["merchantOrderId"] = self.plan.merchant_order_id.clone().into();
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
