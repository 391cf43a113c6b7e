//! HTTPS from the gateway to the merchant's server. What is asked and how the answer is judged lives with each message.

use std::time::Duration;

use serde_json::Value;
use url::Url;

use crate::{SandboxError, fields::Fields, tls};

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
}

impl MerchantClient {
    /// A client for the merchant at `base` that trusts the authorities in `trusted_pem`.
    pub(super) fn new(base: Url, trusted_pem: &str, timeout: Duration) -> Result<Self, SandboxError> {
        let http = reqwest::Client::builder()
            .tls_backend_preconfigured(tls::client_trusting(trusted_pem)?)
            .https_only(true)
            .no_proxy()
            .redirect(reqwest::redirect::Policy::none())
            .timeout(timeout)
            .build()?;
        Ok(Self { http, base })
    }

    /// Posts JSON to `path` under the merchant's base.
    pub(super) async fn post(&self, path: &[&str], body: &Value) -> Result<Fields, CallFailure> {
        let answer = self
            .http
            .post(self.under_base(path))
            .json(body)
            .send()
            .await
            .map_err(|_| CallFailure::Network)?;
        let succeeded = answer.status().is_success();
        let bytes = answer.bytes().await.map_err(|_| CallFailure::Network)?;
        if !succeeded {
            return Err(CallFailure::Refused);
        }
        let fields = Fields::parse(&bytes).map_err(|_| CallFailure::Unreadable)?;
        if fields.has("error") {
            Err(CallFailure::Refused)
        } else {
            Ok(fields)
        }
    }

    /// Sends a GET with these parameters; true if it was answered with HTTP 200.
    pub(super) async fn get(&self, path: &[&str], parameters: &[(&str, &str)]) -> bool {
        let mut url = self.under_base(path);
        url.query_pairs_mut().extend_pairs(parameters);
        self.http
            .get(url)
            .send()
            .await
            .is_ok_and(|answer| answer.status() == 200)
    }

    fn under_base(&self, path: &[&str]) -> Url {
        let mut url = self.base.clone();
        if let Ok(mut segments) = url.path_segments_mut() {
            segments.pop_if_empty().extend(path);
        }
        url
    }
}
