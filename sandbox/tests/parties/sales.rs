//! Sales from initiate to their end: outcomes by security code, the order of messages, repeated performs.

use std::time::Duration;

use reqwest::Method;
use salekit_sandbox::{
    CheckTiming, Direction, EntryState, HexCase, NotificationUrl, Outcome, RepeatedPerform, SandboxConfig, Script,
};
use serde_json::json;

use crate::app::{App, PAN, card, pass};

#[tokio::test]
async fn a_good_sale_is_approved_and_charged_once() {
    let mut app = App::start().await;
    let sale = app.sell(card("123")).await;
    let got = app.outcome(&sale).await;
    assert_eq!(
        (got.status, got.text("/state"), got.text("/invoiceId")),
        (200, "APPROVED", sale.invoice_id.as_str())
    );
    assert_eq!(got.text("/session/token"), sale.token);
    assert!((16..=36).contains(&sale.token.len()));
    assert!(got.text("/orderId").bytes().all(|byte| byte.is_ascii_digit()));
    assert!(got.text("/bankOrderId").len() <= 128);
    assert_eq!(got.body["transaction"]["amountCentis"], 1050);
    assert!(got.body["transaction"].get("currency").is_none(), "only if asked for");
    let date = got.text("/transaction/transactionCreatedDate");
    assert_eq!((date.len(), &date[10..11], &date[23..]), (28, " ", "+0000"), "{date}");
    for absent in ["redirectUrl", "errorCode", "errorMessage", "secure3DAuthStatus"] {
        assert!(got.body.get(absent).is_none(), "{absent}");
    }

    app.wait(&sale, "callback", Direction::Response).await;
    let entry = app.entry(&sale);
    assert_eq!(
        (entry.charges, entry.performs_received, entry.status_requests),
        (1, 1, 1)
    );
    assert_eq!(
        (entry.amount_minor, entry.currency.as_str(), entry.state),
        (1050, "EUR", EntryState::Approved)
    );
    assert_eq!(app.sandbox.ledger().total_charges(), 1);
    let mut steps = app.steps(&sale);
    // The status request comes when it likes.
    steps.retain(|step| !(21..=22).contains(step));
    assert_eq!(steps, [5, 6, 7, 8, 9, 10, 18, 19, 20, 23, 24]);
    app.sandbox.shutdown().await;
}

#[tokio::test]
async fn the_security_code_decides() {
    let mut app = App::start().await;
    for code in ["123", "1234", "555"] {
        let sale = app.sell(card(code)).await;
        assert_eq!(app.outcome(&sale).await.text("/state"), "APPROVED", "{code}");
        assert_eq!(app.entry(&sale).charges, 1);
    }
    let sale = app.sell(card("111")).await;
    let got = app.outcome(&sale).await;
    assert_eq!(
        (got.text("/state"), got.text("/secure3DAuthStatus")),
        ("APPROVED", "UNSUPPORTED")
    );
    for (code, error) in [
        ("101", 101),
        ("116", 116),
        ("119", 119),
        ("209", 209),
        ("999", 100),
        ("0000", 100),
    ] {
        let sale = app.sell(card(code)).await;
        app.assert_declined(&sale, error).await;
    }
}

#[tokio::test]
async fn an_unknown_sale_stays_in_processing_and_is_marked_so() {
    let mut app = App::start().await;
    let sale = app.sell(card("217")).await;
    app.wait(&sale, "process sale", Direction::Internal).await;
    for _ in 0..3 {
        assert_eq!(app.status(&sale).await.text("/state"), "PROCESSING");
    }
    let entry = app.entry(&sale);
    assert_eq!((entry.unresolvable, entry.charges, entry.status_requests), (true, 0, 3));

    app.sandbox
        .script(&app.serial, Script::new().outcome(Outcome::charged_but_never_final()));
    let sale = app.sell(card("123")).await;
    app.wait(&sale, "process sale", Direction::Internal).await;
    assert_eq!(app.status(&sale).await.text("/state"), "PROCESSING");
    assert_eq!((app.entry(&sale).unresolvable, app.entry(&sale).charges), (true, 1));
}

#[tokio::test]
async fn a_card_that_cannot_be_good_is_declined() {
    let mut app = App::start().await;
    let mut wrong_digit = card("123");
    wrong_digit["card"]["number"] = "4111111111111112".into();
    let sale = app.sell(wrong_digit).await;
    app.assert_declined(&sale, 8).await;
    let mut past = card("123");
    past["card"]["expiry"] = json!({"month": 1, "year": 2020});
    let sale = app.sell(past).await;
    app.assert_declined(&sale, 101).await;
}

