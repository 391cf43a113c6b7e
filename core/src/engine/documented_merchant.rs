//! A merchant's server that speaks the documented messages.

use std::{sync::Arc, time::Duration};

use url::Url;

use crate::{
    Failure, Freshness, HttpRequest, MerchantBackend, MerchantPaths, MerchantServer, Method, PortFuture,
    SaleClientConfig, Secret, StoredCard, Transport, Unanswered,
    config::join,
    message::{
        Body, ErrorResponse, Reply,
        initiate::{self, InitiateAnswer},
        merchant::{self, SessionAnswer},
    },
    port::{InitiateSaleRequest, InvoiceRequest},
};

/// The merchant's server as the protocol's documents and samples describe it, with the paths that are configured.
pub struct DocumentedMerchant {
    transport: Arc<dyn Transport>,
    base: Url,
    paths: MerchantPaths,
    answer_limit: Duration,
}

impl DocumentedMerchant {
    /// The merchant of `config`, reached by `transport`.
    pub fn new(config: &SaleClientConfig, transport: Arc<dyn Transport>) -> Self {
        Self {
            transport,
            base: config.merchant.clone(),
            paths: config.merchant_paths.clone(),
            answer_limit: config.answer_limit,
        }
    }

    async fn call(&self, method: Method, path: &str, invoice_id: &str, body: Body) -> Result<Reply, Failure> {
        let url = join(&self.base, path, invoice_id);
        let request = HttpRequest {
            method,
            url,
            body,
            freshness: Freshness::Any,
            time_limit: self.answer_limit,
        };
        self.transport.send(request).await
    }

    /// Asks one of the optional questions.
    async fn ask<T>(
        &self,
        path: Option<&String>,
        question: InvoiceRequest,
        void: bool,
        read: fn(&Reply, &str) -> Result<T, ErrorResponse>,
    ) -> Result<T, Unanswered> {
        // The flow asks only for what the merchant offers; a merchant without the path answers like one that knows nothing.
        let invoice_id = &question.invoice.invoice_id;
        let Some(path) = path else {
            return read(&Reply::new(404, ""), invoice_id).map_err(Unanswered::Refused);
        };
        let body = merchant::session_question_body(&question.serial_number, &question.access_token, void);
        let reply = self.call(Method::Post, path, invoice_id, body).await;
        read(&reply.map_err(Unanswered::Failed)?, invoice_id).map_err(Unanswered::Refused)
    }
}

impl MerchantBackend for DocumentedMerchant {
    fn identity(&self) -> MerchantServer {
        MerchantServer::at(&self.base)
    }

    fn access_token<'a>(&'a self, _serial_number: &'a str) -> PortFuture<'a, Result<Secret, Unanswered>> {
        Box::pin(async move {
            let path = self.paths.access_token.as_deref().unwrap_or_default();
            let reply = self
                .call(Method::Get, path, "", Body::empty())
                .await
                .map_err(Unanswered::Failed)?;
            merchant::read_access_token(&reply).map_err(Unanswered::Refused)
        })
    }

    fn initiate(&self, request: InitiateSaleRequest) -> PortFuture<'_, Result<InitiateAnswer, Failure>> {
        Box::pin(async move {
            let InitiateSaleRequest {
                access_token,
                consumer,
                amount,
                location,
            } = request;
            let body = initiate::body(&consumer, &amount, location.as_ref(), &access_token);
            self.call(Method::Post, &self.paths.initiate, "", body)
                .await
                .map(|reply| initiate::read(&reply))
        })
    }

    fn session_token(&self, question: InvoiceRequest, void: bool) -> PortFuture<'_, Result<SessionAnswer, Unanswered>> {
        Box::pin(self.ask(
            self.paths.session_token.as_ref(),
            question,
            void,
            merchant::read_session_token,
        ))
    }

    fn stored_card(&self, question: InvoiceRequest) -> PortFuture<'_, Result<StoredCard, Unanswered>> {
        Box::pin(self.ask(
            self.paths.stored_card.as_ref(),
            question,
            false,
            merchant::read_stored_card,
        ))
    }

    fn preconnect(&self) -> PortFuture<'_, ()> {
        Box::pin(self.transport.preconnect(&self.base))
    }
}
