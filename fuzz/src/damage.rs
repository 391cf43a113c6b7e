//! What a well-formed answer states survives any damage to a member that does not carry it.
//!
//! The input becomes the value of one member after the other: as text, as a word, nested, beside the good value, and
//! around the whole answer. It may hold any bytes, apart from quotation marks and brackets that would end the member.

use salekit_core::{
    Secret,
    wire::{
        Cause, Reply,
        initiate::{self, InitiateAnswer},
        merchant::{self, SessionAnswer},
        perform::{self, PerformAnswer},
        status::{self, SaleStatus, StatusAnswer},
    },
};

/// A member's name and value, whether it may be there twice with different values, and how a status forgets it.
type Member<'a> = (&'a str, &'a str, bool, fn(&mut SaleStatus));

use super::sale::{INVOICE, TOKEN};

/// Deepest nesting that is tried, in lists and objects each; more than readers with a limit take.
const DEEPEST: usize = 300;

/// `data` as a JSON value of several kinds.
fn values(data: &[u8]) -> [Vec<u8>; 3] {
    let (text, word) = (text(data), word(data));
    let depth = data.len().min(DEEPEST);
    let nested = [
        &b"[{\"a\":".repeat(depth)[..],
        b"[",
        &text,
        b",{",
        &text,
        b":",
        &word,
        b"}]",
        &b"}]".repeat(depth),
    ];
    let nested = nested.concat();
    [text, word, nested]
}

/// `data` between quotation marks, without such as would end the text.
fn text(data: &[u8]) -> Vec<u8> {
    let mut text = vec![b'"'];
    let mut bytes = data.iter();
    while let Some(byte) = bytes.next() {
        match byte {
            b'"' => {}
            b'\\' => text.extend(bytes.next().map(|escaped| [b'\\', *escaped]).iter().flatten()),
            _ => text.push(*byte),
        }
    }
    text.push(b'"');
    text
}

/// `data` without anything that begins or ends a text, a member, a list or an object.
fn word(data: &[u8]) -> Vec<u8> {
    data.iter()
        .copied()
        .filter(|byte| !b"\",:[]{}".contains(byte))
        .collect()
}

/// `whole` with each damage done to its member `name`, which has the value `good` there. Where `may_differ`, the member
/// may also be there twice: with another value, which is a contradiction in ids and states.
fn damaged(whole: &str, name: &str, good: &str, may_differ: bool, data: &[u8]) -> Vec<Vec<u8>> {
    let member = format!("\"{name}\":{good}");
    let (before, after) = whole.split_once(&member).unwrap();
    let name = format!("\"{name}\":");
    let around = |value: &[&[u8]]| [before.as_bytes(), name.as_bytes(), &value.concat(), after.as_bytes()].concat();
    let mut all = Vec::new();
    for value in values(data) {
        all.push(around(&[&value]));
        if may_differ {
            all.push(around(&[&value, b",", name.as_bytes(), good.as_bytes()]));
            all.push(around(&[good.as_bytes(), b",", name.as_bytes(), &value]));
        }
    }
    let blank: Vec<u8> = data.iter().copied().filter(|byte| !byte.is_ascii_graphic()).collect();
    all.push([&blank, whole.as_bytes(), &blank].concat());
    all
}

/// Sale status: every member has a place of its own, and only that place may look different.
pub(super) fn status(data: &[u8]) {
    let whole = format!(
        r#"{{"x":1,"invoiceId":"{INVOICE}","session":{{"token":"{TOKEN}","y":2}},"state":"APPROVED","orderId":77,"bankOrderId":"b1","redirectUrl":"https://acs.example/","transaction":{{"amountCentis":500,"currency":"USD","commissionCentis":5,"orderCreatedDate":"d1","transactionCreatedDate":"d2","z":3}},"errorCode":116,"errorMessage":"why","secure3DAuthStatus":"AUTHENTICATED"}}"#
    );
    let read = |body: Vec<u8>| match status::read(&Reply::new(200, body), INVOICE, &Secret::new(TOKEN)) {
        StatusAnswer::Status(status) => *status,
        StatusAnswer::NoAnswer(refusal) => panic!("no answer: {refusal:?}"),
    };
    let good = read(whole.clone().into_bytes());
    let transaction = whole
        .split_once("\"transaction\":")
        .unwrap()
        .1
        .split_once('}')
        .unwrap()
        .0;
    let transaction = format!("{transaction}}}");
    let members: [Member<'_>; 15] = [
        ("x", "1", true, |_| {}),
        ("y", "2", true, |_| {}),
        ("z", "3", true, |_| {}),
        ("orderId", "77", false, |status| status.order_id = None),
        ("bankOrderId", "\"b1\"", false, |status| status.bank_order_id = None),
        ("redirectUrl", "\"https://acs.example/\"", true, |status| {
            status.redirect_url = None
        }),
        ("amountCentis", "500", true, |status| status.amount_minor = None),
        ("currency", "\"USD\"", true, |status| status.currency = None),
        ("commissionCentis", "5", true, |status| {
            status.commission_minor_units = None
        }),
        ("orderCreatedDate", "\"d1\"", true, |status| status.order_created = None),
        ("transactionCreatedDate", "\"d2\"", true, |status| {
            status.transaction_created = None
        }),
        ("errorCode", "116", true, |status| status.error_code = None),
        ("errorMessage", "\"why\"", true, |status| status.error_message = None),
        ("secure3DAuthStatus", "\"AUTHENTICATED\"", true, |status| {
            status.three_d_secure = None
        }),
        ("transaction", &transaction, true, |status| {
            (status.amount_minor, status.currency, status.commission_minor_units) = (None, None, None);
            (status.order_created, status.transaction_created) = (None, None);
        }),
    ];
    for (name, value, may_differ, forget) in members {
        let mut expected = good.clone();
        forget(&mut expected);
        for body in damaged(&whole, name, value, may_differ, data) {
            let mut found = read(body);
            forget(&mut found);
            assert_eq!(found, expected, "{name}");
        }
    }
}

