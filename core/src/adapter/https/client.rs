//! Configures a client of the HTTP library so that it is one connection: it follows no redirect, repeats nothing, uses
//! no proxy and sends no unneeded headers.

use std::time::Duration;

use reqwest::{
    Client,
    header::{self, HeaderMap, HeaderValue},
    redirect::Policy,
    retry,
};
use rustls::ClientConfig;

use super::{failure::classify, resolver::System, tls};
use crate::{config::SaleClientConfig, outcome::Failure, value::InputError};

/// The most headers of an answer that are read; the HTTP library's own default is a hundred. An answer with more is
/// unreadable.
const MOST_HEADERS: usize = 512;

/// Creates clients. They share one TLS configuration, and with it the session tickets that shorten later handshakes.
pub(super) struct Clients {
    tls: ClientConfig,
    /// For DNS resolution, TCP and TLS together.
    connect_limit: Duration,
    https_only: bool,
}

impl Clients {
    /// Clients for `config`.
    ///
    /// # Errors
    /// [`InputError`] if extra roots or pins are not usable.
    pub(super) fn new(config: &SaleClientConfig) -> Result<Self, InputError> {
        Ok(Self {
            tls: tls::client_config(&config.tls)?,
            connect_limit: config.connect_limit,
            https_only: !config.plan.allows_loopback_http,
        })
    }

    pub(super) const fn connect_limit(&self) -> Duration {
        self.connect_limit
    }

    /// A client without a connection: its first request opens one. It has room for one idle connection and must be
    /// given one request at a time.
    pub(super) fn create(&self) -> Result<Client, Failure> {
        let headers = [
            (header::ACCEPT, HeaderValue::from_static("application/json")),
            // Without this header a server may compress its answer, and SaleKit does not decompress.
            (header::ACCEPT_ENCODING, HeaderValue::from_static("identity")),
        ];
        let client = Client::builder()
            .tls_backend_preconfigured(self.tls.clone())
            .https_only(self.https_only)
            .user_agent(concat!("SaleKit/", env!("CARGO_PKG_VERSION")))
            .default_headers(HeaderMap::from_iter(headers))
            .redirect(Policy::none())
            .referer(false)
            .retry(retry::never())
            .no_proxy()
            .http1_only()
            // Old servers and appliances write such headers. They must not make the whole answer unreadable.
            .http1_allow_obsolete_multiline_headers_in_responses(true)
            .http1_allow_spaces_after_header_name_in_responses(true)
            .http1_ignore_invalid_headers_in_responses(true)
            .http1_max_headers(MOST_HEADERS)
            .dns_resolver(System)
            .connect_timeout(self.connect_limit)
            .pool_max_idle_per_host(1)
            // The pool knows how long the connection was idle and closes it by dropping the client.
            .pool_idle_timeout(None)
            .build();
        client.map_err(|error| classify(&error))
    }
}
