//! The session-token extension's negative proof: an invoice that no check sale was accepted for is voided, and never
//! charged afterwards, however late perform or check sale come.

use std::time::Duration;

use salekit_sandbox::{
    CheckTiming, Dice, Direction, EntryState, ExchangeFault, FaultPlan, FaultProxy, Passing, SandboxConfig, Script,
    TokenExtension,
};
use serde_json::json;

use crate::app::{App, Begun, Got, card};

#[track_caller]
fn assert_void(got: &Got, sale: &Begun) {
    let void = json!({"invoiceId": sale.invoice_id, "void": true});
    assert_eq!((got.status, &got.body), (200, &void));
}

/// Once everything has come to its end: declined for the check that was refused, and nothing charged.
async fn assert_never_charged(app: &App, sale: &Begun) {
    app.sandbox.ledger().settled().await;
    let entry = app.entry(sale);
    assert_eq!(
        (entry.state, entry.decline_code, entry.charges, entry.is_void),
        (EntryState::Declined, Some(118), 0, true),
        "{entry:?}"
    );
    assert_void(&app.session_token(sale).await, sale);
}

#[tokio::test]
async fn an_invoice_is_voided_on_request_and_its_perform_is_declined_afterwards() {
    let app = App::start().await;
    let sale = app.begin(None).await;
    app.session_token(&sale).await.assert_error(404, "ORDER_NOT_FOUND");
    assert!(app.sandbox.ledger().entry(&sale.invoice_id).is_none());
    assert_void(&app.void(&sale).await, &sale);
    assert_void(&app.void(&sale).await, &sale);
    assert_void(&app.session_token(&sale).await, &sale);
    let entry = app.entry(&sale);
    assert_eq!((entry.is_void, entry.performs_received), (true, 0));
    assert_eq!((entry.state, entry.amount_minor), (EntryState::NotStarted, 1050));

    let got = app.perform(&sale, &app.perform_body(&sale, card("123"))).await;
    assert_eq!(got.status, 200, "the gateway does not know: {got:?}");
    assert_never_charged(&app, &sale).await;
}

#[tokio::test]
async fn a_perform_that_is_passed_on_late_charges_no_void_invoice() {
    let app = App::start().await;
    let proxy = FaultProxy::of_gateway(&app.sandbox, FaultPlan::quiet()).await.unwrap();
    let sale = app.begin(None).await;
    let after = Duration::from_millis(1);
    proxy.next_exchange(Passing::Perform, ExchangeFault::PassedOnLate { after });
    let url = format!("{}/dapi/v1/sale/{}/{}", proxy.url(), sale.endpoint_id, sale.invoice_id);
    assert_void(&app.void(&sale).await, &sale);
    let body = app.perform_body(&sale, card("123"));
    assert!(app.send(reqwest::Method::POST, &url, Some(&body)).await.is_err());
    proxy.settled().await;
    let [passage] = &proxy.passages(&sale.invoice_id)[..] else {
        panic!("one perform")
    };
    assert_eq!((passage.passes, passage.answered), (1, None));
    assert_never_charged(&app, &sale).await;
}

#[tokio::test]
async fn an_accepted_check_sale_is_answered_by_its_token_and_cannot_be_voided() {
    let mut app = App::start().await;
    let sale = app.sell(card("123")).await;
    app.wait(&sale, "check sale", Direction::Response).await;
    let got = app.void(&sale).await;
    let token = json!({"invoiceId": sale.invoice_id, "session": {"token": sale.token}});
    assert_eq!((got.status, got.body), (200, token));
    let again = app.check_sale(&sale, &sale.token).await;
    assert_eq!(again.status, 200, "the gateway may ask again: {again:?}");
    assert_eq!(app.outcome(&sale).await.text("/state"), "APPROVED");
    let entry = app.entry(&sale);
    assert_eq!((entry.charges, entry.is_void), (1, false));
}

#[tokio::test]
async fn check_sale_of_a_void_invoice_is_refused_whenever_it_comes() {
    let app = App::with(SandboxConfig::default().check_timing(CheckTiming::Never)).await;
    let sale = app.sell(card("123")).await;
    app.sandbox.ledger().settled().await;
    assert!(
        app.entry(&sale).unresolvable,
        "nothing is charged without the merchant's word"
    );
    assert_eq!(app.status(&sale).await.text("/state"), "PROCESSING");
    assert_void(&app.void(&sale).await, &sale);
    for _ in 0..2 {
        app.check_sale(&sale, &sale.token).await.assert_error(400, "FILTERED");
    }
    app.check_sale(&sale, &"t".repeat(32))
        .await
        .assert_error(400, "FILTERED");
    assert_eq!(app.entry(&sale).charges, 0);
}

#[tokio::test]
async fn a_late_check_sale_comes_after_the_perform_answer() {
    let mut app = App::start().await;
    let late = CheckTiming::Late(Duration::from_millis(1));
    app.sandbox.script(&app.serial, Script::new().check_timing(late));
    let sale = app.sell(card("123")).await;
    assert_eq!(app.outcome(&sale).await.text("/state"), "APPROVED");
    let steps = app.steps(&sale);
    let place = |step| steps.iter().position(|seen| *seen == step).unwrap();
    assert!(place(7) < place(8), "{steps:?}");

    let hours_late = CheckTiming::Late(Duration::from_secs(3_600));
    app.sandbox.script(&app.serial, Script::new().check_timing(hours_late));
    let sale = app.sell(card("123")).await;
    assert_eq!(app.status(&sale).await.text("/state"), "PROCESSING");
    assert_void(&app.void(&sale).await, &sale);
}

