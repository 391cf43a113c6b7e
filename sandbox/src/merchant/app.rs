//! What the app asks the merchant: an access token, a sale, and the stored card of a sale, an extension of this merchant. The
//! other extension is `session_token`.

use std::sync::Arc;

use axum::{
    Extension,
    body::Bytes,
    extract::{Path, Query, State as FromState},
    http::HeaderMap,
    response::Response,
};
use serde::Deserialize;
use serde_json::json;

use super::{
    records::{OrderReference, SaleRecord},
    state::{Refusal, State, broken},
};
use crate::{
    net::server::Connection,
    protocol::{
        answer::{Answer, INVALID_REQUEST},
        diagram::{Exchange, Party},
        fields::{Complaint, Fields},
        random,
        signature::InitiateText,
    },
    script::{Message, fault},
};

pub(super) const fn asked_by_app(name: &'static str, step: Option<u8>) -> Exchange {
    Exchange {
        name,
        asks: Party::App,
        answers: Party::Merchant,
        step,
    }
}

const ACCESS: Exchange = asked_by_app("access token", Some(2));
const INITIATE: Exchange = asked_by_app("initiate sale", Some(4));
const STORED_CARD: Exchange = asked_by_app("stored card", None);

/// Header that binds a new access token to a device at once.
const SERIAL_HEADER: &str = "x-device-serial-number";
const SERIAL: &str = "consumer.device.serialNumber";

#[derive(Deserialize)]
pub(super) struct Device {
    #[serde(rename = "serialNumber")]
    serial_number: Option<String>,
}

/// `GET /auth/request-access-token`.
pub(super) async fn access_token(
    FromState(merchant): FromState<Arc<State>>,
    Query(device): Query<Device>,
    headers: HeaderMap,
) -> Response {
    merchant.stage.saw_request(ACCESS, None, "");
    let in_header = headers
        .get(SERIAL_HEADER)
        .and_then(|value| value.to_str().ok())
        .map(str::to_owned);
    let serial = in_header.or(device.serial_number);
    let answer = match &serial {
        Some(serial) if !(1..=50).contains(&serial.chars().count()) => {
            Answer::invalid("serialNumber: must be 1 to 50 characters", None)
        }
        _ => merchant
            .new_access_token(serial.as_deref())
            .unwrap_or_else(|refusal| refusal),
    };
    merchant.stage.saw_answer(ACCESS, None, answer.summary());
    answer.into_response()
}

/// `POST /sale/initiate-sale`.
pub(super) async fn initiate(
    FromState(merchant): FromState<Arc<State>>,
    Extension(connection): Extension<Connection>,
    body: Bytes,
) -> Response {
    let stage = &merchant.stage;
    let fields = Fields::parse(&body);
    let serial = fields
        .as_ref()
        .ok()
        .and_then(|fields| fields.peek(SERIAL))
        .unwrap_or_default();
    stage.saw_request(INITIATE, None, fields.as_ref().map(order_of).unwrap_or_default());
    let fault = stage.next_initiate_fault(&serial);
    if let Some(fault) = &fault
        && let Some(instead) = fault.instead(None, &connection).await
    {
        return instead;
    }
    let begun = match fields {
        Ok(fields) => merchant.begin_sale(&fields),
        Err(Complaint(rule)) => Err(Answer::invalid(&rule, None)),
    };
    let (invoice_id, answer) = match begun {
        Ok((invoice_id, answer)) => (Some(invoice_id), answer),
        Err(refusal) => (None, refusal),
    };
    stage.saw_answer(INITIATE, invoice_id.as_deref(), answer.summary());
    fault::deliver(fault, answer, &connection).await
}

