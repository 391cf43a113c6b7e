//! The session-token extension: the app asks what the merchant's server knows of an invoice whose perform answer was
//! lost or is not believed. Not part of the protocol, like [`super::app`]'s stored card.
//!
//! `POST /sale/{invoiceId}/session-token`, with an access token of the device that began the sale:
//!
//! ```json
//! { "consumer": { "device": { "serialNumber": "…" } }, "session": { "accessToken": "…" }, "void": true }
//! ```
//!
//! `void` may be left out, which is `false`. So may `saleId` and `merchantOrderId`, SaleKit's names for what the invoice is
//! for; where they are there, they must be those of initiate sale. The answers:
//!
//! - A check sale was accepted: HTTP 200 `{"invoiceId": "…", "session": {"token": "…"}}`, with or without `void`.
//! - None was, and `void` is true: the invoice is void from now on. Every later check sale for it is refused
//!   (`FILTERED`), so the gateway never charges it: HTTP 200 `{"invoiceId": "…", "void": true}`, also to every later
//!   question, with or without `void`.
//! - None was, and `void` is not true: HTTP 404, `ORDER_NOT_FOUND`. Check sale may still come.
//! - The access token does not fit the device: HTTP 403; another device's sale: HTTP 404.
//!
//! What is void stays void in the database, and a check sale that comes at the same moment is either accepted or
//! refused before this is answered. [`TokenExtension`] says how much of this the server offers.

use std::sync::Arc;

use axum::{
    Extension,
    body::Bytes,
    extract::{Path, State as FromState},
    response::Response,
};
use serde_json::json;

use super::{
    app::asked_by_app,
    records::{SaleRecord, Session},
    state::{State, broken, not_found},
};
use crate::{
    config::TokenExtension,
    net::server::Connection,
    protocol::{
        answer::Answer,
        diagram::{Direction, Exchange, Party},
        fields::{Complaint, Fields},
    },
    script::Message,
};

const SESSION_TOKEN: Exchange = asked_by_app("session token", None);

/// `POST /sale/{invoiceId}/session-token`.
pub(super) async fn session_token(
    FromState(merchant): FromState<Arc<State>>,
    Path(invoice_id): Path<String>,
    Extension(connection): Extension<Connection>,
    body: Bytes,
) -> Response {
    let offers_void = match merchant.token_extension(&invoice_id) {
        TokenExtension::WithVoid => true,
        TokenExtension::TokensOnly => false,
        TokenExtension::Off => return not_found().await,
    };
    let find = |sale: &SaleRecord| {
        let wants_void = Fields::parse(&body).and_then(|fields| fields.flag("void"));
        match wants_void {
            Ok(wants_void) => merchant.tell_session(sale, offers_void, wants_void),
            Err(Complaint(rule)) => Some(Answer::invalid(&rule, Some(&invoice_id))),
        }
    };
    merchant
        .answer_owner(
            (SESSION_TOKEN, Message::SessionToken),
            &invoice_id,
            &body,
            &connection,
            find,
        )
        .await
}

impl State {
    /// What is offered for this invoice: as scripted for its device, or as configured.
    fn token_extension(&self, invoice_id: &str) -> TokenExtension {
        let sale = self.records.sale(invoice_id).ok().flatten();
        let script = sale.and_then(|sale| self.stage.scripts.bind(invoice_id, &sale.serial_number));
        let scripted = script.and_then(|script| script.token_extension);
        scripted.unwrap_or(self.stage.config.token_extension)
    }

    fn tell_session(&self, sale: &SaleRecord, offers_void: bool, wants_void: bool) -> Option<Answer> {
        let invoice_id = &sale.invoice_id;
        match self.records.session(invoice_id, offers_void && wants_void) {
            Ok(Session::Token(token)) => Some(Answer::ok(
                json!({"invoiceId": invoice_id, "session": {"token": token}}),
            )),
            Ok(Session::Void) if offers_void => {
                let (ledger, observer) = (&self.stage.ledger, &self.stage.observer);
                ledger.voided(invoice_id, &sale.serial_number, sale.amount_minor, &sale.currency);
                let event = ("invoice is void", Direction::Internal);
                observer.report(None, (Party::Merchant, Party::Merchant), event, Some(invoice_id), "");
                Some(Answer::ok(json!({"invoiceId": invoice_id, "void": true})))
            }
            Ok(Session::Void | Session::NotYet) => None,
            Err(error) => Some(broken(error)),
        }
    }
}
