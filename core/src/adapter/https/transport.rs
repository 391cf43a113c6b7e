//! Sends a request over HTTPS: which connection it uses, how it is written, and how long it may take.

use std::{sync::Arc, time::Duration};

use bytes::Bytes;
use http_body_util::Full;
use reqwest::{
    Body as HttpBody, RequestBuilder,
    header::{self, HeaderMap, HeaderName, HeaderValue},
};
use tokio::task::yield_now;
use url::Url;

use super::{answer, client::Clients, connection::Connection, failure::classify, pool::Pool, preconnect::Preconnect};
use crate::{
    config::SaleClientConfig,
    outcome::{Failure, FailureKind},
    port::{Freshness, Headers, HttpRequest, Method, PortFuture, Transport},
    value::{InputError, Secret},
    wire::Reply,
};

/// The time that is left for a request whose connection took its whole limit.
const CONNECT_FIRST: Duration = Duration::from_secs(1);

/// HTTPS by `reqwest` and `rustls`: HTTP/1.1, no redirects, no proxies, no cookies, and no request is ever sent twice.
///
/// Every connection has its own client. The client is taken out of the idle ones while a request uses it, and put back
/// when the answer was read completely. So SaleKit always knows how long a connection was idle, which the pool of a
/// shared client does not tell.
pub struct HttpsTransport {
    clients: Clients,
    pool: Arc<Pool>,
}

impl HttpsTransport {
    /// The transport for `config`.
    ///
    /// # Errors
    /// [`InputError`] if extra roots or pins are not usable.
    pub fn new(config: &SaleClientConfig) -> Result<Self, InputError> {
        Ok(Self {
            clients: Clients::new(config)?,
            pool: Arc::default(),
        })
    }

    /// The connection for a request: an idle one, the one of a running preconnect, or a new one.
    async fn connection(&self, server: &str, freshness: Freshness) -> Result<Connection, Failure> {
        if let Some(idle) = self.pool.take(server, freshness) {
            return Ok(idle);
        }
        if let Some(preconnect) = self.pool.take_preconnect(server)
            && let Some(connection) = preconnect.connection().await
        {
            return Ok(connection);
        }
        self.clients.create().map(Connection::unused)
    }
}

/// Sends `request` once, and reads the whole answer.
async fn exchange(request: RequestBuilder, limit: Duration) -> Result<Reply, Failure> {
    let response = request.timeout(limit).send().await;
    let reply = answer::read(response.map_err(|error| classify(&error))?).await?;
    // The client gets its connection back only after the connection's task has run once more.
    yield_now().await;
    Ok(reply)
}

/// A header's value as bytes.
struct SentValue(Secret);

impl AsRef<[u8]> for SentValue {
    fn as_ref(&self) -> &[u8] {
        self.0.expose().as_bytes()
    }
}

/// `headers` for the HTTP library, marked as sensitive so that it does not print them. All copies are wiped when the
/// library releases them, except for its write buffer.
fn written(headers: Headers) -> Option<HeaderMap> {
    let mut map = HeaderMap::new();
    for (name, value) in headers.into_pairs() {
        let name = HeaderName::from_bytes(name.as_bytes()).ok()?;
        let mut value = HeaderValue::from_maybe_shared(Bytes::from_owner(SentValue(value))).ok()?;
        value.set_sensitive(true);
        map.insert(name, value);
    }
    Some(map)
}

/// `body` for the HTTP library. A body of this kind cannot be cloned, so it cannot be sent again. Its owner is wiped
/// when the library releases the bytes.
fn outgoing(body: impl AsRef<[u8]> + Send + 'static) -> HttpBody {
    HttpBody::wrap(Full::new(Bytes::from_owner(body)))
}

