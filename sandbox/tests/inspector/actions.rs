//! What the API does: to sales, to the next ones, to the record. And that each documented call is there.

use std::collections::BTreeSet;

use reqwest::Method;
use salekit_sandbox::{Direction, Outcome, SandboxConfig, Script};
use serde_json::{Value, json};

use super::{document::DOCUMENT, eye::start};
use crate::app::{SERIAL, card};

#[tokio::test]
async fn every_documented_call_answers_as_documented() {
    let (app, mut eye) = start(SandboxConfig::default()).await;
    let (status, begun) = eye
        .post("/api/sales", &json!({"security_code": "321", "device": "tester"}))
        .await;
    assert_eq!(status, 202);
    let invoice = begun["invoice_id"].as_str().unwrap().to_owned();
    let of = |rest: &str| format!("/api/sales/{invoice}{rest}");
    eye.sale(&invoice, "challenge").await;
    assert_eq!(
        eye.get(&of("")).await.1["actions"],
        json!(["challenge", "end", "send_check", "again"])
    );
    assert_eq!(eye.post(&of("/send"), &json!({"message": "callback"})).await.0, 409);
    assert_eq!(eye.post(&of("/challenge"), &json!({"end": "perhaps"})).await.0, 422);
    assert_eq!(eye.post(&of("/challenge"), &json!({"end": "approve"})).await.0, 204);
    eye.sale(&invoice, "approved").await;
    assert_eq!(eye.post(&of("/challenge"), &json!({"end": "approve"})).await.0, 409);
    assert_eq!(eye.post(&of("/end"), &json!({"end": "decline"})).await.0, 409);
    for message in ["check", "mapping", "callback"] {
        assert_eq!(eye.post(&of("/send"), &json!({"message": message})).await.0, 204);
    }
    let (status, again) = eye.post(&of("/again"), &json!({})).await;
    assert_eq!(status, 202);
    eye.sale(again["invoice_id"].as_str().unwrap(), "challenge").await;
    assert_eq!(eye.get(&format!("/api/ledger/{invoice}")).await.1["charges"], 1);
    assert_eq!(eye.get("/api/ledger/none").await.0, 404);
    let visit = json!({"url": "https://127.0.0.1:1/", "conduct": "cancels"});
    assert_eq!(eye.post("/api/cardholder", &visit).await.0, 502);
    assert_eq!(
        eye.post("/api/scripts/tester", &json!({"outcome": "nothing"})).await.0,
        400
    );
    assert_eq!(
        eye.post("/api/scripts/tester", &json!({"outcome": "decline", "sales": 1}))
            .await
            .0,
        204
    );
    assert_eq!(
        eye.get("/api/scripts").await.1["scripts"][0]["script"]["outcome"],
        "decline"
    );
    assert_eq!(eye.call(Method::DELETE, "/api/scripts/tester", None).await.0, 204);
    assert_eq!(eye.call(Method::DELETE, "/api/scripts/tester", None).await.0, 404);
    assert_eq!(eye.post("/api/faults", &json!({"on": false})).await.0, 204);
    assert_eq!(eye.get("/api/state").await.1["faults_on"], false);
    assert!(
        eye.get("/ca.pem")
            .await
            .1
            .as_str()
            .unwrap()
            .starts_with("-----BEGIN CERTIFICATE")
    );
    assert_eq!(eye.get("/api/openapi.json").await.1, *DOCUMENT);
    eye.read_all().await;
    let file = eye.get("/api/export").await.1;
    assert_eq!(eye.post("/api/clear", &json!({})).await.0, 204);
    assert_eq!(eye.post("/api/import", &file).await.0, 204);
    while eye.event().await.0 != "cleared" {}
    let imported = eye.sale(&invoice, "approved").await;
    assert_eq!(imported["imported"], true);
    let (_, known) = eye.get("/api/export").await;
    // Sales that still run go on record beside what was read in.
    let read_in = known["exchanges"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|it| it["imported"] == true);
    assert_eq!(read_in.count(), file["exchanges"].as_array().unwrap().len());

    let documented: BTreeSet<(String, String)> = DOCUMENT["paths"]
        .as_object()
        .unwrap()
        .iter()
        .flat_map(|(path, methods)| {
            methods
                .as_object()
                .unwrap()
                .keys()
                .map(move |of| (of.to_uppercase(), path.clone()))
        })
        .collect();
    assert_eq!(eye.called, documented);
    app.sandbox.shutdown().await;
}

#[tokio::test]
async fn a_pending_sale_can_be_ended_and_is_charged_once() {
    let (mut app, mut eye) = start(SandboxConfig::default()).await;
    for (end, state, charges) in [("approve", "approved", 1), ("decline", "declined", 0)] {
        let sale = app.sell(card("217")).await;
        app.wait(&sale, "process sale", Direction::Internal).await;
        let path = format!("/api/sales/{}/end", sale.invoice_id);
        assert_eq!(eye.post(&path, &json!({"end": end})).await.0, 204);
        eye.sale(&sale.invoice_id, state).await;
        app.wait(&sale, "callback", Direction::Response).await;
        assert_eq!(app.status(&sale).await.text("/state"), state.to_uppercase());
        assert_eq!(eye.post(&path, &json!({"end": "approve"})).await.0, 409);
        let entry = app.entry(&sale);
        assert_eq!((entry.charges, entry.unresolvable), (charges, false));
    }
    // What was charged is not declined by hand.
    app.sandbox
        .script(SERIAL, Script::new().outcome(Outcome::charged_but_never_final()));
    let sale = app.sell(card("123")).await;
    app.wait(&sale, "process sale", Direction::Internal).await;
    eye.post(
        &format!("/api/sales/{}/end", sale.invoice_id),
        &json!({"end": "decline"}),
    )
    .await;
    eye.sale(&sale.invoice_id, "approved").await;
    assert_eq!(app.entry(&sale).charges, 1);
    app.sandbox.shutdown().await;
}

