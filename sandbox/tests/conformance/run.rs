//! Runs as a whole: a server that is right, one that has nothing beyond the protocol, one that is configured otherwise, one that is
//! slow, and one that is not there.

use std::time::Duration;

use salekit_sandbox::{
    CheckResult, MerchantCheck, MerchantServer, NotificationUrl, Sandbox, SandboxConfig, TEST_CONTROL_KEY,
};
use serde_json::{Value, json};

use super::bent::{Bend, Told, bent};

fn server(sandbox: &Sandbox) -> MerchantServer {
    MerchantServer::new(sandbox.merchant_url().clone(), sandbox.ca_pem()).unwrap()
}

/// Every id, in order: programs rely on them.
const IDS: &str = "access_token initiate.other_amount initiate.other_currency initiate.other_order initiate \
    initiate.endpoint_id initiate.nonce initiate.signature \
    initiate.extra_members initiate.other_device initiate.unique initiate.wrong_access_token \
    initiate.invalid_amount check.wrong_access_token check.wrong_nonce check.wrong_serial_number \
    check.wrong_signature check.other_sale check.unknown_invoice check.not_json check.after_refusals check \
    check.invoice_id check.nonce check.token check.signature check.repeated check.other_session_token check.email \
    session_token session_token.other_device session_token.wrong_access_token session_token.unknown_invoice \
    session_token.void mapping.wrong_access_token mapping.wrong_serial_number mapping.unknown_sale mapping \
    mapping.invoice_id mapping.nonce mapping.token mapping.signature mapping.repeated mapping.without_card \
    mapping.with_invoice_path mapping.same_client_card_id mapping.client_card_id_differs \
    stored_card.before_notification stored_card stored_card.other_device check.stored_card \
    check.stored_card_signature check.stored_card_email check.unknown_card callback.wrong_control \
    callback.altered_status callback.wrong_amount callback callback.repeated callback.declined callback.other_type \
    error.cause answer_time";

#[tokio::test]
async fn our_own_merchant_conforms() {
    let sandbox = Sandbox::start(SandboxConfig::default()).await.unwrap();
    let with_invoice = salekit_sandbox::MerchantPaths {
        notification: "/sale/{invoiceId}/notification".to_owned(),
        ..salekit_sandbox::MerchantPaths::default()
    };
    for server in [server(&sandbox), server(&sandbox).with_paths(with_invoice)] {
        let check = MerchantCheck::new(server).unwrap().order(7, "JPY", "order 7");
        let report = check.run().await.unwrap();
        assert!(report.conforms && report.skipped == 3, "{report}");
        // Those of an access token of one order.
        assert_eq!(report.passed, report.checks.len() - 3);
        assert!(
            report
                .to_string()
                .contains("not visible to this check: whether access tokens expire")
        );
        let ids: Vec<&str> = report.checks.iter().map(|check| check.id).collect();
        assert_eq!(ids.join(" "), IDS);
        let json: Value = serde_json::to_value(&report).unwrap();
        let members: Vec<&String> = json["checks"][0].as_object().unwrap().keys().collect();
        let mut wanted = [
            "id",
            "result",
            "message",
            "field",
            "protocol",
            "expected",
            "got",
            "likely_mistake",
        ];
        wanted.sort_unstable();
        assert_eq!(members, wanted);
        assert_eq!(json["checks"][0]["result"], "passed");
    }
    sandbox.shutdown().await;
}

#[tokio::test]
async fn extensions_and_callbacks_that_are_not_there_are_skipped() {
    let sandbox = Sandbox::start(SandboxConfig::default()).await.unwrap();
    let absent = Bend::Instead(|asked, _| {
        let status = 404;
        (asked.is("token") || asked.is("card") || asked.is("callback")).then(|| Told {
            status,
            body: json!({}),
        })
    });
    let server = bent(&sandbox, absent).await;
    let check = MerchantCheck::new(server).unwrap().without_callbacks();
    let report = check.run().await.unwrap();
    assert!(report.conforms, "{report}");
    for id in [
        "session_token",
        "session_token.void",
        "stored_card",
        "check.stored_card",
        "callback",
    ] {
        let check = report.check(id).unwrap();
        assert_eq!(check.result, CheckResult::Skipped, "{check:?}");
        assert!(
            check.got.contains("not offered") || check.got.contains("no callbacks"),
            "{check:?}"
        );
    }
    assert_eq!(report.check("check.unknown_card").unwrap().result, CheckResult::Passed);
    sandbox.shutdown().await;
}

#[tokio::test]
async fn another_entry_point_or_key_shows() {
    let sandbox = Sandbox::start(SandboxConfig::default().notification_url(NotificationUrl::Plain))
        .await
        .unwrap();
    let check = MerchantCheck::new(server(&sandbox)).unwrap();
    let report = check
        .entry_point(TEST_CONTROL_KEY, "1145")
        .unwrap()
        .run()
        .await
        .unwrap();
    let of_endpoint = [
        "initiate.endpoint_id",
        "check.signature",
        "mapping.signature",
        "check.stored_card_signature",
    ];
    assert_eq!(report.failures(), of_endpoint, "{report}");
    assert!(report.hints.is_empty(), "{report}");
    let check = MerchantCheck::new(server(&sandbox)).unwrap();
    let report = check.entry_point("ABCD", "1144").unwrap().run().await.unwrap();
    for id in ["initiate.signature", "check.signature", "mapping.signature", "callback"] {
        assert!(report.failures().contains(&id), "{report}");
    }
    assert_eq!(
        report.hints,
        ["the control keys differ: compare --control-key with the server's"],
        "{report}"
    );
    assert!(report.not_seen.is_empty(), "{report}");
    sandbox.shutdown().await;
}

