//! Sending a request over HTTPS: which connection it goes out on, how it is written, and how long it may take.

use std::{sync::Arc, time::Duration};

use http_body_util::Full;
use hyper::{
    Method as HttpMethod, Uri,
    body::Bytes,
    header::{self, HeaderValue},
};
use tokio::time::{Instant, timeout_at};
use url::{Position, Url};

use super::{
    connect::Connector,
    connection::{Connection, Outgoing, Unanswered},
    idle::Idle,
    tls,
};
use crate::{
    Config, Failure, FailureKind, Freshness, HttpRequest, InputError, Method, PortFuture, Transport,
    message::{Body, Reply},
};

/// A connection that took all the time it is given leaves this much for the request.
const CONNECT_FIRST: Duration = Duration::from_secs(1);

/// HTTPS by `hyper` and `rustls`: HTTP/1.1, no redirects, no proxies, no cookies, nothing ever sent twice.
///
/// A connection is taken out of the idle ones while a request is on it, and put back when the answer was read to its
/// end. So it is always known how long the connection of a request was idle.
pub struct HttpsTransport {
    connector: Connector,
    idle: Arc<Idle>,
}

impl HttpsTransport {
    /// The transport for `config`.
    ///
    /// # Errors
    /// [`InputError`] if extra roots or pins are not usable.
    pub fn new(config: &Config) -> Result<Self, InputError> {
        let tls = tls::client_config(&config.security)?;
        let https_only = !config.plan.allows_loopback_http;
        Ok(Self {
            connector: Connector::new(tls, config.connect_limit, https_only),
            idle: Arc::default(),
        })
    }

    /// Sends `request` to the server of `url`, once, and reads the answer.
    async fn exchange(
        &self,
        url: &Url,
        mut request: Outgoing,
        freshness: Freshness,
        limit: Duration,
    ) -> Result<Reply, Failure> {
        let server = url.origin().ascii_serialization();
        let deadline = Instant::now() + limit;
        loop {
            let idle = self.idle.take(&server, freshness).await;
            let was_idle = idle.is_some();
            let mut connection = match idle {
                Some(connection) => connection,
                None => Connection::over(self.connector.connect(url).await?).await?,
            };
            match timeout_at(deadline, connection.exchange(request)).await {
                Ok(Ok(reply)) => {
                    self.idle.keep(server, connection).await;
                    return Ok(reply);
                }
                // The server closed it at the last moment, and nothing was written: the next one is the first to carry it.
                Ok(Err(Unanswered::Unsent(unsent))) if was_idle => request = *unsent,
                Ok(Err(Unanswered::Unsent(_))) => return Err(Failure::before_sending(FailureKind::ConnectionLost)),
                Ok(Err(Unanswered::Failed(failure))) => return Err(failure),
                Err(_) => return Err(Failure::after_sending(FailureKind::TimedOut)),
            }
        }
    }
}

/// The request for `url`. `None` if the HTTP library does not take the address, which `url` has made safe.
fn outgoing(method: HttpMethod, url: &Url, body: Option<Body>) -> Option<Outgoing> {
    let is_json = body.is_some();
    let body = body.map_or_else(Bytes::new, Bytes::from_owner);
    let mut request = Outgoing::new(Full::new(body));
    *request.method_mut() = method;
    *request.uri_mut() = Uri::try_from(&url[Position::BeforePath..Position::AfterQuery]).ok()?;
    let headers = request.headers_mut();
    let host = HeaderValue::try_from(&url[Position::BeforeHost..Position::AfterPort]).ok()?;
    headers.insert(header::HOST, host);
    let json = HeaderValue::from_static("application/json");
    if is_json {
        headers.insert(header::CONTENT_TYPE, json.clone());
    }
    headers.insert(header::ACCEPT, json);
    let name = HeaderValue::from_static(concat!("SaleKit/", env!("CARGO_PKG_VERSION")));
    headers.insert(header::USER_AGENT, name);
    Some(request)
}

impl Transport for HttpsTransport {
    fn send(&self, request: HttpRequest) -> PortFuture<'_, Result<Reply, Failure>> {
        let HttpRequest {
            method,
            url,
            body,
            freshness,
            time_limit,
        } = request;
        let limit = time_limit.max(self.connector.limit() + CONNECT_FIRST);
        let request = match method {
            Method::Get => outgoing(HttpMethod::GET, &url, None),
            Method::Post => outgoing(HttpMethod::POST, &url, Some(body)),
        };
        Box::pin(async move {
            let request = request.ok_or(Failure::before_sending(FailureKind::HostFailed))?;
            self.exchange(&url, request, freshness, limit).await
        })
    }

    fn warm<'a>(&'a self, url: &'a Url) -> PortFuture<'a, ()> {
        Box::pin(async move {
            // A bare connection would do for the next request, but only an answer shows that an open one still works;
            // HEAD is the cheapest request that every server answers somehow.
            if let Some(request) = outgoing(HttpMethod::HEAD, url, None) {
                let _ = self
                    .exchange(url, request, Freshness::Any, self.connector.limit())
                    .await;
            }
        })
    }

    fn forget_idle(&self) {
        self.idle.clear();
    }
}

impl std::fmt::Debug for HttpsTransport {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_struct("HttpsTransport")
            .field("connect_limit", &self.connector.limit())
            .finish_non_exhaustive()
    }
}
