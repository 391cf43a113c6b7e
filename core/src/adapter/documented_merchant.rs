//! The default merchant backend: it uses the documented messages.

use std::{sync::Arc, time::Duration};

use tracing::debug;
use url::Url;

use crate::{
    config::{MerchantPaths, SaleClientConfig, join},
    engine::scrub,
    flow::{Invoice, Unanswered},
    outcome::Failure,
    port::{
        Freshness, Headers, HttpRequest, InitiateSaleRequest, InvoiceRequest, MerchantBackend, MerchantHeaders, Method,
        PortFuture, Transport,
    },
    value::{MerchantServer, Secret},
    wire::{
        Body, ErrorResponse, OrderReference, Reply, StoredCard,
        initiate::{self, InitiateAnswer},
        merchant::{self, SessionAnswer},
    },
};

/// The merchant's server as the protocol's documents and samples describe it, at the configured paths.
pub struct DocumentedMerchant {
    transport: Arc<dyn Transport>,
    base: Url,
    paths: MerchantPaths,
    answer_limit: Duration,
    headers: Option<Arc<dyn MerchantHeaders>>,
}

/// An answer, with the request's secrets that must not appear in errors.
struct Answered {
    reply: Reply,
    headers: Headers,
}

impl Answered {
    fn read<T>(&self, read: impl FnOnce(&Reply) -> Result<T, ErrorResponse>) -> Result<T, Unanswered> {
        read(&self.reply).map_err(|refusal| Unanswered::Refused(scrub::refusal(refusal, &self.headers)))
    }
}

impl DocumentedMerchant {
    /// The merchant's server of `config`, called through `transport`.
    pub fn new(config: &SaleClientConfig, transport: Arc<dyn Transport>) -> Self {
        Self {
            transport,
            base: config.merchant.clone(),
            paths: config.merchant_paths.clone(),
            answer_limit: config.answer_limit,
            headers: None,
        }
    }

    /// The same, with the app's own headers in every request. `headers` is called for each request.
    #[must_use]
    pub fn with_headers(mut self, headers: Arc<dyn MerchantHeaders>) -> Self {
        self.headers = Some(headers);
        self
    }

    async fn headers(&self) -> Result<Headers, Failure> {
        let Some(provider) = &self.headers else {
            return Ok(Headers::none());
        };
        provider.headers().await.map_err(|kind| {
            debug!(?kind, "no headers for the merchant's server");
            Failure::before_sending(kind)
        })
    }

    async fn call(&self, method: Method, path: &str, invoice_id: &str, body: Body) -> Result<Answered, Failure> {
        let url = join(&self.base, path, invoice_id);
        let headers = self.headers().await?;
        let request = HttpRequest {
            method,
            url,
            body,
            headers: headers.clone(),
            freshness: Freshness::Any,
            time_limit: self.answer_limit,
        };
        let reply = self.transport.send(request).await?;
        Ok(Answered { reply, headers })
    }

    /// Sends one of the optional requests.
    async fn ask<T>(
        &self,
        path: Option<&String>,
        request: InvoiceRequest,
        void: bool,
        read: fn(&Reply, &str) -> Result<T, ErrorResponse>,
    ) -> Result<T, Unanswered> {
        // The flow asks only for what the merchant offers, so a missing path answers "not found".
        let InvoiceRequest {
            access_token,
            serial_number,
            invoice: Invoice { invoice_id, .. },
            sale_id,
            merchant_order_id,
        } = &request;
        let Some(path) = path else {
            return read(&Reply::new(404, ""), invoice_id).map_err(Unanswered::Refused);
        };
        let order = OrderReference {
            sale_id,
            merchant_order_id: merchant_order_id.as_deref(),
        };
        let body = merchant::session_request_body(serial_number, access_token, order, void);
        let answered = self.call(Method::Post, path, invoice_id, body).await;
        answered
            .map_err(Unanswered::Failed)?
            .read(|reply| read(reply, invoice_id))
    }
}

impl MerchantBackend for DocumentedMerchant {
    fn identity(&self) -> MerchantServer {
        MerchantServer::at(&self.base)
    }

    fn access_token<'a>(&'a self, _serial_number: &'a str) -> PortFuture<'a, Result<Secret, Unanswered>> {
        Box::pin(async move {
            let path = self.paths.access_token.as_deref().unwrap_or_default();
            let answered = self.call(Method::Get, path, "", Body::empty()).await;
            answered.map_err(Unanswered::Failed)?.read(merchant::read_access_token)
        })
    }

    fn initiate(&self, request: InitiateSaleRequest) -> PortFuture<'_, Result<InitiateAnswer, Failure>> {
        Box::pin(async move {
            let InitiateSaleRequest {
                access_token,
                consumer,
                amount,
                location,
                sale_id,
                merchant_order_id,
            } = request;
            let order = OrderReference {
                sale_id: &sale_id,
                merchant_order_id: merchant_order_id.as_deref(),
            };
            let body = initiate::body(&consumer, &amount, location.as_ref(), &access_token, order);
            let Answered { reply, headers } = self.call(Method::Post, &self.paths.initiate, "", body).await?;
            Ok(match initiate::read(&reply) {
                InitiateAnswer::Initiated(initiated) => InitiateAnswer::Initiated(initiated),
                InitiateAnswer::AccessTokenRefused(refusal) => {
                    InitiateAnswer::AccessTokenRefused(scrub::refusal(refusal, &headers))
                }
                InitiateAnswer::Refused(refusal) => InitiateAnswer::Refused(scrub::refusal(refusal, &headers)),
                InitiateAnswer::Unavailable(refusal) => InitiateAnswer::Unavailable(scrub::refusal(refusal, &headers)),
            })
        })
    }

    fn session_token(&self, request: InvoiceRequest, void: bool) -> PortFuture<'_, Result<SessionAnswer, Unanswered>> {
        Box::pin(self.ask(
            self.paths.session_token.as_ref(),
            request,
            void,
            merchant::read_session_token,
        ))
    }

    fn stored_card(&self, request: InvoiceRequest) -> PortFuture<'_, Result<StoredCard, Unanswered>> {
        Box::pin(self.ask(
            self.paths.stored_card.as_ref(),
            request,
            false,
            merchant::read_stored_card,
        ))
    }

    fn preconnect(&self) -> PortFuture<'_, ()> {
        Box::pin(self.transport.preconnect(&self.base))
    }
}