/// `POST /sale/{invoiceId}/stored-card`.
pub(super) async fn stored_card(
    FromState(merchant): FromState<Arc<State>>,
    Path(invoice_id): Path<String>,
    Extension(connection): Extension<Connection>,
    body: Bytes,
) -> Response {
    let records = &merchant.records;
    let find = |sale: &SaleRecord| {
        let card = match records.card(sale.client_card_id.as_ref()?, &sale.serial_number) {
            Ok(card) => card?,
            Err(error) => return Some(broken(error)),
        };
        let mut body = json!({
            "invoiceId": sale.invoice_id,
            "sourceOfFunds": {"reference": {"clientCardId": card.client_card_id}},
        });
        if let Some(bin) = card.bin {
            body["sourceCard"] = json!({"bin": bin});
            // The gateway tells a merchant no more of a card. Another merchant may know its last digits and its expiry, too.
            if let Some(brand) = brand_of(&bin) {
                body["sourceCard"]["brand"] = json!(brand);
            }
        }
        if let Some(email) = card.email {
            body["consumer"] = json!({"email": email});
        }
        Some(Answer::ok(body))
    };
    merchant
        .answer_owner(
            (STORED_CARD, Message::StoredCard),
            &invoice_id,
            &body,
            &connection,
            find,
        )
        .await
}

impl State {
    fn new_access_token(&self, serial: Option<&str>) -> Result<Answer, Refusal> {
        let token = random::token().map_err(broken)?;
        self.records
            .add_access_token(&token, serial, self.stage.config.access_token_life)
            .map_err(broken)?;
        Ok(Answer::ok(json!({"session": {"accessToken": token}})))
    }

    /// Whether the session of a request is good for its device.
    fn authorize(&self, access_token: &str, serial: &str) -> Result<(), Refusal> {
        if self.records.use_access_token(access_token, serial).map_err(broken)? {
            Ok(())
        } else {
            Err(Answer::error(
                403,
                INVALID_REQUEST,
                "session.accessToken: wrong, expired or of another device",
                None,
            ))
        }
    }

    fn begin_sale(&self, fields: &Fields) -> Result<(String, Answer), Refusal> {
        let request = InitiateRequest::read(fields).map_err(|Complaint(rule)| Answer::invalid(&rule, None))?;
        self.authorize(&request.access_token, &request.serial_number)?;
        let (invoice_id, nonce) = (random::uuid().map_err(broken)?, random::token().map_err(broken)?);
        let config = &self.stage.config;
        let signed = InitiateText {
            access_token: &request.access_token,
            serial_number: &request.serial_number,
            endpoint_id: &config.endpoint_id,
            nonce: &nonce,
            invoice_id: &invoice_id,
            amount_minor: request.amount_minor,
            currency: &request.currency,
        };
        let signature = self.stage.key.sign(&signed, config.hex_case);
        let answer = Answer::ok(json!({
            "endpointId": config.endpoint_id,
            "invoiceId": invoice_id,
            "session": {"nonce": nonce, "signature": signature},
        }));
        let sale = SaleRecord {
            invoice_id: invoice_id.clone(),
            serial_number: request.serial_number,
            access_token: request.access_token,
            nonce,
            signature,
            amount_minor: request.amount_minor,
            currency: request.currency,
            email: request.email,
            order: request.order,
            session_token: None,
            used_client_card_id: None,
            client_card_id: None,
        };
        self.records.add_sale(&sale).map_err(broken)?;
        Ok((invoice_id, answer))
    }

    /// Answers a question about a sale, to the device that owns it: what `find` knows, or 404.
    pub(super) async fn answer_owner(
        &self,
        (exchange, message): (Exchange, Message),
        invoice_id: &str,
        body: &[u8],
        connection: &Connection,
        find: impl FnOnce(&SaleRecord) -> Option<Answer>,
    ) -> Response {
        let stage = &self.stage;
        let fields = Fields::parse(body);
        let detail = fields.as_ref().map(order_of).unwrap_or_default();
        stage.saw_request(exchange, Some(invoice_id), detail);
        let sale = self.owned_sale(invoice_id, fields);
        if let Ok(sale) = &sale {
            stage.scripts.bind(invoice_id, &sale.serial_number);
        }
        let fault = stage.next_fault(invoice_id, message);
        if let Some(fault) = &fault
            && let Some(instead) = fault.instead(Some(invoice_id), connection).await
        {
            return instead;
        }
        let answer = match sale {
            Ok(sale) => find(&sale).unwrap_or_else(|| not_known(invoice_id, "not known yet")),
            Err(refusal) => refusal,
        };
        stage.saw_answer(exchange, Some(invoice_id), answer.summary());
        fault::deliver(fault, answer, connection).await
    }

