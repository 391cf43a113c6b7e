//! Sale status: the app asks the gateway how the sale stands
//! (`POST {base}/dapi/v1/sale/{endpointId}/{invoiceId}/status`).

use std::mem;

use serde::{Deserialize, Serialize};

use super::{
    body::Body,
    error::{ErrorObject, ErrorResponse},
    part::SessionPart,
    redaction::Redaction,
    reply::Reply,
    text::plain,
};
use crate::{
    json::{Contradiction, Members, Stored, Value, variant},
    value::{Currency, Money, Secret},
};

/// The request's body.
pub fn body(access_token: &Secret, session_token: &Secret) -> Body {
    Body::json(&Request {
        session: SessionPart::Accepted {
            access_token: access_token.expose(),
            token: session_token.expose(),
        },
    })
}

#[derive(Serialize)]
struct Request<'a> {
    session: SessionPart<'a>,
}

/// `state`. An open list: the status of transfers shows that it can grow.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
#[cfg_attr(not(feature = "exhaustive"), non_exhaustive)]
pub enum GatewayState {
    /// `PROCESSING`.
    Processing,
    /// `REDIRECT_REQUEST`: the cardholder must visit `redirectUrl`.
    RedirectRequest,
    /// `APPROVED`: charged.
    Approved,
    /// `DECLINED`: not charged.
    Declined,
    /// An unknown state. It does not end the sale.
    Other(String),
}

/// `secure3DAuthStatus`. An open list.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(not(feature = "exhaustive"), non_exhaustive)]
pub enum ThreeDSecureStatus {
    /// `AUTHENTICATED`.
    Authenticated,
    /// `NOT_AUTHENTICATED`.
    NotAuthenticated,
    /// `UNSUPPORTED`: a card without 3-D Secure, or it ended with an unknown status.
    Unsupported,
    /// Any other word.
    Other(String),
}

impl ThreeDSecureStatus {
    fn parse(word: &str) -> Self {
        match word {
            "AUTHENTICATED" => Self::Authenticated,
            "NOT_AUTHENTICATED" => Self::NotAuthenticated,
            "UNSUPPORTED" => Self::Unsupported,
            other => Self::Other(plain(other)),
        }
    }

    /// The protocol's word for it.
    pub fn as_str(&self) -> &str {
        match self {
            Self::Authenticated => "AUTHENTICATED",
            Self::NotAuthenticated => "NOT_AUTHENTICATED",
            Self::Unsupported => "UNSUPPORTED",
            Self::Other(word) => word,
        }
    }
}

/// How the sale stands, as the gateway says. Everything but the state may be missing in any state.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct SaleStatus {
    /// `state`.
    pub state: GatewayState,
    /// `redirectUrl`, unchanged: it is checked where it is used.
    pub redirect_url: Option<String>,
    /// `orderId`: the gateway's number of the order.
    pub order_id: Option<String>,
    /// `bankOrderId`.
    pub bank_order_id: Option<String>,
    /// `transaction.amountCentis` in minor units; `None` if it is missing or not a whole number.
    /// [`SaleStatus::confirmed_amount`] says what it means.
    pub amount_minor: Option<i64>,
    /// `transaction.commissionCentis`, minor units.
    pub commission_minor_units: Option<i64>,
    /// `transaction.currency`, cleaned so that it may be shown, even if it is not a currency: an unknown currency is
    /// not the same as none.
    pub currency: Option<String>,
    /// `transaction.orderCreatedDate`, as the gateway wrote it.
    pub order_created: Option<String>,
    /// `transaction.transactionCreatedDate`, as the gateway wrote it.
    pub transaction_created: Option<String>,
    /// `errorCode`: why the sale was declined.
    pub error_code: Option<i64>,
    /// `errorMessage`, cleaned so that it may be shown.
    pub error_message: Option<String>,
    /// `secure3DAuthStatus`.
    pub three_d_secure: Option<ThreeDSecureStatus>,
}

/// Hides the page's address, which gives access to the challenge and may contain a token.
impl std::fmt::Debug for SaleStatus {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self {
            state,
            redirect_url,
            order_id,
            bank_order_id,
            amount_minor,
            commission_minor_units,
            currency,
            order_created,
            transaction_created,
            error_code,
            error_message,
            three_d_secure,
        } = self;
        formatter
            .debug_struct("SaleStatus")
            .field("state", state)
            .field("has_redirect_url", &redirect_url.is_some())
            .field("order_id", order_id)
            .field("bank_order_id", bank_order_id)
            .field("amount_minor", amount_minor)
            .field("commission_minor_units", commission_minor_units)
            .field("currency", currency)
            .field("order_created", order_created)
            .field("transaction_created", transaction_created)
            .field("error_code", error_code)
            .field("error_message", error_message)
            .field("three_d_secure", three_d_secure)
            .finish()
    }
}

