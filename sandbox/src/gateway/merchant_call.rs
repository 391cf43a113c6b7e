//! HTTPS from the gateway to the merchant's server. What is asked and how the answer is judged lives with each message.

use axum::body::Bytes;
use reqwest::{RequestBuilder, StatusCode};
use serde_json::Value;
use url::Url;

use crate::{
    error::SandboxError,
    net::merchant_server::{MerchantServer, failure},
    protocol::{diagram::Exchange, fields::Fields},
    record::{Call, Recorder},
    stage::Stage,
};

/// Characters of an answer that is quoted.
const QUOTED: usize = 200;

/// Why a call brought nothing to judge, with the cause.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum CallFailure {
    /// No answer: unreachable, cut off, too slow, not trusted.
    Network(String),
    /// An HTTP error, or an `error` member of any shape.
    Refused(String),
    /// Not a JSON object.
    Unreadable(String),
}

impl CallFailure {
    pub(super) fn describe(self) -> String {
        match self {
            Self::Network(cause) => format!("no answer: {cause}"),
            Self::Refused(cause) => format!("answered with an error: {cause}"),
            Self::Unreadable(cause) => format!("answered with something unreadable: {cause}"),
        }
    }
}

pub(super) struct MerchantClient {
    http: reqwest::Client,
    server: MerchantServer,
    recorder: Recorder,
}

impl MerchantClient {
    /// A client for the merchant's `server`.
    pub(super) fn new(server: MerchantServer, stage: &Stage) -> Result<Self, SandboxError> {
        Ok(Self {
            http: server.client(stage.config.call_timeout)?,
            server,
            recorder: stage.recorder.clone(),
        })
    }

    pub(super) fn server(&self) -> &MerchantServer {
        &self.server
    }

    /// Posts JSON about a sale to `path` of the merchant's server.
    pub(super) async fn post(&self, of: (Exchange, &str), path: &str, body: &Value) -> Result<Fields, CallFailure> {
        let url = self.server.at(path, of.1);
        let call = Call::begin(&self.recorder, of, "POST", &url, Some(body));
        let (status, bytes) = self.answer(self.http.post(url).json(body), call).await?;
        if !status.is_success() {
            return Err(CallFailure::Refused(quoted(status, &bytes)));
        }
        match Fields::parse(&bytes) {
            Ok(fields) if fields.has("error") => Err(CallFailure::Refused(quoted(status, &bytes))),
            Ok(fields) => Ok(fields),
            Err(_) => Err(CallFailure::Unreadable(quoted(status, &bytes))),
        }
    }

    /// Sends a GET about a sale to `url` with these parameters; it is taken if it is answered with HTTP 200.
    pub(super) async fn get(
        &self,
        of: (Exchange, &str),
        mut url: Url,
        parameters: &[(&str, &str)],
    ) -> Result<(), CallFailure> {
        url.query_pairs_mut().extend_pairs(parameters);
        let call = Call::begin(&self.recorder, of, "GET", &url, None);
        let (status, bytes) = self.answer(self.http.get(url), call).await?;
        match status.as_u16() {
            200 => Ok(()),
            _ => Err(CallFailure::Refused(quoted(status, &bytes))),
        }
    }

    /// The whole answer, put on record.
    async fn answer(&self, request: RequestBuilder, call: Call) -> Result<(StatusCode, Bytes), CallFailure> {
        let answered = async {
            let answer = request.send().await?;
            let (status, headers) = (answer.status(), answer.headers().clone());
            Ok((status, headers, answer.bytes().await?))
        };
        match answered.await {
            Ok((status, headers, bytes)) => {
                call.answered(status.as_u16(), &headers, &bytes);
                Ok((status, bytes))
            }
            Err(error) => {
                let cause = failure(error);
                call.failed(&cause);
                Err(CallFailure::Network(cause))
            }
        }
    }
}

/// `HTTP 403, ` and how the body begins, on one line.
fn quoted(status: StatusCode, body: &[u8]) -> String {
    let text = String::from_utf8_lossy(body);
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let start: String = line.chars().take(QUOTED).collect();
    match start.is_empty() {
        true => format!("HTTP {}, empty", status.as_u16()),
        false => format!("HTTP {}, {start}", status.as_u16()),
    }
}
