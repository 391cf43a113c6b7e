//! Servers that repeat what they were sent: the card, the payer, the tokens. None of it reaches an outcome, a log or
//! the disk, whichever member of whichever answer contains it.

use std::sync::{Arc, Mutex};

use salekit_core::{Charge, SaleId, SaleOutcome, SnapshotStore, StoreError, StoredCard, Unanswered};
use salekit_testkit::{
    log_capture::LogCapture,
    request::{PAN, request},
};
use serde_json::{Value, json};

use super::peers::{self, Answers};

const ACCESS: &str = "acc7Qm2Zx9Lw4Tn8Rb1Yh6Ps3Dc5Fg0Va";
const NONCE: &str = "nonKq8Xw2Zt5Lm9Rb4Yn7Hs1Pd6Cf3Gv0";
const SIGNATURE: &str = "sigTz4/Bn8+Qw1Xe6Rm9Yk2Hs7Pd3Cf5Gv0=";
const SESSION: &str = "sesVb3Nm6Qw9Er2Ty5Ui8Op1As4Df7Gh0";

/// What a server may repeat while the card is known.
fn echoes() -> Vec<String> {
    let mut echoes: Vec<String> = [
        "securityCode 123 is not valid for 4111.1111.1111.1111 exp 12/2040",
        "4111111111111111",
        "4111 then 1111 then 1111 then 1111",
        "4-1-1-1_1/1/1/1|1 1 1 1 (1)(1)(1)(1)",
        "٤١١١١١١١١١١١١١١١",
        "4111\u{200b}1111\u{2066}1111\u{ad}1111",
        "no such code: 123",
        "Lovelace, ADA",
        "ADALOVELACE",
    ]
    .map(str::to_owned)
    .to_vec();
    echoes.extend([ACCESS, NONCE, SIGNATURE].map(|secret| format!("{secret} has run out")));
    echoes.push(format!(
        "https://shop.example/?signature={}",
        SIGNATURE.replace('/', "%2F")
    ));
    echoes.push(format!("{}4111 and 1111 and 1111 and 1111", "x".repeat(240)));
    echoes.push("device-0001 is not enrolled".to_owned());
    echoes
}

/// What it may repeat later, when only the card's last digits are known.
fn late_echoes() -> Vec<String> {
    let mut echoes = echoes();
    let names_more = |echo: &String| ["ADA", "no such", NONCE, SIGNATURE].iter().any(|it| echo.contains(it));
    echoes.retain(|echo| !names_more(echo));
    echoes.push(format!("session {SESSION} is closed"));
    echoes
}

/// Which of the sale's secrets `text` contains. The text itself is not returned, because a test would print it.
fn leaked(text: &str) -> Vec<&'static str> {
    let digits: Vec<u32> = text.chars().filter_map(digit).collect();
    let number: Vec<u32> = PAN.chars().filter_map(digit).collect();
    let mut leaked = Vec::new();
    if digits.windows(number.len()).any(|window| window == number) {
        leaked.push("number");
    }
    let words = text.split(|character: char| !character.is_alphanumeric());
    if words.into_iter().any(|word| word == "123") {
        leaked.push("code");
    }
    if text.to_lowercase().contains("lovelace") {
        leaked.push("holder");
    }
    if text.contains(['\u{200b}', '\u{2066}', '\u{ad}']) {
        leaked.push("invisible marks");
    }
    leaked
}

/// As [`leaked`], for texts that may not contain tokens either.
fn leaked_or_tokens(text: &str) -> Vec<&'static str> {
    let mut leaked = leaked(text);
    for (name, secret) in [
        ("access token", ACCESS),
        ("nonce", NONCE),
        ("signature", SIGNATURE),
        ("session token", SESSION),
        ("serial number", "device-0001"),
    ] {
        // A long part counts like the whole.
        if text.contains(&secret[..11]) && text.contains(&secret[..secret.len().min(16)]) {
            leaked.push(name);
        }
    }
    leaked
}

fn digit(character: char) -> Option<u32> {
    let arabic = u32::from(character).wrapping_sub(0x660);
    character.to_digit(10).or((arabic < 10).then_some(arabic))
}

/// Keeps every snapshot that was saved.
#[derive(Default)]
struct KeepingStore(Mutex<Vec<Vec<u8>>>);

impl SnapshotStore for KeepingStore {
    fn save(&self, _sale: &SaleId, snapshot: &[u8]) -> Result<(), StoreError> {
        self.0.lock().unwrap().push(snapshot.to_vec());
        Ok(())
    }

    fn load(&self, _sale: &SaleId) -> Result<Option<Vec<u8>>, StoreError> {
        Ok(self.0.lock().unwrap().last().cloned())
    }