#[tokio::test]
async fn whichever_comes_first_a_void_invoice_is_never_charged() {
    const RACES: u64 = 120;
    let mut app = App::start().await;
    let dice = Dice::new(7);
    let micros = |dice: &mut Dice, end| Duration::from_micros(dice.below(end));
    let (mut voided, mut charged) = (0, 0);
    for race in 0..RACES {
        let mut dice = dice.nth(race);
        let timing = match race % 3 {
            0 => CheckTiming::AfterAnswer,
            1 => CheckTiming::BeforeAnswer,
            _ => CheckTiming::Late(micros(&mut dice, 4_000)),
        };
        app.sandbox.script(&app.serial, Script::new().check_timing(timing));
        let sale = app.begin(None).await;
        let body = app.perform_body(&sale, card("123"));
        let got = match race {
            // Both ends for certain.
            0 => {
                let got = app.void(&sale).await;
                app.perform(&sale, &body).await;
                got
            }
            1 => {
                app.perform(&sale, &body).await;
                app.wait(&sale, "check sale", Direction::Response).await;
                app.void(&sale).await
            }
            _ => {
                let hold = micros(&mut dice, 8_000);
                let voiding = async {
                    tokio::time::sleep(hold).await;
                    app.void(&sale).await
                };
                tokio::join!(voiding, app.perform(&sale, &body)).0
            }
        };
        app.sandbox.ledger().settled().await;
        let entry = app.entry(&sale);
        let is_void = got.body["void"] == true;
        assert_ne!(is_void, got.body["session"]["token"].is_string(), "{got:?}");
        if is_void {
            voided += 1;
            assert_never_charged(&app, &sale).await;
        } else {
            charged += 1;
            assert_eq!(
                (entry.state, entry.charges, entry.is_void),
                (EntryState::Approved, 1, false),
                "{entry:?}"
            );
        }
    }
    println!("{voided} void, {charged} charged");
    assert!(voided > 0 && charged > 0);
}

#[tokio::test]
async fn void_outlives_the_server() {
    let file = std::env::temp_dir().join(format!("sandbox-void-{}.sqlite", std::process::id()));
    let config = SandboxConfig::default().database(file.clone());
    let mut app = App::with(config.clone()).await;
    let sale = app.begin(None).await;
    let open = app.begin(None).await;
    assert_void(&app.void(&sale).await, &sale);
    app.sandbox.shutdown().await;

    app = App::with(config).await;
    let token = "t".repeat(32);
    app.check_sale(&sale, &token).await.assert_error(400, "FILTERED");
    assert_void(&app.session_token(&sale).await, &sale);
    assert_eq!(app.check_sale(&open, &token).await.status, 200);
    app.sandbox.shutdown().await;
    std::fs::remove_file(&file).unwrap();
}

#[tokio::test]
async fn only_its_own_device_voids_an_invoice_and_only_by_true() {
    let mut app = App::start().await;
    let sale = app.begin(None).await;
    let url = app.merchant(&format!("sale/{}/session-token", sale.invoice_id));
    let mut body = app.owner_body(&sale.access_token);
    for (value, status, cause) in [
        (json!("yes"), 400, "INVALID_REQUEST"),
        (json!(1), 400, "INVALID_REQUEST"),
        (json!(false), 404, "ORDER_NOT_FOUND"),
        (json!(null), 404, "ORDER_NOT_FOUND"),
    ] {
        body["void"] = value;
        app.post(&url, &body).await.assert_error(status, cause);
    }
    let forged = Begun {
        access_token: "x".repeat(64),
        ..sale.clone()
    };
    app.void(&forged).await.assert_error(403, "INVALID_REQUEST");
    app.serial = "device-0002".to_owned();
    app.void(&sale).await.assert_error(403, "INVALID_REQUEST");
    let foreign = Begun {
        access_token: app.access_token().await,
        ..sale.clone()
    };
    app.void(&foreign).await.assert_error(404, "ORDER_NOT_FOUND");
    app.serial = crate::app::SERIAL.to_owned();
    assert!(app.sandbox.ledger().entry(&sale.invoice_id).is_none());
    assert_eq!(app.check_sale(&sale, &"t".repeat(32)).await.status, 200);
}

#[tokio::test]
async fn a_merchant_may_know_tokens_only_or_nothing() {
    let extension = TokenExtension::TokensOnly;
    let mut app = App::with(SandboxConfig::default().token_extension(extension)).await;
    let mut sale = app.begin(None).await;
    app.void(&sale).await.assert_error(404, "ORDER_NOT_FOUND");
    let got = app.perform(&sale, &app.perform_body(&sale, card("123"))).await;
    got.text("/session/token").clone_into(&mut sale.token);
    assert_eq!(app.outcome(&sale).await.text("/state"), "APPROVED");
    assert_eq!(app.void(&sale).await.text("/session/token"), sale.token);

    // Scripted for one device.
    let off = Script::new().token_extension(TokenExtension::Off);
    app.sandbox.script(&app.serial, off);
    let sale = app.sell(card("123")).await;
    assert_eq!(app.outcome(&sale).await.text("/state"), "APPROVED");
    for got in [app.void(&sale).await, app.session_token(&sale).await] {
        got.assert_error(404, "INVALID_REQUEST");
        assert_eq!(got.text("/error/message"), "no such path");
    }
    assert_eq!(
        app.stored_card(&sale).await.status,
        200,
        "the other extension is another one"
    );
}
