//! HTTP to the merchant's server under test: what was answered, how long it took. Whether it is right is `run`'s to say.

use std::{
    error::Error as _,
    io,
    time::{Duration, Instant},
};

use reqwest::{
    Client, RequestBuilder,
    header::{CONTENT_TYPE, HeaderMap},
};
use serde_json::Value;
use url::Url;

use crate::{
    error::SandboxError,
    net::merchant_server::{MerchantServer, failure},
};

/// Characters of a body that a report quotes.
const QUOTED: usize = 300;

/// Sends requests and remembers the slowest answer.
pub(super) struct Caller {
    http: Client,
    headers: HeaderMap,
    slowest: (Duration, String),
    /// Whether any request was answered.
    was_answered: bool,
    /// Why the last connection could not be made.
    no_connection: Option<String>,
}

/// What came of a request.
pub(super) enum Got {
    /// An answer.
    Answer {
        status: u16,
        /// The body, if it is a JSON object.
        json: Option<Value>,
        /// How the body begins.
        start: String,
    },
    /// None, and why.
    Nothing(String),
}

impl Caller {
    /// `headers` go with what the app sends.
    pub(super) fn new(server: &MerchantServer, timeout: Duration, headers: HeaderMap) -> Result<Self, SandboxError> {
        Ok(Self {
            http: server.client(timeout)?,
            headers,
            slowest: (Duration::ZERO, String::new()),
            was_answered: false,
            no_connection: None,
        })
    }

    pub(super) async fn app_gets(&mut self, message: &str, url: Url) -> Got {
        let request = self.http.get(url).headers(self.headers.clone());
        self.send(message, request).await
    }

    pub(super) async fn app_posts(&mut self, message: &str, url: Url, body: &Value) -> Got {
        let request = self.http.post(url).headers(self.headers.clone()).json(body);
        self.send(message, request).await
    }

    pub(super) async fn gateway_posts(&mut self, message: &str, url: Url, body: &Value) -> Got {
        let request = self.http.post(url).json(body);
        self.send(message, request).await
    }

    pub(super) async fn gateway_posts_text(&mut self, message: &str, url: Url, body: &'static str) -> Got {
        let request = self.http.post(url).header(CONTENT_TYPE, "application/json").body(body);
        self.send(message, request).await
    }

    pub(super) async fn gateway_gets(&mut self, message: &str, mut url: Url, parameters: &[(&str, &str)]) -> Got {
        url.query_pairs_mut().extend_pairs(parameters);
        let request = self.http.get(url);
        self.send(message, request).await
    }

    /// The longest that an answer took, and to what.
    pub(super) fn slowest(&self) -> &(Duration, String) {
        &self.slowest
    }

    /// Why there was never a connection, if there was none.
    pub(super) fn unreachable(&self) -> Option<String> {
        match self.was_answered {
            true => None,
            false => self.no_connection.clone(),
        }
    }

    async fn send(&mut self, message: &str, request: RequestBuilder) -> Got {
        let begin = Instant::now();
        let answered = async {
            let answer = request.send().await?;
            let status = answer.status().as_u16();
            Ok((status, answer.bytes().await?))
        };
        let got = match answered.await {
            Ok((status, body)) => {
                self.was_answered = true;
                let text = String::from_utf8_lossy(&body);
                let json = serde_json::from_str(text.trim_start_matches('\u{feff}')).ok();
                Got::Answer {
                    status,
                    json: json.filter(Value::is_object),
                    start: text.chars().take(QUOTED).collect(),
                }
            }
            Err(error) => {
                self.no_connection = unconnected(&error);
                Got::Nothing(failure(error))
            }
        };
        let took = begin.elapsed();
        if took > self.slowest.0 {
            self.slowest = (took, message.to_owned());
        }
        got
    }
}

impl Got {
    /// The body of an answer that says yes.
    pub(super) fn accepted(&self) -> Option<&Value> {
        match self {
            Self::Answer {
                status: 200..=299,
                json: Some(json),
                ..
            } if json.get("error").is_none_or(Value::is_null) => Some(json),
            _ => None,
        }
    }

    /// The server said no, by an HTTP error or by an error object. HTTP 500 and above is no refusal: the server failed.
    pub(super) fn is_refusal(&self) -> bool {
        match self {
            Self::Answer {
                status: 200..=299,
                json,
                ..
            } => json
                .as_ref()
                .and_then(|json| json.get("error"))
                .is_some_and(|error| !error.is_null()),
            Self::Answer { status, .. } => (400..500).contains(status),
            Self::Nothing(_) => false,
        }
    }

    /// A refusal with `error.cause`, or one that need not have it.
    pub(super) fn names_its_cause(&self) -> bool {
        match self {
            Self::Answer { status: 403, start, .. } if start.is_empty() => true,
            Self::Answer { json: Some(json), .. } => text(json, "error.cause").is_some_and(|cause| !cause.is_empty()),
            _ => false,
        }
    }

    pub(super) fn status(&self) -> Option<u16> {
        match self {
            Self::Answer { status, .. } => Some(*status),
            Self::Nothing(_) => None,
        }
    }

    /// A member of an answer that says yes, as text.
    pub(super) fn text(&self, path: &str) -> Option<String> {
        text(self.accepted()?, path)
    }

    pub(super) fn describe(&self) -> String {
        match self {
            Self::Answer { status, start, .. } if start.is_empty() => format!("HTTP {status}, empty"),
            Self::Answer { status, start, .. } => format!("HTTP {status}, {start}"),
            Self::Nothing(reason) => format!("no answer: {reason}"),
        }
    }
}

/// What kept a connection from being made, if that was it: nothing listens, no such host, a certificate that is not trusted.
fn unconnected(error: &reqwest::Error) -> Option<String> {
    let mut cause = error.source().filter(|_| error.is_connect())?;
    while let Some(inner) = cause.source() {
        cause = inner;
    }
    let is_refused = |error: &io::Error| error.kind() == io::ErrorKind::ConnectionRefused;
    if cause.downcast_ref().is_some_and(is_refused) {
        return Some("connection refused".to_owned());
    }
    let reason = cause.to_string();
    let hint = if reason.contains("UnknownIssuer") {
        " (--merchant-ca names its authority)"
    } else {
        ""
    };
    Some(reason + hint)
}

/// A string or a number at `path`.
pub(super) fn text(json: &Value, path: &str) -> Option<String> {
    let found = path.split('.').try_fold(json, |value, member| value.get(member))?;
    match found {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}
