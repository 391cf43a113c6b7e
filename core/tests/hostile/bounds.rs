//! Answers filled up to the limit: what a sale keeps, stores and reports stays small.

use std::fs;

use salekit_core::Charge;
use salekit_testkit::folder::Folder;
use serde_json::{Value, json};

use super::peers::{Answers, sale};

/// As much text as fits into the longest answer.
const FILL: usize = 60_000;
/// The longest snapshot, in bytes. Most of it is an address of maximum length.
const LONGEST_SNAPSHOT: usize = 16 * 1024;
/// The longest outcome as text.
const LONGEST_OUTCOME: usize = 4 * 1024;

fn stuffing() -> String {
    "ü\"\\".repeat(FILL / 4)
}

/// The only snapshot in `folder`.
fn snapshot(folder: &Folder) -> Vec<u8> {
    let files: Vec<_> = fs::read_dir(folder.path()).unwrap().collect();
    let [Ok(file)] = files.as_slice() else {
        panic!("{files:?}")
    };
    fs::read(file.path()).unwrap()
}

/// Fills every text member of a status answer. Only one at a time would fit into an answer, but the transport of this
/// test does not limit it.
fn filled(state: &str, redirect_url: &str) -> Value {
    let text = stuffing();
    json!({
        "state": state, "redirectUrl": redirect_url, "orderId": text, "bankOrderId": text, "errorMessage": text,
        "secure3DAuthStatus": text, "errorCode": 5,
        "transaction": {"currency": text, "orderCreatedDate": text, "transactionCreatedDate": text},
    })
}

#[tokio::test(start_paused = true)]
async fn whatever_the_gateway_says_snapshot_and_outcome_stay_small() {
    let address = format!("https://acs.example/{}", "x".repeat(8_192 - 20));
    let too_long = format!("https://acs.example/{}", stuffing());
    for (status, charge) in [
        (
            vec![filled("REDIRECT_REQUEST", &address), filled("APPROVED", "")],
            Charge::Charged,
        ),
        (
            vec![filled("REDIRECT_REQUEST", &address), filled("DECLINED", "")],
            Charge::NotCharged,
        ),
        (vec![filled("REDIRECT_REQUEST", &address)], Charge::Unknown),
        (vec![filled("REDIRECT_REQUEST", &too_long)], Charge::Unknown),
        (vec![filled(&stuffing(), "")], Charge::Unknown),
        (
            vec![json!({"error": {"cause": stuffing(), "code": stuffing(), "message": stuffing()}})],
            Charge::Unknown,
        ),
    ] {
        let folder = Folder::new();
        let answers = Answers {
            status,
            stored_card: json!({"sourceOfFunds": {"reference": {"clientCardId": stuffing()}}}),
            ..Answers::default()
        };
        let (outcome, _) = sale(answers, folder.path()).await;
        assert_eq!(outcome.charge(), charge);
        let (stored, leaked) = (snapshot(&folder).len(), format!("{outcome:?}").len());
        assert!(stored <= LONGEST_SNAPSHOT, "a snapshot of {stored} bytes");
        assert!(leaked <= LONGEST_OUTCOME, "an outcome of {leaked} bytes");
    }
}

#[tokio::test(start_paused = true)]
async fn a_refusal_is_cut_before_it_is_kept() {
    let error = json!({"error": {"cause": "DECLINED", "code": stuffing(), "message": stuffing()}});
    for answers in [
        Answers {
            initiated: error.clone(),
            ..Answers::default()
        },
        Answers {
            performed: error.clone(),
            // It is asked about the refusal, and knows no sale.
            session_token: json!({"invoiceId": "invoice-1", "void": true}),
            ..Answers::default()
        },
    ] {
        let folder = Folder::new();
        let (outcome, _) = sale(answers, folder.path()).await;
        assert_eq!(outcome.charge(), Charge::NotCharged);
        assert!(snapshot(&folder).len() <= LONGEST_SNAPSHOT);
        assert!(format!("{outcome:?}").len() <= LONGEST_OUTCOME);
    }
}