    fn list(&self) -> Result<Vec<SaleId>, StoreError> {
        Ok(Vec::new())
    }

    fn remove(&self, _sale: &SaleId) -> Result<(), StoreError> {
        Ok(())
    }
}

/// Makes a sale against `answers` and checks that nothing leaks.
async fn assert_nothing_leaks(answers: Answers, what: &str) -> (SaleOutcome, Result<Option<StoredCard>, Unanswered>) {
    let (capture, store) = (LogCapture::default(), Arc::new(KeepingStore::default()));
    let guard = tracing::subscriber::set_default(capture.clone());
    let (client, _) = peers::client(answers, store.clone());
    let sale = client.start(request().with_access_token(ACCESS.into())).unwrap();
    let mut states = sale.states();
    while let Some(state) = states.next().await {
        assert_eq!(leaked_or_tokens(&format!("{state:?}")), [""; 0], "a state: {what}");
    }
    let outcome = sale.outcome().await;
    let card = sale.stored_card().await;
    drop(guard);
    for (place, text) in [
        ("outcome", format!("{outcome:?}")),
        ("stored card", format!("{card:?}")),
        ("log", capture.text()),
    ] {
        assert_eq!(leaked_or_tokens(&text), [""; 0], "the {place}: {what}");
    }
    for snapshot in store.0.lock().unwrap().iter() {
        // The tokens of an unfinished sale are needed to ask about it.
        assert_eq!(
            leaked(&String::from_utf8_lossy(snapshot)),
            [""; 0],
            "the snapshot: {what}"
        );
    }
    (outcome, card)
}

fn correct() -> Answers {
    Answers {
        initiated: initiated("invoice-1"),
        performed: json!({"session": {"token": SESSION}}),
        ..Answers::default()
    }
}

fn initiated(invoice_id: &str) -> Value {
    json!({
        "endpointId": "1144",
        "invoiceId": invoice_id,
        "session": {"nonce": NONCE, "signature": SIGNATURE},
    })
}

/// `echo` in each member that an error can have.
fn errors(echo: &str) -> [Value; 4] {
    [
        json!({"error": {"cause": "DECLINED", "code": "5f0c9c6e", "message": echo}}),
        json!({"error": {"cause": "DECLINED", "code": echo, "message": "no"}}),
        json!({"error": {"cause": echo, "code": "5f0c9c6e"}}),
        json!({"error": echo}),
    ]
}

#[tokio::test(start_paused = true)]
async fn the_gateway_s_refusal_repeats_nothing() {
    for echo in echoes() {
        for performed in errors(&echo) {
            let answers = Answers {
                performed,
                // It is asked about the refusal, and knows no sale.
                session_token: json!({"invoiceId": "invoice-1", "void": true}),
                ..correct()
            };
            let (outcome, _) = assert_nothing_leaks(answers, &echo).await;
            assert_eq!(outcome.charge(), Charge::NotCharged, "{echo}");
        }
    }
}

