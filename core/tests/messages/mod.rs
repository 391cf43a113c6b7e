//! Compares every message on the wire with files: requests byte for byte, and what is read from answers that follow
//! their documentation more or less.

use std::sync::LazyLock;

use salekit_core::{
    Card, CardNumber, Consumer, Expiry, Holder, Money, SaleId, SaleLocation, Secret, SecurityCode, SourceOfFunds,
    StoredCardPayment, ThreeDSecureStatus,
    wire::{
        Body, Cause, OrderReference, Reply,
        initiate::{self, InitiateAnswer},
        merchant::{self, SessionAnswer},
        perform::{self, Authorisation, PerformAnswer},
        status::{self, GatewayState, SaleStatus, StatusAnswer},
    },
};

const ACCESS_TOKEN: &str = "tok0000000000000000000000000000000000000000000000000000000000001";
const TOKEN: &str = "9b1c2d3e-4f50-6172-8394-a5b6c7d8e9f0";
const INVOICE: &str = "5e0c7f5a-3b1d-4c5e-9a7b-2f4d6e8a0c11";

macro_rules! file {
    ($name:literal) => {
        include_str!(concat!($name, ".json"))
    };
}

mod stored_card;

fn assert_writes(body: &Body, golden: &str) {
    assert_eq!(std::str::from_utf8(body.as_bytes()).unwrap(), golden.trim_end());
}

fn consumer() -> Consumer {
    Consumer::new("device-0001").unwrap()
}

fn payer() -> Consumer {
    consumer().with_email("payer@example.com").unwrap()
}

fn amount() -> Money {
    "10.50 EUR".parse().unwrap()
}

const ORDER_ID: &str = "order 7 \"/\" ü";

static SALE_ID: LazyLock<SaleId> = LazyLock::new(|| SaleId::from_random([0xab; 16]));

fn order(merchant_order_id: Option<&str>) -> OrderReference<'_> {
    OrderReference {
        sale_id: &SALE_ID,
        merchant_order_id,
    }
}

fn authorisation() -> Authorisation {
    Authorisation {
        access_token: Secret::new(ACCESS_TOKEN),
        nonce: Secret::new("nonce-8f1c2d3e4a5b6c7d8e9f00112233"),
        signature: Secret::new("BE65C2C7BE7A15DF0D99DACFD9F474D36AB59C86"),
    }
}

fn card(number: &str, expiry: &str, holder: Holder, code: &str) -> SourceOfFunds {
    let (number, expiry) = (CardNumber::parse(number).unwrap(), Expiry::parse(expiry).unwrap());
    Card::new(number, expiry, holder, SecurityCode::parse(code).unwrap())
        .unwrap()
        .into()
}

#[test]
fn initiate_sale_is_written_as_documented() {
    let full = payer()
        .with_imei("123456789012345")
        .unwrap()
        .with_ip_address("203.0.113.7")
        .unwrap();
    let location = SaleLocation::new(35.17, 33.36).unwrap();
    let token = Secret::new(ACCESS_TOKEN);
    assert_writes(
        &initiate::body(&full, &amount(), Some(&location), &token, order(Some(ORDER_ID))),
        file!("requests/initiate"),
    );
    let yen = "500 JPY".parse().unwrap();
    assert_writes(
        &initiate::body(&consumer(), &yen, None, &token, order(None)),
        file!("requests/initiate_minimal"),
    );
    let empty = initiate::body(&consumer(), &"500 JPY".parse().unwrap(), None, &token, order(Some("")));
    assert_writes(&empty, file!("requests/initiate_minimal"));
}

#[test]
fn perform_sale_is_written_as_documented_with_exactly_one_source_of_funds() {
    let names = Holder::first_last("Ada", "Lovelace").unwrap();
    let source = card("4111 1111 1111 1111", "12/30", names, "123");
    let body = perform::body(&payer(), &amount(), &source, &authorisation());
    assert_writes(&body, file!("requests/perform_card"));

    let source = card(
        "3782-822463-10005",
        "01/2031",
        Holder::printed("ADA LOVELACE").unwrap(),
        "1234",
    );
    let body = perform::body(&consumer(), &amount(), &source, &authorisation());
    assert_writes(&body, file!("requests/perform_printed_name"));

    let source = SourceOfFunds::from(StoredCardPayment::new("client-card-1", b"123", true).unwrap());
    let body = perform::body(&payer(), &amount(), &source, &authorisation());
    assert_writes(&body, file!("requests/perform_stored_card"));
}

