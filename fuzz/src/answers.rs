//! The parsers of answers, under whatever a server may send: `STATUS BODY`, where the first three digits are the HTTP
//! status. What comes out of them must be of bounded length, and go into a sale without breaking it. The same bytes are
//! then the damage to well-formed answers (`damage`).

use std::time::Duration;

use salekit_core::{
    Secret, StoredCardPayment, Unanswered,
    flow::Event,
    wire::{
        Cause, ErrorResponse, Reply,
        initiate::{self, InitiateAnswer},
        merchant::{self, SessionAnswer},
        perform::{self, PerformAnswer},
        status::{self, GatewayState, SaleStatus, StatusAnswer},
    },
};

use super::{
    damage,
    sale::{INVOICE, Stage, TOKEN, sale_at},
};

/// Longest text of a server that is passed on, in characters.
const LONGEST_TEXT: usize = 256;
/// Longest id of a server's that is kept, in bytes.
const LONGEST_ID: usize = 128;
/// Longest token, nonce or signature that is kept, in bytes.
const LONGEST_SECRET: usize = 512;

/// The reply in `data`: three digits of status (200 without them), then the body. `Retry-After` follows from the length.
fn reply(data: &[u8]) -> Reply {
    let status = data
        .get(..3)
        .and_then(|digits| std::str::from_utf8(digits).ok())
        .and_then(|digits| digits.parse::<u16>().ok())
        .filter(|status| (100..1_000).contains(status));
    let body = if status.is_some() { &data[3..] } else { data };
    let mut reply = Reply::new(status.unwrap_or(200), body);
    reply.retry_after = match data.len() % 4 {
        0 => Some(Duration::from_secs(data.len() as u64)),
        1 => Some(Duration::MAX),
        _ => None,
    };
    reply
}

/// Initiate sale.
pub fn initiate_answer(data: &[u8]) {
    damage::initiate(data);
    let reply = reply(data);
    let answer = initiate::read(&reply);
    match &answer {
        InitiateAnswer::Initiated(initiated) => {
            assert!(
                (200..300).contains(&reply.status),
                "initiated by status {}",
                reply.status
            );
            for id in [&initiated.endpoint_id, &initiated.invoice_id] {
                assert!(!id.is_empty() && id.len() <= LONGEST_ID && id != "." && id != "..");
                assert!(!id.chars().any(char::is_control));
            }
            check_secret(&initiated.nonce);
            check_secret(&initiated.signature);
        }
        InitiateAnswer::AccessTokenRefused(refusal)
        | InitiateAnswer::Refused(refusal)
        | InitiateAnswer::Unavailable(refusal) => check_refusal(refusal),
    }
    let mut sale = sale_at(Stage::Initiating);
    sale.answer(|request| Event::Initiate(request, Ok(answer)));
    sale.run_out();
}

/// Perform sale.
pub fn perform_answer(data: &[u8]) {
    damage::perform(data);
    let reply = reply(data);
    let answer = perform::read(&reply, INVOICE);
    match &answer {
        PerformAnswer::Accepted { session_token } => check_secret(session_token),
        PerformAnswer::Refused(refusal) => {
            check_refusal(refusal);
            // Not charged: only on the gateway's own word, never where the request may have been processed before.
            assert!(!matches!(reply.status, 408 | 409));
            let cause = &refusal.error.as_ref().unwrap().cause;
            assert!(matches!(
                cause,
                Cause::Filtered | Cause::InvalidRequest | Cause::InvalidConfiguration | Cause::Declined
            ));
        }
        PerformAnswer::Ambiguous(refusal) => check_refusal(refusal),
    }
    let mut sale = sale_at(Stage::Performing);
    sale.answer(|request| Event::Perform(request, Ok(answer)));
    sale.run_out();
}

/// Sale status, also as the answers of a whole sale: a line feed after the body begins the next answer.
pub fn status_answer(data: &[u8]) {
    damage::status(data);
    let mut sale = sale_at(Stage::Polling);
    for data in data.split(|byte| *byte == b'\n').take(16) {
        let reply = reply(data);
        let answer = status::read(&reply, INVOICE, &Secret::new(TOKEN));
        match &answer {
            StatusAnswer::Status(status) => {
                assert!((200..300).contains(&reply.status));
                check_status(status);
            }
            StatusAnswer::NoAnswer(refusal) => check_refusal(refusal),
        }
        sale.answer(|request| Event::Status(request, Ok(answer)));
        sale.wait();
    }
    sale.run_out();
}

/// The merchant's server: access token, session token, stored card.
pub fn merchant_answer(data: &[u8]) {
    damage::merchant(data);
    let reply = reply(data);
    match merchant::read_access_token(&reply) {
        Ok(token) => check_secret(&token),
        Err(refusal) => check_refusal(&refusal),
    }
    let session = merchant::read_session_token(&reply, INVOICE);
    match &session {
        Ok(SessionAnswer::Token(token)) => check_secret(token),
        Ok(SessionAnswer::Void) => assert!((200..300).contains(&reply.status)),
        Err(refusal) => check_refusal(refusal),
    }
    let mut sale = sale_at(Stage::Recovering);
    sale.answer(|request| Event::SessionToken(request, session.map_err(Unanswered::Refused)));
    sale.run_out();
    match merchant::read_stored_card(&reply, INVOICE) {
        Ok(card) => {
            // A repeat sale can name the card by it.
            StoredCardPayment::new(card.client_card_id.clone(), b"123", card.mapped_with_email).unwrap();
            assert!(card.bin.as_ref().is_none_or(|bin| bin.len() <= 8));
        }
        Err(refusal) => check_refusal(&refusal),
    }
}

fn check_secret(secret: &Secret) {
    assert!((1..=LONGEST_SECRET).contains(&secret.expose().len()));
}

fn check_text(text: &str) {
    assert!(
        text.chars().count() <= LONGEST_TEXT,
        "{} characters",
        text.chars().count()
    );
    assert!(
        !text.chars().any(deceives),
        "a character that breaks a line or turns it around"
    );
    assert!(
        longest_run_of_digits(text) < 9,
        "a run of digits as long as a card number's"
    );
}

/// Control characters, line separators, and the marks that turn the direction of text.
fn deceives(character: char) -> bool {
    character.is_control() || matches!(character, '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

fn longest_run_of_digits(text: &str) -> usize {
    text.split(|character: char| !character.is_ascii_digit())
        .map(str::len)
        .max()
        .unwrap_or_default()
}

fn check_refusal(refusal: &ErrorResponse) {
    if let Some(error) = &refusal.error {
        check_text(&error.cause.to_string());
        error
            .code
            .iter()
            .chain(&error.message)
            .for_each(|text| check_text(text));
    }
    assert!(refusal.describe().chars().count() <= 2 * LONGEST_TEXT + 2);
    assert!(
        refusal
            .support_reference()
            .is_none_or(|code| code.chars().count() <= LONGEST_TEXT)
    );
}

fn check_status(status: &SaleStatus) {
    if let GatewayState::Other(word) = &status.state {
        check_text(word);
    }
    status
        .currency
        .iter()
        .chain(&status.error_message)
        .for_each(|text| check_text(text));
    if let Some(word) = &status.three_d_secure {
        check_text(word.as_str());
    }
    let kept = [
        &status.order_id,
        &status.bank_order_id,
        &status.order_created,
        &status.transaction_created,
    ];
    for text in kept.into_iter().flatten() {
        assert!(text.chars().count() <= LONGEST_ID);
        assert!(
            !text.chars().any(deceives),
            "a character that breaks a line or turns it around"
        );
    }
}
