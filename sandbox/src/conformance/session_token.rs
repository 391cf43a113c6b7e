//! The session token in a conformance run, an extension: who may ask for it, and that a void invoice stays void.

use serde_json::Value;

use super::{
    caller::Got,
    run::Run,
    sale::{EMAIL, Sale},
};
use crate::{error::SandboxError, protocol::random};

impl Run {
    /// The session token of a checked sale, and who must not get it.
    pub(super) async fn session_token(&mut self, sale: &Sale) -> Result<(), SandboxError> {
        let got = self.ask_for_token(sale, false).await;
        if got.status().is_some_and(|status| matches!(status, 404 | 405 | 501)) {
            for id in [
                "session_token",
                "session_token.other_device",
                "session_token.wrong_access_token",
                "session_token.unknown_invoice",
            ] {
                self.findings.skip(id, "the extension is not offered");
            }
            return Ok(());
        }
        let right = got.text("session.token").as_deref() == Some(sale.token.as_str());
        self.findings.note(
            "session_token",
            right,
            "HTTP 200 with the token of check sale",
            got.describe(),
        );
        if let Some(other) = self.of_another_device(sale).await? {
            let got = self.ask_for_token(&other, false).await;
            self.refused("session_token.other_device", &got);
        }
        let unauthorized = Sale {
            access_token: Self::another(&sale.access_token)?,
            ..sale.clone()
        };
        let got = self.ask_for_token(&unauthorized, false).await;
        self.refused("session_token.wrong_access_token", &got);
        let unknown = Sale {
            invoice_id: random::uuid()?,
            ..sale.clone()
        };
        let got = self.ask_for_token(&unknown, false).await;
        self.refused("session_token.unknown_invoice", &got);
        Ok(())
    }

    /// An invoice that is void stays void.
    pub(super) async fn void(&mut self, serial_number: &str) -> Result<(), SandboxError> {
        const ID: &str = "session_token.void";
        let Some(sale) = self.sale_of(serial_number, Some(EMAIL)).await? else {
            return Ok(());
        };
        let got = self.ask_for_token(&sale, true).await;
        let is_void = got
            .accepted()
            .and_then(|body| body.get("void"))
            .and_then(Value::as_bool);
        if is_void != Some(true) {
            self.findings.skip(ID, "the extension is not offered");
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

    /// The same invoice as another device asks for it, with an access token of its own.
    pub(super) async fn of_another_device(&mut self, sale: &Sale) -> Result<Option<Sale>, SandboxError> {
        let Some(access_token) = self.access("").await else {
            return Ok(None);
        };
        Ok(Some(Sale {
            access_token,
            serial_number: random::uuid()?,
            ..sale.clone()
        }))
    }

    async fn ask_for_token(&mut self, sale: &Sale, void: bool) -> Got {
        let url = self.sale_url(&self.plan.server.paths().session_token.clone(), sale);
        self.caller
            .app_posts("session token", url, &sale.owner_request(void))
            .await
    }
}
