//! HTTP, from outside.

use std::time::Duration;

use url::Url;

use super::{Headers, PortFuture};
use crate::{
    Failure,
    message::{Body, Reply},
};

/// An HTTP method of the protocol.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Method {
    /// GET, without a body.
    Get,
    /// POST, with a JSON body.
    Post,
}

/// What may be assumed of the connection that a request goes out on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Freshness {
    /// Any connection will do: the request can be made again.
    Any,
    /// A new connection, or one that was warmed up just now and has carried nothing else. A server that closes an idle
    /// connection at the very moment the request arrives leaves it open whether the request was processed, and one that
    /// answers an earlier request late or twice would be taken to answer this one; perform sale must run into neither.
    Recent,
}

/// A request to be sent.
#[derive(Debug)]
pub struct HttpRequest {
    /// The method.
    pub method: Method,
    /// Where to. Holds ids, no secrets.
    pub url: Url,
    /// The JSON body; it may hold card data and is wiped when dropped.
    pub body: Body,
    /// Headers of the app's own, besides those that the transport sets itself. Always none for the gateway.
    pub headers: Headers,
    /// Which connection it may go out on.
    pub freshness: Freshness,
    /// How long all of it may take.
    pub time_limit: Duration,
}

/// Sends requests. The default is [`crate::HttpsTransport`].
///
/// An implementation must send each request at most once, follow no redirect, bound the size of answers, log no
/// body, and never claim [`crate::Sent::CertainlyNot`] once a byte of the request may have left.
pub trait Transport: Send + Sync {
    /// Sends `request` and reads the whole answer, whatever its status.
    fn send(&self, request: HttpRequest) -> PortFuture<'_, Result<Reply, Failure>>;

    /// Opens a connection to the server of `url`, or makes sure that an open one still works, so that the next request
    /// need not wait for it; where this is under way already, it may return at once. Failures do not matter.
    fn preconnect<'a>(&'a self, url: &'a Url) -> PortFuture<'a, ()>;

    /// Closes connections that are not in use: the app slept or changed networks, and they are most likely dead
    /// without anybody having said so.
    fn forget_idle(&self) {}
}
