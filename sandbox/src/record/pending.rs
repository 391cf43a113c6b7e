//! An exchange while its answer is awaited: takes the request in redacted, and closes the entry when the answer has come,
//! was cut off, or never came.

use std::{sync::Arc, time::Instant};

use axum::http::HeaderMap;
use ring::digest;
use serde_json::Value;

use super::{
    checks::{Wire, text},
    curl,
    exchange::{Check, Exchange, Half, Kind, Progress, Role, Sale, SaleState, Signature},
    path,
    recorder::{Recorder, Shared, now_ms},
    redact::{Secrets, start_of},
};
use crate::protocol::{fields::Fields, money, random};

/// A request as it came or went.
pub(crate) struct WireRequest<'a> {
    pub(crate) method: &'a str,
    /// Scheme, host and port.
    pub(crate) origin: &'a str,
    /// Path and query.
    pub(crate) target: &'a str,
    pub(crate) headers: &'a HeaderMap,
    pub(crate) body: &'a [u8],
    pub(crate) to: Role,
}

/// An answer as it went or came.
pub(crate) struct WireAnswer<'a> {
    pub(crate) status: u16,
    pub(crate) headers: &'a HeaderMap,
    pub(crate) body: &'a [u8],
    /// How its body ended, if not as it should.
    pub(crate) cut_off: Option<&'a str>,
}

/// An entry whose answer is awaited. Dropped, it says that none was given.
pub(crate) struct PendingExchange {
    shared: Arc<Shared>,
    number: u64,
    request: Option<Fields>,
    secrets: Secrets,
    query: Vec<(String, String)>,
    /// As it came, for signatures; the record has it redacted.
    invoice_id: Option<String>,
    began: Instant,
    is_closed: bool,
}

impl PendingExchange {
    /// Takes a request in; nothing if nothing is recorded.
    pub(crate) fn begin(recorder: &Recorder, asked: &WireRequest<'_>) -> Option<Self> {
        let shared = recorder.shared()?;
        let request = Fields::parse(asked.body).ok();
        let mut secrets = Secrets::default();
        let json = request.as_ref().map(|fields| secrets.json(fields.json()));
        let body = match &json {
            Some(json) => (json.to_string(), "json"),
            None => other_body(&secrets, asked),
        };
        let kind = path::classify(asked.method, asked.target);
        let mut it = Exchange::new(Kind::Exchange, (kind.from, asked.to), kind.message, now_ms());
        it.summary.step = kind.step;
        it.summary.invoice_id = kind.invoice_id.as_deref().map(|id| secrets.text(id));
        it.summary.method = Some(asked.method.to_owned());
        it.summary.path = Some(secrets.target(asked.target));
        let device = |fields: &Fields| text(fields.json(), "consumer.device.serialNumber");
        it.summary.device = request.as_ref().and_then(device).map(|serial| secrets.text(&serial));
        let url = format!("{}{}", asked.origin, secrets.target(asked.target));
        let content_type = asked.headers.get("content-type").and_then(|value| value.to_str().ok());
        let shown = if body.1 == "form" { body.0.as_str() } else { "" };
        it.curl = Some(curl::command(asked.method, &url, content_type, json.as_ref(), shown));
        it.request = Some(half(&secrets, asked.headers, asked.body.len(), body));
        let query = asked.target.split_once('?').map(|(_, query)| query).unwrap_or_default();
        let query = url::form_urlencoded::parse(query.as_bytes()).into_owned().collect();
        let number = shared.add(it);
        Some(Self {
            shared: Arc::clone(shared),
            number,
            request,
            secrets,
            query,
            invoice_id: kind.invoice_id,
            began: Instant::now(),
            is_closed: false,
        })
    }

    pub(crate) fn number(&self) -> u64 {
        self.number
    }

    /// Says more exactly what it is than its path does.
    pub(crate) fn is(&mut self, message: &str, step: Option<u8>, invoice_id: &str) {
        self.invoice_id = Some(invoice_id.to_owned());
        self.shared.update(self.number, |it| {
            message.clone_into(&mut it.summary.message);
            it.summary.step = step;
            it.summary.from = Role::Gateway;
            it.summary.invoice_id = Some(self.secrets.text(invoice_id));
        });
    }

