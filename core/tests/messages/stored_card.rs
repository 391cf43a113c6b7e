//! The answer with a stored card: what is kept of it, and what is left out.

use salekit_core::{
    CardBrand, CardExpiry, StoredCard,
    wire::{Reply, merchant},
};

use super::INVOICE;

#[test]
fn a_stored_card_that_no_sale_could_name_is_none() {
    for id in ["", "\u{7}", "a\\nb", "a\u{2028}b", &"x".repeat(129)] {
        let card = format!(r#"{{"sourceOfFunds": {{"reference": {{"clientCardId": "{id}"}}}}}}"#);
        assert!(
            merchant::read_stored_card(&Reply::new(200, card), INVOICE).is_err(),
            "{id:?}"
        );
    }
}

#[test]
fn what_a_merchant_tells_of_a_stored_card_is_kept() {
    let read = |source_card: &str| {
        let card = format!(
            r#"{{"sourceOfFunds": {{"reference": {{"clientCardId": "card-1"}}}}, "sourceCard": {source_card}}}"#
        );
        merchant::read_stored_card(&Reply::new(200, card), INVOICE).unwrap()
    };
    let told = read(r#"{"bin": "41111111", "brand": "Visa", "last4": "0005", "expiry": {"month": 12, "year": 2030}}"#);
    let StoredCard {
        client_card_id,
        bin,
        brand,
        last4,
        expiry,
        mapped_with_email,
    } = told.clone();
    assert_eq!((client_card_id.as_str(), mapped_with_email), ("card-1", false));
    // Of a number with twelve digits, eight and four are all.
    assert_eq!((bin.as_deref(), last4.as_deref()), (Some("411111"), Some("0005")));
    assert_eq!(brand, Some(CardBrand::Visa));
    assert_eq!(expiry, Some(CardExpiry { year: 2030, month: 12 }));
    let written = serde_json::to_string(&told).unwrap();
    assert_eq!(serde_json::from_str::<StoredCard>(&written).unwrap(), told);

    let brand = |word: &str| read(&format!(r#"{{"brand": {word}}}"#)).brand;
    assert_eq!(brand(r#""UNION_PAY""#), Some(CardBrand::UnionPay));
    assert_eq!(brand(r#""MasterCard""#), Some(CardBrand::Mastercard));
    assert_eq!(read(r#"{"bin": "41111111"}"#).bin.as_deref(), Some("41111111"));
    assert_eq!(read(r#"{"last4": 1881}"#).last4.as_deref(), Some("1881"));
    let expiry = read(r#"{"expiry": {"month": "7", "year": 31}}"#).expiry;
    assert_eq!(expiry, Some(CardExpiry { year: 2031, month: 7 }));
}

#[test]
fn what_is_odd_about_a_stored_card_is_left_out_and_a_card_number_always() {
    let number = "4111111111111111";
    for odd in [
        "null",
        "7",
        "[]",
        r#"{"bin": null, "brand": null, "last4": null, "expiry": null}"#,
        r#"{"bin": "", "brand": "", "last4": "", "expiry": {}}"#,
        r#"{"bin": "411111111", "brand": "unknown", "last4": "111", "expiry": {"month": 13, "year": 2030}}"#,
        r#"{"bin": "41x111", "brand": "next big scheme", "last4": "11x1", "expiry": {"month": 0, "year": 2030}}"#,
        r#"{"brand": {}, "last4": ["1111"], "expiry": {"month": 12}}"#,
        r#"{"brand": 4, "last4": "١١", "expiry": "12/30"}"#,
        r#"{"expiry": {"month": 12, "year": 99999}}"#,
        r#"{"expiry": {"month": -1, "year": -2030}}"#,
        &format!(
            r#"{{"bin": {number}, "brand": "{number}", "last4": "{number}", "expiry": {{"month": {number}, "year": {number}}}}}"#
        ),
    ] {
        let card =
            format!(r#"{{"sourceOfFunds": {{"reference": {{"clientCardId": "card-1"}}}}, "sourceCard": {odd}}}"#);
        let card = merchant::read_stored_card(&Reply::new(200, card), INVOICE).unwrap();
        assert_eq!(
            (&card.bin, card.brand, &card.last4, card.expiry),
            (&None, None, &None, None),
            "{odd}"
        );
        assert_eq!(card.client_card_id, "card-1");
    }
}

#[test]
fn the_name_of_a_stored_card_is_not_shown() {
    let card = merchant::read_stored_card(&Reply::new(200, file!("answers/stored_card")), INVOICE).unwrap();
    assert!(!format!("{card:?}").contains("client-card-1"));
}
