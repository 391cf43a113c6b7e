//! Takes out of a message what the record may not hold, before it is recorded: of a card's number everything but the
//! first six and last four digits, security codes and names altogether, and of tokens all but their ends.
//!
//! Members are known by their names, in any spelling. What a request gave as a card's number or name is taken out
//! wherever else it stands in the same exchange, and so is whatever looks like a card's number.

use serde_json::{Map, Value};
use zeroize::Zeroizing;

/// What stands where something was.
pub(crate) const GONE: &str = "•••";

/// Longest body that is kept, in bytes.
const LONGEST: usize = 16 * 1024;

/// What a member holds, by its name.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Holds {
    CardNumber,
    SecurityCode,
    Name,
    Token,
    Email,
    /// An id or a signature of the protocol: long digits are to be expected.
    Id,
    Other,
}

fn holds(member: &str) -> Holds {
    let plain: String = member
        .chars()
        .filter(|c| c.is_alphanumeric())
        .flat_map(char::to_lowercase)
        .collect();
    match plain.as_str() {
        "number" | "pan" | "cardnumber" | "cardno" | "ccnumber" | "creditcardnumber" | "creditcard" => {
            Holds::CardNumber
        }
        "securitycode" | "cvv" | "cvv2" | "cvc" | "cvc2" | "csc" | "cid" | "cardsecuritycode" | "password" | "pin"
        | "otp" => Holds::SecurityCode,
        "firstname" | "lastname" | "printedname" | "middleinitial" | "middlename" | "holdername" | "cardholder"
        | "cardholdername" | "cardprintedname" | "nameoncard" | "fullname" | "name" => Holds::Name,
        "accesstoken" | "token" | "authorization" | "cookie" | "setcookie" | "proxyauthorization" | "secret"
        | "apikey" | "xapikey" | "refreshtoken" | "sessiontoken" => Holds::Token,
        "email" => Holds::Email,
        "servercardid"
        | "uniquereferencecardid"
        | "bankorderid"
        | "orderid"
        | "amountcentis"
        | "signature"
        | "checksignature"
        | "control"
        | "nonce" => Holds::Id,
        _ => Holds::Other,
    }
}

/// What an exchange gave away, to be found again in the rest of it. Wiped with it.
#[derive(Default)]
pub(crate) struct Secrets(Vec<Zeroizing<String>>);

impl Secrets {
    fn keep(&mut self, text: &str) {
        // Shorter ones would be found where they are not meant.
        if text.chars().count() >= 4 {
            self.0.push(Zeroizing::new(text.to_owned()));
        }
    }

    /// Free text without what was given away, and without what looks like a card's number.
    pub(crate) fn text(&self, text: &str) -> String {
        without_numbers(&self.known(text))
    }

    /// A value that a signature covers, or a signature.
    pub(crate) fn signed(&self, name: &str, value: &str) -> String {
        let member = name.rsplit('.').next().unwrap_or_default();
        match holds(member) {
            Holds::Token => shortened(value),
            Holds::Id => self.id(member, value),
            _ => self.text(value),
        }
    }

    /// An id or a signature may hold long digits; one that is nothing but a card's number is masked all the same. Only the
    /// gateway's own references of cards are numbers of that length.
    fn id(&self, member: &str, value: &str) -> String {
        let is_number = value.bytes().all(|byte| byte.is_ascii_digit());
        if is_number && !matches!(member, "serverCardId" | "uniqueReferenceCardId") {
            self.text(value)
        } else {
            self.known(value)
        }
    }

    /// Text that may well hold long digits, without what was given away.
    fn known(&self, text: &str) -> String {
        let mut clean = text.to_owned();
        for secret in &self.0 {
            if clean.contains(secret.as_str()) {
                clean = clean.replace(secret.as_str(), &masked_number(secret));
            }
        }
        clean
    }

    /// A body that is JSON. Nothing that is taken out is copied anywhere but into these secrets.
    pub(crate) fn json(&mut self, value: &Value) -> Value {
        self.collect(value);
        self.member("", value)
    }

    /// The names and numbers first, so that they are known wherever they stand.
    fn collect(&mut self, value: &Value) {
        match value {
            Value::Object(members) => members.iter().for_each(|(name, value)| match (holds(name), value) {
                (Holds::CardNumber | Holds::Name, Value::String(text)) => self.keep(text),
                (Holds::CardNumber, Value::Number(number)) => self.keep(&number.to_string()),
                (_, value) => self.collect(value),
            }),
            Value::Array(items) => items.iter().for_each(|item| self.collect(item)),
            _ => {}
        }
    }

