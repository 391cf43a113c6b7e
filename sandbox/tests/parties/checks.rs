//! The gateway's call to the merchant gone wrong: each way has its code, and none of them charges.

use salekit_sandbox::{
    CheckTiming, Direction, Fault, Gateway, Merchant, MerchantServer, Message, SandboxConfig, Script,
};
use serde_json::{Value, json};

use crate::app::{App, Got, card, trusting};

#[tokio::test]
async fn a_failed_check_declines_with_its_code() {
    let http = |status| Fault::Http {
        status,
        body: "oops".to_owned(),
        content_type: "text/html".to_owned(),
    };
    let failures = [
        (Fault::CloseBeforeProcessing, 117),
        (Fault::CloseAfterProcessing, 117),
        (Fault::Truncate, 117),
        (http(500), 118),
        (http(403), 118),
        (
            Fault::GatewayError {
                cause: "SERVER_FAILED".to_owned(),
                http_status: 500,
            },
            118,
        ),
        (
            Fault::GatewayError {
                cause: "FILTERED".to_owned(),
                http_status: 200,
            },
            118,
        ),
        (http(200), 119),
        (Fault::Garbage, 119),
        (Fault::AnswerOverride(json!([])), 119),
        (Fault::AnswerOverride(json!({"invoiceId": "x"})), 119),
        (Fault::AnswerOverride(signed_by_nobody()), 120),
    ];
    for timing in [CheckTiming::AfterAnswer, CheckTiming::BeforeAnswer] {
        let mut app = App::with(SandboxConfig::default().check_timing(timing)).await;
        for (fault, code) in &failures {
            app.sandbox
                .script(&app.serial, Script::new().fault(Message::Check, fault.clone()));
            let sale = app.sell(card("123")).await;
            app.assert_declined(&sale, *code).await;
            let callback = app
                .wait(&sale, "final status at the merchant", Direction::Internal)
                .await;
            assert_eq!(callback.detail, "declined", "{fault:?}");
            assert_eq!(app.entry(&sale).faults, [(Message::Check, fault.name())]);
        }
    }
}

fn signed_by_nobody() -> Value {
    json!({
        "invoiceId": "x",
        "session": {"checkSignature": "0".repeat(40), "nonce": "n".repeat(64), "token": "t".repeat(32)},
    })
}

#[tokio::test]
async fn a_merchant_with_another_key_or_no_certificate_of_ours_is_not_believed() {
    let merchant = Merchant::start(SandboxConfig::default(), "https://127.0.0.1:1/paynet".parse().unwrap())
        .await
        .unwrap();
    // Not trusted: the merchant's authority is not given to the gateway.
    let config = SandboxConfig::default().immediate();
    let untrusted = Gateway::start(config.clone(), MerchantServer::new(merchant.url().clone(), "").unwrap())
        .await
        .unwrap();
    assert_eq!(sell(&untrusted, &merchant).await, 117);
    // Trusted.
    let trusted = Gateway::start(
        config,
        MerchantServer::new(merchant.url().clone(), merchant.ca_pem()).unwrap(),
    )
    .await
    .unwrap();
    assert_eq!(sell(&trusted, &merchant).await, 0);
    for gateway in [untrusted, trusted] {
        gateway.shutdown().await;
    }
    merchant.shutdown().await;
}

/// One sale between a gateway and a merchant that run apart; its error code, 0 if approved.
pub(crate) async fn sell(gateway: &Gateway, merchant: &Merchant) -> i64 {
    let (at_merchant, at_gateway) = (trusting(merchant.ca_pem()), trusting(gateway.ca_pem()));
    let mut observations = gateway.observe();
    let mut calls = merchant.observe();
    let url = format!("{}auth/request-access-token", merchant.url());
    let got = Got::read(at_merchant.get(url).send().await.unwrap()).await;
    let access_token = got.text("/session/accessToken").to_owned();
    let (consumer, transaction) = (
        json!({"device": {"serialNumber": "device"}}),
        json!({"amountCentis": 5, "currency": "EUR"}),
    );
    let body = json!({"consumer": consumer, "transaction": transaction, "session": {"accessToken": access_token}});
    let url = format!("{}sale/initiate-sale", merchant.url());
    let begun = Got::read(at_merchant.post(url).json(&body).send().await.unwrap()).await;
    let mut session = begun.body["session"].clone();
    session["accessToken"] = access_token.into();
    let body =
        json!({"consumer": consumer, "transaction": transaction, "session": session, "sourceOfFunds": card("123")});
    let url = format!("{}/dapi/v1/sale/1144/{}", gateway.url(), begun.text("/invoiceId"));
    let got = Got::read(at_gateway.post(url).json(&body).send().await.unwrap()).await;
    assert_eq!(got.status, 200, "{got:?}");
    while observations.recv().await.unwrap().message != "final status" {}
    let entry = gateway.ledger().entry(begun.text("/invoiceId")).unwrap();
    if entry.decline_code.is_none() {
        // A merchant that runs alone reports the calls it gets.
        while calls.recv().await.unwrap().step != Some(9) {}
    }
    entry.decline_code.unwrap_or(0)
}
