//! The requests to the merchant's server besides initiate sale: for an access token, and two that only the merchant can
//! answer, for the session token of an invoice (after a lost answer) and for the stored card of an invoice.
//!
//! None of the three is standardised. The answer with the access token is that of the official samples (`GET
//! /auth/request-access-token`). The two others are SaleKit's documented extensions, which a merchant may leave out.

use serde::Serialize;

use super::{
    body::Body,
    error::ErrorResponse,
    order_reference::OrderReference,
    part::{ConsumerPart, SessionPart},
    reply::Reply,
    stored_card::StoredCard,
    token::token_of,
};
use crate::{json::Members, value::Secret};

/// The body of the request for an invoice's stored card. The access token and the device prove who asks; `order` says
/// for which order.
pub fn stored_card_request_body(serial_number: &str, access_token: &Secret, order: OrderReference<'_>) -> Body {
    session_request_body(serial_number, access_token, order, false)
}

/// The body of the request for an invoice's session token.
///
/// With `void`, the merchant's server shall void the invoice if it has accepted no check sale for it: from then on it
/// must refuse every check sale that names the invoice. The member is left out if it is `false`.
pub fn session_request_body(serial_number: &str, access_token: &Secret, order: OrderReference<'_>, void: bool) -> Body {
    Body::json(&InvoiceRequestBody {
        consumer: ConsumerPart::device(serial_number),
        session: SessionPart::asking(access_token),
        sale_id: order.sale_id.as_str(),
        merchant_order_id: order.merchant_order_id(),
        void,
    })
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct InvoiceRequestBody<'a> {
    consumer: ConsumerPart<'a>,
    session: SessionPart<'a>,
    sale_id: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    merchant_order_id: Option<&'a str>,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    void: bool,
}

fn success(reply: &Reply) -> Result<Members<'_>, ErrorResponse> {
    let refusal = ErrorResponse::of(reply);
    if refusal.error.is_some() || !reply.is_success() {
        return Err(refusal);
    }
    reply.members().ok_or(refusal)
}

/// The members of a success, unless it names another invoice: then it is the answer to another request.
fn success_about<'a>(reply: &'a Reply, invoice_id: &str) -> Result<Members<'a>, ErrorResponse> {
    let answer = success(reply)?;
    if answer.is_about(&["invoiceId"], invoice_id) {
        Ok(answer)
    } else {
        Err(ErrorResponse::of(reply))
    }
}

/// Reads the answer to the request for an access token: `session.accessToken`.
///
/// # Errors
/// The error response of the merchant's server.
pub fn read_access_token(reply: &Reply) -> Result<Secret, ErrorResponse> {
    let token = success(reply)?.exact(&["session", "accessToken"]);
    token.and_then(token_of).ok_or_else(|| ErrorResponse::of(reply))
}

/// What the merchant's server knows about the gateway's session of an invoice.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum SessionAnswer {
    /// `session.token`: the merchant's server accepted check sale, so the gateway has the sale and can be asked.
    Token(Secret),
    /// `void`: the merchant's server never accepted a check sale for this invoice and will refuse every later one, so
    /// this invoice is not charged and will not be.
    Void,
}

/// Reads the answer to the request for the session token of `invoice_id`: `session.token`, or `void` if the merchant's
/// server was asked to void the invoice.
///
/// A token wins over `void`, even an unusable one: if the gateway may have the sale, the invoice is not void. `void`
/// proves that nothing was charged, so it counts only as JSON's `true` and together with the right `invoiceId`. A
/// server that only repeats the request sends no `invoiceId`.
///
/// # Errors
/// The error response of the merchant's server; most often it does not know the token (yet).
pub fn read_session_token(reply: &Reply, invoice_id: &str) -> Result<SessionAnswer, ErrorResponse> {
    let answer = success_about(reply, invoice_id)?;
    let session = match answer.only(&["session", "token"]) {
        Ok(None) => is_void(&answer).then_some(SessionAnswer::Void),
        Ok(Some(token)) => token.exact().and_then(token_of).map(SessionAnswer::Token),
        Err(_) => None,
    };
    session.ok_or_else(|| ErrorResponse::of(reply))
}

/// Whether `answer`, which has no token, says that the invoice is void.
fn is_void(answer: &Members<'_>) -> bool {
    let says_void = matches!(answer.only(&["void"]), Ok(Some(void)) if void.raw() == b"true");
    // The caller has checked that no other invoice is named. A token that is there but empty was lost.
    let names_invoice = matches!(answer.only(&["invoiceId"]), Ok(Some(_)));
    let token = answer.last(&["session", "token"]);
    says_void && names_invoice && token.is_none_or(|token| token.raw() == b"null")
}

/// Reads the answer to the request for the stored card of `invoice_id`.
///
/// # Errors
/// The error response of the merchant's server; most often it stores no card for this invoice (yet).
pub fn read_stored_card(reply: &Reply, invoice_id: &str) -> Result<StoredCard, ErrorResponse> {
    let answer = success_about(reply, invoice_id)?;
    StoredCard::read(&answer)
        .and_then(|card| card.checked().ok())
        .ok_or_else(|| ErrorResponse::of(reply))
}
