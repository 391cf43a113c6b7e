//! Signatures that are wrong by a known mistake, which the report names.

use salekit_sandbox::{Sandbox, SandboxConfig, TEST_CONTROL_KEY};
use serde_json::Value;

use super::{
    bent::{Asked, Bend, Known, Told, mac},
    mistakes::run,
};

const NONCE: &str = "/session/nonce";

/// Signs the answers of a message anew.
fn sign(told: &mut Told, asked: &Asked, known: &Known, key: &[u8], names: &[&str]) {
    let invoice_id = told.body["invoiceId"].as_str().unwrap_or_default().to_owned();
    let value = |name: &&str| -> String {
        let found = match *name {
            "invoiceId" => Value::from(invoice_id.clone()),
            "endpointId" => "1144".into(),
            "serverCardId" => told.body["sourceOfFunds"]["reference"]["serverCardId"].clone(),
            "serialNumber" => asked.body["consumer"]["device"]["serialNumber"].clone(),
            other => known.of(&invoice_id, other),
        };
        found.as_str().unwrap_or_default().to_owned()
    };
    let parts: Vec<String> = names.iter().map(value).collect();
    let parts: Vec<&str> = parts.iter().map(String::as_str).collect();
    told.set("/session/checkSignature", mac(key, &parts));
}

const KEY: [u8; 16] = [
    0x7c, 0x1d, 0x2e, 0x3f, 0x0a, 0x4b, 0x4c, 0x5d, 0x8e, 0x6f, 0x10, 0x21, 0x32, 0x43, 0x54, 0x65,
];

#[tokio::test]
async fn a_wrong_signature_comes_with_the_likely_mistake() {
    let cases: &[(Bend, &[&str], &str)] = &[
        (
            Bend::Answer(|told, asked, known| {
                if asked.is("check") {
                    let names = ["serialNumber", NONCE, "endpointId", "invoiceId", "serverCardId"];
                    sign(told, asked, known, TEST_CONTROL_KEY.as_bytes(), &names);
                }
            }),
            &["check.signature", "check.stored_card_signature"],
            "used as text, with its dashes",
        ),
        (
            Bend::Answer(|told, asked, known| {
                if asked.is("check") {
                    sign(
                        told,
                        asked,
                        known,
                        &KEY,
                        &["serialNumber", NONCE, "endpointId", "invoiceId"],
                    );
                }
            }),
            &["check.stored_card_signature"],
            "serverCardId was not signed",
        ),
        (
            Bend::Answer(|told, asked, known| {
                if asked.is("mapping") {
                    sign(told, asked, known, &KEY, &["endpointId", NONCE, "invoiceId"]);
                }
            }),
            &["mapping.signature"],
            "in another order",
        ),
    ];
    let sandbox = Sandbox::start(SandboxConfig::default()).await.unwrap();
    for (bend, expected, likely) in cases {
        let report = run(&sandbox, *bend).await;
        assert_eq!(report.failures(), *expected, "{report}");
        let check = report.check(expected[0]).unwrap();
        assert!(check.likely_mistake.contains(likely), "{check:?}");
        assert!(
            report
                .to_string()
                .contains(&format!("likely:   {}", check.likely_mistake))
        );
    }
    sandbox.shutdown().await;
}
