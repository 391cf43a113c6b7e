//! What is hidden in texts of other parties, by example: card data and tokens in any form. Ordinary words stay.

use super::Redaction;
use crate::{
    card::{Card, CardBrand, CardNumber, CardSummary, Expiry, Holder, SecurityCode, SourceOfFunds, StoredCardPayment},
    value::{Consumer, Secret},
};

const TOKEN: &str = "j2Xw9QzK4v/n7LbR1yHs6PdC3fMg8V+E";

fn card(number: &str, holder: Holder) -> SourceOfFunds {
    let (number, code) = (CardNumber::parse(number).unwrap(), SecurityCode::parse("987").unwrap());
    Card::new(number, Expiry::parse("12/2040").unwrap(), holder, code)
        .unwrap()
        .into()
}

fn visa() -> SourceOfFunds {
    card("4012888888881881", Holder::printed("Ada Q. Lovelace").unwrap())
}

#[test]
fn a_known_number_is_found_whatever_stands_between_its_digits() {
    let source = visa();
    let redaction = Redaction::default().with_source(&source);
    for (text, shown) in [
        ("4012888888881881", "••••••••••••••••"),
        ("4012.8888.8888.1881 refused", "••••.••••.••••.•••• refused"),
        (
            "40 then 12 then 8888 then 8888 then 1881",
            "•• then •• then •••• then •••• then ••••",
        ),
        ("4a0b1c2d8e8f8g8h8i8j8k8l1m8n8o1", "•a•b•c•d•e•f•g•h•i•j•k•l•m•n•o•"),
        ("٤٠١٢٨٨٨٨٨٨٨٨١٨٨١", "••••••••••••••••"),
        ("4012\u{200b}8888\u{202e}8888\u{ad}1881", "•••••••• ••••••••"),
        // The first part is masked because it is long, the rest because it belongs to the card number.
        ("401288888 and 8881881", "••••••••• and •••••••"),
        ("order 4012888888881882x", "order ••••••••••••••••x"),
        ("order 40128, 88881882", "order •••••, ••••••••"),
        ("order 40128 of 88881882", "order 40128 of 88881882"),
        ("401288••••••1881", "401288••••••1881"),
        ("401288******1881", "401288******1881"),
    ] {
        assert_eq!(redaction.text(text), shown, "{text}");
    }
    assert_eq!(redaction.id("x-4012-8888-8888-1881"), "x-••••-••••-••••-••••");
    assert_eq!(redaction.id("1234567890123456789012"), "1234567890123456789012");
    assert_eq!(redaction.integer(4_012_888_888_881_881), None);
    assert_eq!(redaction.integer(1_050), Some(1_050));
    assert!(redaction.holds_card("4012-8888-8888-1881"));
    assert!(!redaction.holds_card("987"));
}

#[test]
fn a_number_that_is_gone_is_known_by_what_is_kept_of_it() {
    let summary = CardSummary::new(CardBrand::Visa, "1881", 16).unwrap();
    let redaction = Redaction::default().with_summary(Some(summary));
    assert_eq!(redaction.id("x-4012888888881881"), "x-••••••••••••••••");
    assert_eq!(redaction.id("4012 8888 8888 1881"), "•••• •••• •••• ••••");
    assert_eq!(redaction.integer(4_012_888_888_881_881), None);
    assert_eq!(
        redaction.text("4012 and 8888 and 8888 and 1881"),
        "•••• and •••• and •••• and ••••"
    );
    // Another brand, another check digit or other last digits: order ids like any other.
    for id in [
        "9012888888881881",
        "4012888888881891",
        "4012888888881880",
        "2017-11-27 16:45:47.000+0300",
    ] {
        assert_eq!(redaction.id(id), id);
    }
}

#[test]
fn what_looks_like_a_card_is_masked_where_nothing_is_known() {
    let redaction = Redaction::default();
    for (text, shown) in [
        (
            "securityCode 987 is not valid for 4111.1111.1111.1111 exp 12/2040",
            "securityCode ••• is not valid for ••••.••••.••••.•••• exp 12/2040",
        ),
        ("4111-_-1111 | 1111,,1111", "••••-_-•••• | ••••,,••••"),
        ("１２３４５６７８９", "•••••••••"),
        ("12345678", "12345678"),
        ("CVV2/CVC2: 1234", "CVV2/CVC2: ••••"),
        ("bad cvc2=987.", "bad cvc2=•••."),
        ("wrong security-code (987)", "wrong security-code (•••)"),
        ("Security_Code 1019 987", "Security_Code •••• •••"),
        ("CID 987", "CID •••"),
        ("incident 987", "incident 987"),
        ("Prüfnummer 987 falsch", "Prüfnummer ••• falsch"),
        ("код безопасности ٩٨٧", "код безопасности •••"),
        ("安全码987错误", "安全码•••错误"),
        ("cvv 12 and 98765", "cvv 12 and 98765"),
        ("error 119, HTTP 404", "error 119, HTTP 404"),
    ] {
        assert_eq!(redaction.text(text), shown, "{text}");
    }
    assert_eq!(redaction.id("4111111111111111"), "4111111111111111");
}