    /// The answer is there.
    pub(crate) fn answered(mut self, answered: &WireAnswer<'_>) {
        self.is_closed = true;
        let response = Fields::parse(answered.body).ok();
        let nothing = Value::Null;
        let request = self.request.as_ref().map_or(&nothing, Fields::json);
        let answer = response.as_ref().map_or(&nothing, Fields::json);
        let body = match &response {
            Some(fields) => (self.secrets.json(fields.json()).to_string(), "json"),
            None if answered.body.is_empty() => (String::new(), "none"),
            None => (
                self.secrets.text(start_of(&String::from_utf8_lossy(answered.body))),
                "text",
            ),
        };
        let half = half(&self.secrets, answered.headers, answered.body.len(), body);
        let Some(before) = self.shared.exchange(self.number) else {
            return;
        };
        let message = before.summary.message;
        // The answer to an initiate request is the first to name the sale.
        let invoice_id = before.summary.invoice_id.or_else(|| self.clean(answer, "invoiceId"));
        let sale = invoice_id.as_deref().and_then(|id| self.shared.find_sale(id));
        let as_it_came = self.invoice_id.clone().or_else(|| text(answer, "invoiceId"));
        let wire = Wire {
            message: &message,
            invoice_id: as_it_came.as_deref(),
            endpoint_id: &self.shared.endpoint_id,
            query: &self.query,
            request,
            status: Some(answered.status),
            response: answer,
            sale: sale.as_ref(),
        };
        let checks = wire.checks();
        let signature = wire
            .claim()
            .map(|claim| claim.explain(&self.shared.key_text, &self.secrets));
        let problem = answered
            .cut_off
            .map(str::to_owned)
            .or_else(|| problem(&message, &checks, signature.as_ref()));
        self.learn(&wire, invoice_id.as_deref());
        let duration = self.duration();
        self.shared.update(self.number, |it| {
            it.summary.progress = Progress::Done;
            it.summary.duration_ms = Some(duration);
            it.summary.status = Some(answered.status);
            it.summary.invoice_id = it.summary.invoice_id.take().or(invoice_id);
            if it.summary.says.is_none() {
                it.summary.says = Some(self.secrets.text(&says(answered.status, answer)));
            }
            if let Some(problem) = problem {
                it.summary.problem.get_or_insert(problem);
            }
            judge(it, &checks, signature.as_ref());
            it.response = Some(half);
            it.checks = checks;
            it.signature = signature;
        });
    }

    /// No answer came, for this reason.
    pub(crate) fn failed(mut self, reason: &str) {
        self.close(reason);
    }

    fn close(&mut self, reason: &str) {
        self.is_closed = true;
        let duration = self.duration();
        self.shared.update(self.number, |it| {
            it.summary.progress = Progress::Done;
            it.summary.duration_ms = Some(duration);
            it.summary.problem.get_or_insert_with(|| reason.to_owned());
            it.verdict.accepted = Some(false);
            it.verdict.rule = Some("an answer".to_owned());
            it.verdict.got = Some(reason.to_owned());
        });
    }

    fn duration(&self) -> u64 {
        u64::try_from(self.began.elapsed().as_millis()).unwrap_or(u64::MAX)
    }

    /// What the messages tell of the sale.
    fn learn(&self, wire: &Wire<'_>, invoice_id: Option<&str>) {
        let succeeded = wire.status == Some(200) && wire.response.get("error").is_none();
        if wire.message == "access token" && succeeded {
            if let Some(token) = text(wire.response, "session.accessToken") {
                self.shared.token_given(digest_of(&token), self.number);
            }
            return;
        }
        let Some(invoice_id) = invoice_id else { return };
        match wire.message {
            "initiate sale" if succeeded => {
                let nonce = self.clean(wire.response, "session.nonce");
                self.shared.sale(invoice_id, |sale| {
                    self.begin_sale(sale, wire.request, nonce);
                });
                let token = text(wire.request, "session.accessToken");
                if let Some(given) = token.and_then(|token| self.shared.token_used(&digest_of(&token))) {
                    let device = self.clean(wire.request, "consumer.device.serialNumber");
                    self.shared.update(given, |it| {
                        it.summary.invoice_id = Some(invoice_id.to_owned());
                        it.summary.device = device;
                    });
                }
            }
            "perform sale" | "check sale" => {
                let nonce = self.clean(wire.request, "session.nonce");
                let was_performed = wire.message == "perform sale" && succeeded || wire.message == "check sale";
                self.shared.sale(invoice_id, |sale| {
                    self.begin_sale(sale, wire.request, nonce);
                    if was_performed && sale.state == SaleState::Initiated {
                        sale.state = SaleState::Processing;
                    }
                });
            }
            _ => {}
        }
    }
    /// What is known from the first message stays; later ones only add to it.
    fn begin_sale(&self, sale: &mut Sale, request: &Value, nonce: Option<String>) {
        sale.device = sale
            .device
            .take()
            .or_else(|| self.clean(request, "consumer.device.serialNumber"));
        sale.nonce = sale.nonce.take().or(nonce);
        if sale.amount_minor.is_none() {
            let amount = self.clean(request, "transaction.amountCentis");
            sale.amount_minor = amount.and_then(|amount| amount.parse().ok());
            sale.currency = text(request, "transaction.currency").filter(|currency| currency.len() == 3);
            if let (Some(amount), Some(currency)) = (sale.amount_minor, &sale.currency) {
                sale.amount = Some(format!("{} {currency}", money::major(amount, currency)));
            }
        }
    }

