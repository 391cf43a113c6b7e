//! A sale of a conformance run: what the app was given, what the gateway adds, and the bodies of the messages about it.

use serde_json::{Value, json};

/// The e-mail that sales are begun with.
pub(super) const EMAIL: &str = "ada@example.com";

/// A sale that the server under test began.
#[derive(Debug, Clone)]
pub(super) struct Sale {
    pub(super) invoice_id: String,
    pub(super) serial_number: String,
    pub(super) access_token: String,
    pub(super) nonce: String,
    pub(super) signature: String,
    /// The gateway's session token.
    pub(super) token: String,
    /// The gateway's order id.
    pub(super) order_id: String,
}

impl Sale {
    /// What the gateway asks in check sale.
    pub(super) fn check_request(&self, client_card_id: Option<&str>) -> Value {
        let mut body = json!({
            "consumer": {"device": {"serialNumber": self.serial_number}},
            "session": {
                "accessToken": self.access_token,
                "nonce": self.nonce,
                "signature": self.signature,
                "token": self.token,
            },
        });
        if let Some(client_card_id) = client_card_id {
            body["sourceOfFunds"] = json!({"reference": {"clientCardId": client_card_id}});
        }
        body
    }

    /// What the gateway tells of the card; nothing without one.
    pub(super) fn mapping_request(&self, card: Option<(&str, u32)>) -> Value {
        let mut body = json!({
            "consumer": {"device": {"serialNumber": self.serial_number}},
            "session": {"accessToken": self.access_token, "token": self.token},
        });
        if let Some((server_card_id, unique_reference)) = card {
            body["sourceCard"] = json!({
                "bin": 411_111,
                "reference": {"serverCardId": server_card_id, "uniqueReferenceCardId": unique_reference},
            });
        }
        body
    }

    /// What the app asks of the two extensions.
    pub(super) fn owner_request(&self, void: bool) -> Value {
        let mut body = json!({
            "consumer": {"device": {"serialNumber": self.serial_number}},
            "session": {"accessToken": self.access_token},
        });
        if void {
            body["void"] = true.into();
        }
        body
    }
}