#[test]
fn a_known_code_is_masked_where_it_stands_alone() {
    let source = visa();
    let redaction = Redaction::default().with_source(&source);
    assert_eq!(
        redaction.text("987 is wrong (987), 1987 is a year"),
        "••• is wrong (•••), 1987 is a year"
    );
    let stored = StoredCardPayment::new("card-of-ada-17", b"4321", false).unwrap();
    let source = SourceOfFunds::StoredCardPayment(stored);
    let redaction = Redaction::default().with_source(&source);
    assert_eq!(redaction.text("card-of-ada-17: 4321?"), "•••: ••••?");
}

#[test]
fn a_holder_is_masked_in_any_case_and_order() {
    let source = visa();
    let redaction = Redaction::default().with_source(&source);
    for (text, shown) in [
        ("ADA Q. LOVELACE is not ada", "•••. ••• is not •••"),
        ("lovelace, ada", "•••, •••"),
        ("AdaQLovelace", "•••"),
        ("xlovelacex", "x•••x"),
        ("adapter q", "adapter q"),
    ] {
        assert_eq!(redaction.text(text).replace("••• •••", "•••"), shown, "{text}");
    }
    let source = card("4012888888881881", Holder::first_last("No", "Zoë").unwrap());
    let redaction = Redaction::default().with_source(&source);
    assert_eq!(redaction.text("No funds: ZOË NO"), "No funds: ••• •••");
    let source = card("4012888888881881", Holder::printed("山田太郎").unwrap());
    let redaction = Redaction::default().with_source(&source);
    assert_eq!(redaction.text("名義人山田太郎は違う"), "名義人•••は違う");
}

#[test]
fn tokens_are_masked_whole_cut_and_encoded() {
    let secret = Secret::new(TOKEN);
    let redaction = Redaction::default().with_secret(&secret);
    for (text, shown) in [
        (format!("session {TOKEN} is closed"), "session ••• is closed"),
        (format!("session {}…", &TOKEN[..14]), "session •••…"),
        (
            format!("t={}&x", TOKEN.replace('/', "%2F").replace('+', "%2b")),
            "t=•••&x",
        ),
        (format!("{}{TOKEN}", "x".repeat(250)), &("x".repeat(250) + "•••")),
    ] {
        assert_eq!(redaction.text(&text), shown, "{text}");
    }
    assert_eq!(redaction.id(TOKEN), "•••");
    // A short secret could be any word.
    let secret = Secret::new("session");
    assert_eq!(Redaction::default().with_secret(&secret).text("session"), "session");
}

#[test]
fn a_payer_is_masked_and_ids_that_only_begin_like_theirs_are_not() {
    let consumer = Consumer::new("device-0001").unwrap().with_email("ada@x.io").unwrap();
    let redaction = Redaction::default()
        .with_consumer(&consumer)
        .with_word(consumer.serial_number());
    assert_eq!(redaction.text("ada@x.io on device-0001"), "••• on •••");
    let word = "merchant-example-card-77";
    let redaction = Redaction::default().with_word(word);
    assert_eq!(redaction.id("merchant-example-order-9"), "merchant-example-order-9");
}

#[test]
fn addresses_are_shown_without_what_they_carry() {
    let redaction = Redaction::default();
    for (text, shown) in [
        (
            "GET https://user:pass@shop.example/a/b?token=abc#d failed",
            "GET https://•••@shop.example/a/b?••• failed",
        ),
        ("\"https://shop.example/@me\"", "\"https://shop.example/@me\""),
        ("see (https://shop.example#x)", "see (https://shop.example#•••)"),
        ("a://", "a://"),
    ] {
        assert_eq!(redaction.text(text), shown, "{text}");
    }
}

#[test]
fn invisible_characters_are_removed() {
    let hidden = "\u{200b}\u{200e}\u{200f}\u{2060}\u{2064}\u{feff}\u{ad}\u{61c}\u{e0001}\u{e0041}\u{e007f}";
    let redaction = Redaction::default();
    assert_eq!(redaction.text(&format!("a{hidden}b\u{202e}c")), "ab c");
    assert_eq!(redaction.id(&format!("a{hidden}b\u{202e}\u{2069}\nc")), "abc");
    assert_eq!(redaction.id(&"x".repeat(10_000)).len(), 128);
}

#[test]
fn cleaning_twice_changes_nothing() {
    let source = visa();
    let secret = Secret::new(TOKEN);
    let redaction = Redaction::default().with_source(&source).with_secret(&secret);
    let text = format!("Ada 4012.8888.8888.1881 cvv 987 {TOKEN} https://a@b/?c 12345678901");
    let once = redaction.text(&text);
    assert_eq!(redaction.text(&once), once);
    assert_eq!(Redaction::default().text(&once), once);
}