    fn member(&self, name: &str, value: &Value) -> Value {
        match (holds(name), value) {
            (Holds::CardNumber, Value::String(text)) => masked_number(text).into(),
            (Holds::CardNumber, Value::Number(number)) => masked_number(&number.to_string()).into(),
            (Holds::SecurityCode | Holds::Name, Value::String(_) | Value::Number(_)) => GONE.into(),
            (Holds::Token, Value::String(text)) => shortened(text).into(),
            (Holds::Email, Value::String(text)) => masked_email(&self.text(text)).into(),
            (Holds::Id, Value::String(text)) => self.id(name, text).into(),
            (_, Value::String(text)) => self.text(text).into(),
            (Holds::Id, Value::Number(number)) if name == "uniqueReferenceCardId" => number.clone().into(),
            (_, Value::Number(number)) => {
                let digits = number.to_string();
                let clean = self.text(&digits);
                if clean == digits { value.clone() } else { clean.into() }
            }
            (_, Value::Array(items)) => items.iter().map(|item| self.member(name, item)).collect(),
            (_, Value::Object(members)) => Value::Object(
                members
                    .iter()
                    .map(|(name, value)| (self.text(name), self.member(name, value)))
                    .collect::<Map<_, _>>(),
            ),
            (_, Value::Null | Value::Bool(_)) => value.clone(),
        }
    }

    /// A body of `name=value` pairs, or the query of a URL.
    pub(crate) fn form(&self, form: &str) -> String {
        let pair = |pair: &str| match pair.split_once('=') {
            Some((name, value)) => {
                let clean = match holds(name) {
                    Holds::CardNumber => masked_number(value),
                    Holds::SecurityCode | Holds::Name if value.is_empty() => String::new(),
                    Holds::SecurityCode | Holds::Name => GONE.to_owned(),
                    Holds::Token => shortened(value),
                    Holds::Email => masked_email(value),
                    Holds::Id => self.id(name, value),
                    Holds::Other => self.text(value),
                };
                format!("{}={clean}", self.text(name))
            }
            None => self.text(pair),
        };
        form.split('&').map(pair).collect::<Vec<_>>().join("&")
    }

    /// A request target: path and query.
    pub(crate) fn target(&self, target: &str) -> String {
        match target.split_once('?') {
            Some((path, query)) => format!("{}?{}", self.text(path), self.form(query)),
            None => self.text(target),
        }
    }

    /// A header's value.
    pub(crate) fn header(&self, name: &str, value: &str) -> String {
        match holds(name) {
            Holds::Token => shortened(value),
            _ if name.eq_ignore_ascii_case("location") => self.target(value),
            _ => self.text(value),
        }
    }
}

/// The shell variable that stands for a member in a command, if its value is not kept.
pub(crate) fn variable(member: &str) -> Option<&'static str> {
    match holds(member) {
        Holds::CardNumber => Some("CARD_NUMBER"),
        Holds::SecurityCode if member == "password" => Some("PASSWORD"),
        Holds::SecurityCode => Some("SECURITY_CODE"),
        Holds::Name => Some("CARD_HOLDER"),
        Holds::Token if member == "accessToken" => Some("ACCESS_TOKEN"),
        Holds::Token => Some("TOKEN"),
        Holds::Email => Some("EMAIL"),
        Holds::Id | Holds::Other => None,
    }
}

/// The start of a long body.
pub(crate) fn start_of(body: &str) -> &str {
    let mut end = body.len().min(LONGEST);
    while !body.is_char_boundary(end) {
        end -= 1;
    }
    &body[..end]
}

/// `abcdef…yz (64)`.
pub(crate) fn shortened(token: &str) -> String {
    if token.contains('…') {
        return token.to_owned();
    }
    let length = token.chars().count();
    if length < 16 {
        return format!("… ({length})");
    }
    let start: String = token.chars().take(6).collect();
    let end: String = token.chars().skip(length - 2).collect();
    format!("{start}…{end} ({length})")
}

/// `411111••••••1111`; fewer than 13 digits go altogether.
fn masked_number(text: &str) -> String {
    if text.contains('•') {
        // It was masked before, in a file that is read in.
        return without_numbers(text);
    }
    let digits: Vec<char> = text.chars().filter(char::is_ascii_digit).collect();
    match digits.as_slice() {
        [a @ .., b, c, d, e] if digits.len() >= 13 => {
            let first: String = a.iter().take(6).collect();
            let hidden = "•".repeat(digits.len() - 10);
            format!("{first}{hidden}{b}{c}{d}{e}")
        }
        _ => GONE.to_owned(),
    }
}

/// `a…@example.com`: names are often part of it.
fn masked_email(text: &str) -> String {
    match text.replace("%40", "@").split_once('@') {
        Some((name, host)) => format!("{}…@{host}", name.chars().take(1).collect::<String>()),
        None => GONE.to_owned(),
    }
}

/// Masks every run of 13 to 19 digits with a right check digit, also with spaces or dashes between them; but for UUIDs
/// and other long ids in hex, which hold such runs by chance.
fn without_numbers(text: &str) -> String {
    let mut clean = String::with_capacity(text.len());
    let mut run = String::new();
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        let is_inside_word = clean
            .chars()
            .chain(run.chars())
            .next_back()
            .is_some_and(char::is_alphanumeric);
        let id = if is_inside_word { 0 } else { hex_id(rest) };
        if id > 0 {
            end_run(&mut run, &mut clean);
            clean.push_str(&rest[..id]);
            rest = &rest[id..];
            continue;
        }
        if c.is_ascii_digit() || (matches!(c, ' ' | '-') && run.ends_with(|last: char| last.is_ascii_digit())) {
            run.push(c);
        } else {
            end_run(&mut run, &mut clean);
            clean.push(c);
        }
        rest = &rest[c.len_utf8()..];
    }
    end_run(&mut run, &mut clean);
    clean
}

