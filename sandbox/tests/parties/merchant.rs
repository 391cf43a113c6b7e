//! The merchant's server by itself: access tokens, callbacks, and its two extensions.

use std::time::Duration;

use reqwest::Method;
use salekit_sandbox::{Direction, Fault, Message, Outcome, SandboxConfig, Script};
use serde_json::{Value, json};

use crate::app::{App, card};

#[tokio::test]
async fn access_tokens_are_long_fresh_and_bound_to_a_device() {
    let app = App::start().await;
    let (one, two) = (app.access_token().await, app.access_token().await);
    assert_eq!((one.len(), two.len()), (64, 64));
    assert_ne!(one, two);

    assert_eq!(app.initiate_with(&app.initiate_body(&one)).await.status, 200);
    assert_eq!(
        app.initiate_with(&app.initiate_body(&one)).await.status,
        200,
        "good for more than one sale"
    );
    let mut other = app.initiate_body(&one);
    other["consumer"]["device"]["serialNumber"] = "device-0002".into();
    app.initiate_with(&other).await.assert_error(403, "INVALID_REQUEST");
    app.initiate_with(&app.initiate_body(&"x".repeat(64)))
        .await
        .assert_error(403, "INVALID_REQUEST");

    // Bound from the start, by query or header.
    let query = app
        .get(&app.merchant("auth/request-access-token?serialNumber=device-0002"))
        .await;
    let token = query.text("/session/accessToken");
    app.initiate_with(&app.initiate_body(token))
        .await
        .assert_error(403, "INVALID_REQUEST");
    let request = app.http.request(Method::GET, app.merchant("auth/request-access-token"));
    let response = request
        .header("X-Device-Serial-Number", &app.serial)
        .send()
        .await
        .unwrap();
    let header = crate::app::Got::read(response).await;
    assert_eq!(
        app.initiate_with(&app.initiate_body(header.text("/session/accessToken")))
            .await
            .status,
        200
    );
}

#[tokio::test]
async fn access_tokens_expire() {
    let app = App::with(SandboxConfig::default().access_token_life(Duration::ZERO)).await;
    let body = app.initiate_body(&app.access_token().await);
    app.initiate_with(&body).await.assert_error(403, "INVALID_REQUEST");
}

#[tokio::test]
async fn invoices_have_one_form_and_signatures_the_configured_case() {
    let app = App::start().await;
    let (one, two) = (app.begin(None).await, app.begin(None).await);
    assert_ne!((&one.invoice_id, &one.nonce), (&two.invoice_id, &two.nonce));
    assert_eq!(
        (one.invoice_id.len(), one.nonce.len(), one.signature.len()),
        (36, 64, 40)
    );
    assert_eq!(one.signature, one.signature.to_ascii_uppercase());
}

#[tokio::test]
async fn a_lost_session_token_is_recovered_from_the_merchant() {
    let mut app = App::start().await;
    app.sandbox.script(
        &app.serial,
        Script::new().fault(Message::Perform, Fault::CloseAfterProcessing),
    );
    let mut sale = app.begin(None).await;
    app.session_token(&sale).await.assert_error(404, "ORDER_NOT_FOUND");

    let body = app.perform_body(&sale, card("123"));
    assert!(
        app.send(Method::POST, &app.perform_url(&sale), Some(&body))
            .await
            .is_err(),
        "the answer is lost"
    );
    app.wait(&sale, "check sale", Direction::Response).await;
    let got = app.session_token(&sale).await;
    assert_eq!((got.status, got.text("/invoiceId")), (200, sale.invoice_id.as_str()));
    got.text("/session/token").clone_into(&mut sale.token);
    assert_eq!(app.outcome(&sale).await.text("/state"), "APPROVED");
    assert_eq!(app.entry(&sale).charges, 1);

    // A fresh access token of the same device will do; another device's will not.
    let fresh = crate::app::Begun {
        access_token: app.access_token().await,
        ..sale.clone()
    };
    assert_eq!(app.session_token(&fresh).await.status, 200);
    app.serial = "device-0002".to_owned();
    app.session_token(&sale).await.assert_error(403, "INVALID_REQUEST");
    let foreign = crate::app::Begun {
        access_token: app.access_token().await,
        ..sale.clone()
    };
    app.session_token(&foreign).await.assert_error(404, "ORDER_NOT_FOUND");
    app.stored_card(&foreign).await.assert_error(404, "ORDER_NOT_FOUND");
}

#[tokio::test]
async fn there_is_no_stored_card_before_its_mapping() {
    let mut app = App::start().await;
    let sale = app.begin(None).await;
    app.stored_card(&sale).await.assert_error(404, "ORDER_NOT_FOUND");
    let declined = app.sell(card("116")).await;
    app.assert_declined(&declined, 116).await;
    app.stored_card(&declined).await.assert_error(404, "ORDER_NOT_FOUND");
    let approved = app.sell(card("123")).await;
    app.outcome(&approved).await;
    assert_eq!(
        app.stored_card(&approved).await.status,
        200,
        "the mapping comes before the final status"
    );
}

#[tokio::test]
async fn a_sale_is_final_although_its_mapping_fails() {
    let mut app = App::start().await;
    app.sandbox
        .script(&app.serial, Script::new().fault(Message::Mapping, Fault::Garbage));
    let sale = app.sell(card("123")).await;
    assert_eq!(app.outcome(&sale).await.text("/state"), "APPROVED");
    let mapping = app
        .wait(&sale, "sale card mapping notification", Direction::Response)
        .await;
    let why = "answered with something unreadable: HTTP 200, ";
    assert!(mapping.detail.starts_with(why), "{}", mapping.detail);
}

