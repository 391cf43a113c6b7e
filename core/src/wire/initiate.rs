//! Initiate sale: the app asks the merchant's server for an invoice and its signature (`POST /sale/initiate-sale`).

use std::mem;

use serde::Serialize;

use super::{
    body::Body,
    error::ErrorResponse,
    order_reference::OrderReference,
    part::{ConsumerPart, SessionPart, TransactionPart},
    reply::Reply,
    token::check_token,
};
use crate::{
    json::Members,
    value::{Consumer, InputError, Money, Rule, SaleLocation, Secret, text::is_unfit},
};

/// The longest id that is accepted from a server. Ids go into a URL's path; the gateway's own column has 64 characters.
const LONGEST_ID: usize = 128;

/// The request's body. `order` is SaleKit's extension: see [`OrderReference`].
pub fn body(
    consumer: &Consumer,
    amount: &Money,
    location: Option<&SaleLocation>,
    access_token: &Secret,
    order: OrderReference<'_>,
) -> Body {
    Body::json(&Request {
        consumer: ConsumerPart::whole(consumer),
        transaction: TransactionPart::of(amount),
        session: SessionPart::asking(access_token),
        location: location.map(|location| LocationPart {
            lat: location.lat(),
            lng: location.lng(),
        }),
        sale_id: order.sale_id.as_str(),
        merchant_order_id: order.merchant_order_id(),
    })
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Request<'a> {
    consumer: ConsumerPart<'a>,
    transaction: TransactionPart<'a>,
    session: SessionPart<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    location: Option<LocationPart>,
    sale_id: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    merchant_order_id: Option<&'a str>,
}

#[derive(Serialize)]
struct LocationPart {
    lat: f64,
    lng: f64,
}

/// What the merchant's server returned: the invoice, and the proof for the gateway that the merchant asked for it.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Initiated {
    /// `endpointId`: first part of the gateway's path.
    pub endpoint_id: String,
    /// `invoiceId`: second part of the gateway's path, the merchant's id of the sale.
    pub invoice_id: String,
    /// `session.nonce`.
    pub nonce: Secret,
    /// `session.signature`.
    pub signature: Secret,
}

/// What an answer to initiate sale means.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum InitiateAnswer {
    /// The invoice.
    Initiated(Initiated),
    /// HTTP 401 or 403: the access token is not (or no longer) valid.
    AccessTokenRefused(ErrorResponse),
    /// The merchant's server processed the request and refused it; asking again gives the same answer.
    Refused(ErrorResponse),
    /// The merchant's server could not answer; asking again may help.
    Unavailable(ErrorResponse),
}

/// Reads an answer to initiate sale.
pub fn read(reply: &Reply) -> InitiateAnswer {
    let refusal = ErrorResponse::of(reply);
    if refusal.error.is_none() && reply.is_success() {
        return match reply.members().as_ref().and_then(initiated) {
            Some(initiated) => InitiateAnswer::Initiated(initiated),
            None => InitiateAnswer::Unavailable(refusal),
        };
    }
    InitiateAnswer::refused(refusal)
}

impl InitiateAnswer {
    /// What an answer means that is not a success, by its HTTP status and error object.
    pub fn refused(refusal: ErrorResponse) -> Self {
        if matches!(refusal.status, 401 | 403) {
            return Self::AccessTokenRefused(refusal);
        }
        let may_pass = matches!(refusal.status, 408 | 425 | 429) || !(400..500).contains(&refusal.status);
        if refusal.is_refused() || (!may_pass && refusal.error.is_none()) {
            Self::Refused(refusal)
        } else {
            Self::Unavailable(refusal)
        }
    }
}

fn initiated(answer: &Members<'_>) -> Option<Initiated> {
    let mut nonce = answer.exact(&["session", "nonce"])?;
    let mut signature = answer.exact(&["session", "signature"])?;
    let id = |name: &str| answer.exact(&[name]).map(|mut id| mem::take(&mut *id));
    let (endpoint_id, invoice_id) = (id("endpointId")?, id("invoiceId")?);
    Initiated::new(
        endpoint_id,
        invoice_id,
        mem::take(&mut *nonce),
        mem::take(&mut *signature),
    )
    .ok()
}

impl Initiated {
    /// The merchant's answer, if its parts are valid.
    ///
    /// # Errors
    /// [`InputError`] for `endpointId`, `invoiceId`, `session.nonce` or `session.signature`.
    pub fn new(endpoint_id: String, invoice_id: String, nonce: String, signature: String) -> Result<Self, InputError> {
        // Take them over first, so that they are wiped even on an error.
        let (nonce, signature) = (
            check_token("session.nonce", nonce),
            check_token("session.signature", signature),
        );
        let id = |field, id: String| {
            if is_id(&id) {
                Ok(id)
            } else {
                let allowed =
                    "1 to 128 bytes without control characters or invisible characters, neither `.` nor `..`,";
                Err(InputError::new(field, Rule::Characters { allowed }))
            }
        };
        Ok(Self {
            endpoint_id: id("endpointId", endpoint_id)?,
            invoice_id: id("invoiceId", invoice_id)?,
            nonce: nonce?,
            signature: signature?,
        })
    }
}

/// Ids go into a path, one segment each: `.` and `..` would change the path, and control characters are never valid.
/// Invisible characters are refused too: the id would have to be sent unchanged, and nobody could tell it from another
/// one.
pub(super) fn is_id(id: &str) -> bool {
    !id.is_empty() && id.len() <= LONGEST_ID && id != "." && id != ".." && !id.chars().any(is_unfit)
}
