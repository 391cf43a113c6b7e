//! The shop's server (Connecting Party), from outside.

use super::PortFuture;
use crate::{
    Consumer, Failure, Location, MerchantServer, Money, Secret, StoredCardReference, Unanswered,
    flow::Invoice,
    message::{initiate::InitiateAnswer, shop::SessionAnswer},
};

/// What the shop's server is told to initiate a sale. No card data: the shop never sees any.
#[derive(Debug, Clone)]
pub struct InitiateRequest {
    /// `session.accessToken`.
    pub access_token: Secret,
    /// `consumer`.
    pub consumer: Consumer,
    /// `transaction`.
    pub amount: Money,
    /// `location`.
    pub location: Option<Location>,
}

/// A question to the shop's server about one of its invoices.
#[derive(Clone)]
pub struct InvoiceQuestion {
    /// `session.accessToken`.
    pub access_token: Secret,
    /// `consumer.device.serialNumber`.
    pub serial_number: String,
    /// The invoice.
    pub invoice: Invoice,
}

/// Without the serial number, which names the payer's device.
impl std::fmt::Debug for InvoiceQuestion {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self {
            access_token: _,
            serial_number: _,
            invoice,
        } = self;
        formatter
            .debug_struct("InvoiceQuestion")
            .field("invoice", invoice)
            .finish_non_exhaustive()
    }
}

/// Talks to the shop's server. The default, [`crate::DocumentedShop`], speaks the documented messages; a shop with a
/// protocol of its own brings its own.
pub trait ShopServer: Send + Sync {
    /// Which server this is. Every sale remembers it, so that no other one gets its tokens.
    fn identity(&self) -> MerchantServer {
        MerchantServer::AppBackend
    }

    /// Gets an access token for this device.
    fn access_token<'a>(&'a self, serial_number: &'a str) -> PortFuture<'a, Result<Secret, Unanswered>>;

    /// Initiates a sale.
    fn initiate(&self, request: InitiateRequest) -> PortFuture<'_, Result<InitiateAnswer, Failure>>;

    /// Asks for the gateway's session token of an invoice, which the shop knows from check sale.
    ///
    /// With `void`, a shop that has accepted no check sale for the invoice and can void it does so: it refuses every
    /// later check sale for it, and answers [`SessionAnswer::Void`]. A shop that cannot answers as without.
    fn session_token(&self, question: InvoiceQuestion, void: bool)
    -> PortFuture<'_, Result<SessionAnswer, Unanswered>>;

    /// Asks for the card that the shop stored for an invoice.
    fn stored_card(&self, question: InvoiceQuestion) -> PortFuture<'_, Result<StoredCardReference, Unanswered>>;

    /// Opens a connection ahead of time. Failures do not matter.
    fn warm(&self) -> PortFuture<'_, ()> {
        Box::pin(std::future::ready(()))
    }
}
