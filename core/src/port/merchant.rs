//! The merchant's server (Connecting Party), from outside.

use super::PortFuture;
use crate::{
    Consumer, Failure, MerchantServer, Money, SaleId, SaleLocation, Secret, StoredCard, Unanswered,
    flow::Invoice,
    message::{initiate::InitiateAnswer, merchant::SessionAnswer},
};

/// What the merchant's server is told to initiate a sale. No card data: the merchant never sees any.
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
    /// `saleId`: the sale's own id, the same in every question about it.
    pub sale_id: SaleId,
    /// `merchantOrderId`: the merchant's id of the order, if the app gave it.
    pub merchant_order_id: Option<String>,
}

/// A question to the merchant's server about one of its invoices.
#[derive(Clone)]
pub struct InvoiceRequest {
    /// `session.accessToken`.
    pub access_token: Secret,
    /// `consumer.device.serialNumber`.
    pub serial_number: String,
    /// The invoice.
    pub invoice: Invoice,
    /// `saleId`: the sale's own id, the same in every question about it.
    pub sale_id: SaleId,
    /// `merchantOrderId`: the merchant's id of the order, if the app gave it.
    pub merchant_order_id: Option<String>,
}

/// Without the serial number, which names the payer's device.
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

/// Talks to the merchant's server. The default, [`crate::DocumentedMerchant`], speaks the documented messages; a merchant with a
/// protocol of its own brings its own.
pub trait MerchantBackend: Send + Sync {
    /// Which server this is. Every sale remembers it, so that no other one gets its tokens.
    fn identity(&self) -> MerchantServer {
        MerchantServer::AppBackend
    }

    /// Gets an access token for this device.
    fn access_token<'a>(&'a self, serial_number: &'a str) -> PortFuture<'a, Result<Secret, Unanswered>>;

    /// Initiates a sale.
    fn initiate(&self, request: InitiateSaleRequest) -> PortFuture<'_, Result<InitiateAnswer, Failure>>;

    /// Asks for the gateway's session token of an invoice, which the merchant knows from check sale.
    ///
    /// With `void`, a merchant that has accepted no check sale for the invoice and can void it does so: it refuses every
    /// later check sale for it, and answers [`SessionAnswer::Void`]. A merchant that cannot answers as without.
    fn session_token(&self, question: InvoiceRequest, void: bool) -> PortFuture<'_, Result<SessionAnswer, Unanswered>>;

    /// Asks for the card that the merchant stored for an invoice.
    fn stored_card(&self, question: InvoiceRequest) -> PortFuture<'_, Result<StoredCard, Unanswered>>;

    /// Opens a connection ahead of time. Failures do not matter.
    fn preconnect(&self) -> PortFuture<'_, ()> {
        Box::pin(std::future::ready(()))
    }
}