    fn clean(&self, body: &Value, member: &str) -> Option<String> {
        text(body, member).map(|value| self.secrets.text(&value))
    }
}

impl Drop for PendingExchange {
    fn drop(&mut self) {
        if !self.is_closed {
            self.close("the connection ended without an answer");
        }
    }
}

/// A body that is no JSON object. What is no form either may hold card data in any shape, so it is not kept.
fn other_body(secrets: &Secrets, asked: &WireRequest<'_>) -> (String, &'static str) {
    if asked.body.is_empty() {
        return (String::new(), "none");
    }
    let content_type = asked.headers.get("content-type").and_then(|value| value.to_str().ok());
    let is_form = content_type.is_some_and(|of| of.starts_with("application/x-www-form-urlencoded"));
    match std::str::from_utf8(asked.body) {
        Ok(form) if is_form => (secrets.form(start_of(form)), "form"),
        _ => {
            // Place and kind only: the parser's own words could quote the body.
            let found = serde_json::from_slice::<serde::de::IgnoredAny>(asked.body).err();
            let place = found.map(|error| format!(" (line {}, column {})", error.line(), error.column()));
            let text = format!(
                "Not a JSON object{}. A body of this kind is not kept: it may hold card data.",
                place.unwrap_or_default()
            );
            (text, "not_kept")
        }
    }
}

fn half(secrets: &Secrets, headers: &HeaderMap, length: usize, (body, form): (String, &str)) -> Half {
    let header = |(name, value): (&axum::http::HeaderName, &axum::http::HeaderValue)| {
        let value = String::from_utf8_lossy(value.as_bytes());
        (name.as_str().to_owned(), secrets.header(name.as_str(), &value))
    };
    Half {
        headers: headers.iter().map(header).collect(),
        body,
        length,
        form: form.to_owned(),
    }
}

fn digest_of(token: &str) -> String {
    random::hex(digest::digest(&digest::SHA256, token.as_bytes()).as_ref())
}

fn says(status: u16, answer: &Value) -> String {
    text(answer, "error.cause")
        .or_else(|| text(answer, "state"))
        .unwrap_or_else(|| format!("HTTP {status}"))
}

fn problem(message: &str, checks: &[Check], signature: Option<&Signature>) -> Option<String> {
    if message == path::UNKNOWN {
        return Some("no message of the protocol has this method and path".to_owned());
    }
    if let Some(signature) = signature.filter(|signature| !signature.matches) {
        return Some(format!("{} does not match", signature.member));
    }
    let broken = |check: &&Check| !check.kept;
    // An error object says more than the status that it comes with.
    let mut errors = checks.iter().filter(|check| check.rule == "answer: error");
    errors.find(broken).map(|check| check.got.clone()).or_else(|| {
        checks
            .iter()
            .find(broken)
            .map(|check| format!("{}: {}", check.rule, check.got))
    })
}

/// The rule that was broken: what the answer complains of, or the first one on the list.
fn judge(it: &mut Exchange, checks: &[Check], signature: Option<&Signature>) {
    if it.verdict.accepted.is_some() && it.verdict.rule.is_none() {
        return;
    }
    let complaint = checks
        .iter()
        .find(|check| check.rule == "answer: error")
        .map(|check| check.got.clone());
    let verdict = &mut it.verdict;
    match signature.filter(|signature| !signature.matches) {
        Some(signature) => {
            verdict.rule = Some(complaint.unwrap_or_else(|| format!("{} matches", signature.member)));
            verdict.expected = Some(signature.expected.clone());
            verdict.got.clone_from(&signature.received);
            verdict.accepted = Some(false);
        }
        None => {
            let broken = checks.iter().filter(|check| !check.kept);
            let named = |check: &&Check| {
                let member = check.rule.split(": ").nth(1).unwrap_or_default();
                complaint.as_ref().is_some_and(|complaint| complaint.contains(member))
            };
            let first = broken.clone().find(named).or_else(|| broken.clone().next());
            verdict.accepted = Some(first.is_none());
            if let Some(check) = first {
                verdict.rule = Some(complaint.unwrap_or_else(|| check.rule.clone()));
                verdict.expected = Some(check.expected.clone());
                verdict.got = Some(check.got.clone());
            }
        }
    }
}
