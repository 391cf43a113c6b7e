//! Holds what `docs/protocol.md` says of polling, error codes and causes to what the core does.

use std::collections::BTreeMap;

use salekit_core::{DeclineAdvice, Plan, wire::Cause};

const PAGE: &str = include_str!("../../docs/protocol.md");

/// The rows of the first table under a heading, without its head; each as its cells.
fn table(heading: &str) -> Vec<Vec<&'static str>> {
    let (_, section) = PAGE.split_once(&format!("\n## {heading}\n")).expect(heading);
    let rows = section.lines().skip_while(|line| !line.starts_with('|'));
    rows.take_while(|line| line.starts_with('|'))
        .skip(2)
        .map(|line| line.trim_matches('|').split('|').map(str::trim).collect())
        .collect()
}

/// The numbers of a cell, ranges written out; names in backquotes and remarks in parentheses do not count.
fn numbers(cell: &str) -> Vec<i64> {
    let names_removed: String = cell.split('`').step_by(2).collect();
    let mut depth = 0_u32;
    let remarks_removed: String = names_removed
        .chars()
        .filter(|character| {
            depth += u32::from(*character == '(');
            let is_outside = depth == 0;
            depth -= u32::from(*character == ')');
            is_outside
        })
        .collect();
    remarks_removed
        .split(|character: char| !character.is_ascii_digit() && character != '–')
        .filter(|word| word.starts_with(|first: char| first.is_ascii_digit()))
        .flat_map(|word| {
            let (first, last) = word.split_once('–').unwrap_or((word, word));
            first.parse::<i64>().unwrap()..=last.parse().unwrap()
        })
        .collect()
}

#[test]
fn the_error_codes_have_the_advice_that_the_page_says() {
    let mut said = BTreeMap::new();
    for row in table("Error codes") {
        let advice = match row[1] {
            "check the card details" => DeclineAdvice::CheckCardDetails,
            "check the security code" => DeclineAdvice::CheckSecurityCode,
            "authenticate again" => DeclineAdvice::AuthenticateAgain,
            "contact the merchant" => DeclineAdvice::ContactMerchant,
            "retry later" => DeclineAdvice::RetryLater,
            "another card" => DeclineAdvice::TryAnotherCard,
            "ask the bank" => DeclineAdvice::ContactBank,
            other => panic!("no advice: {other}"),
        };
        let message = row[0]
            .contains("ACKNOWLEDGEMENT")
            .then_some("ACKNOWLEDGEMENT_CALL_ERROR");
        for code in numbers(row[0]) {
            assert_eq!(DeclineAdvice::for_code(Some(code), message), advice, "{code}");
            said.insert(code, advice);
        }
    }
    assert!(said.len() > 100, "{said:?}");
    for code in (0..2_000).filter(|code| !said.contains_key(code)) {
        assert_eq!(
            DeclineAdvice::for_code(Some(code), None),
            DeclineAdvice::TryAnotherCard,
            "{code}"
        );
    }
}

#[test]
fn the_pace_is_what_the_page_says() {
    let plan = Plan::default();
    let seconds = |milliseconds: u64| format!("{} s", milliseconds / 1_000);
    let minutes = |milliseconds: u64| format!("{} minutes", milliseconds / 60_000);
    let pacing = plan.pacing;
    let aim = |milliseconds: u64| format!("{}.{} s", milliseconds / 1_000, milliseconds % 1_000 / 100);
    let expected = [
        vec![aim(pacing.aim_after_perform)],
        vec![seconds(pacing.processing_gap), minutes(plan.processing_window)],
        vec![seconds(pacing.challenge_gap), minutes(plan.challenge_window)],
        vec![aim(pacing.aim_after_return), seconds(pacing.floor)],
        vec![seconds(pacing.longest_backoff)],
    ];
    let rows = table("Polling");
    assert_eq!(rows.len(), expected.len());
    for (row, expected) in rows.iter().zip(expected) {
        for words in expected {
            assert!(row[1].contains(&words), "{row:?} does not say {words}");
        }
    }
}

#[test]
fn the_causes_that_the_page_calls_refusals_are_refusals() {
    let (_, section) = PAGE.split_once("| cause | meaning |").unwrap();
    let rows = section.lines().skip(2).take_while(|line| line.starts_with('|'));
    let mut seen = 0;
    for row in rows {
        let cells: Vec<_> = row.trim_matches('|').split('|').map(str::trim).collect();
        for cause in cells[0].split('`').skip(1).step_by(2) {
            let cause = Cause::parse(cause);
            assert!(!matches!(cause, Cause::Other(_)), "{cause}");
            assert_eq!(cause.is_refusal(), cells[1] == "refused", "{cause}");
            seen += 1;
        }
    }
    assert_eq!(seen, 9);
}
