//! The types that wipe themselves must do so on an ordinary heap, too. `wiping` uses a heap that never reuses memory,
//! and the bindings use one that wipes all freed memory; here nothing else helps.
//!
//! A freed block may be reused at once, which would hide what was left in it. So each type is dropped many times before
//! the memory is searched: whatever is left is found in one of the blocks.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test says what it expects by unwrapping it"
)]
#![cfg(target_os = "linux")]

#[path = "wiping/memory.rs"]
mod memory;

use std::collections::BTreeSet;

use memory::{MASK, Masked, Memory, masked};
use salekit_core::{
    CalendarMonth, Card, CardField, CardForm, CardNumber, Consumer, Expiry, Holder, HolderFields, Money, SaleRequest,
    Secret, SecurityCode, SourceOfFunds, StoredCardPayment,
    wire::{
        Reply,
        perform::{self, Authorisation},
    },
};

/// How many values of each type exist at once, each in its own block.
const TIMES: usize = 64;

const NUMBER: Masked<15> = masked(*b"371449635398431");
const NAME: Masked<14> = masked(*b"WOLFRAM KEDZIE");
const CODE: Masked<4> = masked(*b"8361");
const CARD_ID: Masked<16> = masked(*b"cid-pQ7zK2wX9vLt");
const TOKEN: Masked<32> = masked(*b"Zt6Yb1Qm8Kc3Wx5Rn0Vp7Ls2Hd9Gf4Ja");

fn number() -> CardNumber {
    CardNumber::parse(&NUMBER.text()).unwrap()
}

fn code() -> SecurityCode {
    SecurityCode::parse(&CODE.text()).unwrap()
}

fn holder() -> Holder {
    Holder::printed(&NAME.text()).unwrap()
}

fn card() -> Card {
    Card::new(number(), Expiry::new(11, 2047).unwrap(), holder(), code()).unwrap()
}

fn secret() -> Secret {
    Secret::new(owned(&TOKEN))
}

/// A `String` whose new owner must wipe it.
fn owned<const N: usize>(text: &Masked<N>) -> String {
    let mut owned = String::with_capacity(N);
    owned.push_str(&text.text());
    owned
}

fn authorisation() -> Authorisation {
    Authorisation {
        access_token: secret(),
        nonce: secret(),
        signature: secret(),
    }
}

fn request(source: impl Into<SourceOfFunds>) -> SaleRequest {
    let amount = Money::from_minor_units(1_050, "EUR").unwrap();
    SaleRequest::new(amount, Consumer::new("device-0001").unwrap(), source).with_access_token(secret())
}

fn stored_card() -> StoredCardPayment {
    StoredCardPayment::new(owned(&CARD_ID), CODE.text().as_bytes(), false).unwrap()
}

fn reply() -> Reply {
    Reply::new(200, owned(&TOKEN))
}

/// A form with the number typed into it, key by key.
fn form() -> CardForm {
    let mut form = CardForm::new(HolderFields::PrintedName, CalendarMonth::new(2027, 1).unwrap());
    let mut end = 0;
    for byte in NUMBER.0 {
        end = form
            .insert(CardField::Number, end, char::from(byte ^ MASK))
            .unwrap()
            .caret;
    }
    form
}

/// Creates many values with `make`, checks that they contain `text`, drops them, and checks that nothing of it is left.
fn wipes_itself<T, const N: usize>(what: &str, text: &Masked<N>, make: impl Fn() -> T) {
    let mut memory = Memory::new();
    let made: Vec<Box<T>> = (0..TIMES).map(|_| Box::new(make())).collect();
    assert!(memory.copies(text) >= TIMES, "{what} holds it");
    drop(made);
    assert_eq!(memory.remains(text), BTreeSet::new(), "{what} left some of it");
}

#[test]
fn what_promises_to_wipe_itself_does() {
    wipes_itself("a secret", &TOKEN, secret);
    wipes_itself("a clone of a secret", &TOKEN, || secret().clone());
    wipes_itself("an authorisation", &TOKEN, authorisation);
    wipes_itself("a number", &NUMBER, number);
    wipes_itself("a holder", &NAME, holder);
    wipes_itself("a card's number", &NUMBER, card);
    wipes_itself("a card's holder", &NAME, card);
    wipes_itself("a stored card", &CARD_ID, stored_card);
    wipes_itself("a source of funds", &NUMBER, || SourceOfFunds::from(card()));
    wipes_itself("a request's card", &NUMBER, || request(card()));
    wipes_itself("a request's token", &TOKEN, || request(card()));
    wipes_itself("a request's stored card", &CARD_ID, || request(stored_card()));
    wipes_itself("a form", &NUMBER, form);
    wipes_itself("a reply", &TOKEN, reply);
    wipes_itself("a body", &NUMBER, || {
        let (consumer, amount) = (
            Consumer::new("device-0001").unwrap(),
            Money::from_minor_units(1_050, "EUR").unwrap(),
        );
        perform::body(&consumer, &amount, &SourceOfFunds::from(card()), &authorisation())
    });
}

/// Four digits may be anywhere by chance, so they are counted: many while the values exist, and as few as before
/// afterwards.
#[test]
fn a_security_code_wipes_itself() {
    let mut memory = Memory::new();
    let before = memory.remains(&CODE).len();
    let made: Vec<Box<SecurityCode>> = (0..TIMES).map(|_| Box::new(code())).collect();
    assert!(memory.copies(&CODE) >= TIMES);
    drop(made);
    assert!(memory.remains(&CODE).len() <= before + 1, "{before}");
}
