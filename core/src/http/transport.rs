//! Sending a request over HTTPS: which connection it goes out on, and how much of an answer is read.

use std::{
    collections::HashMap,
    sync::{Mutex, MutexGuard, PoisonError},
    time::{Duration, SystemTime},
};

use bytes::Bytes;
use reqwest::{Client, Response, header, redirect::Policy};
use rustls::ClientConfig;
use thiserror::Error;
use tokio::time::Instant;
use url::Url;

use super::{failure::classify, tls};
use crate::{
    Config, Failure, FailureKind, Freshness, HttpRequest, InputError, Method, PortFuture, Transport, message::Reply,
};

/// Longest answer that is read. Answers of the protocol have a few hundred bytes.
const LONGEST_ANSWER: usize = 64 * 1024;
/// An idle connection older than this is not used again: a phone that slept has lost it, most servers have closed it.
const LONGEST_IDLE: Duration = Duration::from_secs(20);
/// A connection that was in use within this time counts as working. Servers close idle connections after five
/// seconds or more; only perform sale asks for it.
const RECENT: Duration = Duration::from_secs(2);
/// The limit for making a connection must strike before that for the whole request does: a request without a connection
/// certainly was not sent, and only the former says so.
const CONNECT_FIRST: Duration = Duration::from_secs(1);
/// Idle connections that are kept for one server.
const MOST_IDLE: usize = 8;

/// HTTPS by `reqwest`: HTTP/1.1, no redirects, no proxies, no cookies, nothing ever sent twice.
///
/// Every connection has a client of its own with room for that one connection, and is taken out of the pool while a
/// request is on it. So it is always known how long the connection of a request was idle, which a shared pool does
/// not tell.
pub struct HttpsTransport {
    tls: ClientConfig,
    connect_limit: Duration,
    https_only: bool,
    idle: Mutex<HashMap<String, Vec<Connection>>>,
}

/// Why the transport could not be made.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum TransportError {
    /// Something configured for it is not usable.
    #[error(transparent)]
    Input(#[from] InputError),
    /// The HTTP library refused the configuration: a mistake in SaleKit itself.
    #[error("the HTTP client could not be made: {detail}")]
    Client {
        /// What the library said.
        detail: String,
    },
}

struct Connection {
    client: Client,
    last_used: Instant,
    /// The other clock stands still while a phone sleeps; this one may be set. Both must say that it was just now.
    last_used_by_wall_clock: SystemTime,
}

impl Connection {
    fn is_idle_for_less_than(&self, longest: Duration) -> bool {
        self.last_used.elapsed() < longest
            && self
                .last_used_by_wall_clock
                .elapsed()
                .is_ok_and(|elapsed| elapsed < longest)
    }
}

impl HttpsTransport {
    /// The transport for `config`.
    ///
    /// # Errors
    /// [`TransportError`] if extra roots or pins are not usable.
    pub fn new(config: &Config) -> Result<Self, TransportError> {
        let transport = Self {
            tls: tls::client_config(&config.security)?,
            connect_limit: config.connect_limit,
            https_only: !config.plan.allows_loopback_http,
            idle: Mutex::default(),
        };
        // Found out now, not in the middle of a sale.
        transport.client().map_err(|error| TransportError::Client {
            detail: error.to_string(),
        })?;
        Ok(transport)
    }

    fn client(&self) -> reqwest::Result<Client> {
        Client::builder()
            .tls_backend_preconfigured(self.tls.clone())
            .https_only(self.https_only)
            .user_agent(concat!("SaleKit/", env!("CARGO_PKG_VERSION")))
            .redirect(Policy::none())
            .referer(false)
            .retry(reqwest::retry::never())
            .no_proxy()
            .http1_only()
            .tcp_nodelay(true)
            .connect_timeout(self.connect_limit)
            .pool_max_idle_per_host(1)
            .pool_idle_timeout(LONGEST_IDLE)
            .build()
    }

