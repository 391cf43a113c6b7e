//! One HTTPS server on one port: accepts, serves a router, and lets a handler cut the connection it answers on. What
//! is served is the gateway's and the merchant's affair. The remote control's server is like it, but without TLS.

use std::{convert::Infallible, net::SocketAddr, pin::pin, sync::Arc, time::Duration};

use axum::{Extension, Router};
use hyper::server::conn::http1;
use hyper_util::{rt::TokioIo, service::TowerToHyperService};
use rustls::ServerConfig;
use tokio::{
    io::{AsyncRead, AsyncWrite},
    net::{TcpListener, TcpStream},
};
use tokio_rustls::TlsAcceptor;
use tokio_util::{sync::CancellationToken, task::TaskTracker};
use url::Url;

use crate::{
    config::SandboxConfig,
    error::SandboxError,
    record::{FailedConnections, first_bytes},
};

/// Pause after a connection could not be accepted.
const ACCEPT_AGAIN: Duration = Duration::from_millis(10);

/// How long connections may take to end by themselves at shutdown.
const DRAIN: Duration = Duration::from_millis(500);

/// The connection a request came on.
#[derive(Debug, Clone)]
pub(crate) struct Connection {
    cut: CancellationToken,
}

impl Connection {
    /// Closes the TCP connection without an answer. The handler that asks for it goes with it.
    pub(crate) async fn cut(&self) -> Infallible {
        self.cut.cancel();
        std::future::pending().await
    }
}

/// A port that was taken, before anything is served on it.
pub(crate) struct Port {
    listener: TcpListener,
    address: SocketAddr,
}

impl Port {
    pub(crate) async fn take(config: &SandboxConfig, port: u16) -> Result<Self, SandboxError> {
        Self::take_at(SocketAddr::from((config.listen, port))).await
    }

    pub(crate) async fn take_at(wanted: SocketAddr) -> Result<Self, SandboxError> {
        let failed = |source| SandboxError::Listen {
            address: wanted.to_string(),
            source,
        };
        let listener = TcpListener::bind(wanted).await.map_err(failed)?;
        let address = listener.local_addr().map_err(failed)?;
        Ok(Self { listener, address })
    }

    /// The address as an HTTPS URL with `path`. A wildcard address is named by loopback.
    pub(crate) fn url(&self, path: &str) -> Result<Url, SandboxError> {
        self.url_of("https", path)
    }

    /// The address as an HTTP URL, for a server without TLS.
    pub(crate) fn plain_url(&self) -> Result<Url, SandboxError> {
        self.url_of("http", "")
    }

    fn url_of(&self, scheme: &str, path: &str) -> Result<Url, SandboxError> {
        let mut address = self.address;
        if address.ip().is_unspecified() {
            address.set_ip([127, 0, 0, 1].into());
        }
        let path = path.trim_matches('/');
        let text = if path.is_empty() {
            format!("{scheme}://{address}/")
        } else {
            format!("{scheme}://{address}/{path}")
        };
        Url::parse(&text).map_err(|source| SandboxError::Url {
            what: "the base path",
            source,
        })
    }

    /// The port itself, for a server that does not speak HTTP by rule.
    pub(crate) fn into_listener(self) -> (TcpListener, SocketAddr) {
        (self.listener, self.address)
    }

    /// Serves `router` until `shutdown`; without `tls` as plain HTTP. Whom it refuses is put on record by `tls`.
    pub(crate) fn serve(
        self,
        router: Router,
        tls: Option<(Arc<ServerConfig>, FailedConnections)>,
        tasks: &TaskTracker,
        shutdown: CancellationToken,
    ) {
        let acceptor = tls.map(|(tls, failures)| (TlsAcceptor::from(tls), failures));
        let connections = tasks.clone();
        tasks.spawn(async move {
            loop {
                let stream = tokio::select! {
                    () = shutdown.cancelled() => return,
                    accepted = self.listener.accept() => match accepted {
                        Ok((stream, _)) => stream,
                        // A connection that died in the queue, or no descriptor left: the next one may do better, a
                        // little later.
                        Err(_) => {
                            tokio::time::sleep(ACCEPT_AGAIN).await;
                            continue;
                        }
                    },
                };
                connections.spawn(connection(stream, acceptor.clone(), router.clone(), shutdown.clone()));
            }
        });
    }
}

async fn connection(
    stream: TcpStream,
    acceptor: Option<(TlsAcceptor, FailedConnections)>,
    router: Router,
    shutdown: CancellationToken,
) {
    // Answers are small and waited for.
    let _best_effort = stream.set_nodelay(true);
    let Some((acceptor, failures)) = acceptor else {
        return answer(stream, router, shutdown).await;
    };
    let stream = tokio::select! {
        () = shutdown.cancelled() => return,
        // A client that does not trust the certificate ends here; it is the one to complain.
        accepted = async {
            let first = first_bytes(&failures.recorder, &stream).await;
            acceptor.accept(stream).await.map_err(|error| failures.handshake_failed(&first, &error))
        } => match accepted { Ok(stream) => stream, Err(()) => return },
    };
    answer(stream, router, shutdown).await;
}

async fn answer(
    stream: impl AsyncRead + AsyncWrite + Send + Unpin + 'static,
    router: Router,
    shutdown: CancellationToken,
) {
    let cut = CancellationToken::new();
    let service = TowerToHyperService::new(router.layer(Extension(Connection { cut: cut.clone() })));
    let mut http = pin!(http1::Builder::new().serve_connection(TokioIo::new(stream), service));
    tokio::select! {
        biased;
        // Leaving drops the stream: the client sees the connection end without an answer.
        () = cut.cancelled() => return,
        _ended = http.as_mut() => return,
        () = shutdown.cancelled() => http.as_mut().graceful_shutdown(),
    }
    tokio::select! {
        () = cut.cancelled() => {}
        _ended = http => {}
        () = tokio::time::sleep(DRAIN) => {}
    }
}
