//! The stored card in a conformance run, an extension, and the repeat sale that pays with it.

use super::{caller::Got, mapping::Mapped, run::Run, sale::Sale};
use crate::error::SandboxError;

const CARD_ID: &str = "sourceOfFunds.reference.clientCardId";

impl Run {
    /// A sale with the card of the first one, and one with a card that the server never stored. `early` is what was
    /// answered about the card before the notification.
    pub(super) async fn stored_card(&mut self, sale: &Sale, mapped: &Mapped, early: &Got) -> Result<(), SandboxError> {
        let got = self.ask_for_card(sale).await;
        let is_offered = !got.status().is_some_and(|status| matches!(status, 404 | 405 | 501));
        let client_card_id = got.text(CARD_ID);
        if is_offered {
            let fits = client_card_id
                .as_ref()
                .is_some_and(|id| (1..=128).contains(&id.chars().count()));
            self.findings.note(
                "stored_card",
                fits,
                "HTTP 200 with sourceOfFunds.reference.clientCardId, 1 to 128 characters",
                got.describe(),
            );
            self.findings.note(
                "stored_card.before_notification",
                early.status() == Some(404),
                "HTTP 404",
                early.describe(),
            );
            if let Some(other) = self.of_another_device(sale).await? {
                let got = self.ask_for_card(&other).await;
                self.refused("stored_card.other_device", &got);
            }
        } else {
            for id in [
                "stored_card",
                "stored_card.before_notification",
                "stored_card.other_device",
                "mapping.same_client_card_id",
                "mapping.client_card_id_differs",
                "check.stored_card",
                "check.stored_card_signature",
                "check.stored_card_email",
            ] {
                self.findings.skip(id, "the extension is not offered");
            }
        }
        let unknown = Self::another("")?;
        if let Some(fresh) = self.sale_of(&sale.serial_number, None).await? {
            let got = self.check(&fresh, &fresh.check_request(Some(&unknown))).await;
            self.refused("check.unknown_card", &got);
        }
        match client_card_id {
            Some(client_card_id) => {
                self.client_card_id(sale, mapped, &client_card_id).await;
                self.repeat_sale(sale, mapped, &client_card_id).await
            }
            None => Ok(()),
        }
    }

    /// The merchant's id of the card is its own, and stays.
    async fn client_card_id(&mut self, sale: &Sale, mapped: &Mapped, client_card_id: &str) {
        self.findings.note(
            "mapping.client_card_id_differs",
            client_card_id != mapped.server_card_id,
            format!("another id than {}", mapped.server_card_id),
            client_card_id,
        );
        // Whether it is taken is judged at `mapping.repeated`.
        let _ = self.notify(&sale.invoice_id, &mapped.notification).await;
        let got = self.ask_for_card(sale).await;
        self.findings.note(
            "mapping.same_client_card_id",
            got.text(CARD_ID).as_deref() == Some(client_card_id),
            client_card_id,
            got.describe(),
        );
    }

    async fn repeat_sale(&mut self, sale: &Sale, mapped: &Mapped, client_card_id: &str) -> Result<(), SandboxError> {
        let Some(repeat) = self.sale_of(&sale.serial_number, None).await? else {
            return Ok(());
        };
        let server_card_id = &mapped.server_card_id;
        let got = self.check(&repeat, &repeat.check_request(Some(client_card_id))).await;
        let named = got.text("sourceOfFunds.reference.serverCardId");
        self.findings.note(
            "check.stored_card",
            named.as_ref() == Some(server_card_id),
            format!("HTTP 200 with sourceOfFunds.reference.serverCardId {server_card_id}"),
            got.describe(),
        );
        if got.accepted().is_some() {
            let claim = self.check_claim(&repeat, &got, Some(server_card_id));
            self.signature("check.stored_card_signature", &claim);
            self.email("check.stored_card_email", &got);
        }
        Ok(())
    }

    pub(super) async fn ask_for_card(&mut self, sale: &Sale) -> Got {
        let url = self.sale_url(&self.plan.server.paths().stored_card.clone(), sale);
        self.caller
            .app_posts("stored card", url, &sale.owner_request(false))
            .await
    }
}
