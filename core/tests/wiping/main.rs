//! Card data and secrets wipe themselves: in the form after each edit, in the sale when perform sale is answered, in
//! values when they are dropped. The core's own types must do it: unlike the heap of the bindings, nothing here wipes
//! what they forget.
//!
//! The heap of these tests never reuses memory, so whatever was not wiped can still be found in the memory of the
//! process as the kernel shows it. The text that is searched for is never in memory unmasked: it is kept and compared
//! under a mask.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test says what it expects by unwrapping it"
)]
#![cfg(target_os = "linux")]

mod memory;

use std::{collections::BTreeSet, sync::Arc};

use memory::{MASK, Masked, Memory, masked};

use salekit_core::{
    CalendarMonth, Card, CardField, CardForm, CardNumber, Consumer, Expiry, Failure, FailureKind, Holder, HolderFields,
    HttpRequest, Money, PortFuture, Ports, SaleClient, SaleClientConfig, SaleRequest, Secret, SecurityCode,
    SourceOfFunds, Transport,
    wire::{
        Reply,
        perform::{self, Authorisation},
    },
};
use static_alloc::Bump;
use tokio::sync::Notify;
use url::Url;

#[global_allocator]
static HEAP: Bump<[u8; 1 << 27]> = Bump::uninit();

/// Numbers of American Express, whose codes have four digits.
const NUMBER: Masked<15> = masked(*b"378282246310005");
const OTHER_NUMBER: Masked<15> = masked(*b"371449635398431");
const THIRD_NUMBER: Masked<15> = masked(*b"378734493671000");
const EXPIRY: Masked<6> = masked(*b"112047");
const NAME: Masked<13> = masked(*b"QUINBY ZEDLOW");
const LAST_NAME: Masked<13> = masked(*b"VOXMAR-PLIGHT");
/// Names are shown as they are typed, and the app owns what a form has shown. So each of these is used in one test
/// only.
const TYPED_NAME: Masked<13> = masked(*b"JASKEW FONDUR");
const EDITED_NAME: Masked<13> = masked(*b"HOLGIB WYNTAK");
const PASTED_NAME: Masked<13> = masked(*b"MEPZOR CULVID");
const CODE: Masked<4> = masked(*b"9073");
const OTHER_CODE: Masked<4> = masked(*b"6852");
const TOKEN: Masked<32> = masked(*b"j2Xw9QzK4vTn7LbR1yHs6PdC3fMg8VaE");

fn form() -> CardForm {
    CardForm::new(HolderFields::PrintedName, CalendarMonth::new(2027, 1).unwrap())
}

/// Types the text key by key, as a card-entry screen does.
fn enter<const N: usize>(form: &mut CardForm, field: CardField, text: &Masked<N>) {
    let mut end = 0;
    for byte in text.0 {
        end = form.insert(field, end, char::from(byte ^ MASK)).unwrap().caret;
    }
}

fn filled(code: &Masked<4>) -> CardForm {
    let mut form = form();
    enter(&mut form, CardField::Number, &NUMBER);
    enter(&mut form, CardField::Expiry, &EXPIRY);
    enter(&mut form, CardField::SecurityCode, code);
    enter(&mut form, CardField::PrintedName, &TYPED_NAME);
    form
}

/// Four digits may be anywhere by chance, in an id or an address. So `test` runs with two codes: it searches for each
/// and returns where it is left. At least one of them must be nowhere.
fn with_two_codes(mut test: impl FnMut(&mut Memory, &Masked<4>) -> BTreeSet<u64>) {
    let mut memory = Memory::new();
    let left = [CODE, OTHER_CODE].map(|code| test(&mut memory, &code));
    assert!(left.iter().any(BTreeSet::is_empty), "the code is left: {left:x?}");
}

#[test]
fn a_number_that_was_edited_is_gone_while_the_form_is_still_there() {
    let mut memory = Memory::new();
    let mut form = form();
    enter(&mut form, CardField::Number, &NUMBER);
    assert_eq!(memory.copies(&NUMBER), 1, "the form's");

    // "3782 822463 10005": a cut leaves neither the removed digits nor those after them.
    form.delete(CardField::Number, 3..14).unwrap();
    assert_eq!(memory.remains(&NUMBER), BTreeSet::new());

    form.clear(CardField::Number).unwrap();
    enter(&mut form, CardField::Number, &NUMBER);
    form.paste(CardField::Number, OTHER_NUMBER.text().as_bytes()).unwrap();
    assert_eq!(memory.remains(&NUMBER), BTreeSet::new(), "another one was pasted");
    assert_eq!(memory.copies(&OTHER_NUMBER), 1);

    form.clear(CardField::Number).unwrap();
    assert_eq!(memory.remains(&OTHER_NUMBER), BTreeSet::new(), "cleared");

    enter(&mut form, CardField::Number, &THIRD_NUMBER);
    form.wipe();
    assert_eq!(memory.remains(&THIRD_NUMBER), BTreeSet::new(), "the form was wiped");

    enter(&mut form, CardField::Number, &THIRD_NUMBER);
    drop(form);
    assert_eq!(memory.remains(&THIRD_NUMBER), BTreeSet::new(), "the form was dropped");
}

