//! What the gateway asks and tells the merchant: check sale, card mapping notifications, callbacks. The answers come
//! from what the merchant stored, never from what the request says.

use std::{collections::HashMap, sync::Arc};

use axum::{
    Extension,
    body::Bytes,
    extract::{Path, Query, State as FromState},
    response::Response,
};
use serde_json::{Value, json};

use super::{
    records::{CardRecord, Checked, MappedCard, SaleRecord},
    state::{Refusal, State, broken},
};
use crate::{
    net::server::Connection,
    protocol::{
        answer::{Answer, INVALID_REQUEST},
        diagram::{Direction, Exchange, Party},
        fields::{Complaint, Fields},
        money,
        signature::{CheckText, MappingText, same},
    },
    script::{Message, fault},
};

const fn asked_by_gateway(name: &'static str, step: u8) -> Exchange {
    Exchange {
        name,
        asks: Party::Gateway,
        answers: Party::Merchant,
        step: Some(step),
    }
}

const CHECK: Exchange = asked_by_gateway("check sale", 8);
const MAPPING: Exchange = asked_by_gateway("sale card mapping notification", 19);
const CALLBACK: Exchange = asked_by_gateway("callback", 23);

/// `POST /sale/{invoiceId}/check`.
pub(super) async fn check(
    FromState(merchant): FromState<Arc<State>>,
    Path(invoice_id): Path<String>,
    Extension(connection): Extension<Connection>,
    body: Bytes,
) -> Response {
    let work = || {
        let request = CheckRequest::read(&body).map_err(|Complaint(rule)| Answer::invalid(&rule, Some(&invoice_id)))?;
        merchant.check_sale(&invoice_id, &request)
    };
    let owner = merchant.records.sale(&invoice_id).ok().flatten();
    merchant
        .answer_gateway((CHECK, Message::Check), &invoice_id, owner.as_ref(), &connection, work)
        .await
}

/// `POST /sale/notification`: the session token tells which sale.
pub(super) async fn notification(
    FromState(merchant): FromState<Arc<State>>,
    Extension(connection): Extension<Connection>,
    body: Bytes,
) -> Response {
    let token = Fields::parse(&body)
        .ok()
        .and_then(|fields| fields.peek("session.token"));
    let sale = token.and_then(|token| merchant.records.sale_of_session(&token).ok().flatten());
    merchant.take_notification(sale, &connection, &body).await
}

/// `POST /sale/{invoiceId}/notification`.
pub(super) async fn notification_of_invoice(
    FromState(merchant): FromState<Arc<State>>,
    Path(invoice_id): Path<String>,
    Extension(connection): Extension<Connection>,
    body: Bytes,
) -> Response {
    let sale = merchant.records.sale(&invoice_id).ok().flatten();
    merchant.take_notification(sale, &connection, &body).await
}

/// `GET /callback?status=…&control=…`.
pub(super) async fn callback(
    FromState(merchant): FromState<Arc<State>>,
    Query(parameters): Query<HashMap<String, String>>,
    Extension(connection): Extension<Connection>,
) -> Response {
    let invoice_id = parameters.get("client_orderid").cloned().unwrap_or_default();
    let sale = merchant.records.sale(&invoice_id).ok().flatten();
    let work = || merchant.take_callback(&parameters, sale.as_ref());
    merchant
        .answer_gateway(
            (CALLBACK, Message::Callback),
            &invoice_id,
            sale.as_ref(),
            &connection,
            work,
        )
        .await
}

impl State {
    /// Answers the gateway by `work`, with the scripted fault of the sale if there is one.
    async fn answer_gateway(
        &self,
        (exchange, message): (Exchange, Message),
        invoice_id: &str,
        sale: Option<&SaleRecord>,
        connection: &Connection,
        work: impl FnOnce() -> Result<Answer, Refusal>,
    ) -> Response {
        let stage = &self.stage;
        // Where the gateway runs beside us, it reports its calls itself, with what it makes of our answers.
        if self.alone {
            stage.saw_request(exchange, Some(invoice_id), "");
        }
        if let Some(sale) = sale {
            stage.scripts.bind(invoice_id, &sale.serial_number);
        }
        let fault = stage.next_fault(invoice_id, message);
        if let Some(fault) = &fault
            && let Some(instead) = fault.instead(Some(invoice_id), connection).await
        {
            return instead;
        }
        let answer = work().unwrap_or_else(|refusal| refusal);
        if self.alone {
            stage.saw_answer(exchange, Some(invoice_id), answer.summary());
        }
        fault::deliver(fault, answer, connection).await
    }

