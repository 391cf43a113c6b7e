//! HTTPS from the gateway to the merchant's server. What is asked and how the answer is judged lives with each message.

use axum::body::Bytes;
use reqwest::{RequestBuilder, StatusCode};
use serde_json::Value;
use url::Url;

use crate::{
    SandboxError,
    fields::Fields,
    inspector::{Call, Recorder},
    stage::{Exchange, Stage},
    tls,
};

/// Why a call brought nothing to judge.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum CallFailure {
    /// No answer: unreachable, cut off, too slow, not trusted.
    Network,
    /// An HTTP error, or an `error` member of any shape.
    Refused,
    /// Not a JSON object.
    Unreadable,
}

impl CallFailure {
    pub(super) fn describe(self) -> &'static str {
        match self {
            Self::Network => "no answer",
            Self::Refused => "answered with an error",
            Self::Unreadable => "answered with something unreadable",
        }
    }
}

pub(super) struct MerchantClient {
    http: reqwest::Client,
    base: Url,
    recorder: Recorder,
}

impl MerchantClient {
    /// A client for the merchant at `base` that trusts the authorities in `trusted_pem`.
    pub(super) fn new(base: Url, trusted_pem: &str, stage: &Stage) -> Result<Self, SandboxError> {
        let http = reqwest::Client::builder()
            .tls_backend_preconfigured(tls::client_trusting(trusted_pem)?)
            .https_only(true)
            .no_proxy()
            .redirect(reqwest::redirect::Policy::none())
            .timeout(stage.config.call_timeout)
            .build()?;
        Ok(Self {
            http,
            base,
            recorder: stage.recorder.clone(),
        })
    }

    /// Posts JSON about a sale to `path` under the merchant's base.
    pub(super) async fn post(&self, of: (Exchange, &str), path: &[&str], body: &Value) -> Result<Fields, CallFailure> {
        let url = self.under_base(path);
        let call = Call::begin(&self.recorder, of, "POST", &url, Some(body));
        let (status, bytes) = self.answer(self.http.post(url).json(body), call).await?;
        if !status.is_success() {
            return Err(CallFailure::Refused);
        }
        let fields = Fields::parse(&bytes).map_err(|_| CallFailure::Unreadable)?;
        if fields.has("error") {
            Err(CallFailure::Refused)
        } else {
            Ok(fields)
        }
    }

    /// Sends a GET about a sale with these parameters; true if it was answered with HTTP 200.
    pub(super) async fn get(&self, of: (Exchange, &str), path: &[&str], parameters: &[(&str, &str)]) -> bool {
        let mut url = self.under_base(path);
        url.query_pairs_mut().extend_pairs(parameters);
        let call = Call::begin(&self.recorder, of, "GET", &url, None);
        let answer = self.answer(self.http.get(url), call).await;
        answer.is_ok_and(|(status, _)| status == 200)
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
                call.failed(error);
                Err(CallFailure::Network)
            }
        }
    }

    fn under_base(&self, path: &[&str]) -> Url {
        let mut url = self.base.clone();
        if let Ok(mut segments) = url.path_segments_mut() {
            segments.pop_if_empty().extend(path);
        }
        url
    }
}
