//! The port for HTTP.

use std::time::Duration;

use url::Url;

use super::{future::PortFuture, headers::Headers};
use crate::{
    outcome::Failure,
    wire::{Body, Reply},
};

/// An HTTP method of the protocol.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Method {
    /// GET, without a body.
    Get,
    /// POST, with a JSON body.
    Post,
}

/// What a request requires of the connection that it is sent on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Freshness {
    /// Any connection: the request can be repeated.
    Any,
    /// A new connection, or one that was opened just now and has carried no other request. If a server closes an idle
    /// connection just as the request arrives, nobody knows whether it processed the request. And a late or repeated
    /// answer to an earlier request could be taken for the answer to this one. Perform sale must avoid both.
    Recent,
}

/// A request to be sent.
#[derive(Debug)]
pub struct HttpRequest {
    /// The method.
    pub method: Method,
    /// The address. It contains ids but no secrets.
    pub url: Url,
    /// The JSON body. It may contain card data and is wiped when dropped.
    pub body: Body,
    /// Headers that the app adds to those of the transport. Always empty for the gateway.
    pub headers: Headers,
    /// Which connection it may be sent on.
    pub freshness: Freshness,
    /// The time limit for the whole request.
    pub time_limit: Duration,
}

/// Sends requests. The default is [`crate::HttpsTransport`].
///
/// An implementation must send each request at most once, follow no redirect, bound the size of answers, log no
/// body, and never claim [`crate::Sent::CertainlyNot`] once a byte of the request may have left.
pub trait Transport: Send + Sync {
    /// Sends `request` and reads the whole answer, whatever its status.
    fn send(&self, request: HttpRequest) -> PortFuture<'_, Result<Reply, Failure>>;

    /// Opens a connection to the server of `url`, or checks that an open one still works, so that the next request need
    /// not wait for it. If this is already under way, it may return at once. Failures are ignored.
    fn preconnect<'a>(&'a self, url: &'a Url) -> PortFuture<'a, ()>;

    /// Closes idle connections. The app slept or changed networks, so they are most likely dead even if no error was
    /// seen.
    fn forget_idle(&self) {}
}