/// Perform sale: a session token, and a refusal.
pub(super) fn perform(data: &[u8]) {
    let accepted = format!(r#"{{"x":1,"invoiceId":"{INVOICE}","session":{{"y":2,"token":"{TOKEN}"}}}}"#);
    for (name, value) in [("x", "1"), ("y", "2")] {
        for body in damaged(&accepted, name, value, true, data) {
            let answer = perform::read(&Reply::new(200, body), INVOICE);
            let session_token = Secret::new(TOKEN);
            assert_eq!(answer, PerformAnswer::Accepted { session_token }, "{name}");
        }
    }
    let refused = r#"{"x":1,"error":{"message":"why","code":"c1","cause":"DECLINED"}}"#;
    for (name, value) in [("x", "1"), ("message", "\"why\""), ("code", "\"c1\"")] {
        for body in damaged(refused, name, value, true, data) {
            let PerformAnswer::Refused(refusal) = perform::read(&Reply::new(400, body), INVOICE) else {
                panic!("{name}: not refused")
            };
            let error = refusal.error.unwrap();
            assert_eq!(error.cause, Cause::Declined, "{name}");
            assert!(
                name == "code" || error.code.as_deref() == Some("c1"),
                "{name}: {error:?}"
            );
            assert!(
                name == "message" || error.message.as_deref() == Some("why"),
                "{name}: {error:?}"
            );
        }
    }
}

/// Initiate sale.
pub(super) fn initiate(data: &[u8]) {
    let whole = r#"{"x":1,"endpointId":1144,"invoiceId":"i1","session":{"y":2,"nonce":"n1","signature":"s1"}}"#;
    let good = initiate::read(&Reply::new(200, whole));
    assert!(matches!(good, InitiateAnswer::Initiated(_)));
    for (name, value) in [("x", "1"), ("y", "2")] {
        for body in damaged(whole, name, value, true, data) {
            assert_eq!(initiate::read(&Reply::new(200, body)), good, "{name}");
        }
    }
}

/// The merchant's server: its tokens, its word that an invoice is void, and a stored card.
pub(super) fn merchant(data: &[u8]) {
    let token = Secret::new(TOKEN);
    let access = format!(r#"{{"x":1,"session":{{"y":2,"accessToken":"{TOKEN}"}}}}"#);
    let session = format!(r#"{{"x":1,"invoiceId":"{INVOICE}","session":{{"y":2,"token":"{TOKEN}"}}}}"#);
    let void = format!(r#"{{"x":1,"invoiceId":"{INVOICE}","void":true,"session":{{"y":2}}}}"#);
    for (name, value) in [("x", "1"), ("y", "2")] {
        for body in damaged(&access, name, value, true, data) {
            assert_eq!(
                merchant::read_access_token(&Reply::new(200, body)),
                Ok(token.clone()),
                "{name}"
            );
        }
        for (whole, expected) in [
            (&session, SessionAnswer::Token(token.clone())),
            (&void, SessionAnswer::Void),
        ] {
            for body in damaged(whole, name, value, true, data) {
                let answer = merchant::read_session_token(&Reply::new(200, body), INVOICE);
                assert_eq!(answer.as_ref(), Ok(&expected), "{name}");
            }
        }
    }
    let card = r#"{"x":1,"sourceOfFunds":{"reference":{"clientCardId":"card-1"}},"sourceCard":{"bin":"411111"},"consumer":{"email":"e"}}"#;
    for (name, value) in [("x", "1"), ("bin", "\"411111\""), ("email", "\"e\"")] {
        for body in damaged(card, name, value, true, data) {
            let card = merchant::read_stored_card(&Reply::new(200, body), INVOICE).unwrap();
            assert_eq!(card.client_card_id, "card-1", "{name}");
            assert!(
                name == "bin" || card.bin.as_deref() == Some("411111"),
                "{name}: {card:?}"
            );
            assert!(name == "email" || card.mapped_with_email, "{name}: {card:?}");
        }
    }
}
