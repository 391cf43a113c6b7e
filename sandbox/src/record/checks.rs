//! The protocol's rules for each message, checked on what passed over the wire: by type, length, and agreement with the
//! messages before. Independent of what the receiver made of it. Values are shown by their length, never as they are.

use serde_json::Value;

use super::{
    exchange::{Check, Sale},
    redact,
};

/// A message as it passed, before redaction.
pub(crate) struct Wire<'a> {
    pub(crate) message: &'a str,
    pub(crate) invoice_id: Option<&'a str>,
    pub(crate) endpoint_id: &'a str,
    /// The parameters of a callback.
    pub(crate) query: &'a [(String, String)],
    pub(crate) request: &'a Value,
    pub(crate) status: Option<u16>,
    pub(crate) response: &'a Value,
    /// What was known of the sale before.
    pub(crate) sale: Option<&'a Sale>,
}

pub(super) const SERIAL: &str = "consumer.device.serialNumber";
pub(super) const ACCESS: &str = "session.accessToken";
pub(super) const TOKEN: &str = "session.token";
pub(super) const NONCE: &str = "session.nonce";
pub(super) const SIGNATURE: &str = "session.signature";
pub(super) const CHECK_SIGNATURE: &str = "session.checkSignature";
pub(super) const AMOUNT: &str = "transaction.amountCentis";
pub(super) const CURRENCY: &str = "transaction.currency";
pub(super) const SERVER_CARD: &str = "sourceOfFunds.reference.serverCardId";
pub(super) const CLIENT_CARD: &str = "sourceOfFunds.reference.clientCardId";

/// Text of `min` to `max` characters, and whether it must be there.
type Length = (&'static str, usize, usize, bool);

const fn needed(member: &'static str, min: usize, max: usize) -> Length {
    (member, min, max, true)
}

/// What is asked of the members of the request and of the answer.
fn lengths(message: &str) -> (Vec<Length>, Vec<Length>) {
    let session: [Length; 2] = [needed(SERIAL, 1, 50), needed(ACCESS, 32, 128)];
    match message {
        "access token" => (vec![], vec![needed(ACCESS, 32, 128)]),
        "initiate sale" => (
            vec![session[0], session[1], ("consumer.email", 3, 128, false)],
            vec![
                needed("endpointId", 1, 20),
                needed("invoiceId", 1, 64),
                needed(NONCE, 32, 128),
                needed(SIGNATURE, 32, 128),
            ],
        ),
        "perform sale" => (
            vec![
                session[0],
                session[1],
                needed(NONCE, 32, 128),
                needed(SIGNATURE, 32, 128),
                ("consumer.email", 3, 128, false),
                (CLIENT_CARD, 1, 128, false),
            ],
            vec![needed(TOKEN, 16, 36)],
        ),
        "sale status" => (vec![session[1], needed(TOKEN, 16, 36)], vec![needed(TOKEN, 16, 36)]),
        "check sale" => (
            vec![
                session[0],
                session[1],
                needed(NONCE, 32, 128),
                needed(SIGNATURE, 32, 128),
                needed(TOKEN, 16, 36),
            ],
            vec![
                needed(CHECK_SIGNATURE, 32, 128),
                ("consumer.email", 3, 128, false),
                (SERVER_CARD, 1, 64, false),
            ],
        ),
        "sale card mapping notification" => (
            vec![session[0], session[1], needed(TOKEN, 16, 36)],
            vec![needed(CHECK_SIGNATURE, 32, 128)],
        ),
        _ => (vec![], vec![]),
    }
}

pub(crate) fn at<'a>(value: &'a Value, path: &str) -> Option<&'a Value> {
    path.split('.')
        .try_fold(value, |value, member| value.get(member))
        .filter(|value| !value.is_null())
}

