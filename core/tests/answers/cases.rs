//! The answers, and the expected result of each. A sale of 10.50 EUR, invoice `invoice-1`, session token `token-1`.

use std::collections::HashMap;

use super::server::{Message, Scripts};

/// One unusual answer among good ones.
pub struct Case {
    message: Message,
    http: u16,
    body: Vec<u8>,
    expected: String,
}

impl Case {
    pub fn message(&self) -> &'static str {
        match self.message {
            Message::AccessToken => "access token",
            Message::Initiate => "initiate",
            Message::Perform if self.http == 200 => "perform",
            Message::Perform => "perform, HTTP 400",
            Message::SessionToken => "session token",
            Message::Status => "status",
        }
    }

    pub fn body(&self) -> &[u8] {
        &self.body
    }

    pub fn expected(&self) -> &str {
        &self.expected
    }

    /// The servers' answers: this one, and good ones to everything else.
    pub fn scripts(&self) -> Scripts {
        let mut scripts: Scripts = HashMap::new();
        let mut say = |message, http, body: &[u8]| scripts.insert(message, (http, body.to_vec()));
        say(Message::AccessToken, 200, br#"{"session":{"accessToken":"access-1"}}"#);
        say(Message::Initiate, 200, INITIATED);
        say(Message::Perform, 200, br#"{"session":{"token":"token-1"}}"#);
        say(Message::SessionToken, 200, br#"{"session":{"token":"token-2"}}"#);
        let asked = match self.message {
            Message::Initiate => &br#"{"state":"APPROVED","orderId":"<PATH>"}"#[..],
            _ => br#"{"state":"APPROVED","orderId":"backwards <TOKEN>"}"#,
        };
        say(Message::Status, 200, asked);
        if self.message == Message::SessionToken {
            say(Message::Perform, 500, b"");
        }
        say(self.message, self.http, &self.body);
        scripts
    }
}

const INITIATED: &[u8] =
    br#"{"endpointId":"1144","invoiceId":"invoice-1","session":{"nonce":"nonce","signature":"signature"}}"#;

/// The gateway says only that the sale is approved.
const APPROVED: &str = "approved, no amount confirmed";
/// The status answer was not usable, so the gateway was asked again.
const ASKED_AGAIN: &str = "declined: asked again";

fn status(body: impl Into<Vec<u8>>, expected: &str) -> Case {
    Case {
        message: Message::Status,
        http: 200,
        body: body.into(),
        expected: expected.to_owned(),
    }
}

fn to(message: Message, http: u16, body: impl Into<Vec<u8>>, expected: &str) -> Case {
    Case {
        message,
        http,
        ..status(body, expected)
    }
}

/// All of them.
pub fn all() -> Vec<Case> {
    let mut cases = text();
    cases.extend(twice());
    cases.extend(numbers());
    cases.extend(errors());
    cases.extend(amounts());
    cases.extend(pages());
    cases.extend(tokens());
    cases
}

/// Unusual bytes, escapes and nesting.
fn text() -> Vec<Case> {
    let order = "approved, no amount confirmed, order 7";
    let deep = format!(
        r#"{{"state":"APPROVED","x":{}{},"orderId":7}}"#,
        "[".repeat(20_000),
        "]".repeat(20_000)
    );
    vec![
        status(
            b"{\"errorMessage\":\"refus\xe9\",\"errorCode\":116,\"state\":\"DECLINED\"}",
            "declined 116: refus\u{fffd}",
        ),
        status(
            b"{\"errorMessage\":\"cut \xe2\x82\",\"state\":\"DECLINED\"}",
            "declined: cut \u{fffd}",
        ),
        status(
            br#"{"errorMessage":"sad \ud83d","state":"DECLINED"}"#,
            "declined: sad \u{fffd}",
        ),
        status(
            br#"{"errorMessage":"it\'s","state":"DECLINED"}"#,
            "declined: it\u{fffd}'s",
        ),
        status(
            b"{\"errorMessage\":\"one\ntwo\x01\",\"state\":\"DECLINED\"}",
            "declined: one two",
        ),
        status(b"{\"x\":\"a\tb\0c\",\"state\":\"APPROVED\",\"orderId\":7}", order),
        status(b"\xef\xbb\xbf{\"state\":\"APPROVED\",\"orderId\":7}", order),
        status(
            b"\xef\xbb\xbf\xef\xbb\xbf {\"state\":\"APPROVED\",\"orderId\":7}",
            order,
        ),
        status(b"{\"state\":\"APPROVED\",\"orderId\":7}\0\0\0", order),
        status(b"\r\n\0{\"state\":\"APPROVED\",\"orderId\":7}\r\n\x1a", order),
        status(b"{\"state\":\"APPROVED\",\xa0\"orderId\":7}", order),
        status(br#"{"state":"APPROVED","x":NaN,"y":01,"z":,"orderId":7,}"#, order),
        status(deep, order),
        status(br#"{"state":"APPROVED\u0000\n","orderId":7}"#, order),
        status(b"{\"state\":\"APPRO\xffVED\"}", ASKED_AGAIN),
        status(br#"{"state":"APPROVED","orderId":7"#, ASKED_AGAIN),
        status(br#"{"state":"APPROVED"}{"state":"DECLINED"}"#, ASKED_AGAIN),
    ]
}

/// The same member twice.
fn twice() -> Vec<Case> {
    vec![
        status(br#"{"state":"APPROVED","state":"APPROVED"}"#, APPROVED),
        status(br#"{"state":"APPROVED","state":"DECLINED"}"#, ASKED_AGAIN),
        status(
            br#"{"invoiceId":"invoice-1","state":"APPROVED","invoiceId":"invoice-1"}"#,
            APPROVED,
        ),
        status(
            br#"{"invoiceId":"invoice-1","state":"APPROVED","invoiceId":"invoice-2"}"#,
            ASKED_AGAIN,
        ),
        status(
            br#"{"session":{"token":"token-1"},"session":{"token":"token-9"},"state":"APPROVED"}"#,
            ASKED_AGAIN,
        ),
        status(
            br#"{"state":"APPROVED","orderId":7,"orderId":"7"}"#,
            "approved, no amount confirmed, order 7",
        ),
        status(br#"{"state":"APPROVED","orderId":7,"orderId":8}"#, ASKED_AGAIN),
        status(
            br#"{"state":"DECLINED","errorMessage":"first","errorMessage":"last"}"#,
            "declined: last",
        ),
        to(
            Message::Initiate,
            200,
            br#"{"endpointId":1,"endpointId":"1","invoiceId":"i","session":{"nonce":"n","signature":"s"}}"#,
            "approved, no amount confirmed, order /paynet/dapi/v1/sale/1/i/status",
        ),
    ]
}

/// Numbers in every notation.
fn numbers() -> Vec<Case> {
    let paid = "approved, 5.00 EUR of 10.50 EUR";
    let approved = |members: &str| format!(r#"{{"state":"APPROVED",{members}}}"#);
    let amount = |amount: &str| {
        approved(&format!(
            r#""transaction":{{"amountCentis":{amount},"currency":"EUR"}}"#
        ))
    };
    let order = "123456789012345678901234567890";
    vec![
        status(amount("500"), paid),
        status(amount("500.0"), paid),
        status(amount("5e2"), paid),
        status(amount("\"500.00\""), paid),
        status(br#"{"state":"DECLINED","errorCode":"116.0"}"#, "declined 116: "),
        status(
            approved(&format!(r#""orderId":{order}"#)),
            &format!("{APPROVED}, order {order}"),
        ),
        status(approved(r#""orderId":5e2"#), &format!("{APPROVED}, order 5e2")),
        status(approved(r#""x":1e400,"orderId":7"#), &format!("{APPROVED}, order 7")),
        status(
            approved(r#""transaction":{"amountCentis":1050,"currency":"EUR","commissionCentis":1e400}"#),
            "approved, 10.50 EUR",
        ),
        to(
            Message::Perform,
            200,
            format!(r#"{{"session":{{"token":{order}}}}}"#),
            &format!("{APPROVED}, order {order}"),
        ),
        to(
            Message::Initiate,
            200,
            br#"{"endpointId":1144,"invoiceId":98765432109876543210987,"session":{"nonce":1e5,"signature":1.50}}"#,
            "approved, no amount confirmed, order /paynet/dapi/v1/sale/1144/98765432109876543210987/status",
        ),
    ]
}

/// An empty `error` member is no error.
fn errors() -> Vec<Case> {
    let mut cases: Vec<_> = ["null", "false", "\"\"", "{}", "[]", "{ }"]
        .iter()
        .map(|error| status(format!(r#"{{"error":{error},"state":"APPROVED"}}"#), APPROVED))
        .collect();
    for error in ["true", "\"busy\"", "[{}]", r#"{"cause":null}"#] {
        cases.push(status(
            format!(r#"{{"error":{error},"state":"APPROVED"}}"#),
            ASKED_AGAIN,
        ));
    }
    let initiated = String::from_utf8_lossy(INITIATED).replacen('{', r#"{"error":false,"#, 1);
    let path = "approved, no amount confirmed, order /paynet/dapi/v1/sale/1144/invoice-1/status";
    cases.push(to(Message::Initiate, 200, initiated, path));
    let token = br#"{"error":[],"session":{"accessToken":"access-1"}}"#;
    cases.push(to(
        Message::AccessToken,
        200,
        token,
        "approved, no amount confirmed, order token-1",
    ));
    cases
}

/// A receipt contains only what the gateway confirmed.
fn amounts() -> Vec<Case> {
    let nothing = APPROVED;
    [
        (
            r#""amountCentis":500.0,"currency":"eur""#,
            "approved, 5.00 EUR of 10.50 EUR",
        ),
        (r#""amountCentis":1050,"currency":" EUR ""#, "approved, 10.50 EUR"),
        (r#""amountCentis":1050"#, "approved, 10.50 EUR"),
        (r#""amountCentis":1050,"currency":null"#, "approved, 10.50 EUR"),
        (
            r#""amountCentis":1050,"currency":"JPY""#,
            "approved, 1050 JPY of 10.50 EUR",
        ),
        (
            r#""amountCentis":500,"currency":"HRK""#,
            "approved, 5.00 HRK of 10.50 EUR",
        ),
        (
            r#""amountCentis":500,"currency":"ANG""#,
            "approved, 5.00 ANG of 10.50 EUR",
        ),
        (
            r#""amountCentis":500,"currency":"MRO""#,
            "approved, 5.00 MRO of 10.50 EUR",
        ),
        (
            r#""amountCentis":500,"currency":"BYR""#,
            "approved, 500 BYR of 10.50 EUR",
        ),
        (r#""amountCentis":1050,"currency":"???""#, nothing),
        (r#""amountCentis":1050,"currency":978,"commissionCentis":5"#, nothing),
        (r#""amountCentis":1050,"currency":{"code":"EUR"}"#, nothing),
        (r#""amountCentis":"10,50","currency":"EUR""#, nothing),
        (r#""amountCentis":1050.5,"currency":"EUR""#, nothing),
        (r#""amountCentis":0,"currency":"EUR""#, nothing),
        (
            r#""amountCentis":1e400,"commissionCentis":5"#,
            "approved, no amount confirmed, commission 5",
        ),
        (r#""currency":"EUR""#, nothing),
        (
            r#""amountCentis":500,"amountCentis":1050,"currency":"EUR""#,
            "approved, 10.50 EUR",
        ),
    ]
    .map(|(members, expected)| {
        let body = format!(r#"{{"state":"APPROVED","transaction":{{{members}}}}}"#);
        status(body, expected)
    })
    .into()
}

/// Addresses of the challenge's page.
fn pages() -> Vec<Case> {
    let opens = |address: &str, opened: &str| {
        let body = format!(r#"{{"state":"REDIRECT_REQUEST","redirectUrl":"{address}"}}"#);
        status(body, &format!("opened {opened}, {APPROVED}"))
    };
    let refused = |address: &str| {
        let body = format!(r#"{{"state":"REDIRECT_REQUEST","redirectUrl":"{address}"}}"#);
        status(body, APPROVED)
    };
    vec![
        opens(" https://acs.example/1 ", "https://acs.example/1"),
        opens("\u{feff}https://acs.example/1\\r\\n", "https://acs.example/1"),
        opens("\\u00a0https://acs.example/1\n", "https://acs.example/1"),
        opens(
            "https://acs.example/?creq=ab\\r\\ncd\\t",
            "https://acs.example/?creq=abcd",
        ),
        refused("\\thttp://acs.example/"),
        refused(" java\\nscript:alert(1)"),
        refused("https://acs.exa mple/"),
        refused("https://acs.example/\\nx"),
        refused("https://acs.example\\t@evil.example/"),
    ]
}

/// Session tokens: if one is named, the gateway has the sale.
fn tokens() -> Vec<Case> {
    let found = "approved, no amount confirmed, order token-2";
    let known = "approved, no amount confirmed, order token-1";
    let refused = r#""error":{"cause":"DECLINED","message":"no"}"#;
    let perform = |members: &str, expected: &str| to(Message::Perform, 400, format!("{{{members}}}"), expected);
    vec![
        // After a refusal SaleKit asks the merchant's server, and this one knows the sale.
        perform(refused, found),
        perform(&format!(r#""session":{{"token":null}},{refused}"#), found),
        perform(&format!(r#"{refused},"session":{{"token":"token-1"}}"#), known),
        perform(&format!(r#"{refused},"session":{{"token":["token-1"]}}"#), found),
        perform(&format!(r#"{refused},"session":{{"token":"t\ud83d"}}"#), found),
        perform(&format!(r#"{refused},"session":{{"token":"a","token":"b"}}"#), found),
        perform(&format!(r#"{refused},"error":{{"cause":"INTERNAL_ERROR"}}"#), found),
        perform(&format!(r#""invoiceId":["invoice-1"],{refused}"#), found),
        to(
            Message::Perform,
            200,
            b"{\"message\":\"accept\xe9\",\"session\":{\"token\":\"token-1\"}}",
            known,
        ),
        to(
            Message::SessionToken,
            200,
            b"\xef\xbb\xbf{\"error\":\"\",\"session\":{\"token\":\"token-2\"},\"x\":\"\xff\"}\0",
            found,
        ),
    ]
}