#[test]
fn a_name_and_an_expiry_that_were_edited_are_gone_while_the_form_is_still_there() {
    let mut memory = Memory::new();
    let mut form = form();
    enter(&mut form, CardField::PrintedName, &EDITED_NAME);
    enter(&mut form, CardField::Expiry, &EXPIRY);
    assert_eq!(
        memory.copies(&EDITED_NAME),
        1,
        "the form's: what it showed is wiped when it is dropped"
    );
    assert_eq!(memory.copies(&EXPIRY), 1, "it is shown with a slash");
    form.paste(CardField::PrintedName, PASTED_NAME.text().as_bytes())
        .unwrap();
    form.delete(CardField::Expiry, 4..6).unwrap();
    assert_eq!(memory.remains(&EDITED_NAME), BTreeSet::new());
    assert_eq!(memory.remains(&EXPIRY), BTreeSet::new());
    assert_eq!(memory.copies(&PASTED_NAME), 1);
    for place in 13..17 {
        form.insert(CardField::PrintedName, place, 'S').unwrap();
    }
    assert_eq!(
        memory.copies(&PASTED_NAME),
        1,
        "the form's, and none where it had to grow"
    );
    form.wipe();
    assert_eq!(memory.copies(&PASTED_NAME), 0);
}

#[test]
fn a_code_that_was_edited_is_gone_while_the_form_is_still_there() {
    let mut form = form();
    with_two_codes(|memory, code| {
        enter(&mut form, CardField::SecurityCode, code);
        assert!(!memory.remains(code).is_empty());
        form.delete(CardField::SecurityCode, 2..4).unwrap();
        let left = memory.remains(code);
        form.paste(CardField::SecurityCode, code.text().as_bytes()).unwrap();
        form.clear(CardField::SecurityCode).unwrap();
        &left | &memory.remains(code)
    });
}

#[test]
fn a_card_that_was_taken_out_of_its_form_is_in_one_place_and_then_in_none() {
    let today = CalendarMonth::new(2027, 1).unwrap();
    let mut forms = Vec::new();
    with_two_codes(|memory, code| {
        let mut form = filled(code);
        let card = form.take_card(today).unwrap();
        forms.push(form);
        assert_eq!(memory.copies(&NUMBER), 1, "the card's");
        assert_eq!(memory.copies(&TYPED_NAME), 1, "the card's");
        assert_eq!(memory.copies(&EXPIRY), 0, "the card has it as numbers");
        assert!(!memory.remains(code).is_empty());
        drop(card);
        assert_eq!(memory.remains(&NUMBER), BTreeSet::new());
        assert_eq!(memory.copies(&TYPED_NAME), 0);
        memory.remains(code)
    });
}

#[test]
fn values_wipe_themselves() {
    let mut memory = Memory::new();
    let number = CardNumber::parse(&OTHER_NUMBER.text()).unwrap();
    let holders = [
        Holder::printed(&NAME.text()).unwrap(),
        Holder::first_last(&NAME.text(), &LAST_NAME.text()).unwrap(),
    ];
    let secret = Secret::new(TOKEN.text().to_string());
    let another = secret.clone();
    let reply = Reply::new(200, TOKEN.text().to_string());
    // The caller must wipe its own copies that it made for the constructors; a text that is given away is wiped by its
    // new owner.
    assert_eq!((memory.copies(&OTHER_NUMBER), memory.copies(&NAME)), (1, 2));
    assert_eq!((memory.copies(&LAST_NAME), memory.copies(&TOKEN)), (1, 3));
    drop((number, holders, secret, another, reply));
    assert_eq!(memory.remains(&OTHER_NUMBER), BTreeSet::new());
    assert_eq!(memory.remains(&NAME), BTreeSet::new());
    assert_eq!(memory.remains(&LAST_NAME), BTreeSet::new());
    assert_eq!(memory.remains(&TOKEN), BTreeSet::new());
    drop(memory);
    with_two_codes(|memory, code| {
        let code_of_a_card = SecurityCode::parse(&code.text()).unwrap();
        assert!(!memory.remains(code).is_empty());
        drop(code_of_a_card);
        memory.remains(code)
    });
}

fn card(code: &Masked<4>) -> Card {
    let (number, name) = (CardNumber::parse(&NUMBER.text()), Holder::printed(&NAME.text()));
    let code = SecurityCode::parse(&code.text()).unwrap();
    Card::new(number.unwrap(), Expiry::new(11, 2047).unwrap(), name.unwrap(), code).unwrap()
}

