//! The port for the merchant's server (Connecting Party).

use super::future::PortFuture;
use crate::{
    flow::{Invoice, Unanswered},
    outcome::Failure,
    value::{Consumer, MerchantServer, Money, SaleId, SaleLocation, Secret},
    wire::{StoredCard, initiate::InitiateAnswer, merchant::SessionAnswer},
};

/// What the app sends to the merchant's server to initiate a sale. It has no card data, because the merchant never sees
/// any.
#[derive(Debug, Clone)]
pub struct InitiateSaleRequest {
    /// `session.accessToken`.
    pub access_token: Secret,
    /// `consumer`.
    pub consumer: Consumer,
    /// `transaction`.
    pub amount: Money,
    /// `location`.
    pub location: Option<SaleLocation>,
    /// `saleId`: SaleKit's id of the sale, the same in every request about it.
    pub sale_id: SaleId,
    /// `merchantOrderId`: the merchant's id of the order, if the app set one.
    pub merchant_order_id: Option<String>,
}

/// A request to the merchant's server about one of its invoices.
#[derive(Clone)]
pub struct InvoiceRequest {
    /// `session.accessToken`.
    pub access_token: Secret,
    /// `consumer.device.serialNumber`.
    pub serial_number: String,
    /// The invoice.
    pub invoice: Invoice,
    /// `saleId`: SaleKit's id of the sale, the same in every request about it.
    pub sale_id: SaleId,
    /// `merchantOrderId`: the merchant's id of the order, if the app set one.
    pub merchant_order_id: Option<String>,
}

/// Hides the serial number, which identifies the payer's device.
impl std::fmt::Debug for InvoiceRequest {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self {
            access_token: _,
            serial_number: _,
            invoice,
            sale_id,
            merchant_order_id,
        } = self;
        formatter
            .debug_struct("InvoiceRequest")
            .field("invoice", invoice)
            .field("sale_id", sale_id)
            .field("merchant_order_id", merchant_order_id)
            .finish_non_exhaustive()
    }
}

/// Calls the merchant's server. The default, [`crate::DocumentedMerchant`], uses the documented messages. Implement
/// this trait for a merchant that uses other messages.
pub trait MerchantBackend: Send + Sync {
    /// Which server this is. Every sale stores it, so that no other server gets its tokens.
    fn identity(&self) -> MerchantServer {
        MerchantServer::AppBackend
    }

    /// Gets an access token for this device.
    fn access_token<'a>(&'a self, serial_number: &'a str) -> PortFuture<'a, Result<Secret, Unanswered>>;

    /// Initiates a sale.
    fn initiate(&self, request: InitiateSaleRequest) -> PortFuture<'_, Result<InitiateAnswer, Failure>>;

    /// Asks for the gateway's session token of an invoice, which the merchant knows from check sale.
    ///
    /// With `void`, the merchant's server shall void the invoice if it has accepted no check sale for it and can void
    /// it: it then refuses every later check sale for the invoice and answers [`SessionAnswer::Void`]. A server that
    /// cannot do so answers as without `void`.
    fn session_token(&self, request: InvoiceRequest, void: bool) -> PortFuture<'_, Result<SessionAnswer, Unanswered>>;

    /// Asks for the card that the merchant stored for an invoice.
    fn stored_card(&self, request: InvoiceRequest) -> PortFuture<'_, Result<StoredCard, Unanswered>>;

    /// Opens a connection ahead of time. Failures are ignored.
    fn preconnect(&self) -> PortFuture<'_, ()> {
        Box::pin(std::future::ready(()))
    }
}
