//! Answers stuffed to the longest that is read: what a sale keeps, stores and says stays small.

use std::fs;

use salekit_core::Charge;
use serde_json::{Value, json};

use super::{
    app::Folder,
    peers::{Lies, sale},
};

/// As much text as fits into the longest answer.
const STUFFING: usize = 60_000;
/// Longest snapshot, in bytes. An address of the longest kind takes most of it.
const LONGEST_SNAPSHOT: usize = 16 * 1024;
/// Longest outcome as text.
const LONGEST_OUTCOME: usize = 4 * 1024;

fn stuffing() -> String {
    "ü\"\\".repeat(STUFFING / 4)
}

/// The only snapshot in `folder`.
fn snapshot(folder: &Folder) -> Vec<u8> {
    let files: Vec<_> = fs::read_dir(folder.path()).unwrap().collect();
    let [Ok(file)] = files.as_slice() else {
        panic!("{files:?}")
    };
    fs::read(file.path()).unwrap()
}

/// Every member of a status answer that holds text, stuffed; one at a time fits into an answer, and the transport
/// of this test does not cut.
fn stuffed(state: &str, redirect_url: &str) -> Value {
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
            vec![stuffed("REDIRECT_REQUEST", &address), stuffed("APPROVED", "")],
            Charge::Charged,
        ),
        (
            vec![stuffed("REDIRECT_REQUEST", &address), stuffed("DECLINED", "")],
            Charge::NotCharged,
        ),
        (vec![stuffed("REDIRECT_REQUEST", &address)], Charge::Unknown),
        (vec![stuffed("REDIRECT_REQUEST", &too_long)], Charge::Unknown),
        (vec![stuffed(&stuffing(), "")], Charge::Unknown),
        (
            vec![json!({"error": {"cause": stuffing(), "code": stuffing(), "message": stuffing()}})],
            Charge::Unknown,
        ),
    ] {
        let folder = Folder::new();
        let lies = Lies {
            status,
            stored_card: json!({"sourceOfFunds": {"reference": {"clientCardId": stuffing()}}}),
            ..Lies::default()
        };
        let (outcome, _) = sale(lies, folder.path()).await;
        assert_eq!(outcome.charge(), charge);
        let (stored, told) = (snapshot(&folder).len(), format!("{outcome:?}").len());
        assert!(stored <= LONGEST_SNAPSHOT, "a snapshot of {stored} bytes");
        assert!(told <= LONGEST_OUTCOME, "an outcome of {told} bytes");
    }
}

#[tokio::test(start_paused = true)]
async fn a_refusal_is_cut_before_it_is_kept() {
    let error = json!({"error": {"cause": "DECLINED", "code": stuffing(), "message": stuffing()}});
    for lies in [
        Lies {
            initiated: error.clone(),
            ..Lies::default()
        },
        Lies {
            performed: error.clone(),
            // It is asked about the refusal, and knows of no sale.
            session_token: json!({"invoiceId": "invoice-1", "void": true}),
            ..Lies::default()
        },
    ] {
        let folder = Folder::new();
        let (outcome, _) = sale(lies, folder.path()).await;
        assert_eq!(outcome.charge(), Charge::NotCharged);
        assert!(snapshot(&folder).len() <= LONGEST_SNAPSHOT);
        assert!(format!("{outcome:?}").len() <= LONGEST_OUTCOME);
    }
}
