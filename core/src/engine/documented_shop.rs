//! A shop's server that speaks the documented messages.

use std::{sync::Arc, time::Duration};

use url::Url;

use crate::{
    Config, Failure, Freshness, HttpRequest, MerchantServer, Method, PortFuture, Secret, ShopPaths, ShopServer,
    StoredCardReference, Transport, Unanswered,
    config::join,
    message::{
        Body, Refusal, Reply,
        initiate::{self, InitiateAnswer},
        shop::{self, SessionAnswer},
    },
    port::{InitiateRequest, InvoiceQuestion},
};

/// The shop's server as the protocol's documents and samples describe it, with the paths that are configured.
pub struct DocumentedShop {
    transport: Arc<dyn Transport>,
    base: Url,
    paths: ShopPaths,
    answer_limit: Duration,
}

impl DocumentedShop {
    /// The shop of `config`, reached by `transport`.
    pub fn new(config: &Config, transport: Arc<dyn Transport>) -> Self {
        Self {
            transport,
            base: config.shop.clone(),
            paths: config.shop_paths.clone(),
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
        question: InvoiceQuestion,
        void: bool,
        read: fn(&Reply, &str) -> Result<T, Refusal>,
    ) -> Result<T, Unanswered> {
        // The flow asks only for what the shop offers; a shop without the path answers like one that knows nothing.
        let invoice_id = &question.invoice.invoice_id;
        let Some(path) = path else {
            return read(&Reply::new(404, ""), invoice_id).map_err(Unanswered::Refused);
        };
        let body = shop::session_question_body(&question.serial_number, &question.access_token, void);
        let reply = self.call(Method::Post, path, invoice_id, body).await;
        read(&reply.map_err(Unanswered::Failed)?, invoice_id).map_err(Unanswered::Refused)
    }
}

impl ShopServer for DocumentedShop {
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
            shop::read_access_token(&reply).map_err(Unanswered::Refused)
        })
    }

    fn initiate(&self, request: InitiateRequest) -> PortFuture<'_, Result<InitiateAnswer, Failure>> {
        Box::pin(async move {
            let InitiateRequest {
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

    fn session_token(
        &self,
        question: InvoiceQuestion,
        void: bool,
    ) -> PortFuture<'_, Result<SessionAnswer, Unanswered>> {
        Box::pin(self.ask(
            self.paths.session_token.as_ref(),
            question,
            void,
            shop::read_session_token,
        ))
    }

    fn stored_card(&self, question: InvoiceQuestion) -> PortFuture<'_, Result<StoredCardReference, Unanswered>> {
        Box::pin(self.ask(self.paths.stored_card.as_ref(), question, false, shop::read_stored_card))
    }

    fn warm(&self) -> PortFuture<'_, ()> {
        Box::pin(self.transport.warm(&self.base))
    }
}