#[test]
fn a_body_wipes_itself_wherever_it_had_to_grow() {
    let mut memory = Memory::new();
    let source = SourceOfFunds::from(card(&CODE));
    let (consumer, amount) = (
        Consumer::new("device-0001").unwrap(),
        Money::from_minor_units(1_050, "EUR").unwrap(),
    );
    // The nonce is written before the card, and the amount after it: with one of these lengths the first buffer is
    // full.
    for length in (1_600..2_100).step_by(20) {
        let authorisation = Authorisation {
            access_token: Secret::new("a".repeat(32)),
            nonce: Secret::new("n".repeat(length)),
            signature: Secret::new("s".repeat(40)),
        };
        let body = perform::body(&consumer, &amount, &source, &authorisation);
        if length == 1_600 {
            assert_eq!(memory.copies(&NUMBER), 2, "the card's and the body's");
        }
        drop(body);
    }
    assert_eq!((memory.copies(&NUMBER), memory.copies(&NAME)), (1, 1), "the card's");
    drop(source);
    assert_eq!(memory.remains(&NUMBER), BTreeSet::new());
}

/// How perform sale is answered.
#[derive(Debug, Clone, Copy)]
enum Answer {
    Accepted,
    Lost,
    Refused,
}

/// A refusal that repeats the card.
fn repeating() -> Vec<u8> {
    // The reply takes it over and wipes it. A vector that grows would leave a copy.
    let mut json = Vec::with_capacity(256);
    json.extend_from_slice(br#"{"error":{"cause":"INVALID_REQUEST","code":""#);
    json.extend_from_slice(NAME.text().as_bytes());
    json.extend_from_slice(br#"","message":"no "#);
    json.extend_from_slice(NUMBER.text().as_bytes());
    json.extend_from_slice(b" of ");
    json.extend_from_slice(NAME.text().as_bytes());
    json.extend_from_slice(br#""}}"#);
    json
}

/// Gateway and merchant's server. The gateway holds perform sale until the test has searched the memory, and never
/// decides; the merchant's server does not know the sale.
struct Servers {
    answer: Answer,
    arrived: Notify,
    looked: Notify,
}

impl Transport for Servers {
    fn send(&self, request: HttpRequest) -> PortFuture<'_, Result<Reply, Failure>> {
        Box::pin(async move {
            // The whole request with its body, which is dropped once the answer is there.
            let request = request;
            let (status, json) = match request.url.path() {
                "/sale/initiate-sale" => (
                    200,
                    r#"{"endpointId":"1144","invoiceId":"invoice-1","session":{"nonce":"n","signature":"s"}}"#,
                ),
                "/dapi/v1/sale/1144/invoice-1" => {
                    self.arrived.notify_one();
                    self.looked.notified().await;
                    match self.answer {
                        Answer::Accepted => (200, r#"{"session":{"token":"session-token"}}"#),
                        Answer::Lost => return Err(Failure::after_sending(FailureKind::ConnectionLost)),
                        Answer::Refused => return Ok(Reply::new(400, repeating())),
                    }
                }
                "/dapi/v1/sale/1144/invoice-1/status" => (200, r#"{"state":"PROCESSING"}"#),
                _ => std::future::pending().await,
            };
            Ok(Reply::new(status, json))
        })
    }

    fn preconnect<'a>(&'a self, _url: &'a Url) -> PortFuture<'a, ()> {
        Box::pin(std::future::ready(()))
    }
}

/// Starts a sale and searches the memory twice: while perform sale is under way, and as soon as the sale has reached
/// `next`.
async fn sell(answer: Answer, next: &str, memory: &mut Memory, code: &Masked<4>) -> BTreeSet<u64> {
    let servers = Arc::new(Servers {
        answer,
        arrived: Notify::new(),
        looked: Notify::new(),
    });
    let config = SaleClientConfig::new("https://gateway.example", "https://shop.example").unwrap();
    let transport: Arc<dyn Transport> = Arc::<Servers>::clone(&servers);
    let ports = Ports::over(transport, &config);
    let amount = Money::from_minor_units(1_050, "EUR").unwrap();
    let request = SaleRequest::new(amount, Consumer::new("device-0001").unwrap(), card(code))
        .with_access_token(Secret::new("t".repeat(40)));
    let sale = SaleClient::with_ports(config, ports).unwrap().start(request).unwrap();

    servers.arrived.notified().await;
    assert_eq!(
        (memory.copies(&NUMBER), memory.copies(&NAME)),
        (2, 2),
        "the card's and the body's"
    );
    assert!(!memory.remains(code).is_empty());
    servers.looked.notify_one();

    let mut states = sale.states();
    while states.next().await.unwrap().name() != next {}
    assert_eq!(memory.remains(&NUMBER), BTreeSet::new(), "{answer:?}");
    assert_eq!(memory.remains(&NAME), BTreeSet::new(), "{answer:?}");
    let left = memory.remains(code);
    assert!(!sale.state().is_finished(), "it was looked at while it went on");
    left
}

#[test]
fn nothing_of_the_card_is_left_once_perform_sale_is_answered_while_the_sale_goes_on() {
    for (answer, next) in [
        (Answer::Accepted, "processing"),
        (Answer::Lost, "recovering"),
        (Answer::Refused, "recovering"),
    ] {
        with_two_codes(|memory, code| {
            let mut runtime = tokio::runtime::Builder::new_current_thread();
            let runtime = runtime.enable_time().start_paused(true).build().unwrap();
            runtime.block_on(sell(answer, next, memory, code))
        });
    }
}