    fn owned_sale(&self, invoice_id: &str, fields: Result<Fields, Complaint>) -> Result<SaleRecord, Refusal> {
        let (access_token, serial, order) = fields
            .and_then(|fields| {
                Ok((
                    fields.text("session.accessToken", 32, 128)?,
                    fields.text(SERIAL, 1, 50)?,
                    OrderReference::read(&fields)?,
                ))
            })
            .map_err(|Complaint(rule)| Answer::invalid(&rule, Some(invoice_id)))?;
        self.authorize(&access_token, &serial)?;
        // Another device's sale is as unknown as one that does not exist.
        let sale = self
            .records
            .sale(invoice_id)
            .map_err(broken)?
            .filter(|sale| sale.serial_number == serial);
        let sale = sale.ok_or_else(|| not_known(invoice_id, "no such sale"))?;
        match order.differs_from(&sale.order) {
            Some(path) => Err(Answer::invalid(
                &format!("{path}: is not that of initiate sale"),
                Some(invoice_id),
            )),
            None => Ok(sale),
        }
    }
}

/// The brand that a card's first digits belong to (ISO/IEC 7812), of those whose cards a test uses.
fn brand_of(bin: &str) -> Option<&'static str> {
    let first = |digits: usize| bin.get(..digits)?.parse::<u32>().ok();
    match (first(1)?, first(2)?, first(4)?) {
        (4, ..) => Some("visa"),
        (_, 51..=55, _) | (.., 2221..=2720) => Some("mastercard"),
        (_, 34 | 37, _) => Some("amex"),
        _ => None,
    }
}

fn not_known(invoice_id: &str, what: &str) -> Answer {
    Answer::error(404, "ORDER_NOT_FOUND", what, Some(invoice_id))
}

struct InitiateRequest {
    serial_number: String,
    access_token: String,
    amount_minor: u64,
    currency: String,
    email: Option<String>,
    order: OrderReference,
}

const SALE_ID: &str = "saleId";
const ORDER_ID: &str = "merchantOrderId";

/// How an observer sees the order: `order 7` for the id `7`; nothing where the app gave none.
fn order_of(fields: &Fields) -> String {
    fields
        .peek(ORDER_ID)
        .map(|id| format!("order {id}"))
        .unwrap_or_default()
}

impl OrderReference {
    /// The extension's members, of which neither must be there.
    fn read(fields: &Fields) -> Result<Self, Complaint> {
        Ok(Self {
            sale_id: fields.optional_text(SALE_ID, 32, 32)?,
            merchant_order_id: fields.optional_text(ORDER_ID, 1, 256)?,
        })
    }

    /// The member that names another sale or order than `initiated`, where both name one.
    fn differs_from(&self, initiated: &Self) -> Option<&'static str> {
        let differ =
            |asked: &Option<String>, known: &Option<String>| asked.is_some() && known.is_some() && asked != known;
        if differ(&self.sale_id, &initiated.sale_id) {
            return Some(SALE_ID);
        }
        differ(&self.merchant_order_id, &initiated.merchant_order_id).then_some(ORDER_ID)
    }
}

impl InitiateRequest {
    fn read(fields: &Fields) -> Result<Self, Complaint> {
        let serial_number = fields.text(SERIAL, 1, 50)?;
        fields.optional_text("consumer.device.imei", 14, 16)?;
        fields.optional_list("consumer.ipAddresses", 7, 15)?;
        let email = fields.optional_text("consumer.email", 3, 128)?;
        let amount_minor = fields.amount("transaction.amountCentis")?;
        let currency = fields.currency("transaction.currency")?;
        let access_token = fields.text("session.accessToken", 32, 128)?;
        fields.optional_degrees("location.lat", 90.0)?;
        fields.optional_degrees("location.lng", 180.0)?;
        Ok(Self {
            serial_number,
            access_token,
            amount_minor,
            currency,
            email,
            order: OrderReference::read(fields)?,
        })
    }
}