#[tokio::test]
async fn a_slow_sale_shows_processing_first() {
    let delay = Duration::from_secs(600);
    let config = SandboxConfig::default().immediate().slow_processing_delay(delay);
    let mut app = App::with_waits(config).await;
    let sale = app.sell(card("555")).await;
    app.wait(&sale, "start processing", Direction::Internal).await;
    assert_eq!(app.status(&sale).await.text("/state"), "PROCESSING");
    assert!(!app.steps(&sale).contains(&18), "the processor is not through");
    pass(delay).await;
    assert_eq!(app.outcome(&sale).await.text("/state"), "APPROVED");
    assert!(app.steps(&sale).windows(2).any(|pair| pair == [11, 12]));
}

#[tokio::test]
async fn every_switch_gives_a_good_sale() {
    let configs = [
        SandboxConfig::default().check_timing(CheckTiming::BeforeAnswer),
        SandboxConfig::default().hex_case(HexCase::Lower),
        SandboxConfig::default().notification_url(NotificationUrl::WithInvoice),
        SandboxConfig::default().base_path("/payment"),
        SandboxConfig::default().base_path(""),
        SandboxConfig::default().control_key("ABCD").endpoint_id("77"),
    ];
    for config in configs {
        let mut app = App::with(config.clone()).await;
        let sale = app.sell(card("123")).await;
        assert_eq!(app.outcome(&sale).await.text("/state"), "APPROVED", "{config:?}");
        let mapped = app
            .wait(&sale, "sale card mapping notification", Direction::Response)
            .await;
        assert_eq!(mapped.detail, "accepted", "{config:?}");
    }
}

#[tokio::test]
async fn the_check_can_come_before_the_answer() {
    let mut app = App::with(SandboxConfig::default().check_timing(CheckTiming::BeforeAnswer)).await;
    let sale = app.sell(card("123")).await;
    app.outcome(&sale).await;
    assert_eq!(app.steps(&sale)[..6], [5, 6, 8, 9, 7, 10]);
}

#[tokio::test]
async fn without_a_callback_url_none_is_sent() {
    let mut app = App::with(SandboxConfig::default().callbacks(false)).await;
    let sale = app.sell(card("123")).await;
    app.outcome(&sale).await;
    // A callback is reported at once after the final status, and a status request has been answered since.
    let steps = app.steps(&sale);
    assert!(!steps.contains(&23), "{steps:?}");
}

#[tokio::test]
async fn a_repeated_perform_is_refused_and_charges_nothing() {
    let mut app = App::start().await;
    let sale = app.sell(card("123")).await;
    app.outcome(&sale).await;
    let got = app.perform(&sale, &app.perform_body(&sale, card("123"))).await;
    got.assert_error(400, "INVALID_REQUEST");
    assert_eq!(got.text("/invoiceId"), sale.invoice_id);
    assert_eq!((app.entry(&sale).charges, app.entry(&sale).performs_received), (1, 2));
}

#[tokio::test]
async fn a_repeated_perform_can_be_answered_as_the_first() {
    let mut app = App::with(SandboxConfig::default().repeated_perform(RepeatedPerform::Replay)).await;
    let sale = app.sell(card("123")).await;
    app.outcome(&sale).await;
    let got = app.perform(&sale, &app.perform_body(&sale, card("123"))).await;
    assert_eq!((got.status, got.text("/session/token")), (200, sale.token.as_str()));
    assert_eq!((app.entry(&sale).charges, app.entry(&sale).performs_received), (1, 2));
}

#[tokio::test]
async fn the_refusal_of_a_repeated_perform_can_be_chosen() {
    let refusals = [(400, "FILTERED"), (409, "INVALID_REQUEST"), (200, "PROCESSING_FAILED")];
    let configured = RepeatedPerform::refuse(409, "FILTERED");
    let mut app = App::with(SandboxConfig::default().repeated_perform(configured)).await;
    let sale = app.sell(card("123")).await;
    app.outcome(&sale).await;
    let again = app.perform_body(&sale, card("123"));
    app.perform(&sale, &again).await.assert_error(409, "FILTERED");
    for (status, cause) in refusals {
        let scripted = RepeatedPerform::refuse(status, cause);
        app.sandbox
            .script(&app.serial, Script::new().repeated_perform(scripted));
        let sale = app.sell(card("123")).await;
        app.outcome(&sale).await;
        let again = app.perform_body(&sale, card("123"));
        let got = app.perform(&sale, &again).await;
        got.assert_error(status, cause);
        assert_eq!(got.text("/invoiceId"), sale.invoice_id);
        assert_eq!((app.entry(&sale).charges, app.entry(&sale).performs_received), (1, 2));
    }
}