    fn check_sale(&self, invoice_id: &str, request: &CheckRequest) -> Result<Answer, Refusal> {
        let refused = |what: &str| Answer::error(403, INVALID_REQUEST, what, Some(invoice_id));
        let sale = self
            .records
            .sale(invoice_id)
            .map_err(broken)?
            .ok_or_else(|| refused("no such sale"))?;
        let known = same(&request.serial_number, &sale.serial_number)
            & same(&request.access_token, &sale.access_token)
            & same(&request.nonce, &sale.nonce)
            & same(&request.signature, &sale.signature);
        if !known {
            return Err(refused("not the session of this sale"));
        }
        let card = match &request.client_card_id {
            Some(id) => Some(self.stored_card(id, &sale, invoice_id)?),
            None => None,
        };
        let used = request.client_card_id.as_deref();
        match self.records.check(invoice_id, &request.token, used).map_err(broken)? {
            Checked::Accepted => Ok(Answer::ok(self.check_answer(&sale, &request.token, card.as_ref()))),
            Checked::OtherSession => Err(refused("this sale has another session token")),
            Checked::Void => Err(Answer::error(400, "FILTERED", "this invoice is void", Some(invoice_id))),
        }
    }

    /// The card of a repeat sale; its e-mail must not be contradicted by the sale's.
    fn stored_card(&self, client_card_id: &str, sale: &SaleRecord, invoice_id: &str) -> Result<CardRecord, Refusal> {
        let card = self.records.card(client_card_id, &sale.serial_number).map_err(broken)?;
        let card = card.ok_or_else(|| Answer::invalid("clientCardId: not a card of this device", Some(invoice_id)))?;
        match (&card.email, &sale.email) {
            (Some(mapped), Some(email)) if mapped != email => Err(Answer::error(
                400,
                "FILTERED",
                "another e-mail than the card was mapped with",
                Some(invoice_id),
            )),
            _ => Ok(card),
        }
    }

    fn check_answer(&self, sale: &SaleRecord, token: &str, card: Option<&CardRecord>) -> Value {
        let config = &self.stage.config;
        let signed = CheckText {
            serial_number: &sale.serial_number,
            nonce: &sale.nonce,
            endpoint_id: &config.endpoint_id,
            invoice_id: &sale.invoice_id,
            server_card_id: card.map(|card| card.server_card_id.as_str()),
        };
        let signature = self.stage.key.sign(&signed, config.hex_case);
        let mut body = json!({
            "invoiceId": sale.invoice_id,
            "session": {"checkSignature": signature, "nonce": sale.nonce, "token": token},
        });
        let email = match card {
            Some(card) => &card.email,
            None => &sale.email,
        };
        if let Some(email) = email {
            body["consumer"] = json!({"email": email});
        }
        if let Some(card) = card {
            body["sourceOfFunds"] = json!({"reference": {"serverCardId": card.server_card_id}});
        }
        body
    }

    async fn take_notification(&self, sale: Option<SaleRecord>, connection: &Connection, body: &[u8]) -> Response {
        let invoice_id = sale.as_ref().map(|sale| sale.invoice_id.clone()).unwrap_or_default();
        let work = || match &sale {
            Some(sale) => self.map_card(sale, body),
            None => Err(Answer::error(403, INVALID_REQUEST, "no such sale", None)),
        };
        self.answer_gateway(
            (MAPPING, Message::Mapping),
            &invoice_id,
            sale.as_ref(),
            connection,
            work,
        )
        .await
    }

