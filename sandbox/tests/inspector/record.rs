//! What is on record: every message of a sale with its step, what never reached a handler, faults, and the parties alone.

use reqwest::{Client, Method};
use salekit_sandbox::{
    ExchangeFault, FaultPlan, FaultProxy, Gateway, InspectorPort, Merchant, MerchantServer, Passing, Sandbox,
    SandboxConfig,
};
use serde_json::{Value, json};
use url::Url;

use super::eye::{Eye, inspected, start};
use crate::app::{App, card};

fn is(message: &'static str) -> impl Fn(&Value) -> bool {
    move |it| it["message"] == message
}

#[tokio::test]
async fn a_sale_with_a_challenge_is_on_record_step_by_step() {
    let (mut app, mut eye) = start(SandboxConfig::default()).await;
    let sale = app.sell(card("321")).await;
    eye.sale(&sale.invoice_id, "challenge").await;
    let redirect = app.status(&sale).await;
    let page = app.http.get(redirect.text("/redirectUrl")).send().await.unwrap();
    assert_eq!(page.status(), 200);
    let typed = app
        .http
        .post(redirect.text("/redirectUrl"))
        .header("content-type", "application/x-www-form-urlencoded")
        .body("password=hint")
        .send()
        .await;
    assert_eq!(typed.unwrap().status(), 200);
    app.outcome(&sale).await;
    let record = eye.sale(&sale.invoice_id, "approved").await;
    assert_eq!(
        (&record["amount"], &record["device"]),
        (&json!("10.50 EUR"), &json!("device-0001"))
    );
    assert_eq!(record["problems"], 0, "{record}");

    for (step, message, from, to) in [
        (2, "access token", "app", "merchant"),
        (4, "initiate sale", "app", "merchant"),
        (6, "perform sale", "app", "gateway"),
        (8, "check sale", "gateway", "merchant"),
        (10, "start processing", "gateway", "gateway"),
        (11, "sale status", "app", "gateway"),
        (13, "open browser", "app", "gateway"),
        (15, "authentication data", "consumer", "gateway"),
        (18, "process sale", "gateway", "gateway"),
        (19, "sale card mapping notification", "gateway", "merchant"),
        (21, "sale status", "app", "gateway"),
        (23, "callback", "gateway", "merchant"),
    ] {
        let it = eye.exchange(|it| it["step"] == step && it["progress"] == "done").await;
        assert_eq!(
            (&it["message"], &it["from"], &it["to"]),
            (&json!(message), &json!(from), &json!(to))
        );
        assert_eq!(it["invoice_id"], sale.invoice_id.as_str(), "{it}");
        assert_eq!(it["problem"], Value::Null, "{it}");
    }
    let checks = eye.full(is("check sale")).await;
    assert_eq!(checks["verdict"]["accepted"], true);
    assert!(
        checks["checks"]
            .as_array()
            .unwrap()
            .iter()
            .all(|check| check["kept"] == true)
    );
    assert_eq!(checks["signature"]["matches"], true);
    // Calls between the two are on record once, as the caller sees them.
    let numbers = eye
        .exchanges
        .values()
        .filter(|it| it["message"] == "check sale")
        .count();
    assert_eq!(numbers, 1);
    app.sandbox.shutdown().await;
}

#[tokio::test]
async fn what_never_reached_a_handler_is_on_record() {
    let (app, mut eye) = start(SandboxConfig::default()).await;
    let gateway = app.sandbox.gateway_url().as_str();
    let plain = gateway.replace("https:", "http:");
    let _refused = eye.http.get(format!("{plain}/dapi?x=1")).send().await.unwrap_err();
    let it = eye.exchange(is("plain HTTP")).await;
    assert_eq!(
        (&it["kind"], &it["path"]),
        (&json!("connection"), &json!("/paynet/dapi"))
    );
    assert!(it["problem"].as_str().unwrap().contains("https://"), "{it}");

    let _refused = eye.http.get(gateway).send().await.unwrap_err();
    let it = eye.exchange(is("TLS handshake")).await;
    assert!(it["problem"].as_str().unwrap().contains("/ca.pem"), "{it}");

    let got = app.get(&format!("{gateway}/dapi/v2/sale")).await;
    assert_eq!(got.status, 404);
    let it = eye.full(is("unknown path")).await;
    assert_eq!((&it["status"], &it["method"]), (&json!(404), &json!("GET")));
    app.sandbox.shutdown().await;
}

#[tokio::test]
async fn faults_are_named_on_the_exchange_they_were_done_to() {
    let (app, mut eye) = start(SandboxConfig::default()).await;
    let fault = |message: &str, kind: &str| json!({"faults": [{"message": message, "nth": 1, "kind": kind}]});
    eye.post("/api/scripts/device-0001", &fault("perform", "close_after_processing"))
        .await;
    let sale = app.begin(None).await;
    let lost = app
        .send(
            Method::POST,
            &app.perform_url(&sale),
            Some(&app.perform_body(&sale, card("123"))),
        )
        .await;
    assert!(lost.is_err());
    let it = eye.full(is("perform sale")).await;
    assert_eq!(
        (&it["status"], &it["fault"]),
        (&Value::Null, &json!("Perform: CloseAfterProcessing"))
    );
    assert!(it["problem"].as_str().is_some());

    eye.post("/api/scripts/device-0001", &fault("check", "truncate")).await;
    let sale = app.sell(card("123")).await;
    let of_sale = move |it: &Value| it["invoice_id"] == sale.invoice_id.as_str() && it["message"] == "check sale";
    let it = eye
        .exchange(|it| of_sale(it) && it["fault"] != Value::Null && it["progress"] == "done")
        .await;
    assert_eq!(it["fault"], "Check: Truncate");

    let proxy = FaultProxy::of_merchant(&app.sandbox, FaultPlan::quiet()).await.unwrap();
    proxy.next_exchange(Passing::AccessToken, ExchangeFault::ResetUnforwarded);
    let lost = app
        .send(Method::GET, &format!("{}auth/request-access-token", proxy.url()), None)
        .await;
    assert!(lost.is_err());
    let it = eye.exchange(|it| it["fault"] == "reset, request read").await;
    assert_eq!(
        (&it["message"], &it["to"]),
        (&json!("access token"), &json!("merchant"))
    );
    app.sandbox.shutdown().await;
}

