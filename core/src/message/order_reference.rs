//! What ties a message to the merchant's order: SaleKit's extension of the messages to the merchant's server.

use crate::SaleId;

/// Two members at the top of initiate sale and of the questions about an invoice, next to `consumer` and `session`:
///
/// - `saleId`: SaleKit's id of the sale, 32 hexadecimal digits, the same in every message about it. A sale that is tried
///   anew has a new one.
/// - `merchantOrderId`: the merchant's id of the order, at most 256 characters, as the app gave it. Left out where the app
///   gave none, or an empty one.
///
/// The protocol knows neither: a merchant's server that does not know them ignores them, as it does every member that it
/// does not know. The gateway gets neither.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OrderReference<'a> {
    /// `saleId`.
    pub sale_id: &'a SaleId,
    /// `merchantOrderId`.
    pub merchant_order_id: Option<&'a str>,
}

impl<'a> OrderReference<'a> {
    /// The merchant order id to be written.
    pub(super) fn merchant_order_id(self) -> Option<&'a str> {
        self.merchant_order_id.filter(|id| !id.is_empty())
    }
}