    fn connections(&self) -> MutexGuard<'_, HashMap<String, Vec<Connection>>> {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The connection that was used last, if it is fresh enough, else a new one.
    fn take(&self, server: &str, freshness: Freshness) -> Result<Client, Failure> {
        let longest = match freshness {
            Freshness::Any => LONGEST_IDLE,
            Freshness::Recent => RECENT,
        };
        let mut connections = self.connections();
        if let Some(idle) = connections.get_mut(server) {
            idle.retain(|connection| connection.is_idle_for_less_than(LONGEST_IDLE));
            let last = idle.pop_if(|connection| connection.is_idle_for_less_than(longest));
            if let Some(connection) = last {
                return Ok(connection.client);
            }
        }
        self.client()
            .map_err(|_| Failure::before_sending(FailureKind::TlsFailed))
    }

    fn put_back(&self, server: String, client: Client) {
        let mut connections = self.connections();
        let idle = connections.entry(server).or_default();
        idle.push(Connection {
            client,
            last_used: Instant::now(),
            last_used_by_wall_clock: SystemTime::now(),
        });
        if idle.len() > MOST_IDLE {
            idle.remove(0);
        }
    }

    async fn exchange(&self, request: HttpRequest) -> Result<Reply, Failure> {
        let HttpRequest {
            method,
            url,
            body,
            freshness,
            time_limit,
        } = request;
        let server = url.origin().ascii_serialization();
        let client = self.take(&server, freshness)?;
        let sending = match method {
            Method::Get => client.get(url),
            Method::Post => client
                .post(url)
                .header(header::CONTENT_TYPE, "application/json")
                // The owner is wiped when the HTTP library lets go of the bytes.
                .body(Bytes::from_owner(body)),
        };
        let time_limit = time_limit.max(self.connect_limit + CONNECT_FIRST);
        let sending = sending.header(header::ACCEPT, "application/json").timeout(time_limit);
        let mut response = sending.send().await.map_err(|error| classify(&error))?;
        let reply = read(&mut response).await?;
        self.put_back(server, client);
        Ok(reply)
    }
}

async fn read(response: &mut Response) -> Result<Reply, Failure> {
    let too_long = Failure::after_sending(FailureKind::AnswerTooLong);
    if response
        .content_length()
        .is_some_and(|length| length > LONGEST_ANSWER as u64)
    {
        return Err(too_long);
    }
    let mut body = Vec::new();
    while let Some(chunk) = response
        .chunk()
        .await
        .map_err(|error| Failure::after_sending(classify(&error).kind))?
    {
        if body.len() + chunk.len() > LONGEST_ANSWER {
            return Err(too_long);
        }
        body.extend_from_slice(&chunk);
    }
    let retry_after = response
        .headers()
        .get(header::RETRY_AFTER)
        .and_then(|value| value.to_str().ok());
    Ok(Reply {
        status: response.status().as_u16(),
        body,
        retry_after: retry_after.and_then(delay),
    })
}

/// `Retry-After` (RFC 9110, section 10.2.3): seconds, or a date.
fn delay(value: &str) -> Option<Duration> {
    if let Ok(seconds) = value.trim().parse() {
        return Some(Duration::from_secs(seconds));
    }
    let date = httpdate::parse_http_date(value).ok()?;
    Some(date.duration_since(SystemTime::now()).unwrap_or_default())
}

impl Transport for HttpsTransport {
    fn send(&self, request: HttpRequest) -> PortFuture<'_, Result<Reply, Failure>> {
        Box::pin(self.exchange(request))
    }

    fn warm<'a>(&'a self, url: &'a Url) -> PortFuture<'a, ()> {
        Box::pin(async move {
            let server = url.origin().ascii_serialization();
            let Ok(client) = self.take(&server, Freshness::Any) else {
                return;
            };
            // There is no way to only connect; HEAD is the cheapest request that every server answers somehow.
            let answer = client.head(url.clone()).timeout(self.connect_limit).send().await;
            if let Ok(mut response) = answer
                && read(&mut response).await.is_ok()
            {
                self.put_back(server, client);
            }
        })
    }

    fn forget_idle(&self) {
        self.connections().clear();
    }
}

impl std::fmt::Debug for HttpsTransport {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_struct("HttpsTransport")
            .field("connect_limit", &self.connect_limit)
            .finish_non_exhaustive()
    }
}
