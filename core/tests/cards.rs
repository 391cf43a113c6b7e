//! Check digits and brands against a table from other sources: published test numbers, and the limits of the ranges
//! from another project (credit-card-type), with check digits that were computed elsewhere. Tests in other languages
//! can read the same file.

use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;
use salekit_core::{CalendarMonth, CardBrand, CardField, CardForm, CardNumber, HolderFields, Validity};
use serde::Deserialize;

#[derive(Deserialize)]
struct Table {
    brands: BTreeMap<CardBrand, Looks>,
    cards: Vec<Entry>,
}

#[derive(Deserialize)]
struct Looks {
    lengths: Vec<u8>,
}

#[derive(Deserialize)]
struct Entry {
    number: String,
    brand: CardBrand,
    valid: bool,
}

fn table() -> Table {
    serde_json::from_str(include_str!("cards.json")).unwrap()
}

#[test]
fn every_number_is_what_the_table_says() {
    let cards = table().cards;
    assert!(cards.len() > 100);
    for Entry { number, brand, valid } in cards {
        assert_eq!(CardNumber::parse(&number).is_ok(), valid, "{number}");
        assert_eq!(CardBrand::of(number.as_bytes()), brand, "{number}");
    }
}

#[test]
fn every_brand_has_the_lengths_of_the_table_and_each_is_a_whole_number_for_the_form() {
    let Table { brands, cards } = table();
    for (brand, looks) in &brands {
        assert_eq!(brand.lengths(), looks.lengths, "{brand:?}");
    }
    let today = CalendarMonth::new(2026, 11).unwrap();
    for card in &cards {
        let Some(looks) = brands.get(&card.brand) else { continue };
        let has_length = u8::try_from(card.number.len()).is_ok_and(|length| looks.lengths.contains(&length));
        let mut form = CardForm::new(HolderFields::PrintedName, today);
        let whole = form
            .paste(CardField::Number, card.number.as_bytes())
            .is_ok_and(|state| state.validity == Validity::Valid);
        assert_eq!(whole, card.valid && has_length, "{}", card.number);
    }
    let seen: BTreeSet<_> = cards.iter().map(|card| card.brand).collect();
    assert!(brands.keys().all(|brand| seen.contains(brand)));
}

/// What a digit adds to the sum, in places that count once and in places that count twice.
const ADDS: [[u32; 10]; 2] = [[0, 1, 2, 3, 4, 5, 6, 7, 8, 9], [0, 2, 4, 6, 8, 1, 3, 5, 7, 9]];

fn has_right_check_digit(number: &str) -> bool {
    let places = number.bytes().rev().zip([0, 1].into_iter().cycle());
    let sum: u32 = places
        .map(|(digit, twice): (u8, usize)| ADDS[twice][usize::from(digit - b'0')])
        .sum();
    sum.to_string().ends_with('0')
}

proptest! {
    #[test]
    fn the_check_digit_is_that_of_the_table_of_sums(number in "[0-9]{9,19}") {
        prop_assert_eq!(CardNumber::parse(&number).is_ok(), has_right_check_digit(&number));
    }

    #[test]
    fn a_brand_known_from_six_digits_stays(number in "[0-9]{9,19}") {
        let brand = CardBrand::of(&number.as_bytes()[..6]);
        for length in 7..=number.len() {
            prop_assert_eq!(CardBrand::of(&number.as_bytes()[..length]), brand);
        }
    }
}