impl Transport for HttpsTransport {
    fn send(&self, request: HttpRequest) -> PortFuture<'_, Result<Reply, Failure>> {
        let HttpRequest {
            method,
            url,
            body,
            headers,
            freshness,
            time_limit,
        } = request;
        // The connect limit must be reached first: only it says that nothing was sent.
        let limit = time_limit.max(self.clients.connect_limit() + CONNECT_FIRST);
        Box::pin(async move {
            let server = url.origin().ascii_serialization();
            let headers = written(headers).ok_or(Failure::before_sending(FailureKind::CallbackFailed))?;
            let connection = self.connection(&server, freshness).await?;
            let request = match method {
                Method::Get => connection.client.get(url),
                Method::Post => connection
                    .client
                    .post(url)
                    .header(header::CONTENT_TYPE, "application/json")
                    .body(outgoing(body)),
            };
            let reply = exchange(request.headers(headers), limit).await?;
            if let Some(connection) = connection.after_a_request() {
                self.pool.keep(server, connection);
            }
            Ok(reply)
        })
    }

    fn preconnect<'a>(&'a self, url: &'a Url) -> PortFuture<'a, ()> {
        Box::pin(async move {
            let server = url.origin().ascii_serialization();
            let Some(preconnect) = Preconnect::begin(&self.pool, server, || self.clients.create().ok()) else {
                return;
            };
            // The library cannot only connect, and only an answer shows that an open connection still works. HEAD is
            // the cheapest request that every server answers.
            let request = preconnect.client().head(url.clone());
            if exchange(request, self.clients.connect_limit()).await.is_ok() {
                preconnect.succeed();
            }
        })
    }

    fn forget_idle(&self) {
        self.pool.clear();
    }
}

impl std::fmt::Debug for HttpsTransport {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_struct("HttpsTransport")
            .field("connect_limit", &self.clients.connect_limit())
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use http_body_util::BodyExt;
    use tokio::{
        io::{AsyncReadExt, AsyncWriteExt},
        net::TcpListener,
    };

    use super::*;

    /// A body that counts how often it was wiped. Its type wipes it when it is dropped.
    struct Card(Arc<AtomicUsize>);

    const TEXT: &[u8] = b"4111111111111111";

    impl AsRef<[u8]> for Card {
        fn as_ref(&self) -> &[u8] {
            TEXT
        }
    }

    impl Drop for Card {
        fn drop(&mut self) {
            self.0.fetch_add(1, Ordering::SeqCst);
        }
    }

    #[tokio::test]
    async fn a_body_goes_to_the_library_as_it_is_and_cannot_be_copied_there() {
        let wiped = Arc::<AtomicUsize>::default();
        let mut body = outgoing(Card(Arc::clone(&wiped)));
        assert_eq!(body.as_bytes(), None, "what the library can see, it can clone");
        let data = body.frame().await.unwrap().unwrap().into_data().unwrap();
        assert!(std::ptr::eq(&raw const *data, TEXT));
        drop((body, data));
        assert_eq!(wiped.load(Ordering::SeqCst), 1);
    }

    #[tokio::test]
    async fn a_body_is_wiped_once_its_request_was_answered_or_could_not_be_sent() {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url: Url = format!("http://{}/", listener.local_addr().unwrap()).parse().unwrap();
        let clients = Clients::new(&SaleClientConfig::for_loopback(url.as_str(), url.as_str()).unwrap()).unwrap();
        let client = clients.create().unwrap();
        let wiped = Arc::<AtomicUsize>::default();
        let send = || {
            let request = client.post(url.clone()).body(outgoing(Card(Arc::clone(&wiped))));
            exchange(request, Duration::from_secs(60))
        };
        let answering = async {
            let (mut stream, _) = listener.accept().await.unwrap();
            let mut read = Vec::new();
            while !read.ends_with(TEXT) {
                read.push(stream.read_u8().await.unwrap());
            }
            let answer = b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";
            stream.write_all(answer).await.unwrap();
        };
        let (reply, ()) = tokio::join!(send(), answering);
        assert!(reply.is_ok());
        assert_eq!(wiped.load(Ordering::SeqCst), 1);
        drop(listener);
        assert!(send().await.is_err());
        assert_eq!(wiped.load(Ordering::SeqCst), 2);
    }
}
