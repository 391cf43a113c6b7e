//! Every scripted fault, as a client meets it on the wire, and what the ledger says of the money.

use std::time::Duration;

use reqwest::{Method, header};
use salekit_sandbox::{Direction, EntryState, Fault, Message, Script};
use serde_json::json;

use crate::app::{App, Begun, card};

/// Performs a sale under `fault`, for what the fault makes of it.
async fn performed(app: &App, fault: Fault) -> (Begun, reqwest::Result<reqwest::Response>) {
    app.sandbox
        .script(&app.serial, Script::new().fault(Message::Perform, fault));
    let sale = app.begin(None).await;
    let body = app.perform_body(&sale, card("123"));
    let response = app.send(Method::POST, &app.perform_url(&sale), Some(&body)).await;
    (sale, response)
}

/// The sale was made, whatever the client was answered.
async fn assert_charged(app: &mut App, sale: &Begun) {
    app.wait(sale, "final status", Direction::Internal).await;
    let entry = app.entry(sale);
    assert_eq!(
        (entry.state, entry.charges, entry.faults.len()),
        (EntryState::Approved, 1, 1)
    );
}

fn assert_not_begun(app: &App, sale: &Begun) {
    let entry = app.entry(sale);
    assert_eq!(
        (entry.state, entry.charges, entry.performs_received),
        (EntryState::NotStarted, 0, 1)
    );
}

#[tokio::test]
async fn a_connection_closed_before_processing_makes_no_sale() {
    let app = App::start().await;
    let (sale, response) = performed(&app, Fault::CloseBeforeProcessing).await;
    let error = response.unwrap_err();
    assert!(
        error.is_request() && !error.is_timeout() && error.status().is_none(),
        "{error:?}"
    );
    assert_not_begun(&app, &sale);
    assert_eq!(app.entry(&sale).faults, [(Message::Perform, "CloseBeforeProcessing")]);
}

#[tokio::test]
async fn a_connection_closed_after_processing_has_charged() {
    let mut app = App::start().await;
    let (sale, response) = performed(&app, Fault::CloseAfterProcessing).await;
    assert!(response.unwrap_err().is_request());
    assert_charged(&mut app, &sale).await;
}

#[tokio::test]
async fn an_http_answer_comes_instead_of_processing_or_after_it() {
    let mut app = App::start().await;
    let (body, content_type) = ("<h1>Bad Gateway</h1>".to_owned(), "text/html".to_owned());
    let before = Fault::Http {
        status: 502,
        body: body.clone(),
        content_type: content_type.clone(),
    };
    let (sale, response) = performed(&app, before).await;
    let response = response.unwrap();
    assert_eq!(
        (response.status().as_u16(), &response.headers()[header::CONTENT_TYPE]),
        (502, &"text/html".parse().unwrap())
    );
    assert_eq!(response.text().await.unwrap(), body);
    assert_not_begun(&app, &sale);

    let (sale, response) = performed(
        &app,
        Fault::HttpAfterProcessing {
            status: 502,
            body,
            content_type,
        },
    )
    .await;
    assert_eq!(response.unwrap().status(), 502);
    assert_charged(&mut app, &sale).await;
}

#[tokio::test]
async fn a_gateway_error_has_the_form_of_the_protocol() {
    let app = App::start().await;
    for http_status in [500, 200] {
        let fault = Fault::GatewayError {
            cause: "INTERNAL_ERROR".to_owned(),
            http_status,
        };
        let (sale, response) = performed(&app, fault).await;
        let got = crate::app::Got::read(response.unwrap()).await;
        got.assert_error(http_status, "INTERNAL_ERROR");
        assert_eq!(got.text("/invoiceId"), sale.invoice_id);
        assert_not_begun(&app, &sale);
    }
}

#[tokio::test]
async fn garbage_and_truncated_answers_hide_a_sale() {
    let mut app = App::start().await;
    let (sale, response) = performed(&app, Fault::Garbage).await;
    let response = response.unwrap();
    assert_eq!(response.status(), 200);
    let bytes = response.bytes().await.unwrap();
    assert!(serde_json::from_slice::<serde_json::Value>(&bytes).is_err());
    assert_charged(&mut app, &sale).await;

    let (sale, response) = performed(&app, Fault::Truncate).await;
    let mut response = response.unwrap();
    let promised = response.content_length().unwrap();
    let mut came = 0;
    let ended = loop {
        match response.chunk().await {
            Ok(Some(chunk)) => came += chunk.len() as u64,
            Ok(None) => break Ok(()),
            Err(error) => break Err(error),
        }
    };
    assert!(ended.is_err());
    assert_eq!(came, promised / 2);
    assert_charged(&mut app, &sale).await;
}