#[test]
fn invoice_requests_are_written_as_documented() {
    let token = Secret::new(ACCESS_TOKEN);
    assert_writes(&status::body(&token, &Secret::new(TOKEN)), file!("requests/status"));
    assert_writes(
        &merchant::stored_card_request_body("device-0001", &token, order(None)),
        file!("requests/invoice"),
    );
    let ask = |order, void| merchant::session_request_body("device-0001", &token, order, void);
    assert_writes(&ask(order(None), false), file!("requests/invoice"));
    assert_writes(&ask(order(Some(ORDER_ID)), true), file!("requests/session_token_void"));
}

#[test]
fn a_body_shows_its_length_only() {
    let source = card("4111111111111111", "12/30", Holder::printed("A").unwrap(), "123");
    let shown = format!("{:?}", perform::body(&consumer(), &amount(), &source, &authorisation()));
    assert!(!shown.contains("4111") && !shown.contains("123\""), "{shown}");
}

#[test]
fn an_initiated_sale_is_read_with_a_number_for_text_and_unknown_members() {
    let InitiateAnswer::Initiated(sale) = initiate::read(&Reply::new(200, file!("answers/initiated"))) else {
        panic!()
    };
    assert_eq!((sale.endpoint_id.as_str(), sale.invoice_id.as_str()), ("1144", INVOICE));
    assert_eq!(sale.nonce, authorisation().nonce);
    assert_eq!(sale.signature, authorisation().signature);
}

#[test]
fn an_initiated_sale_without_usable_ids_is_no_success() {
    let complete = file!("answers/initiated");
    for (from, to) in [
        (INVOICE, ""),
        (INVOICE, ".."),
        (INVOICE, "."),
        (INVOICE, "a\\u0000b"),
        ("1144", "null"),
        ("nonce-8f1c2d3e4a5b6c7d8e9f00112233", ""),
        ("signature", "signatur"),
    ] {
        let answer = initiate::read(&Reply::new(200, complete.replacen(from, to, 1)));
        assert!(
            matches!(answer, InitiateAnswer::Unavailable(_)),
            "{from} -> {to}: {answer:?}"
        );
    }
}

#[test]
fn an_error_is_one_in_every_http_status() {
    for status in [200, 201, 400, 404, 500] {
        let reply = Reply::new(status, file!("answers/error"));
        let InitiateAnswer::Refused(refusal) = initiate::read(&reply) else {
            panic!("{status}")
        };
        let error = refusal.error.clone().unwrap();
        assert_eq!(error.cause, Cause::InvalidRequest);
        assert_eq!(error.code.as_deref(), Some("a8098c1a-f86e-11da-bd1a-00112444be1e"));
        let shown = format!("{refusal:?} {}", refusal.describe());
        assert!(
            !shown.contains("4111111111111111"),
            "an echoed card number is masked: {shown}"
        );
        assert!(
            matches!(perform::read(&reply, INVOICE), PerformAnswer::Refused(_)),
            "{status}"
        );
        assert!(
            matches!(
                status::read(&reply, INVOICE, &Secret::new(TOKEN)),
                StatusAnswer::NoAnswer(_)
            ),
            "{status}"
        );
    }
}

#[test]
fn a_performed_sale_is_read() {
    let answer = perform::read(&Reply::new(200, file!("answers/performed")), INVOICE);
    assert_eq!(
        answer,
        PerformAnswer::Accepted {
            session_token: Secret::new(TOKEN)
        }
    );
    let with_mark = format!("\u{feff}{}", file!("answers/performed"));
    assert_eq!(
        perform::read(&Reply::new(200, with_mark), INVOICE),
        answer,
        "a byte order mark is skipped"
    );
}

fn status(json: &str) -> SaleStatus {
    match status::read(&Reply::new(200, json), INVOICE, &Secret::new(TOKEN)) {
        StatusAnswer::Status(status) => *status,
        other => panic!("{other:?}"),
    }
}

#[test]
fn every_state_is_read_with_all_that_comes_with_it() {
    let redirect = status(file!("answers/status_redirect"));
    assert_eq!(redirect.state, GatewayState::RedirectRequest);
    assert!(
        redirect
            .redirect_url
            .unwrap()
            .starts_with("https://acs.example/challenge/5f1b6d0c?creq=")
    );

    let approved = status(file!("answers/status_approved"));
    assert_eq!(approved.state, GatewayState::Approved);
    assert_eq!(approved.order_id.as_deref(), Some("9223372036854775807"), "64 bits");
    assert_eq!(
        (approved.amount_minor, approved.commission_minor_units),
        (Some(1_050), Some(25))
    );
    assert_eq!(
        approved.order_created.as_deref(),
        Some("2017-11-27 16:45:47.000+0300"),
        "dates stay as they came"
    );
    assert_eq!(approved.three_d_secure, Some(ThreeDSecureStatus::Authenticated));

    let declined = status(file!("answers/status_declined"));
    assert_eq!(
        (declined.state, declined.error_code),
        (GatewayState::Declined, Some(1_008))
    );

    let new = status(file!("answers/status_new_words"));
    assert_eq!(
        new.state,
        GatewayState::Other("TRANSFER_FEE_REQUEST".to_owned()),
        "a new word keeps its text"
    );
    assert_eq!(new.three_d_secure.unwrap().as_str(), "ATTEMPTED");
}

