//! Perform sale: the app sends the source of funds to the gateway (`POST
//! {base}/dapi/v1/sale/{endpointId}/{invoiceId}`).
//!
//! Only this file writes card data, and only this file reads the answer to perform sale, which must never be guessed.

use serde::{Deserialize, Serialize};

use super::{
    body::Body,
    error::ErrorResponse,
    part::{ConsumerPart, SessionPart, TransactionPart},
    reply::Reply,
    token::token_of,
};
use crate::{
    card::{HolderName, SourceOfFunds},
    json::stored_struct,
    value::{Consumer, Money, Secret},
};

/// What perform sale needs besides the order and the source of funds.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Authorisation {
    /// `session.accessToken`.
    pub access_token: Secret,
    /// `session.nonce` from initiate sale.
    pub nonce: Secret,
    /// `session.signature` from initiate sale.
    pub signature: Secret,
}

stored_struct!(Authorisation {
    access_token,
    nonce,
    signature
});

/// The request's body. It contains the card number and the security code, and is wiped when dropped.
pub fn body(consumer: &Consumer, amount: &Money, source: &SourceOfFunds, authorisation: &Authorisation) -> Body {
    Body::json(&Request {
        consumer: ConsumerPart::paying(consumer),
        session: SessionPart::Authorising {
            access_token: authorisation.access_token.expose(),
            nonce: authorisation.nonce.expose(),
            signature: authorisation.signature.expose(),
        },
        source_of_funds: SourcePart::of(source),
        transaction: TransactionPart::of(amount),
    })
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Request<'a> {
    consumer: ConsumerPart<'a>,
    session: SessionPart<'a>,
    source_of_funds: SourcePart<'a>,
    transaction: TransactionPart<'a>,
}

/// Exactly one of the two, as the protocol requires: `sourceOfFunds.card` or `sourceOfFunds.reference`.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
enum SourcePart<'a> {
    Card(CardPart<'a>),
    Reference(ReferencePart<'a>),
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct CardPart<'a> {
    expiry: ExpiryPart,
    holder: HolderPart<'a>,
    number: &'a str,
    security_code: &'a str,
}

#[derive(Serialize)]
struct ExpiryPart {
    month: u8,
    year: u16,
}

#[derive(Serialize)]
#[serde(untagged)]
enum HolderPart<'a> {
    #[serde(rename_all = "camelCase")]
    Names { first_name: &'a str, last_name: &'a str },
    #[serde(rename_all = "camelCase")]
    Printed { printed_name: &'a str },
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ReferencePart<'a> {
    client_card_id: &'a str,
    security_code: &'a str,
}

impl<'a> SourcePart<'a> {
    fn of(source: &'a SourceOfFunds) -> Self {
        match source {
            SourceOfFunds::Card(card) => Self::Card(CardPart {
                expiry: ExpiryPart {
                    month: card.expiry().month(),
                    year: card.expiry().year(),
                },
                holder: match card.holder().name() {
                    HolderName::FirstLast { first, last } => HolderPart::Names {
                        first_name: first,
                        last_name: last,
                    },
                    HolderName::Printed(printed_name) => HolderPart::Printed { printed_name },
                },
                number: card.number().expose(),
                security_code: card.security_code().expose(),
            }),
            SourceOfFunds::StoredCardPayment(card) => Self::Reference(ReferencePart {
                client_card_id: card.client_card_id(),
                security_code: card.security_code().expose(),
            }),
        }
    }
}

/// What an answer to perform sale means.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum PerformAnswer {
    /// The gateway accepted the sale; `session.token` names it in status requests.
    Accepted {
        /// `session.token`.
        session_token: Secret,
    },
    /// The gateway processed the request and refused it: nothing is charged and nothing will be.
    Refused(ErrorResponse),
    /// The sale may be processed or not. Only a status request can tell.
    Ambiguous(ErrorResponse),
}

/// Reads an answer to a perform sale request of `invoice_id`.
///
/// A session token wins over everything next to it, even an error object: it means that the gateway has the sale, and
/// asking is better than guessing. If there is a token that cannot be read or contradicts another one, nothing counts
/// as a refusal either. 408 and 409 count as possibly processed, whatever they contain: 408 may come from a proxy that
/// had passed the request on, and 409 says that such a request was there before. A 404 or any other answer of a
/// non-DAPI server is no refusal: the gateway may be behind that server and may have charged. An answer that names
/// another invoice is the late answer to another request on the same connection, and says nothing about this one.
pub fn read(reply: &Reply, invoice_id: &str) -> PerformAnswer {
    let refusal = ErrorResponse::of(reply);
    let Some(answer) = reply
        .members()
        .filter(|answer| answer.is_about(&["invoiceId"], invoice_id))
    else {
        return PerformAnswer::Ambiguous(refusal);
    };
    let token = answer.only(&["session", "token"]);
    let has_token = !matches!(token, Ok(None));
    let exact = token.ok().flatten().and_then(|token| token.exact());
    if let Some(session_token) = exact.and_then(token_of) {
        return PerformAnswer::Accepted { session_token };
    }
    if refusal.is_refused() && !has_token && !matches!(reply.status, 408 | 409) {
        PerformAnswer::Refused(refusal)
    } else {
        PerformAnswer::Ambiguous(refusal)
    }
}
