//! Connects a message to the merchant's order: SaleKit's extension of the messages to the merchant's server.

use crate::value::SaleId;

/// Two members at the top level of initiate sale and of the requests about an invoice, next to `consumer` and
/// `session`:
///
/// - `saleId`: SaleKit's id of the sale, 32 hexadecimal digits, the same in every message about it. If the payer tries
///   again, that is a new sale with a new id.
/// - `merchantOrderId`: the merchant's id of the order, at most 256 characters, as the app set it. Left out if the app
///   set none, or an empty one.
///
/// The protocol does not have these members. A merchant's server that does not know them ignores them, like every
/// unknown member. The gateway gets neither.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OrderReference<'a> {
    /// `saleId`.
    pub sale_id: &'a SaleId,
    /// `merchantOrderId`.
    pub merchant_order_id: Option<&'a str>,
}

impl<'a> OrderReference<'a> {
    /// The merchant order id, unless it is empty.
    pub(super) fn merchant_order_id(self) -> Option<&'a str> {
        self.merchant_order_id.filter(|id| !id.is_empty())
    }
}
