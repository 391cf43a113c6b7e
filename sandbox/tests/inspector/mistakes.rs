//! Signatures that are wrong in the ways people get them wrong: the API names what was done.

use ring::hmac;
use serde_json::{Value, json};

use super::eye::{Eye, start};
use crate::app::{App, Begun, SERIAL, card};

const KEY: &str = "7C1D2E3F-0A4B-4C5D-8E6F-102132435465";

fn key_bytes() -> Vec<u8> {
    let digits = KEY.replace('-', "");
    (0..digits.len())
        .step_by(2)
        .map(|at| u8::from_str_radix(&digits[at..at + 2], 16).unwrap())
        .collect()
}

fn mac(key: &[u8], text: &str) -> String {
    let tag = hmac::sign(
        &hmac::Key::new(hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY, key),
        text.as_bytes(),
    );
    tag.as_ref().iter().map(|byte| format!("{byte:02x}")).collect()
}

fn initiate_text(sale: &Begun, amount: &str) -> String {
    [
        &sale.access_token,
        SERIAL,
        &sale.endpoint_id,
        &sale.nonce,
        &sale.invoice_id,
        amount,
        "EUR",
    ]
    .concat()
}

/// The signature tab's content for a perform request with this signature.
async fn performed(app: &App, eye: &mut Eye, sale: &Begun, signature: &str) -> Value {
    let mut body = app.perform_body(sale, card("123"));
    body["session"]["signature"] = signature.into();
    app.perform(sale, &body).await;
    let of_sale = |it: &Value| it["message"] == "perform sale" && it["invoice_id"] == sale.invoice_id.as_str();
    eye.full(of_sale).await["signature"].clone()
}

/// Its code, and how it is made.
type Mistake<'a> = (&'a str, &'a dyn Fn(&Begun) -> String);

#[tokio::test]
async fn a_wrong_signature_of_perform_is_explained() {
    let (app, mut eye) = start(Default::default()).await;
    let dashes = |sale: &Begun| mac(KEY.as_bytes(), &initiate_text(sale, "1050"));
    let text = |sale: &Begun| mac(KEY.replace('-', "").as_bytes(), &initiate_text(sale, "1050"));
    let major = |sale: &Begun| mac(&key_bytes(), &initiate_text(sale, "10.50"));
    let order = |sale: &Begun| {
        let parts = [
            &sale.nonce,
            &sale.access_token,
            SERIAL,
            &sale.endpoint_id,
            &sale.invoice_id,
            "1050",
            "EUR",
        ];
        mac(&key_bytes(), &parts.concat())
    };
    let case = |sale: &Begun| mac(&key_bytes(), &initiate_text(sale, "1050").replace("EUR", "eur"));
    let other = |_: &Begun| "0123456789abcdef0123456789abcdef01234567".to_owned();
    let mistakes: [Mistake<'_>; 6] = [
        ("key_with_dashes", &dashes),
        ("key_as_text", &text),
        ("amount_in_major_units", &major),
        ("wrong_order", &order),
        ("other_case", &case),
        ("unknown", &other),
    ];
    for (code, signature) in mistakes {
        let sale = app.begin(None).await;
        let signature = signature(&sale);
        let shown = performed(&app, &mut eye, &sale, &signature).await;
        assert_eq!(
            (&shown["matches"], &shown["mistake"]["code"]),
            (&json!(false), &json!(code)),
            "{shown}"
        );
        assert_eq!(shown["received"], signature.as_str());
        assert_eq!(
            shown["expected"],
            mac(&key_bytes(), &initiate_text(&sale, "1050")).as_str()
        );
        assert_eq!(shown["key_bytes"], "7c1d2e3f0a4b4c5d8e6f102132435465");
        assert_eq!(shown["parts"].as_array().unwrap().len(), 7);
    }
    let sale = app.begin(None).await;
    let shown = performed(&app, &mut eye, &sale, &sale.signature).await;
    assert_eq!((&shown["matches"], &shown["mistake"]), (&json!(true), &Value::Null));
    app.sandbox.shutdown().await;
}

#[tokio::test]
async fn a_check_answer_without_the_server_card_id_in_its_signature_is_explained() {
    let (app, mut eye) = start(Default::default()).await;
    let sale = app.begin(None).await;
    let text = [SERIAL, &sale.nonce, &sale.endpoint_id, &sale.invoice_id].concat();
    let answer = json!({
        "invoiceId": sale.invoice_id,
        "session": {"checkSignature": mac(&key_bytes(), &text), "nonce": sale.nonce, "token": "0".repeat(32)},
        "sourceOfFunds": {"reference": {"serverCardId": "805112"}},
    });
    let script = json!({"faults": [{"message": "check", "kind": "answer_override", "answer": answer}]});
    eye.post("/api/scripts/device-0001", &script).await;
    app.perform(&sale, &app.perform_body(&sale, card("123"))).await;
    let it = eye
        .full(|it| it["message"] == "check sale" && it["problem"] != Value::Null)
        .await;
    assert_eq!(it["signature"]["mistake"]["code"], "server_card_id_missing", "{it}");
    assert_eq!(it["signature"]["parts"][4]["value"], "805112");
    assert_eq!(it["verdict"]["accepted"], false);
    app.sandbox.shutdown().await;
}