#[tokio::test]
async fn a_sale_that_is_begun_twice_alike_shows() {
    let sandbox = Sandbox::start(SandboxConfig::default()).await.unwrap();
    let again = Bend::Answer(|told, asked, known| {
        if asked.is("initiate") && told.status == 200 {
            *told = known.first_initiate.clone().unwrap();
        }
    });
    let report = MerchantCheck::new(bent(&sandbox, again).await)
        .unwrap()
        .run()
        .await
        .unwrap();
    let check = report.check("initiate.unique").unwrap();
    assert_eq!(
        (check.result, check.got.as_str()),
        (CheckResult::Failed, "the same invoice id twice")
    );
    sandbox.shutdown().await;
}

#[tokio::test]
async fn an_answer_that_does_not_come_is_a_failure_and_is_named() {
    let sandbox = Sandbox::start(SandboxConfig::default()).await.unwrap();
    let server = bent(&sandbox, Bend::SilentAgain("check")).await;
    let check = MerchantCheck::new(server).unwrap().answer_limit(Duration::from_secs(3));
    let report = check.run().await.unwrap();
    assert_eq!(report.failures(), ["check.repeated", "answer_time"], "{report}");
    assert_eq!(
        report.check("check.repeated").unwrap().got,
        "no answer: it took too long"
    );
    assert!(report.check("answer_time").unwrap().got.contains("to check sale"));
    sandbox.shutdown().await;
}

#[tokio::test]
async fn a_server_that_is_not_there_or_not_trusted_fails_at_the_first_check() {
    let sandbox = Sandbox::start(SandboxConfig::default()).await.unwrap();
    let untrusted = MerchantServer::new(sandbox.merchant_url().clone(), "").unwrap();
    let report = MerchantCheck::new(untrusted.clone()).unwrap().run().await.unwrap();
    assert_eq!(report.failures(), ["access_token"], "{report}");
    let got = &report.check("access_token").unwrap().got;
    assert!(got.contains("no answer") && got.contains("UnknownIssuer"), "{got}");
    assert_eq!(report.check("check").unwrap().result, CheckResult::Skipped);
    assert_eq!(report.check("check").unwrap().got, "needs access_token, which failed");
    let said = report.to_string();
    assert!(said.starts_with("No connection to https://127.0.0.1:"), "{said}");
    assert!(
        said.ends_with("UnknownIssuer (--merchant-ca names its authority)"),
        "{said}"
    );

    let unchecked = untrusted.insecure().unwrap();
    assert!(MerchantCheck::new(unchecked).unwrap().run().await.unwrap().conforms);

    let server = server(&sandbox);
    sandbox.shutdown().await;
    let report = MerchantCheck::new(server).unwrap().run().await.unwrap();
    assert_eq!(report.failures(), ["access_token"], "{report}");
    let said = report.to_string();
    assert_eq!(
        said,
        format!("No connection to {}: connection refused", report.merchant_url)
    );
}

async fn token(sandbox: &Sandbox, server: &MerchantServer) -> String {
    let url = server.url().join("/auth/request-access-token").unwrap();
    let answer: Value = crate::app::trusting(sandbox.ca_pem())
        .get(url)
        .send()
        .await
        .unwrap()
        .json()
        .await
        .unwrap();
    answer["session"]["accessToken"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn a_token_of_an_order_pays_nothing_else() {
    let sandbox = Sandbox::start(SandboxConfig::default()).await.unwrap();
    // The sandbox's merchant takes any amount; the server in front knows the order.
    let knows_order = Bend::Instead(|asked, _| {
        let is_another = asked.body["transaction"] != json!({"amountCentis": 1_050, "currency": "EUR"})
            || asked.body["merchantOrderId"] != "order 7";
        (asked.is("initiate") && is_another).then(Told::refusal)
    });
    let several = [
        "initiate.extra_members",
        "initiate.unique",
        "check.other_sale",
        "session_token.void",
        "mapping.without_card",
        "check.stored_card",
        "check.stored_card_signature",
        "check.stored_card_email",
        "check.unknown_card",
        "callback.declined",
    ];
    let ignores_order = Bend::Answer(|_, _, _| ());
    let cases: [(Bend, &[&str]); 2] = [
        (knows_order, &[]),
        (
            ignores_order,
            &[
                "initiate.other_amount",
                "initiate.other_currency",
                "initiate.other_order",
            ],
        ),
    ];
    for (bend, expected) in cases {
        let server = bent(&sandbox, bend).await;
        let token = token(&sandbox, &server).await;
        let check = MerchantCheck::new(server).unwrap().order(1_050, "EUR", "order 7");
        let report = check.access_token(token).run().await.unwrap();
        assert_eq!(report.failures(), expected, "{report}");
        assert_eq!(report.skipped, several.len() + 1, "{report}");
        for id in several {
            let check = report.check(id).unwrap();
            assert!(check.got.contains("needs several sales"), "{check:?}");
        }
    }
    sandbox.shutdown().await;
}