pub(crate) fn text(value: &Value, path: &str) -> Option<String> {
    match at(value, path)? {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

impl Wire<'_> {
    /// Every rule of this message, in the order of its members.
    pub(crate) fn checks(&self) -> Vec<Check> {
        let mut checks = Vec::new();
        let (asked, answered) = lengths(self.message);
        checks.extend(
            asked
                .into_iter()
                .filter_map(|rule| length(self.request, "request", rule)),
        );
        if matches!(self.message, "initiate sale" | "perform sale") {
            checks.push(self.amount());
            let currency = text(self.request, CURRENCY).unwrap_or_default();
            let kept = currency.len() == 3 && currency.bytes().all(|byte| byte.is_ascii_uppercase());
            checks.push(check(
                "request: transaction.currency",
                "3 capital letters",
                self.clean(&currency),
                kept,
            ));
        }
        if self.message == "perform sale" {
            self.perform(&mut checks);
        }
        if self.status.is_some() {
            self.answer(&mut checks, answered);
        }
        checks
    }

    fn answer(&self, checks: &mut Vec<Check>, answered: Vec<Length>) {
        let status = self.status.unwrap_or_default();
        let is_page = matches!(self.message, "open browser" | "authentication data" | "3-D Secure page");
        let kept = status == 200 || is_page && status < 400;
        checks.push(check("answer: HTTP status", "200", status.to_string(), kept));
        if let Some(error) = at(self.response, "error") {
            let got = [text(error, "cause"), text(error, "message")].map(Option::unwrap_or_default);
            checks.push(check(
                "answer: error",
                "no error object",
                self.clean(&got.join(": ")),
                false,
            ));
        }
        if !kept || at(self.response, "error").is_some() || is_page || self.message == "callback" {
            return;
        }
        if !answered.is_empty() && !self.response.is_object() {
            return checks.push(check(
                "answer: body",
                "a JSON object",
                "something else".to_owned(),
                false,
            ));
        }
        checks.extend(
            answered
                .into_iter()
                .filter_map(|rule| length(self.response, "answer", rule)),
        );
        match self.message {
            "initiate sale" => self.same(checks, "endpointId", Some(self.endpoint_id)),
            "perform sale" => self.same(checks, "invoiceId", self.invoice_id),
            "sale status" => {
                self.same(checks, "invoiceId", self.invoice_id);
                self.status_answer(checks);
            }
            "check sale" => {
                self.same(checks, "invoiceId", self.invoice_id);
                self.same(checks, NONCE, text(self.request, NONCE).as_deref());
                self.same(checks, TOKEN, text(self.request, TOKEN).as_deref());
                if at(self.request, CLIENT_CARD).is_some() {
                    let id = text(self.response, SERVER_CARD);
                    let (rule, kept) = (format!("answer: {SERVER_CARD}"), id.is_some());
                    checks.push(check(&rule, "the card of clientCardId", told(id.as_deref()), kept));
                }
            }
            "sale card mapping notification" => {
                self.same(checks, "invoiceId", self.invoice_id);
                self.same(checks, TOKEN, text(self.request, TOKEN).as_deref());
                self.same(checks, NONCE, self.sale.and_then(|sale| sale.nonce.as_deref()));
            }
            _ => {}
        }
    }

    fn status_answer(&self, checks: &mut Vec<Check>) {
        const STATES: &str = "PROCESSING, REDIRECT_REQUEST, APPROVED or DECLINED";
        let state = text(self.response, "state").unwrap_or_default();
        let kept = STATES.split([',', ' ']).any(|word| word == state && word.len() > 2);
        checks.push(check("answer: state", STATES, self.clean(&state), kept));
        for (of, member) in [
            ("REDIRECT_REQUEST", "redirectUrl"),
            ("APPROVED", "bankOrderId"),
            ("DECLINED", "errorCode"),
        ] {
            if state == of {
                let got = text(self.response, member);
                let rule = format!("answer: {member} with {of}");
                checks.push(check(&rule, "there", told(got.as_deref()), got.is_some()));
            }
        }
    }

    fn amount(&self) -> Check {
        let amount = at(self.request, AMOUNT);
        let number = amount.and_then(|amount| match amount {
            Value::Number(number) => number.as_u64(),
            Value::String(text) => text.parse().ok(),
            _ => None,
        });
        let got = amount.map_or_else(|| "nothing".to_owned(), |amount| self.clean(&amount.to_string()));
        let kept = number.is_some_and(|number| number > 0);
        check(
            "request: transaction.amountCentis",
            "minor units, at least 1",
            got,
            kept,
        )
    }

    /// The card, and what the sale began with.
    fn perform(&self, checks: &mut Vec<Check>) {
        let (card, reference) = (
            at(self.request, "sourceOfFunds.card"),
            at(self.request, "sourceOfFunds.reference"),
        );
        let got = match (card, reference) {
            (Some(_), Some(_)) => "both",
            (Some(_), None) => "card",
            (None, Some(_)) => "reference",
            (None, None) => "neither",
        };
        let one = card.is_some() != reference.is_some();
        checks.push(check(
            "request: sourceOfFunds",
            "card or reference",
            got.to_owned(),
            one,
        ));
        let source = if card.is_some() { "card" } else { "reference" };
        let digits = |member: &str, min: usize, max: usize| {
            let given = text(self.request, &format!("sourceOfFunds.{source}.{member}")).unwrap_or_default();
            let all = given.bytes().all(|byte| byte.is_ascii_digit());
            let got = match all {
                true => format!("{} digits", given.len()),
                false => "other characters than digits".to_owned(),
            };
            let rule = format!("request: sourceOfFunds.{source}.{member}");
            check(
                &rule,
                &format!("{min} to {max} digits"),
                got,
                all && (min..=max).contains(&given.len()),
            )
        };
        if card.is_some() {
            checks.push(digits("number", 9, 19));
        }
        if one {
            checks.push(digits("securityCode", 3, 4));
        }
        let Some(sale) = self.sale else { return };
        let amount = sale.amount_minor.map(|amount| amount.to_string());
        for (member, began) in [
            (SERIAL, &sale.device),
            (AMOUNT, &amount),
            (CURRENCY, &sale.currency),
            (NONCE, &sale.nonce),
        ] {
            if let (Some(began), given) = (began, text(self.request, member).unwrap_or_default()) {
                let rule = format!("request: {member} as in initiate sale");
                checks.push(check(&rule, began, self.clean(&given), *began == given));
            }
        }
    }

    fn same(&self, checks: &mut Vec<Check>, member: &str, expected: Option<&str>) {
        let Some(expected) = expected else { return };
        let got = text(self.response, member);
        let show = |value: &str| match member {
            TOKEN => redact::shortened(value),
            _ => self.clean(value),
        };
        let shown = got.as_deref().map_or_else(|| "nothing".to_owned(), show);
        let kept = got.as_deref() == Some(expected);
        let rule = format!("answer: {member} is that of the request");
        checks.push(check(&rule, &show(expected), shown, kept));
    }

    fn clean(&self, value: &str) -> String {
        let mut secrets = redact::Secrets::default();
        let _only_to_know_them = secrets.json(self.request);
        secrets.text(redact::start_of(value))
    }
}

fn length(body: &Value, of: &str, (member, min, max, needed): Length) -> Option<Check> {
    let rule = format!("{of}: {member}");
    let expected = format!("{min} to {max} characters{}", if needed { "" } else { ", or nothing" });
    let Some(value) = text(body, member) else {
        return needed.then(|| check(&rule, &expected, "nothing".to_owned(), false));
    };
    let count = value.chars().count();
    Some(check(
        &rule,
        &expected,
        format!("{count} characters"),
        (min..=max).contains(&count),
    ))
}

fn told(value: Option<&str>) -> String {
    value.map_or("nothing", |_| "there").to_owned()
}

fn check(rule: &str, expected: &str, got: String, kept: bool) -> Check {
    Check {
        rule: rule.to_owned(),
        expected: expected.to_owned(),
        got,
        kept,
    }
}
