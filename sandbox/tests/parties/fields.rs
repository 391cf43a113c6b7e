//! Every rule on the members of a request, one by one: a good request with one thing wrong.

use serde_json::{Value, json};

use crate::app::{App, card};

/// Puts `value` at the dotted path; null takes the member away.
fn set(body: &mut Value, path: &str, value: Value) {
    let (parents, member) = path.rsplit_once('.').unwrap_or(("", path));
    let parent = parents
        .split('.')
        .filter(|part| !part.is_empty())
        .fold(body, |value, part| &mut value[part]);
    if value.is_null() {
        parent.as_object_mut().unwrap().remove(member);
    } else {
        parent[member] = value;
    }
}

#[track_caller]
fn assert_complaint(got: &crate::app::Got, path: &str, value: &Value) {
    got.assert_error(400, "INVALID_REQUEST");
    let message = got.text("/error/message");
    let named = message.split(':').next().unwrap_or_default();
    assert!(
        path.starts_with(named) || named.starts_with(path),
        "{path} = {value}: {message}"
    );
    if let Some(text) = value.as_str().filter(|text| text.len() > 2) {
        assert!(!message.contains(text), "{message}");
    }
}

#[tokio::test]
async fn perform_is_checked_member_by_member() {
    let app = App::start().await;
    let sale = app.begin(None).await;
    let good = app.perform_body(&sale, card("123"));
    let long = |length: usize| json!("x".repeat(length));
    let wrong = [
        ("consumer", Value::Null),
        ("consumer.device.serialNumber", Value::Null),
        ("consumer.device.serialNumber", json!("")),
        ("consumer.device.serialNumber", long(51)),
        ("consumer.device.serialNumber", json!(["x"])),
        ("consumer.email", json!("a@")),
        ("consumer.email", long(129)),
        ("consumer.ipAddresses", json!("127.0.0.1")),
        ("consumer.ipAddresses", json!(["1.1"])),
        ("session", Value::Null),
        ("session.accessToken", Value::Null),
        ("session.accessToken", long(31)),
        ("session.accessToken", long(129)),
        ("session.nonce", Value::Null),
        ("session.nonce", long(31)),
        ("session.nonce", long(129)),
        ("session.signature", Value::Null),
        ("session.signature", long(31)),
        ("session.signature", long(129)),
        ("transaction", Value::Null),
        ("transaction.amountCentis", Value::Null),
        ("transaction.amountCentis", json!(0)),
        ("transaction.amountCentis", json!(-1)),
        ("transaction.amountCentis", json!(10.5)),
        ("transaction.amountCentis", json!("ten")),
        ("transaction.currency", Value::Null),
        ("transaction.currency", json!("eur")),
        ("transaction.currency", json!("EURO")),
        ("sourceOfFunds", Value::Null),
        ("sourceOfFunds", json!({})),
        ("sourceOfFunds", json!("card")),
        (
            "sourceOfFunds.reference",
            json!({"clientCardId": "a", "securityCode": "123"}),
        ),
        ("sourceOfFunds.card", json!([])),
        ("sourceOfFunds.card.number", Value::Null),
        ("sourceOfFunds.card.number", json!("41111111")),
        ("sourceOfFunds.card.number", json!("41111111111111111111")),
        ("sourceOfFunds.card.number", json!("4111 1111 1111 1111")),
        ("sourceOfFunds.card.number", json!("４１１１１１１１１")),
        ("sourceOfFunds.card.securityCode", Value::Null),
        ("sourceOfFunds.card.securityCode", json!("12")),
        ("sourceOfFunds.card.securityCode", json!("12345")),
        ("sourceOfFunds.card.securityCode", json!("12a")),
        ("sourceOfFunds.card.expiry.month", Value::Null),
        ("sourceOfFunds.card.expiry.month", json!(0)),
        ("sourceOfFunds.card.expiry.month", json!(13)),
        ("sourceOfFunds.card.expiry.year", Value::Null),
        ("sourceOfFunds.card.expiry.year", json!(30)),
        ("sourceOfFunds.card.expiry.year", json!(10_000)),
        ("sourceOfFunds.card.expiry.year", json!(true)),
        ("sourceOfFunds.card.holder", Value::Null),
        ("sourceOfFunds.card.holder.firstName", Value::Null),
        ("sourceOfFunds.card.holder.firstName", json!("")),
        ("sourceOfFunds.card.holder.firstName", long(51)),
        ("sourceOfFunds.card.holder.lastName", Value::Null),
        ("sourceOfFunds.card.holder.lastName", long(51)),
        ("sourceOfFunds.card.holder.printedName", long(51)),
        ("sourceOfFunds.card.holder.middleInitial", json!("AB")),
    ];
    for (path, value) in wrong {
        let mut body = good.clone();
        set(&mut body, path, value.clone());
        let got = app.perform(&sale, &body).await;
        assert_complaint(&got, path, &value);
        assert_eq!(got.text("/invoiceId"), sale.invoice_id);
    }
    for (path, value) in [
        ("clientCardId", Value::Null),
        ("clientCardId", json!("")),
        ("clientCardId", long(129)),
        ("securityCode", Value::Null),
        ("securityCode", json!("12")),
    ] {
        let mut body = app.perform_body(
            &sale,
            json!({"reference": {"clientCardId": "a", "securityCode": "123"}}),
        );
        let path = format!("sourceOfFunds.reference.{path}");
        set(&mut body, &path, value.clone());
        assert_complaint(&app.perform(&sale, &body).await, &path, &value);
    }
    assert_eq!(app.sandbox.ledger().total_charges(), 0);
    // None of it used up the sale.
    assert_eq!(app.perform(&sale, &good).await.status, 200);
}