/// What an answer to sale status means.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum StatusAnswer {
    /// The gateway says how the sale stands.
    Status(Box<SaleStatus>),
    /// The request was not answered with a status. That says nothing about the sale.
    NoAnswer(ErrorResponse),
}

/// Reads an answer to a status request about `invoice_id` that was made with `session_token`.
///
/// It counts only if it is a 2xx without an error object and about this very sale. An answer with another invoice or
/// token is no answer, whatever state it names. Nor is one with two states, or two different ids.
pub fn read(reply: &Reply, invoice_id: &str, session_token: &Secret) -> StatusAnswer {
    let answer = reply.members().filter(|answer| {
        reply.is_success()
            && ErrorObject::among(answer).is_none()
            && answer.is_about(&["invoiceId"], invoice_id)
            && answer.is_about(&["session", "token"], session_token.expose())
    });
    match answer.as_ref().and_then(status) {
        Some(status) => StatusAnswer::Status(Box::new(status)),
        None => StatusAnswer::NoAnswer(ErrorResponse::of(reply)),
    }
}

fn status(answer: &Members<'_>) -> Option<SaleStatus> {
    let id = |name: &str| -> Result<Option<String>, Contradiction> {
        let id = answer.only(&[name])?.and_then(|id| id.text());
        Ok(id.map(|id| verbatim(&id)))
    };
    let date = |name: &str| answer.text(&["transaction", name]).map(|date| verbatim(&date));
    let shown = |text: &str| Some(plain(text)).filter(|text| !text.is_empty());
    let currency = answer
        .last(&["transaction", "currency"])
        .filter(|currency| currency.raw() != b"null");
    Some(SaleStatus {
        state: match answer.exact(&["state"])?.trim_matches(is_padding) {
            "PROCESSING" => GatewayState::Processing,
            "REDIRECT_REQUEST" => GatewayState::RedirectRequest,
            "APPROVED" => GatewayState::Approved,
            "DECLINED" => GatewayState::Declined,
            other => GatewayState::Other(plain(other)),
        },
        redirect_url: answer.text(&["redirectUrl"]).map(|mut url| mem::take(&mut *url)),
        order_id: id("orderId").ok()?,
        bank_order_id: id("bankOrderId").ok()?,
        amount_minor: answer.integer(&["transaction", "amountCentis"]),
        commission_minor_units: answer.integer(&["transaction", "commissionCentis"]),
        currency: currency.map(|currency| match currency.text() {
            Some(code) => plain(&code),
            None => plain(&String::from_utf8_lossy(currency.raw())),
        }),
        order_created: date("orderCreatedDate"),
        transaction_created: date("transactionCreatedDate"),
        error_code: answer.integer(&["errorCode"]),
        error_message: answer.text(&["errorMessage"]).and_then(|message| shown(&message)),
        three_d_secure: answer
            .text(&["secure3DAuthStatus"])
            .map(|word| ThreeDSecureStatus::parse(&word)),
    })
}

impl SaleStatus {
    /// The currency of this answer's amounts: the one that it names, or that of `requested` if it names none. `None` if
    /// it names one that cannot be read.
    pub fn currency_of_amounts(&self, requested: &Money) -> Option<Currency> {
        match &self.currency {
            None => Some(requested.currency()),
            Some(code) => Currency::known(&code.to_ascii_uppercase()).ok(),
        }
    }

    /// The amount that the gateway confirms; `None` if it names none, or one that cannot be read. An amount without a
    /// currency is in the currency of `requested`.
    pub fn confirmed_amount(&self, requested: &Money) -> Option<Money> {
        Money::new(self.amount_minor?, self.currency_of_amounts(requested)?).ok()
    }
}

/// Characters with which old software pads a field.
fn is_padding(character: char) -> bool {
    character.is_whitespace() || character.is_control()
}

/// Cleans an id or a date so that it may be shown. Long runs of digits are normal there, so only the length and the
/// characters are limited.
fn verbatim(text: &str) -> String {
    Redaction::default().id(text)
}

impl Stored for ThreeDSecureStatus {
    fn read(value: Value<'_>) -> Option<Self> {
        let (name, held) = variant(value)?;
        Some(match name.as_str() {
            "Authenticated" => Self::Authenticated,
            "NotAuthenticated" => Self::NotAuthenticated,
            "Unsupported" => Self::Unsupported,
            "Other" => Self::Other(String::read(held)?),
            _ => return None,
        })
    }
}