    fn map_card(&self, sale: &SaleRecord, body: &[u8]) -> Result<Answer, Refusal> {
        let request =
            MappingRequest::read(body).map_err(|Complaint(rule)| Answer::invalid(&rule, Some(&sale.invoice_id)))?;
        let known = same(&request.serial_number, &sale.serial_number)
            & same(&request.access_token, &sale.access_token)
            & same(&request.token, sale.session_token.as_deref().unwrap_or_default());
        if !known {
            return Err(Answer::error(
                403,
                INVALID_REQUEST,
                "not the session of this sale",
                Some(&sale.invoice_id),
            ));
        }
        if let Some(card) = &request.card {
            self.records.map_card(sale, card).map_err(broken)?;
        }
        let config = &self.stage.config;
        let signed = MappingText {
            nonce: &sale.nonce,
            endpoint_id: &config.endpoint_id,
            invoice_id: &sale.invoice_id,
        };
        let signature = self.stage.key.sign(&signed, config.hex_case);
        Ok(Answer::ok(json!({
            "invoiceId": sale.invoice_id,
            "session": {"checkSignature": signature, "nonce": sale.nonce, "token": request.token},
        })))
    }

    fn take_callback(
        &self,
        parameters: &HashMap<String, String>,
        sale: Option<&SaleRecord>,
    ) -> Result<Answer, Refusal> {
        let read = |name: &str| parameters.get(name).map(String::as_str).unwrap_or_default();
        let (status, kind, order_id, client_order_id) =
            (read("status"), read("type"), read("orderid"), read("client_orderid"));
        let control = self.stage.key.control(status, order_id, client_order_id);
        if !same(&control, read("control")) {
            return Err(Answer::error(403, INVALID_REQUEST, "control: does not match", None));
        }
        let sale = sale.ok_or_else(|| Answer::error(404, "ORDER_NOT_FOUND", "no such sale", None))?;
        // A reversal may be of a part.
        if kind == "sale" && read("amount") != money::major(sale.amount_minor, &sale.currency) {
            return Err(Answer::invalid("amount: not that of the sale", Some(&sale.invoice_id)));
        }
        let new = self
            .records
            .add_callback(status, kind, order_id, client_order_id)
            .map_err(broken)?;
        // A reversal or a chargeback comes after a sale's end and is none.
        let about = match kind {
            "sale" => "final status at the merchant",
            _ => "later event at the merchant",
        };
        let (between, event) = ((Party::Merchant, Party::Merchant), (about, Direction::Internal));
        let said = match kind {
            "sale" => status.to_owned(),
            other => format!("{other}, {status}"),
        };
        let detail = match new {
            true => said,
            false => format!("{said}, known already"),
        };
        self.stage
            .observer
            .report(None, between, event, Some(&sale.invoice_id), detail);
        Ok(Answer::ok(json!({"invoiceId": sale.invoice_id})))
    }
}

struct CheckRequest {
    serial_number: String,
    access_token: String,
    nonce: String,
    signature: String,
    token: String,
    client_card_id: Option<String>,
}

impl CheckRequest {
    fn read(body: &[u8]) -> Result<Self, Complaint> {
        let fields = Fields::parse(body)?;
        Ok(Self {
            serial_number: fields.text("consumer.device.serialNumber", 1, 50)?,
            access_token: fields.text("session.accessToken", 32, 128)?,
            nonce: fields.text("session.nonce", 32, 128)?,
            signature: fields.text("session.signature", 32, 128)?,
            token: fields.text("session.token", 16, 36)?,
            client_card_id: fields.optional_text("sourceOfFunds.reference.clientCardId", 1, 128)?,
        })
    }
}

struct MappingRequest {
    serial_number: String,
    access_token: String,
    token: String,
    card: Option<MappedCard>,
}

impl MappingRequest {
    fn read(body: &[u8]) -> Result<Self, Complaint> {
        let fields = Fields::parse(body)?;
        let unique = "sourceCard.reference.uniqueReferenceCardId";
        let unique_reference = if fields.has(unique) {
            Some(fields.integer(unique, i64::MIN, i64::MAX)?)
        } else {
            None
        };
        let bin = fields.optional_text("sourceCard.bin", 1, 8)?;
        let server_card_id = fields.optional_text("sourceCard.reference.serverCardId", 1, 64)?;
        Ok(Self {
            serial_number: fields.text("consumer.device.serialNumber", 1, 50)?,
            access_token: fields.text("session.accessToken", 32, 128)?,
            token: fields.text("session.token", 16, 36)?,
            card: server_card_id.map(|server_card_id| MappedCard {
                server_card_id,
                unique_reference,
                bin,
            }),
        })
    }
}