/// The merchant's word comes before any charge, also by hand.
#[tokio::test]
async fn a_void_sale_cannot_be_approved_by_hand() {
    let config = SandboxConfig::default().check_timing(salekit_sandbox::CheckTiming::Never);
    let (mut app, mut eye) = start(config).await;
    let sale = app.sell(card("123")).await;
    assert_eq!(app.void(&sale).await.body["void"], true);
    eye.sale(&sale.invoice_id, "void").await;
    eye.post(
        &format!("/api/sales/{}/end", sale.invoice_id),
        &json!({"end": "approve"}),
    )
    .await;
    app.wait(&sale, "final status", Direction::Internal).await;
    let entry = app.entry(&sale);
    assert_eq!((entry.charges, entry.decline_code), (0, Some(118)));
    app.sandbox.shutdown().await;
}

#[tokio::test]
async fn a_challenge_ends_as_told() {
    let (mut app, mut eye) = start(SandboxConfig::default()).await;
    for (code, end, reason) in [
        ("321", "fail", 1008),
        ("321", "cancel", 1008),
        ("321", "expire", 1015),
        ("324", "expire", 1015),
    ] {
        let sale = app.sell(card(code)).await;
        eye.sale(&sale.invoice_id, "challenge").await;
        let path = format!("/api/sales/{}/challenge", sale.invoice_id);
        assert_eq!(eye.post(&path, &json!({"end": end})).await.0, 204);
        let ended = eye.sale(&sale.invoice_id, "declined").await;
        assert!(
            ended["reason"].as_str().unwrap().starts_with(&reason.to_string()),
            "{ended}"
        );
        app.assert_declined(&sale, reason).await;
    }
    app.sandbox.shutdown().await;
}

#[tokio::test]
async fn messages_are_sent_again_and_scripts_hold_for_any_device() {
    let (mut app, mut eye) = start(SandboxConfig::default()).await;
    let script = json!({"outcome": "decline", "sales": 1, "faults": [{"message": "status", "kind": "garbage"}]});
    eye.post("/api/scripts/*", &script).await;
    let sale = app.sell(card("123")).await;
    eye.sale(&sale.invoice_id, "declined").await;
    assert_eq!(
        app.status(&sale).await.body.as_str().map(str::is_empty),
        Some(false),
        "the scripted garbage"
    );
    eye.post("/api/faults", &json!({"on": false})).await;
    assert_eq!(app.status(&sale).await.text("/state"), "DECLINED");
    let path = format!("/api/sales/{}/send", sale.invoice_id);
    assert_eq!(eye.post(&path, &json!({"message": "callback"})).await.0, 204);
    app.wait_nth(&sale, "callback", Direction::Response, 2).await;
    assert_eq!(eye.post(&path, &json!({"message": "mapping"})).await.0, 409);
    let sale = app.sell(card("123")).await;
    eye.sale(&sale.invoice_id, "approved").await;
    let again = eye
        .post(&format!("/api/sales/{}/again", sale.invoice_id), &json!({}))
        .await
        .1;
    let again = eye.sale(again["invoice_id"].as_str().unwrap(), "approved").await;
    assert_eq!(
        (&again["device"], &again["amount_minor"]),
        (&json!(SERIAL), &json!(1050))
    );
    assert_eq!(eye.post("/api/sales/none/again", &Value::Null).await.0, 404);
    app.sandbox.shutdown().await;
}

#[tokio::test]
async fn a_reversal_or_a_chargeback_is_no_end_of_a_sale() {
    let (mut app, mut eye) = start(SandboxConfig::default()).await;
    let sale = app.sell(card("123")).await;
    app.wait(&sale, "callback", Direction::Response).await;
    let path = format!("/api/sales/{}/send", sale.invoice_id);
    for (place, kind) in ["reversal", "chargeback"].into_iter().enumerate() {
        let body = json!({"message": "callback", "type": kind});
        assert_eq!(eye.post(&path, &body).await.0, 204);
        let told = app
            .wait_nth(&sale, "later event at the merchant", Direction::Internal, place + 1)
            .await;
        assert_eq!(told.detail, format!("{kind}, approved"));
    }
    let body = json!({"message": "callback", "type": "sale"});
    assert_eq!(eye.post(&path, &body).await.0, 204);
    let again = app
        .wait_nth(&sale, "final status at the merchant", Direction::Internal, 2)
        .await;
    assert_eq!(again.detail, "approved, known already");
    let declined = app.sell(card("116")).await;
    app.wait(&declined, "callback", Direction::Response).await;
    let path = format!("/api/sales/{}/send", declined.invoice_id);
    let body = json!({"message": "callback", "type": "reversal"});
    assert_eq!(eye.post(&path, &body).await.0, 409);
    app.sandbox.shutdown().await;
}