#[tokio::test]
async fn a_callback_is_repeated_until_taken_and_counted_once() {
    let mut app = App::start().await;
    let script = Script::new()
        .fault_nth(Message::Callback, 1, Fault::CloseAfterProcessing)
        .fault_nth(
            Message::Callback,
            2,
            Fault::GatewayError {
                cause: "SERVER_FAILED".into(),
                http_status: 500,
            },
        );
    app.sandbox.script(&app.serial, script);
    let sale = app.sell(card("123")).await;
    let third = app.wait_nth(&sale, "callback", Direction::Response, 3).await;
    assert_eq!(third.detail, "HTTP 200");
    let first = app
        .wait_nth(&sale, "final status at the merchant", Direction::Internal, 1)
        .await;
    let second = app
        .wait_nth(&sale, "final status at the merchant", Direction::Internal, 2)
        .await;
    assert_eq!(
        (first.detail.as_str(), second.detail.as_str()),
        ("approved", "approved, known already")
    );
}

#[tokio::test]
async fn a_callback_nobody_takes_is_given_up() {
    let mut app = App::start().await;
    let refuse = Fault::Http {
        status: 503,
        body: String::new(),
        content_type: "text/plain".to_owned(),
    };
    app.sandbox
        .script(&app.serial, Script::new().fault(Message::Callback, refuse));
    let sale = app.sell(card("123")).await;
    // Three gaps, four attempts.
    app.wait_nth(&sale, "callback", Direction::Response, 4).await;
    assert_eq!(app.entry(&sale).faults.len(), 4);
}

#[tokio::test]
async fn a_forged_callback_is_not_believed() {
    let mut app = App::start().await;
    app.sandbox
        .script(&app.serial, Script::new().outcome(Outcome::never_final()));
    let sale = app.sell(card("123")).await;
    app.wait(&sale, "process sale", Direction::Internal).await;
    let order = app.status(&sale).await.text("/orderId").to_owned();
    let forged = app.merchant(&format!(
        "callback?status=approved&type=sale&orderid={order}&client_orderid={}&amount=10.50&control={}",
        sale.invoice_id,
        "0".repeat(40)
    ));
    app.get(&forged).await.assert_error(403, "INVALID_REQUEST");
    app.get(&app.merchant("callback"))
        .await
        .assert_error(403, "INVALID_REQUEST");
}

#[tokio::test]
async fn the_gateways_questions_are_answered_only_with_the_right_session() {
    let app = App::start().await;
    let sale = app.begin(None).await;
    let session = serde_json::json!({
        "accessToken": sale.access_token, "nonce": sale.nonce, "signature": sale.signature, "token": "t".repeat(32),
    });
    let body = serde_json::json!({"consumer": {"device": {"serialNumber": app.serial}}, "session": session});
    let check = app.merchant(&format!("sale/{}/check", sale.invoice_id));
    for member in ["accessToken", "nonce", "signature"] {
        let mut wrong = body.clone();
        wrong["session"][member] = "w".repeat(40).into();
        app.post(&check, &wrong).await.assert_error(403, "INVALID_REQUEST");
    }
    let elsewhere = app.merchant("sale/5e0c7f5a-3b1d-4c5e-9a7b-2f4d6e8a0c11/check");
    app.post(&elsewhere, &body).await.assert_error(403, "INVALID_REQUEST");
    assert_eq!(app.post(&check, &body).await.text("/session/nonce"), sale.nonce);
    let mut second = body.clone();
    second["session"]["token"] = "u".repeat(32).into();
    app.post(&check, &second).await.assert_error(403, "INVALID_REQUEST");
    let notification = app.merchant("sale/notification");
    app.post(&notification, &second)
        .await
        .assert_error(403, "INVALID_REQUEST");
    assert_eq!(app.post(&notification, &body).await.text("/invoiceId"), sale.invoice_id);
}

#[tokio::test]
async fn the_order_that_a_sale_is_for_is_kept_and_a_question_about_another_one_is_refused() {
    let app = App::start().await;
    let mut observed = app.sandbox.observe();
    let (sale_id, order) = ("5".repeat(32), "order 7");
    let access_token = app.access_token().await;
    let mut body = app.initiate_body(&access_token);
    body["saleId"] = sale_id.as_str().into();
    body["merchantOrderId"] = order.into();
    let got = app.initiate_with(&body).await;
    assert_eq!(got.status, 200, "{got:?}");
    let url = app.merchant(&format!("sale/{}/session-token", got.text("/invoiceId")));
    let ask = |members: Value| {
        let mut question = json!({
            "session": {"accessToken": access_token}, "consumer": {"device": {"serialNumber": app.serial}},
        });
        question
            .as_object_mut()
            .unwrap()
            .extend(members.as_object().unwrap().clone());
        let (app, url) = (&app, &url);
        async move { app.post(url, &question).await }
    };
    // Not known yet: the sale is, its token is not. So with the order's members, with one of them, and without.
    for members in [
        json!({"saleId": sale_id, "merchantOrderId": order}),
        json!({"saleId": sale_id}),
        json!({}),
    ] {
        ask(members).await.assert_error(404, "ORDER_NOT_FOUND");
    }
    for members in [
        json!({"saleId": "6".repeat(32)}),
        json!({"merchantOrderId": "order 8"}),
        json!({"saleId": "5"}),
    ] {
        ask(members).await.assert_error(400, "INVALID_REQUEST");
    }
    body["merchantOrderId"] = "x".repeat(257).into();
    app.initiate_with(&body).await.assert_error(400, "INVALID_REQUEST");
    let seen: Vec<_> = std::iter::from_fn(|| observed.try_recv().ok())
        .filter(|seen| seen.message == "initiate sale" && seen.direction == Direction::Request)
        .map(|seen| seen.detail)
        .collect();
    assert_eq!(seen[0], "order order 7");
}