/// Length of the id in hex that `text` begins with: a UUID, or 32 or more digits with a letter among them; or 0.
fn hex_id(text: &str) -> usize {
    let end = text
        .find(|c: char| !c.is_ascii_alphanumeric() && c != '-')
        .unwrap_or(text.len());
    let word = &text[..end];
    let is_hex = |word: &str| word.bytes().all(|byte| byte.is_ascii_hexdigit());
    let has_letter = word.bytes().any(|byte| byte.is_ascii_alphabetic());
    let is_uuid = word.len() == 36
        && [8, 4, 4, 4, 12]
            .into_iter()
            .eq(word.split('-').map(|group| if is_hex(group) { group.len() } else { 0 }));
    match is_uuid || (word.len() >= 32 && has_letter && is_hex(word)) {
        true => end,
        false => 0,
    }
}

fn end_run(run: &mut String, clean: &mut String) {
    let digits: Vec<u32> = run.chars().filter_map(|c| c.to_digit(10)).collect();
    let is_number = |digits: &[u32]| {
        let sum: u32 = digits
            .iter()
            .rev()
            .enumerate()
            .map(|(place, digit)| {
                if place % 2 == 0 {
                    *digit
                } else {
                    digit * 2 / 10 + digit * 2 % 10
                }
            })
            .sum();
        sum.is_multiple_of(10) && digits.iter().any(|digit| *digit != 0)
    };
    // A card's number may stand between other digits, so every stretch of a long run counts.
    let found = (13..=19).any(|length| digits.windows(length).any(is_number));
    if digits.len() >= 13 && (found || digits.len() > 19) {
        clean.push_str(&masked_number(run));
    } else {
        clean.push_str(run);
    }
    run.clear();
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn card_data_and_tokens_go_and_the_rest_stays() {
        let token = "0123456789abcdef0123456789abcdef";
        let mut secrets = Secrets::default();
        let clean = secrets.json(&json!({
            "consumer": {"email": "ada@example.com", "note": "ADA LOVELACE pays by 4111-1111-1111-1111"},
            "session": {"accessToken": token, "nonce": "4111111111111111"},
            "sourceOfFunds": {"card": {"number": "4111111111111111", "securityCode": 321,
                "holder": {"printedName": "ADA LOVELACE"}, "expiry": {"month": 12, "year": 2030}}},
            "transaction": {"amountCentis": 1050},
            "4111111111111111": 4111111111111111u64,
        }));
        let text = clean.to_string();
        for gone in ["LOVELACE", "321", "4111-", token, "ada@"] {
            assert!(!text.contains(gone), "{gone} in {text}");
        }
        assert_eq!(clean["sourceOfFunds"]["card"]["number"], "411111••••••1111");
        assert_eq!(clean["411111••••••1111"], "411111••••••1111");
        assert_eq!(clean["session"]["accessToken"], "012345…ef (32)");
        assert_eq!(clean["session"]["nonce"], "411111••••••1111");
        assert_eq!(clean["transaction"]["amountCentis"], 1050);
        assert_eq!(clean["sourceOfFunds"]["card"]["expiry"]["year"], 2030);
        assert_eq!(secrets.text("<p>ADA LOVELACE</p>"), "<p>•••</p>");
    }

    #[test]
    fn forms_queries_and_headers_are_cleaned_by_name_and_by_look() {
        let secrets = Secrets::default();
        assert_eq!(secrets.form("password=hint&cancel=1"), "password=•••&cancel=1");
        assert_eq!(
            secrets.target("/pay/4111111111111111?cvv=123&x=5555555555554444"),
            "/pay/411111••••••1111?cvv=•••&x=555555••••••4444"
        );
        assert_eq!(secrets.header("authorization", "Bearer abc"), "… (10)");
        let ordinary = "/paynet/dapi/v1/sale/1144/5e0c7f5a-3b1d-4c5e-9a7b-2f4d6e8a0c11/status";
        assert_eq!(secrets.target(ordinary), ordinary);
    }

    #[test]
    fn short_and_spaced_numbers_do_not_slip_through() {
        assert_eq!(masked_number("411111111"), GONE);
        assert_eq!(masked_number("4111 1111 1111 1111"), "411111••••••1111");
        assert_eq!(without_numbers("n4111 1111 1111 1111x"), "n411111••••••1111x");
        for id in [
            "/sale/14110241-1064-4be8-b19a-2ee5d11d84ec/check",
            "3ds/4111111111111111abcdef0123456789?x=1",
        ] {
            assert_eq!(without_numbers(id), id);
        }
        assert_eq!(without_numbers("a-4111-1111-1111-1111-b"), "a-411111••••••1111b");
        assert_eq!(without_numbers("2017-11-27 16:45:47.000"), "2017-11-27 16:45:47.000");
    }
}
