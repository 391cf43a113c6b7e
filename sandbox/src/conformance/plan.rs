//! What a conformance run is made with: the server, its entry point, what is bought.

use std::time::Duration;

use reqwest::header::{HeaderMap, HeaderName, HeaderValue};

use crate::{
    config::TEST_CONTROL_KEY, error::SandboxError, net::merchant_server::MerchantServer,
    protocol::signature::ControlKey,
};

/// A conformance run to be made.
#[derive(Clone)]
pub struct MerchantCheck {
    pub(super) server: MerchantServer,
    pub(super) key_text: String,
    pub(super) key: ControlKey,
    pub(super) endpoint_id: String,
    pub(super) amount_minor: u64,
    pub(super) currency: String,
    pub(super) access_token: Option<String>,
    pub(super) merchant_order_id: String,
    pub(super) headers: HeaderMap,
    pub(super) answer_limit: Duration,
    pub(super) has_callbacks: bool,
    pub(super) has_other_notification_path: bool,
}

/// How long an answer may take, unless said otherwise: as long as the sandbox's gateway waits.
const ANSWER_LIMIT: Duration = Duration::from_secs(10);

impl MerchantCheck {
    /// A run against `server`, with the sandbox's control key and entry point.
    ///
    /// # Errors
    /// [`SandboxError::ControlKey`] never, as long as the sandbox's own key is one.
    pub fn new(server: MerchantServer) -> Result<Self, SandboxError> {
        Ok(Self {
            server,
            key_text: TEST_CONTROL_KEY.to_owned(),
            key: ControlKey::parse(TEST_CONTROL_KEY)?,
            endpoint_id: "1144".to_owned(),
            amount_minor: 1_050,
            currency: "EUR".to_owned(),
            access_token: None,
            merchant_order_id: "conformance run".to_owned(),
            headers: HeaderMap::new(),
            answer_limit: ANSWER_LIMIT,
            has_callbacks: true,
            has_other_notification_path: true,
        })
    }

    /// The control key and the entry point id that the server is configured with.
    ///
    /// # Errors
    /// [`SandboxError::ControlKey`] or [`SandboxError::EndpointId`] if they are none.
    pub fn entry_point(mut self, control_key: &str, endpoint_id: &str) -> Result<Self, SandboxError> {
        if !(1..=20).contains(&endpoint_id.len()) || !endpoint_id.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(SandboxError::EndpointId);
        }
        self.key = ControlKey::parse(control_key)?;
        control_key.clone_into(&mut self.key_text);
        endpoint_id.clone_into(&mut self.endpoint_id);
        Ok(self)
    }

    /// What is bought: an amount in minor units, a currency (ISO 4217), and an order. 10.50 EUR unless said otherwise.
    #[must_use]
    pub fn order(mut self, amount_minor: u64, currency: &str, merchant_order_id: &str) -> Self {
        self.amount_minor = amount_minor;
        currency.clone_into(&mut self.currency);
        merchant_order_id.clone_into(&mut self.merchant_order_id);
        self
    }

    /// An access token of one order, which [`MerchantCheck::order`] names: the run makes one sale with it, checks that it pays
    /// nothing else, and skips what needs several sales. Without one the server is asked for a token for each sale.
    #[must_use]
    pub fn access_token(mut self, access_token: impl Into<String>) -> Self {
        self.access_token = Some(access_token.into());
        self
    }

    /// A header that the app sends with each of its requests, for example `Authorization`.
    ///
    /// # Errors
    /// [`SandboxError::Header`] if name or value cannot be sent.
    pub fn header(mut self, name: &str, value: &str) -> Result<Self, SandboxError> {
        let bad = || SandboxError::Header { name: name.to_owned() };
        let header = HeaderName::from_bytes(name.as_bytes()).map_err(|_| bad())?;
        let value = HeaderValue::from_str(value).map_err(|_| bad())?;
        self.headers.append(header, value);
        Ok(self)
    }

    /// How long an answer may take. 10 s unless said otherwise.
    #[must_use]
    pub fn answer_limit(mut self, limit: Duration) -> Self {
        self.answer_limit = limit;
        self
    }

    /// The server has no callback URL, so callbacks are not checked.
    #[must_use]
    pub fn without_callbacks(mut self) -> Self {
        self.has_callbacks = false;
        self
    }

    /// The server has one path for notifications, so the other one of the protocol is not checked.
    #[must_use]
    pub fn without_other_notification_path(mut self) -> Self {
        self.has_other_notification_path = false;
        self
    }
}
