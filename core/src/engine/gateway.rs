//! The two calls to the gateway, as HTTP requests.

use std::time::Duration;

use url::Url;

use crate::{
    card::SourceOfFunds,
    config::{SaleClientConfig, join},
    flow::Invoice,
    outcome::Failure,
    port::{Freshness, Headers, HttpRequest, Method, Transport},
    value::{Consumer, Money, Secret},
    wire::{
        perform::{self, Authorisation, PerformAnswer},
        status::{self, StatusAnswer},
    },
};

/// The gateway's address and time limit.
#[derive(Debug, Clone)]
pub(super) struct Gateway {
    base: Url,
    answer_limit: Duration,
}

impl Gateway {
    pub(super) fn new(config: &SaleClientConfig) -> Self {
        Self {
            base: config.gateway.clone(),
            answer_limit: config.answer_limit,
        }
    }

    pub(super) const fn base(&self) -> &Url {
        &self.base
    }

    fn url(&self, invoice: &Invoice, last: Option<&str>) -> Url {
        let mut url = join(&self.base, "dapi/v1/sale", "");
        if let Ok(mut segments) = url.path_segments_mut() {
            segments
                .push(&invoice.endpoint_id)
                .push(&invoice.invoice_id)
                .extend(last);
        }
        url
    }

    /// Builds the perform sale request. Its body contains card data.
    pub(super) fn perform_request(
        &self,
        invoice: &Invoice,
        consumer: &Consumer,
        amount: &Money,
        source: &SourceOfFunds,
        authorisation: &Authorisation,
    ) -> HttpRequest {
        HttpRequest {
            method: Method::Post,
            url: self.url(invoice, None),
            body: perform::body(consumer, amount, source, authorisation),
            headers: Headers::none(),
            freshness: Freshness::Recent,
            time_limit: self.answer_limit,
        }
    }

    pub(super) async fn perform(
        &self,
        transport: &dyn Transport,
        request: HttpRequest,
        invoice: &Invoice,
    ) -> Result<PerformAnswer, Failure> {
        let reply = transport.send(request).await?;
        Ok(perform::read(&reply, &invoice.invoice_id))
    }

    pub(super) async fn status(
        &self,
        transport: &dyn Transport,
        invoice: &Invoice,
        access_token: &Secret,
        session_token: &Secret,
    ) -> Result<StatusAnswer, Failure> {
        let request = HttpRequest {
            method: Method::Post,
            url: self.url(invoice, Some("status")),
            body: status::body(access_token, session_token),
            headers: Headers::none(),
            freshness: Freshness::Any,
            time_limit: self.answer_limit,
        };
        transport
            .send(request)
            .await
            .map(|reply| status::read(&reply, &invoice.invoice_id, session_token))
    }
}