#[tokio::test]
async fn a_stalled_answer_comes_late_and_the_sale_does_not_wait() {
    let mut app = App::start().await;
    let hour = Duration::from_secs(3600);
    app.sandbox
        .script(&app.serial, Script::new().fault(Message::Perform, Fault::Stall(hour)));
    let sale = app.begin(None).await;
    let stalled = app.performing(&sale, card("123"));
    assert_charged(&mut app, &sale).await;
    assert!(!stalled.is_finished());
    // Nor does the end of the sandbox.
    app.sandbox.shutdown().await;
    assert!(stalled.await.unwrap().is_err());

    let app = App::start().await;
    let (_, response) = performed(&app, Fault::Stall(Duration::from_millis(20))).await;
    assert_eq!(response.unwrap().status(), 200);
}

#[tokio::test]
async fn retry_after_comes_with_an_answer_or_instead_of_one() {
    let mut app = App::start().await;
    let (sale, response) = performed(&app, Fault::RetryAfter { status: None, secs: 7 }).await;
    let response = response.unwrap();
    assert_eq!(
        (response.status().as_u16(), &response.headers()[header::RETRY_AFTER]),
        (200, &"7".parse().unwrap())
    );
    assert_charged(&mut app, &sale).await;
    let (sale, response) = performed(
        &app,
        Fault::RetryAfter {
            status: Some(503),
            secs: 7,
        },
    )
    .await;
    let response = response.unwrap();
    assert_eq!(
        (response.status().as_u16(), &response.headers()[header::RETRY_AFTER]),
        (503, &"7".parse().unwrap())
    );
    assert_not_begun(&app, &sale);
}

#[tokio::test]
async fn status_faults_hit_the_poll_they_are_for() {
    let mut app = App::start().await;
    let script = Script::new()
        .fault_nth(
            Message::Status,
            1,
            Fault::UnknownState("TRANSFER_FEE_REQUEST".to_owned()),
        )
        .fault_nth(Message::Status, 2, Fault::AnswerOverride(json!({"state": "DECLINED"})))
        .fault_nth(Message::Status, 3, Fault::CloseBeforeProcessing)
        .fault_nth(Message::Status, 4, Fault::Garbage);
    app.sandbox.script(&app.serial, script);
    let sale = app.sell(card("123")).await;
    app.wait(&sale, "final status", Direction::Internal).await;

    let unknown = app.status(&sale).await;
    assert_eq!((unknown.status, unknown.text("/state")), (200, "TRANSFER_FEE_REQUEST"));
    assert_eq!(unknown.text("/invoiceId"), sale.invoice_id);
    assert!(unknown.body.get("bankOrderId").is_none());
    assert_eq!(app.status(&sale).await.body, json!({"state": "DECLINED"}));
    let poll = app
        .send(Method::POST, &app.status_url(&sale), Some(&App::status_body(&sale)))
        .await;
    assert!(poll.is_err());
    assert!(app.status(&sale).await.body.is_string());
    assert_eq!(app.status(&sale).await.text("/state"), "APPROVED");
    let entry = app.entry(&sale);
    assert_eq!((entry.status_requests, entry.faults.len(), entry.charges), (5, 4, 1));
}

#[tokio::test]
async fn a_fault_for_every_poll_stays() {
    let app = App::start().await;
    let fault = Fault::GatewayError {
        cause: "SERVER_UNAVAILABLE".to_owned(),
        http_status: 500,
    };
    app.sandbox
        .script(&app.serial, Script::new().fault(Message::Status, fault));
    let sale = app.sell(card("123")).await;
    for _ in 0..3 {
        app.status(&sale).await.assert_error(500, "SERVER_UNAVAILABLE");
    }
}

#[tokio::test]
async fn the_merchants_answers_can_go_wrong_too() {
    let mut app = App::start().await;
    let script = Script::new()
        .fault_nth(Message::Initiate, 1, Fault::CloseAfterProcessing)
        .fault_nth(
            Message::Initiate,
            2,
            Fault::GatewayError {
                cause: "SERVER_FAILED".into(),
                http_status: 500,
            },
        )
        .fault_nth(Message::SessionToken, 1, Fault::Garbage)
        .fault_nth(Message::StoredCard, 1, Fault::CloseBeforeProcessing);
    app.sandbox.script(&app.serial, script);
    let body = app.initiate_body(&app.access_token().await);
    assert!(
        app.send(Method::POST, &app.merchant("sale/initiate-sale"), Some(&body))
            .await
            .is_err()
    );
    app.initiate_with(&body).await.assert_error(500, "SERVER_FAILED");
    let sale = app.sell(card("123")).await;
    app.outcome(&sale).await;
    assert!(app.session_token(&sale).await.body.is_string());
    assert_eq!(app.session_token(&sale).await.text("/session/token"), sale.token);
    let url = app.merchant(&format!("sale/{}/stored-card", sale.invoice_id));
    let lost = app
        .send(Method::POST, &url, Some(&app.owner_body(&sale.access_token)))
        .await;
    assert!(lost.is_err());
    assert_eq!(app.stored_card(&sale).await.status, 200);
}

#[tokio::test]
async fn scripts_leave_other_devices_alone() {
    let mut app = App::start().await;
    app.sandbox
        .script("device-0002", Script::new().fault(Message::Perform, Fault::Garbage));
    let sale = app.sell(card("123")).await;
    assert_eq!(app.outcome(&sale).await.text("/state"), "APPROVED");
}