#[tokio::test]
async fn an_exchange_is_open_until_its_answer_has_come() {
    let (app, mut eye) = start(SandboxConfig::default()).await;
    let stall = json!({"faults": [{"message": "perform", "kind": "stall", "ms": 3_600_000}]});
    eye.post("/api/scripts/device-0001", &stall).await;
    let sale = app.begin(None).await;
    let stalled = app.performing(&sale, card("123"));
    let it = eye
        .exchange(|it| it["message"] == "perform sale" && it["progress"] == "open")
        .await;
    assert_eq!((&it["status"], &it["fault"]), (&Value::Null, &json!("Perform: Stall")));
    eye.read_all().await;
    app.sandbox.shutdown().await;
    assert!(stalled.await.unwrap().is_err());
}

/// An answer that breaks off breaks off for the client as without an inspector.
#[tokio::test]
async fn a_truncated_answer_stays_one() {
    let (app, mut eye) = start(SandboxConfig::default()).await;
    eye.post(
        "/api/scripts/device-0001",
        &json!({"faults": [{"message": "perform", "kind": "truncate"}]}),
    )
    .await;
    let sale = app.begin(None).await;
    let answer = app
        .send(
            Method::POST,
            &app.perform_url(&sale),
            Some(&app.perform_body(&sale, card("123"))),
        )
        .await;
    assert!(answer.unwrap().text().await.is_err());
    let it = eye.full(is("perform sale")).await;
    assert!(it["problem"].as_str().unwrap().contains("Truncate"), "{it}");
    assert!(it["response"]["length"].as_u64().unwrap() > 0);
    app.sandbox.shutdown().await;
}

#[tokio::test]
async fn a_client_that_comes_back_gets_what_changed_since() {
    let (app, mut eye) = start(SandboxConfig::default()).await;
    let first = app.sell(card("116")).await;
    eye.sale(&first.invoice_id, "declined").await;
    eye.exchange(|it| it["message"] == "callback" && it["progress"] == "done")
        .await;
    let (base, last) = (eye.base.clone(), eye.last_id.clone());
    drop(eye);
    let second = app.sell(card("123")).await;
    let mut eye = Eye::after(&base, Some(&last)).await;
    eye.sale(&second.invoice_id, "approved").await;
    assert!(!eye.sales.contains_key(&first.invoice_id), "nothing of it changed");
    assert!(!eye.sent.contains("event: reset"));
    let mut late = Eye::after(&base, Some("0123-5")).await;
    assert_eq!(late.event().await.0, "reset");
    late.sale(&first.invoice_id, "declined").await;
    app.sandbox.shutdown().await;
}

#[tokio::test]
async fn gateway_and_merchant_alone_have_one_of_their_own() {
    let both = Sandbox::start(SandboxConfig::default().immediate()).await.unwrap();
    let config = || inspected().immediate();
    let merchant = Merchant::start(config(), both.gateway_url().clone()).await.unwrap();
    let mut eye = Eye::of(merchant.inspector().unwrap()).await;
    let http = crate::app::trusting(merchant.ca_pem());
    let check = http
        .post(format!("{}sale/unknown/check", merchant.url()))
        .json(&json!({}))
        .send()
        .await
        .unwrap();
    assert_eq!(check.status(), 400);
    let it = eye.full(is("check sale")).await;
    assert_eq!((&it["from"], &it["status"]), (&json!("gateway"), &json!(400)));
    assert!(
        it["verdict"]["rule"]
            .as_str()
            .unwrap()
            .contains("consumer.device.serialNumber"),
        "{it}"
    );

    let nowhere = Url::parse("https://127.0.0.1:1/").unwrap();
    let gateway = Gateway::start(config(), MerchantServer::new(nowhere, "").unwrap())
        .await
        .unwrap();
    let mut eye = Eye::of(gateway.inspector().unwrap()).await;
    let (_, state) = eye.get("/api/state").await;
    assert_eq!(
        (&state["has_gateway"], &state["merchant_url"]),
        (&json!(true), &json!("https://127.0.0.1:1/"))
    );
    gateway.shutdown().await;
    merchant.shutdown().await;
    both.shutdown().await;
}

#[tokio::test]
async fn without_being_asked_for_there_is_none() {
    let app = App::start().await;
    assert!(app.sandbox.inspector().is_none());
    app.sandbox.shutdown().await;
    let other = inspected().inspector(InspectorPort::Preferably(0));
    let sandbox = Sandbox::start(other.listen([127, 0, 0, 1])).await.unwrap();
    let url = sandbox.inspector().unwrap().url().clone();
    assert_eq!((url.scheme(), url.host_str()), ("http", Some("127.0.0.1")));
    sandbox.shutdown().await;
    let gone = Client::builder()
        .no_proxy()
        .tls_backend_preconfigured(rustls_settings())
        .build()
        .unwrap();
    assert!(gone.get(url).send().await.is_err(), "it ends with its sandbox");
}

fn rustls_settings() -> rustls::ClientConfig {
    rustls::ClientConfig::builder_with_provider(std::sync::Arc::new(rustls::crypto::ring::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_root_certificates(rustls::RootCertStore::empty())
        .with_no_client_auth()
}