#[tokio::test(start_paused = true)]
async fn the_merchant_s_refusal_repeats_nothing() {
    // A server that refuses has not issued a nonce and a signature.
    let is_known = |echo: &String| !echo.contains(NONCE) && !echo.contains("Bn8");
    for echo in echoes().into_iter().filter(is_known) {
        for error in errors(&echo) {
            let answers = Answers {
                initiated: error.clone(),
                ..correct()
            };
            let (outcome, _) = assert_nothing_leaks(answers, &echo).await;
            assert_eq!(outcome.charge(), Charge::NotCharged, "{echo}");
            // After a lost answer its text is not used; after an approval it goes to the caller that asks for the card.
            let answers = Answers {
                performed: json!({}),
                session_token: error.clone(),
                ..correct()
            };
            let (outcome, _) = assert_nothing_leaks(answers, &echo).await;
            assert_eq!(outcome.charge(), Charge::Unknown, "{echo}");
        }
    }
    for echo in late_echoes() {
        for error in errors(&echo) {
            let answers = Answers {
                stored_card: error,
                ..correct()
            };
            // By then only the appearance of the card number is known.
            if !echo.contains("then") && !echo.contains("and") && !echo.contains(SESSION) {
                let (outcome, _) = assert_nothing_leaks(answers, &echo).await;
                assert_eq!(outcome.charge(), Charge::Charged, "{echo}");
            }
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_status_repeats_nothing_in_any_member() {
    for echo in late_echoes() {
        for member in [
            "orderId",
            "bankOrderId",
            "errorMessage",
            "secure3DAuthStatus",
            "errorCode",
            "transaction.orderCreatedDate",
            "transaction.transactionCreatedDate",
            "transaction.currency",
            "transaction.amountCentis",
            "transaction.commissionCentis",
            "state",
            "error",
        ] {
            for (end, charge) in [("APPROVED", Charge::Charged), ("DECLINED", Charge::NotCharged)] {
                let mut status = json!({"state": "PROCESSING"});
                let mut last = json!({"state": end});
                match member.split_once('.') {
                    Some((outer, inner)) => last[outer][inner] = json!(echo),
                    None if matches!(member, "state" | "error") => status[member] = json!(echo),
                    None => last[member] = json!(echo),
                }
                let answers = Answers {
                    status: vec![status, last],
                    ..correct()
                };
                // Words for a code, and letters between digits, may be a regular part of an id.
                let (outcome, _) = if echo.contains("securityCode") && !matches!(member, "errorMessage" | "error") {
                    continue;
                } else {
                    assert_nothing_leaks(answers, &format!("{member}: {echo}")).await
                };
                assert_eq!(outcome.charge(), charge, "{member}: {echo}");
            }
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_number_in_a_number_s_place_is_none() {
    let answers = Answers {
        status: vec![json!({
            "state": "DECLINED", "errorCode": 4_111_111_111_111_111_u64, "orderId": 4_111_111_111_111_111_u64,
        })],
        ..correct()
    };
    let (outcome, _) = assert_nothing_leaks(answers, "errorCode").await;
    let SaleOutcome::Declined(decline) = outcome else {
        panic!("{outcome:?}")
    };
    assert_eq!(decline.error_code, None);
}

#[tokio::test(start_paused = true)]
async fn long_ids_survive_and_are_asked_with() {
    let (invoice, order) = ("12345678901234567890", "98765432109876543210987");
    let answers = Answers {
        initiated: initiated(invoice),
        status: vec![json!({
            "state": "APPROVED", "invoiceId": invoice, "orderId": order, "bankOrderId": "4111111111111112",
            "transaction": {"orderCreatedDate": "2017-11-27 16:45:47.000+0300"},
        })],
        ..correct()
    };
    let (outcome, _) = assert_nothing_leaks(answers, "long ids").await;
    let SaleOutcome::Approved(receipt) = outcome else {
        panic!("{outcome:?}")
    };
    assert_eq!(receipt.invoice_id, invoice);
    assert_eq!(receipt.order_id.as_deref(), Some(order));
    assert_eq!(receipt.bank_order_id.as_deref(), Some("4111111111111112"));
    assert_eq!(receipt.order_created.as_deref(), Some("2017-11-27 16:45:47.000+0300"));
}

#[tokio::test(start_paused = true)]
async fn an_invoice_that_holds_the_card_s_number_is_none() {
    for invoice in ["4111111111111111", "order-4111-1111-1111-1111"] {
        let answers = Answers {
            initiated: initiated(invoice),
            ..correct()
        };
        let (outcome, _) = assert_nothing_leaks(answers, invoice).await;
        assert_eq!(outcome.charge(), Charge::NotCharged);
    }
}

/// A store whose errors repeat what it was given.
struct RepeatingStore;

impl SnapshotStore for RepeatingStore {
    fn save(&self, _sale: &SaleId, snapshot: &[u8]) -> Result<(), StoreError> {
        Err(StoreError::Failed {
            detail: String::from_utf8_lossy(snapshot).into_owned(),
        })
    }

    fn load(&self, _sale: &SaleId) -> Result<Option<Vec<u8>>, StoreError> {
        Err(StoreError::Denied {
            detail: "https://user:word@store.example/?key=word cvv 123".to_owned(),
        })
    }

    fn list(&self) -> Result<Vec<SaleId>, StoreError> {
        self.load(&SaleId::parse("00000000000000000000000000000000").unwrap())
            .map(|_| Vec::new())
    }

    fn remove(&self, _sale: &SaleId) -> Result<(), StoreError> {
        Ok(())
    }
}

#[tokio::test(start_paused = true)]
async fn an_error_of_the_app_s_own_store_repeats_nothing() {
    let capture = LogCapture::default();
    let guard = tracing::subscriber::set_default(capture.clone());
    let (client, _) = peers::client(correct(), Arc::new(RepeatingStore));
    let sale = client.start(request().with_access_token(ACCESS.into())).unwrap();
    sale.outcome().await;
    let error = client.pending().await.unwrap_err();
    drop(guard);
    let log = capture.text();
    assert!(log.contains("could not be saved"), "{log}");
    for text in [log.as_str(), &error.to_string(), &format!("{error:?}")] {
        assert_eq!(leaked_or_tokens(text), [""; 0]);
        assert!(!text.contains("word"), "{text}");
    }
}