#[tokio::test]
async fn of_performs_that_arrive_together_one_is_taken() {
    let mut app = App::start().await;
    let mut sale = app.begin(None).await;
    let body = app.perform_body(&sale, card("123"));
    let (one, two, three) = tokio::join!(
        app.perform(&sale, &body),
        app.perform(&sale, &body),
        app.perform(&sale, &body)
    );
    let good: Vec<_> = [one, two, three].into_iter().filter(|got| got.status == 200).collect();
    assert_eq!(good.len(), 1);
    good[0].text("/session/token").clone_into(&mut sale.token);
    assert_eq!(app.outcome(&sale).await.text("/state"), "APPROVED");
    assert_eq!((app.entry(&sale).charges, app.entry(&sale).performs_received), (1, 3));
}

#[tokio::test]
async fn status_wants_the_session_of_the_sale() {
    let app = App::start().await;
    let sale = app.sell(card("217")).await;
    let mut foreign = sale.clone();
    foreign.token = "0".repeat(32);
    app.status(&foreign).await.assert_error(400, "ORDER_NOT_FOUND");
    let mut renewed = sale.clone();
    renewed.access_token = app.access_token().await;
    app.status(&renewed).await.assert_error(400, "ORDER_NOT_FOUND");
    let mut elsewhere = sale.clone();
    elsewhere.invoice_id = "5e0c7f5a-3b1d-4c5e-9a7b-2f4d6e8a0c11".to_owned();
    app.status(&elsewhere).await.assert_error(400, "ORDER_NOT_FOUND");

    let app = App::with(SandboxConfig::default().strict_status_access_token(false)).await;
    let mut sale = app.sell(card("217")).await;
    sale.access_token = app.access_token().await;
    assert_eq!(app.status(&sale).await.text("/state"), "PROCESSING");
}

#[tokio::test]
async fn errors_can_come_with_http_200() {
    let app = App::with(SandboxConfig::default().errors_in_ok(true)).await;
    let sale = app.begin(None).await;
    let got = app.perform(&sale, &json!({})).await;
    got.assert_error(200, "INVALID_REQUEST");
}

#[tokio::test]
async fn card_data_is_in_no_report_no_account_and_no_file() {
    let file = std::env::temp_dir().join(format!("sandbox-{}-pan.sqlite", std::process::id()));
    let mut app = App::with(SandboxConfig::default().database(file.clone())).await;
    for (code, number) in [("7391", PAN), ("7391", "4111-1111"), ("73x1", PAN)] {
        let sale = app.begin(None).await;
        let mut source = card(code);
        source["card"]["number"] = number.into();
        let got = app.perform(&sale, &app.perform_body(&sale, source)).await;
        let answer = got.body.to_string();
        assert!(!answer.contains(number) && !answer.contains(code), "{answer}");
    }
    let sale = app.sell(card("123")).await;
    app.outcome(&sale).await;
    app.wait(&sale, "callback", Direction::Response).await;
    let told = app.everything_seen() + &format!("{:?}", app.sandbox.ledger().entries());
    app.sandbox.shutdown().await;
    let stored = std::fs::read(&file).unwrap();
    std::fs::remove_file(&file).unwrap();
    assert!(
        stored.windows(6).any(|bytes| bytes == b"411111"),
        "the bin is kept, so the search sees what is there"
    );
    // Four digits stand in many an id and time; as a value of their own they must not.
    for secret in [PAN, "\"7391\"", " 7391 ", "73x1", "4111-1111"] {
        assert!(!told.contains(secret), "{secret}");
    }
    assert!(!stored.windows(PAN.len()).any(|bytes| bytes == PAN.as_bytes()));
}

#[tokio::test]
async fn other_paths_and_methods_are_refused() {
    let app = App::start().await;
    let got = app.get(&format!("{}/dapi/v1/nothing", app.sandbox.gateway_url())).await;
    got.assert_error(404, "INVALID_REQUEST");
    let sale = app.begin(None).await;
    let got = app.send(Method::GET, &app.perform_url(&sale), None).await.unwrap();
    assert_eq!(got.status(), 405);
}

#[tokio::test]
async fn a_script_can_govern_one_sale_only() {
    let mut app = App::start().await;
    app.sandbox.script(
        &app.serial,
        Script::new().outcome(Outcome::decline(555, "scripted")).for_sales(1),
    );
    let first = app.sell(card("123")).await;
    app.assert_declined(&first, 555).await;
    let second = app.sell(card("123")).await;
    assert_eq!(app.outcome(&second).await.text("/state"), "APPROVED");
}
