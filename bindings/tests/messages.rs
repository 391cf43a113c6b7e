//! The sentences for payers: every language says the same things, and English is what the core says.

use std::{collections::BTreeMap, fs, path::Path};

use salekit::{DeclineAdvice, UnknownAdvice};

/// What the product is to speak, by codes of ISO 639.
const LANGUAGES: [&str; 12] = ["de", "en", "es", "fr", "it", "ka", "kk", "pl", "pt", "ru", "tr", "uk"];

type Sentences = BTreeMap<String, String>;

fn languages() -> BTreeMap<String, Sentences> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("messages");
    let read = |path: &Path| serde_json::from_str(&fs::read_to_string(path).unwrap()).unwrap();
    fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .map(|path| (path.file_stem().unwrap().to_str().unwrap().to_owned(), read(&path)))
        .collect()
}

/// What a formatter of Kotlin's or Swift's would take for the place of a value.
fn places(sentence: &str) -> Vec<&str> {
    let words = sentence.split(|character: char| !"%{}@$".contains(character) && !character.is_ascii_alphanumeric());
    let mut places: Vec<&str> = words.filter(|word| word.contains(['%', '{', '}', '$'])).collect();
    places.sort_unstable();
    places
}

#[test]
fn the_languages_are_those_that_are_promised() {
    assert_eq!(languages().keys().collect::<Vec<_>>(), LANGUAGES);
}

#[test]
fn every_language_has_every_sentence_with_the_same_places_for_values() {
    let languages = languages();
    let english = &languages["en"];
    for (language, sentences) in &languages {
        assert_eq!(
            sentences.keys().collect::<Vec<_>>(),
            english.keys().collect::<Vec<_>>(),
            "{language}"
        );
        for (key, sentence) in sentences {
            assert_eq!(places(sentence), places(&english[key]), "{language}: {key}");
        }
    }
}

#[test]
fn places_for_values_are_seen() {
    assert_eq!(places("Pay %1$s to {name}, please"), ["%1$s", "{name}"]);
    assert_eq!(places("You have not been charged."), [""; 0]);
}

/// Another word of the same group would pass by unseen if two sentences were alike.
#[test]
fn every_language_gives_every_advice_a_sentence_of_its_own() {
    for (language, sentences) in languages() {
        for group in ["advice.", "unknown_advice.", "charge.", "unknown."] {
            let group = sentences.iter().filter(|(key, _)| key.starts_with(group));
            let mut told: Vec<&String> = group.map(|(_, sentence)| sentence).collect();
            let count = told.len();
            told.sort();
            told.dedup();
            assert_eq!(told.len(), count, "{language}: {told:?}");
        }
    }
}

#[test]
fn english_is_what_the_core_says() {
    let english = &languages()["en"];
    let advice = [
        (DeclineAdvice::TryAnotherCard, "try_another_card"),
        (DeclineAdvice::CheckCardDetails, "check_card_details"),
        (DeclineAdvice::CheckSecurityCode, "check_security_code"),
        (DeclineAdvice::AuthenticateAgain, "authenticate_again"),
        (DeclineAdvice::ContactBank, "contact_bank"),
        (DeclineAdvice::RetryLater, "retry_later"),
        (DeclineAdvice::ContactMerchant, "contact_merchant"),
    ];
    for (advice, code) in advice {
        assert_eq!(advice.message(), english[&format!("advice.{code}")]);
    }
    let unknown = [
        (UnknownAdvice::ResumeOrAskMerchant, "resume_or_ask_merchant"),
        (UnknownAdvice::AskMerchant, "ask_merchant"),
    ];
    for (advice, code) in unknown {
        assert_eq!(advice.message(), english[&format!("unknown_advice.{code}")]);
    }
}
