//! `docs/errors.md` names every outcome, reason, advice, error, rule and failure, with what the payer sees.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
};

use salekit_core::FailureKind;

fn read(place: &str) -> String {
    fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(place)).unwrap()
}

/// The rows of the table in the section `title`, without its head: each row's cells.
fn table(title: &str) -> Vec<Vec<String>> {
    let page = read("docs/errors.md");
    let heading = format!("\n## {title}\n");
    let (_, section) = page
        .split_once(&heading)
        .unwrap_or_else(|| panic!("no section {title}"));
    let section = section.split("\n## ").next().unwrap();
    let rows = section.lines().filter(|line| line.starts_with('|')).skip(2);
    rows.map(|row| {
        row.trim_matches('|')
            .split(" | ")
            .map(|cell| cell.trim().to_owned())
            .collect()
    })
    .collect()
}

/// The codes in the first column of the section `title`, in the page's order.
fn codes(title: &str) -> Vec<String> {
    table(title)
        .iter()
        .map(|row| row[0].trim_matches('`').to_owned())
        .collect()
}

/// `TryAnotherCard` as `try_another_card`.
fn snake(name: &str) -> String {
    let mut snake = String::new();
    for (place, letter) in name.char_indices() {
        if letter.is_ascii_uppercase() && place > 0 {
            snake.push('_');
        }
        snake.push(letter.to_ascii_lowercase());
    }
    snake
}

/// What `declaration` holds between its brackets, without comments.
fn body(source: &str, declaration: &str) -> Vec<String> {
    let (_, after) = source
        .split_once(&format!("{declaration} {{\n"))
        .unwrap_or_else(|| panic!("no {declaration}"));
    let body = after.split("\n}").next().unwrap();
    let code = |line: &&str| !line.trim_start().starts_with("//");
    body.lines().filter(code).map(str::to_owned).collect()
}

/// The constants of an enumeration of the contract, as codes.
fn constants(name: &str) -> Vec<String> {
    let contract = read("udl/salekit.udl");
    let lines = body(&contract, &format!("enum {name}"));
    lines
        .iter()
        .filter_map(|line| line.trim().strip_prefix('"'))
        .map(|line| snake(line.split('"').next().unwrap()))
        .collect()
}

/// All sources of the core, of which one declares what is looked for.
fn core() -> String {
    let mut text = String::new();
    let mut folders = vec![PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../core/src")];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|ending| ending == "rs") {
                text += &fs::read_to_string(path).unwrap();
            }
        }
    }
    text
}

/// The variants of an enumeration of the core: what stands one step inside it.
fn variants(name: &str) -> Vec<String> {
    let lines = body(&core(), &format!("pub enum {name}"));
    lines
        .iter()
        .filter_map(|line| line.strip_prefix("    "))
        .filter(|line| line.starts_with(|letter: char| letter.is_ascii_uppercase()))
        .map(|line| {
            line.split(|letter: char| !letter.is_alphanumeric())
                .next()
                .unwrap()
                .to_owned()
        })
        .collect()
}

fn sorted(mut codes: Vec<String>) -> Vec<String> {
    codes.sort();
    codes
}

/// The sentence of each code of the section `title`, in the column `column`, is that of the group `group`.
fn assert_sentences(title: &str, column: usize, group: &str, otherwise: Option<&str>) {
    let english: BTreeMap<String, String> = serde_json::from_str(&read("bindings/messages/en.json")).unwrap();
    for row in table(title) {
        let key = format!("{group}.{}", row[0].trim_matches('`'));
        let sentence = english.get(&key).or_else(|| english.get(otherwise?));
        assert_eq!(Some(&row[column]), sentence, "{title}: {key}");
    }
}

#[test]
fn the_tables_have_all_constants_of_the_contract() {
    for (title, name, fewest) in [
        ("Charge", "Charge", 3),
        ("Advice after a decline", "DeclineAdvice", 7),
        ("Reasons for not charged", "NotChargedReason", 11),
        ("Reasons for unknown", "UnknownReason", 7),
        ("Advice for unknown", "UnknownAdvice", 2),
        ("Failures of requests", "FailureKind", 16),
    ] {
        let constants = constants(name);
        assert!(constants.len() >= fewest, "{name}: {constants:?}");
        assert_eq!(codes(title), constants, "{title}");
    }
}

#[test]
fn the_tables_have_all_outcomes_and_rules_of_the_core() {
    for (title, name) in [("Outcomes", "SaleOutcome"), ("Rules of invalid input", "Rule")] {
        let variants: Vec<String> = variants(name).iter().map(|name| snake(name)).collect();
        assert!(!variants.is_empty(), "{name}");
        assert_eq!(codes(title), variants, "{title}");
    }
}

#[test]
fn the_exceptions_are_those_of_the_contract_and_of_the_core() {
    let contract = body(&read("udl/salekit.udl"), "interface SaleKitError");
    let declared = contract.iter().filter_map(|line| line.trim().split_once('('));
    let declared = declared.map(|(name, _)| snake(name)).collect();
    assert_eq!(sorted(codes("Exceptions")), sorted(declared));

    let mut named: Vec<String> = table("Exceptions")
        .iter()
        .filter_map(|row| row[4].strip_prefix('`').and_then(|name| name.strip_suffix('`')))
        .map(str::to_owned)
        .collect();
    named.sort();
    named.dedup();
    assert_eq!(named, sorted(variants("ClientError")));
}

#[test]
fn the_payer_sees_what_the_page_says() {
    assert_sentences("Charge", 1, "charge", None);
    assert_sentences("Advice after a decline", 1, "advice", None);
    assert_sentences("Reasons for not charged", 2, "not_charged", None);
    assert_sentences("Reasons for unknown", 2, "unknown", None);
    assert_sentences("Advice for unknown", 1, "unknown_advice", None);
    assert_sentences("Exceptions", 2, "error", None);
    assert_sentences("Rules of invalid input", 2, "rule", Some("error.invalid_input"));
}

#[test]
fn failures_are_described_and_repeated_as_the_page_says() {
    for row in table("Failures of requests") {
        let code = row[0].trim_matches('`');
        let kind: FailureKind = serde_json::from_str(&format!("\"{code}\"")).unwrap();
        assert_eq!(row[1], kind.message(), "{code}");
        assert_eq!(row[2] == "no", kind.is_permanent(), "{code}");
    }
}
