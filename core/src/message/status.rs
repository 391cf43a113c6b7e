//! Sale status: the app asks the gateway how the sale stands
//! (`POST {base}/dapi/v1/sale/{endpointId}/{invoiceId}/status`).

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{Body, ErrorObject, Refusal, Reply, lenient, plain, text::is_unfit};
use crate::Secret;

/// The request's body.
pub fn body(access_token: &Secret, session_token: &Secret) -> Body {
    Body::json(&Request {
        session: SessionPart {
            access_token: access_token.expose(),
            token: session_token.expose(),
        },
    })
}

#[derive(Serialize)]
struct Request<'a> {
    session: SessionPart<'a>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct SessionPart<'a> {
    access_token: &'a str,
    token: &'a str,
}

/// `state`. An open list: the transfer's status proves that it grows.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum GatewayState {
    /// `PROCESSING`.
    Processing,
    /// `REDIRECT_REQUEST`: the cardholder must visit `redirectUrl`.
    RedirectRequest,
    /// `APPROVED`: charged.
    Approved,
    /// `DECLINED`: not charged.
    Declined,
    /// A state that was not known when this was written. It is not an end.
    Other(String),
}

/// `secure3DAuthStatus`. An open list.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
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

    /// The protocol's word.
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
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct SaleStatus {
    /// `state`.
    pub state: GatewayState,
    /// `redirectUrl`, as it came: it is checked where it is used.
    pub redirect_url: Option<String>,
    /// `orderId`: the gateway's number of the order.
    pub order_id: Option<String>,
    /// `bankOrderId`.
    pub bank_order_id: Option<String>,
    /// `transaction.amountCentis`, minor units.
    pub amount_minor: Option<i64>,
    /// `transaction.commissionCentis`, minor units.
    pub commission_minor: Option<i64>,
    /// `transaction.currency`.
    pub currency: Option<String>,
    /// `transaction.orderCreatedDate`, as it came.
    pub order_created: Option<String>,
    /// `transaction.transactionCreatedDate`, as it came.
    pub transaction_created: Option<String>,
    /// `errorCode`: why the sale was declined.
    pub error_code: Option<i64>,
    /// `errorMessage`, fit to be shown.
    pub error_message: Option<String>,
    /// `secure3DAuthStatus`.
    pub three_d_secure: Option<ThreeDSecureStatus>,
}

/// What an answer to sale status means.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum StatusAnswer {
    /// The gateway says how the sale stands.
    Status(Box<SaleStatus>),
    /// The question was not answered. That says nothing about the sale.
    NoAnswer(Refusal),
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Answer {
    #[serde(default, deserialize_with = "lenient::present")]
    error: Option<Value>,
    #[serde(default, deserialize_with = "lenient::text")]
    invoice_id: Option<String>,
    #[serde(default, deserialize_with = "lenient::object")]
    session: Option<AnswerSession>,
    #[serde(default, deserialize_with = "lenient::text")]
    state: Option<String>,
    #[serde(default, deserialize_with = "lenient::text")]
    redirect_url: Option<String>,
    #[serde(default, deserialize_with = "lenient::text")]
    order_id: Option<String>,
    #[serde(default, deserialize_with = "lenient::text")]
    bank_order_id: Option<String>,
    #[serde(default, deserialize_with = "lenient::object")]
    transaction: Option<AnswerTransaction>,
    #[serde(default, deserialize_with = "lenient::integer")]
    error_code: Option<i64>,
    #[serde(default, deserialize_with = "lenient::text")]
    error_message: Option<String>,
    #[serde(default, rename = "secure3DAuthStatus", deserialize_with = "lenient::text")]
    secure_3d_auth_status: Option<String>,
}

#[derive(Deserialize)]
struct AnswerSession {
    #[serde(default, deserialize_with = "lenient::text")]
    token: Option<String>,
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "camelCase")]
struct AnswerTransaction {
    #[serde(default, deserialize_with = "lenient::integer")]
    amount_centis: Option<i64>,
    #[serde(default, deserialize_with = "lenient::integer")]
    commission_centis: Option<i64>,
    #[serde(default, deserialize_with = "lenient::text")]
    currency: Option<String>,
    #[serde(default, deserialize_with = "lenient::text")]
    order_created_date: Option<String>,
    #[serde(default, deserialize_with = "lenient::text")]
    transaction_created_date: Option<String>,
}

/// Reads an answer to a status request about `invoice_id` that was made with `session_token`.
///
/// Only a 2xx without an error object that is about this very sale counts: an answer that echoes another invoice or
/// token is no answer, whatever state it names.
pub fn read(reply: &Reply, invoice_id: &str, session_token: &Secret) -> StatusAnswer {
    match reply.json::<Answer>() {
        Some(answer) if reply.is_success() && answer.is_about(invoice_id, session_token) => {
            answer.status().map_or_else(
                || StatusAnswer::NoAnswer(Refusal::of(reply)),
                |status| StatusAnswer::Status(Box::new(status)),
            )
        }
        Some(answer) => {
            let mut refusal = Refusal::of(reply);
            refusal.error = answer.error.as_ref().map(ErrorObject::from_value);
            StatusAnswer::NoAnswer(refusal)
        }
        None => StatusAnswer::NoAnswer(Refusal::of(reply)),
    }
}

impl Answer {
    fn is_about(&self, invoice_id: &str, session_token: &Secret) -> bool {
        let token = self.session.as_ref().and_then(|session| session.token.as_deref());
        self.error.is_none()
            && self.invoice_id.as_deref().is_none_or(|echo| echo == invoice_id)
            && token.is_none_or(|echo| echo == session_token.expose())
    }

    fn status(self) -> Option<SaleStatus> {
        let transaction = self.transaction.unwrap_or_default();
        let shown = |text: Option<String>| text.map(|text| plain(&text)).filter(|text| !text.is_empty());
        Some(SaleStatus {
            state: match self.state.as_deref()? {
                "PROCESSING" => GatewayState::Processing,
                "REDIRECT_REQUEST" => GatewayState::RedirectRequest,
                "APPROVED" => GatewayState::Approved,
                "DECLINED" => GatewayState::Declined,
                other => GatewayState::Other(plain(other)),
            },
            redirect_url: self.redirect_url,
            order_id: self.order_id.as_deref().map(verbatim),
            bank_order_id: self.bank_order_id.as_deref().map(verbatim),
            amount_minor: transaction.amount_centis,
            commission_minor: transaction.commission_centis,
            currency: shown(transaction.currency),
            order_created: transaction.order_created_date.as_deref().map(verbatim),
            transaction_created: transaction.transaction_created_date.as_deref().map(verbatim),
            error_code: self.error_code,
            error_message: shown(self.error_message),
            three_d_secure: self.secure_3d_auth_status.as_deref().map(ThreeDSecureStatus::parse),
        })
    }
}

/// An id or a date: long runs of digits are its nature, so only length and characters are tamed.
fn verbatim(text: &str) -> String {
    text.chars()
        .filter(|character| !is_unfit(*character))
        .take(128)
        .collect()
}