#[test]
fn the_merchants_answers_are_read() {
    let token = merchant::read_access_token(&Reply::new(200, file!("answers/access_token"))).unwrap();
    assert!(token.expose().starts_with("tok^"));
    let token = merchant::read_session_token(&Reply::new(200, file!("answers/performed")), INVOICE).unwrap();
    assert_eq!(token, SessionAnswer::Token(Secret::new(TOKEN)));
    let card = merchant::read_stored_card(&Reply::new(200, file!("answers/stored_card")), INVOICE).unwrap();
    assert_eq!(
        (card.client_card_id.as_str(), card.bin.as_deref()),
        ("client-card-1", Some("411111"))
    );
    assert!(card.mapped_with_email);
    for reply in [
        Reply::new(404, ""),
        Reply::new(200, "{}"),
        Reply::new(200, file!("answers/error")),
    ] {
        assert!(merchant::read_stored_card(&reply, INVOICE).is_err());
        assert!(merchant::read_session_token(&reply, INVOICE).is_err());
        assert!(merchant::read_access_token(&reply).is_err());
    }
}

#[test]
fn void_counts_only_where_it_is_said_plainly_and_no_token_is_named() {
    let read = |json: &str| {
        let json = json.replace("INVOICE", INVOICE).replace("TOKEN", TOKEN);
        merchant::read_session_token(&Reply::new(200, json), INVOICE)
    };
    assert_eq!(
        read(r#"{"invoiceId": "INVOICE", "void": true}"#),
        Ok(SessionAnswer::Void)
    );
    let token = Ok(SessionAnswer::Token(Secret::new(TOKEN)));
    let both = r#"{"invoiceId": "INVOICE", "void": true, "session": {"token": "TOKEN"}}"#;
    assert_eq!(read(both), token, "a token wins");
    for neither in [
        r#"{"void": true}"#,
        r#"{"invoiceId": "another", "void": true}"#,
        r#"{"invoiceId": "INVOICE", "void": false}"#,
        r#"{"invoiceId": "INVOICE", "void": 1}"#,
        r#"{"invoiceId": "INVOICE", "void": "true"}"#,
        r#"{"invoiceId": "INVOICE", "void": {"void": true}}"#,
        r#"{"invoiceId": "INVOICE", "void": true, "session": {"token": ""}}"#,
        r#"{"invoiceId": "INVOICE", "void": true, "error": {"cause": "SERVER_FAILED"}}"#,
    ] {
        assert!(read(neither).is_err(), "{neither}");
    }
    let void = format!(r#"{{"invoiceId": "{INVOICE}", "void": true}}"#);
    for status in [302, 404, 500] {
        assert!(
            merchant::read_session_token(&Reply::new(status, void.as_str()), INVOICE).is_err(),
            "{status}"
        );
    }
}

#[test]
fn an_answer_that_names_another_invoice_is_no_answer() {
    let other = "another-invoice";
    for file in [file!("answers/performed"), file!("answers/error")] {
        let reply = Reply::new(200, file);
        assert!(
            matches!(perform::read(&reply, other), PerformAnswer::Ambiguous(_)),
            "{file}"
        );
    }
    assert!(merchant::read_session_token(&Reply::new(200, file!("answers/performed")), other).is_err());
    let card = r#"{"invoiceId": "invoice-1", "sourceOfFunds": {"reference": {"clientCardId": "card-1"}}}"#;
    assert!(merchant::read_stored_card(&Reply::new(200, card), "invoice-1").is_ok());
    assert!(merchant::read_stored_card(&Reply::new(200, card), other).is_err());
}

#[test]
fn a_card_number_is_masked_also_where_a_number_stands_for_text() {
    let reply = Reply::new(
        400,
        r#"{"error": {"cause": "DECLINED", "code": 4111111111111111, "message": 4111111111111111}}"#,
    );
    let PerformAnswer::Refused(refusal) = perform::read(&reply, INVOICE) else {
        panic!()
    };
    let told = format!("{refusal:?} {} {:?}", refusal.describe(), refusal.support_reference());
    assert!(!told.contains("4111"), "{told}");
}