#[tokio::test]
async fn perform_is_lenient_where_the_family_is() {
    let mut app = App::start().await;
    let begun = app.begin(None).await;
    let mut body = app.perform_body(&begun, card("123"));
    set(&mut body, "sourceOfFunds.card.securityCode", json!(123));
    set(&mut body, "sourceOfFunds.card.number", json!(4_111_111_111_111_111_u64));
    set(&mut body, "sourceOfFunds.card.expiry.month", json!("12"));
    set(&mut body, "transaction.amountCentis", json!("1050"));
    set(
        &mut body,
        "sourceOfFunds.card.holder",
        json!({"printedName": "JANE DOE"}),
    );
    set(
        &mut body,
        "session.token",
        json!("whatever an app keeps in its session object"),
    );
    set(&mut body, "somethingNew", json!({"a": [1, 2]}));
    let got = app.perform(&begun, &body).await;
    assert_eq!(got.status, 200, "{got:?}");
    let sale = crate::app::Begun {
        token: got.text("/session/token").to_owned(),
        ..begun
    };
    assert_eq!(app.outcome(&sale).await.text("/state"), "APPROVED");
}

#[tokio::test]
async fn a_signature_must_cover_exactly_this_sale() {
    let app = App::start().await;
    let sale = app.begin(None).await;
    let good = app.perform_body(&sale, card("123"));
    for (path, value) in [
        ("session.signature", json!("0".repeat(40))),
        (
            "session.signature",
            json!("not hex at all, but of a length that is fine"),
        ),
        ("session.nonce", json!("n".repeat(64))),
        ("session.accessToken", json!("a".repeat(64))),
        ("consumer.device.serialNumber", json!("another-device")),
        ("transaction.amountCentis", json!(1051)),
        ("transaction.currency", json!("USD")),
    ] {
        let mut body = good.clone();
        set(&mut body, path, value);
        let got = app.perform(&sale, &body).await;
        got.assert_error(400, "INVALID_REQUEST");
        assert!(
            got.text("/error/message")
                .starts_with("session.signature: does not match"),
            "{path}: {got:?}"
        );
    }
    let mut lower = good.clone();
    set(
        &mut lower,
        "session.signature",
        json!(sale.signature.to_ascii_lowercase()),
    );
    assert_ne!(lower, good);
    assert_eq!(app.perform(&sale, &lower).await.status, 200);
}

#[tokio::test]
async fn another_endpoint_is_a_configuration_error() {
    let app = App::start().await;
    let mut sale = app.begin(None).await;
    let body = app.perform_body(&sale, card("123"));
    sale.endpoint_id = "9999".to_owned();
    app.perform(&sale, &body)
        .await
        .assert_error(400, "INVALID_CONFIGURATION");
}

#[tokio::test]
async fn what_is_no_json_object_is_refused() {
    let app = App::start().await;
    let sale = app.begin(None).await;
    for body in ["", "{", "[]", "null", "card=4111111111111111"] {
        for url in [
            app.perform_url(&sale),
            app.status_url(&sale),
            app.merchant("sale/initiate-sale"),
        ] {
            let response = app.http.post(&url).body(body).send().await.unwrap();
            let got = crate::app::Got::read(response).await;
            got.assert_error(400, "INVALID_REQUEST");
            assert!(!got.text("/error/message").contains("4111"));
        }
    }
}

#[tokio::test]
async fn status_is_checked_member_by_member() {
    let app = App::start().await;
    let sale = app.sell(card("217")).await;
    for (path, value) in [
        ("session", Value::Null),
        ("session.accessToken", Value::Null),
        ("session.accessToken", json!("x".repeat(31))),
        ("session.token", Value::Null),
        ("session.token", json!("x".repeat(15))),
        ("session.token", json!("x".repeat(37))),
    ] {
        let mut body = App::status_body(&sale);
        set(&mut body, path, value.clone());
        assert_complaint(&app.post(&app.status_url(&sale), &body).await, path, &value);
    }
}

#[tokio::test]
async fn initiate_is_checked_member_by_member() {
    let app = App::start().await;
    let good = app.initiate_body(&app.access_token().await);
    for (path, value) in [
        ("consumer", Value::Null),
        ("consumer.device.serialNumber", json!("")),
        ("consumer.device.imei", json!("123")),
        ("consumer.email", json!("a")),
        ("consumer.ipAddresses", json!(["not an address at all"])),
        ("transaction.amountCentis", Value::Null),
        ("transaction.amountCentis", json!(0)),
        ("transaction.currency", json!("E")),
        ("session", Value::Null),
        ("session.accessToken", json!("short")),
        ("location", json!({"lat": 91})),
        ("location", json!({"lng": "west"})),
    ] {
        let mut body = good.clone();
        set(&mut body, path, value.clone());
        let got = app.initiate_with(&body).await;
        got.assert_error(400, "INVALID_REQUEST");
        let message = got.text("/error/message");
        assert!(
            message.starts_with(path.split('.').next().unwrap()),
            "{path} = {value}: {message}"
        );
    }
    let mut full = good;
    set(&mut full, "location", json!({"lat": 90, "lng": "-180.0"}));
    set(&mut full, "consumer.ipAddresses", json!(["192.168.100.200"]));
    set(&mut full, "consumer.device.imei", json!("490154203237518"));
    assert_eq!(app.initiate_with(&full).await.status, 200);
}
