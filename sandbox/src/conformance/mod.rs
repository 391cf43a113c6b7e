//! A conformance run against a merchant's server: plays app and gateway, does what they do and what they must not get away with,
//! and reports what the server made of it. No gateway has to run, and no card data is sent.
//!
//! What is checked, and what the protocol says to it, is `rules`; how it is checked is `initiate`, `session_token`, `check`, `mapping`,
//! `stored_card` and `callback`.

mod callback;
mod caller;
mod check;
mod initiate;
mod mapping;
mod one_order;
mod report;
mod rules;
mod sale;
mod session_token;
mod stored_card;

use std::time::Duration;

use reqwest::header::{HeaderMap, HeaderName, HeaderValue};

pub use self::report::{CheckResult, ConformanceCheck, ConformanceReport};
use self::{caller::Caller, report::Sheet, sale::Sale};
use crate::{
    MerchantServer, SandboxError, TEST_CONTROL_KEY,
    inspector::Claim,
    protocol::{random, signature::ControlKey},
};

/// A conformance run to be made.
#[derive(Clone)]
pub struct MerchantCheck {
    server: MerchantServer,
    key_text: String,
    key: ControlKey,
    endpoint_id: String,
    amount_minor: u64,
    currency: String,
    access_token: Option<String>,
    merchant_order_id: String,
    headers: HeaderMap,
    answer_limit: Duration,
    has_callbacks: bool,
    has_other_notification_path: bool,
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

    /// Makes the run.
    ///
    /// # Errors
    /// [`SandboxError`] if this side fails: no random bytes, no TLS. What the server does wrong is in the report.
    pub async fn run(self) -> Result<ConformanceReport, SandboxError> {
        let mut run = Run {
            caller: Caller::new(&self.server, self.answer_limit, self.headers.clone())?,
            sheet: Sheet::new(),
            causeless: None,
            refusals: 0,
            plan: self,
        };
        run.course().await?;
        let unreachable = run.caller.refused_connection();
        let is_of_one_order = run.is_of_one_order();
        let url = run.plan.server.url();
        Ok(run.sheet.into_report(url.as_str(), unreachable, is_of_one_order))
    }
}

/// A run that is being made.
struct Run {
    plan: MerchantCheck,
    caller: Caller,
    sheet: Sheet,
    /// The first refusal that did not name its cause, and of which check.
    causeless: Option<String>,
    refusals: usize,
}

impl Run {
    async fn course(&mut self) -> Result<(), SandboxError> {
        self.skip_by_orders();
        let Some((first, second)) = self.initiate().await? else {
            self.time();
            return Ok(());
        };
        self.bad_initiates(&first).await?;
        // Of one order there is one sale, which what must be refused does not harm.
        let (attacked, other) = match &second {
            Some(second) => (second, Some(&first)),
            None => (&first, None),
        };
        let attacked_is_checked = self.bad_checks(attacked, other).await?;
        let is_checked = self.good_check(&first).await?;
        if is_checked {
            self.session_token(&first).await?;
            let early = self.ask_for_card(&first).await;
            self.bad_mappings(&first).await?;
            if let Some(mapped) = self
                .good_mapping(&first, second.as_ref().filter(|_| attacked_is_checked))
                .await?
            {
                self.stored_card(&first, &mapped, &early).await?;
            }
        }
        self.void(&first.serial_number).await?;
        self.callbacks(&first, is_checked, second.as_ref()).await;
        self.causes();
        self.time();
        Ok(())
    }

    fn time(&mut self) {
        let (took, message) = self.caller.slowest().clone();
        let limit = self.plan.answer_limit;
        self.sheet.note(
            "answer_time",
            took < limit,
            format!("every answer within {} s", limit.as_secs_f64()),
            format!("the slowest, to {message}, took {} ms", took.as_millis()),
        );
    }

    fn causes(&mut self) {
        if self.refusals == 0 {
            return;
        }
        let got = self.causeless.clone();
        self.sheet.note(
            "error.cause",
            got.is_none(),
            "error.cause in every refusal, but for HTTP 403 without a body",
            got.unwrap_or_else(|| "a cause each time".to_owned()),
        );
    }

    /// Judges a signature, and names the likely mistake.
    fn signature(&mut self, id: &str, claim: &Claim) {
        let received = claim.received.clone().unwrap_or_default();
        let expected = claim.expected(&self.plan.key_text);
        if received.eq_ignore_ascii_case(&expected) {
            return self.sheet.note(id, true, expected, received);
        }
        let likely = claim.likely_mistake(&self.plan.key_text, &received);
        let parts: Vec<String> = claim
            .parts
            .iter()
            .map(|part| format!("{}={}", part.name, part.value))
            .collect();
        let expected = format!("{expected}, over {}", parts.join(" · "));
        self.sheet.note_mistake(id, expected, received, likely);
    }

    /// The request must have been refused.
    fn refused(&mut self, id: &str, got: &caller::Got) {
        if got.is_refusal() {
            self.refusals += 1;
            if !got.names_its_cause() {
                self.causeless
                    .get_or_insert_with(|| format!("at {id}: {}", got.describe()));
            }
        }
        self.sheet.note(
            id,
            got.is_refusal(),
            "a refusal: HTTP 400 to 499, or an error object",
            got.describe(),
        );
    }

    /// Another value of the same form.
    fn another(of: &str) -> Result<String, SandboxError> {
        let fresh = random::token()?.replace(['^', '$'], "0");
        Ok(match of.len() {
            0 => fresh,
            length => fresh.chars().cycle().take(length).collect(),
        })
    }

    fn sale_url(&self, path: &str, sale: &Sale) -> url::Url {
        self.plan.server.at(path, &sale.invoice_id)
    }
}
