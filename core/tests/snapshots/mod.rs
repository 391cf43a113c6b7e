//! Stored snapshots: the written format does not change, and every version that was ever written can be read.
//!
//! `SALEKIT_WRITE_FIXTURES=1` writes the fixtures of the present version again. Use it only while no app has stored
//! that version. Afterwards, a change of the format must raise the version and keep the reader and the fixtures of the
//! one before.

mod phases;

use std::{fs, path::PathBuf};

use phases::{APPROVED, CHALLENGE};
use ring::digest::{SHA256, digest};
use salekit_core::{
    Charge, MerchantServer, Parties, SaleOutcome, Secret, Unanswered,
    flow::{Effect, Event, Plan, Snapshot, SnapshotError},
    wire::merchant::SessionAnswer,
};
use salekit_testkit::sale::{INVOICE, LOST, START, Sale, TOKEN, parties, poll, session_token};
use serde_json::Value;

fn folder(version: u32) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join(format!("tests/snapshots/v{version}"))
}

fn fixtures(version: u32) -> Vec<(String, Vec<u8>)> {
    let files = fs::read_dir(folder(version))
        .unwrap()
        .map(|entry| entry.unwrap().path());
    let mut fixtures: Vec<_> = files
        .map(|path| {
            let name = path.file_stem().unwrap().to_str().unwrap().to_owned();
            (name, fs::read(&path).unwrap())
        })
        .collect();
    fixtures.sort();
    assert!(fixtures.len() >= 30, "fixtures are missing");
    fixtures
}

/// The sale in a fixture, an hour after it was stored.
fn restored(bytes: &[u8]) -> Sale {
    let Snapshot(state) = Snapshot::decode(bytes).unwrap();
    let mut sale = Sale::new(Plan::default());
    (sale.state, sale.now) = (state, START.plus(3_600_000));
    sale
}

fn is_asked(sale: &Sale, select: fn(&Effect) -> Option<u32>) -> bool {
    sale.effects.iter().any(|effect| select(effect).is_some())
}

/// The charge that a fixture's sale ends with if the merchant's server and the gateway give the best possible answers.
fn best_end(name: &str, sale: &mut Sale) -> Charge {
    println!("{name}");
    sale.handle(Event::Resume);
    if is_asked(sale, session_token) {
        sale.session(Ok(SessionAnswer::Token(Secret::new(TOKEN))));
    }
    if is_asked(sale, poll) {
        sale.status(CHALLENGE);
        assert!(
            sale.effects
                .iter()
                .any(|effect| matches!(effect, Effect::OpenBrowser { .. })),
            "the page can be finished after a restart"
        );
        sale.timer().status(APPROVED);
    }
    sale.outcome().expect("an end").charge()
}

fn expected(name: &str) -> Charge {
    let ended = ["declined", "not_charged", "not_charged_voided"];
    let before_perform = ["new", "authorising", "initiating"];
    if ended.contains(&name) || before_perform.iter().any(|phase| name.starts_with(phase)) {
        Charge::NotCharged
    } else if name == "unknown_unasked" {
        Charge::Unknown
    } else {
        Charge::Charged
    }
}

#[test]
fn what_is_written_stays_as_it_is() {
    let sales = phases::all();
    let this = folder(2);
    if std::env::var("SALEKIT_WRITE_FIXTURES").is_ok() {
        fs::create_dir_all(&this).unwrap();
        for (name, sale) in &sales {
            fs::write(this.join(format!("{name}.json")), Snapshot(sale.state.clone()).encode()).unwrap();
        }
    }
    for (name, sale) in &sales {
        let written = Snapshot(sale.state.clone()).encode();
        let fixture = fs::read(this.join(format!("{name}.json"))).unwrap();
        assert_eq!(
            String::from_utf8_lossy(&written),
            String::from_utf8_lossy(&fixture),
            "{name} is written differently: raise the version and keep the reader of this one"
        );
        assert_eq!(Snapshot::decode(&fixture), Ok(Snapshot(sale.state.clone())), "{name}");
    }
    assert_eq!(fixtures(2).len(), sales.len(), "a fixture that nothing writes");
}

#[test]
fn every_version_resumes_and_ends() {
    for version in [1, 2] {
        for (name, bytes) in fixtures(version) {
            let mut sale = restored(&bytes);
            assert_eq!(sale.state.order().merchant_order_id.as_deref(), Some("order 17"));
            let remains = Snapshot::remains_in(&bytes);
            assert_eq!(
                remains.merchant_order_id.as_deref(),
                Some("order 17"),
                "version {version}, {name}"
            );
            assert_eq!(
                remains.amount,
                Some(sale.state.order().amount.clone()),
                "version {version}, {name}"
            );
            assert_eq!(best_end(&name, &mut sale), expected(&name), "version {version}, {name}");
            assert_eq!(sale.count(|effect| matches!(effect, Effect::Perform { .. })), 0);
            if sale.state.invoice_id().is_some() {
                assert_eq!(sale.state.invoice_id(), Some(INVOICE), "{name}");
            }
        }
    }
}

/// Version 1 did not store the parties of a sale. They stay unknown when the sale is stored again, so that any client
/// that may resume it today may do so tomorrow.
#[test]
fn a_sale_of_version_1_has_no_other_parties_even_when_it_is_stored_again() {
    let own = parties();
    let other = Parties {
        gateway_url: "https://other.example".to_owned(),
        merchant: MerchantServer::AppBackend,
    };
    for (name, bytes) in fixtures(1) {
        let Snapshot(state) = Snapshot::decode(&bytes).unwrap();
        let again = Snapshot(state).encode();
        let Snapshot(state) = Snapshot::decode(&again).unwrap();
        assert_eq!(state.other_parties(&other), None, "{name}");
    }
    for (name, bytes) in fixtures(2) {
        let Snapshot(state) = Snapshot::decode(&bytes).unwrap();
        assert_eq!(state.other_parties(&own), None, "{name}");
        assert_eq!(state.other_parties(&other), Some(&own), "{name}");
    }
}

#[test]
fn a_card_that_an_older_version_was_asking_for_can_still_be_asked_for() {
    let (_, bytes) = fixtures(1)
        .into_iter()
        .find(|(name, _)| name == "asking_stored_card")
        .unwrap();
    let request = restored(&bytes)
        .state
        .stored_card_request()
        .cloned()
        .expect("a request");
    assert_eq!(request.invoice.invoice_id, INVOICE);
    assert!(request.access_token.expose().starts_with('t'));
}

/// Data that is no longer needed is not stored.
#[test]
fn a_final_end_keeps_no_token_but_the_one_that_the_stored_card_is_asked_for_with() {
    for (name, bytes) in fixtures(2) {
        let text = String::from_utf8(bytes).unwrap();
        let has = |token: String| text.contains(&token);
        let (session, nonce, signature, access) = (
            has(TOKEN.to_owned()),
            has("n".repeat(64)),
            has("s".repeat(40)),
            has("t".repeat(64)),
        );
        match name.as_str() {
            "approved" => assert_eq!((session, nonce, signature, access), (false, false, false, true)),
            "approved_by_stored_card" | "declined" | "not_charged" | "not_charged_voided" => {
                assert_eq!(
                    (session, nonce, signature, access),
                    (false, false, false, false),
                    "{name}"
                );
            }
            name if name.starts_with("processing") || name.starts_with("challenge") => {
                assert_eq!(
                    (session, nonce, signature, access),
                    (true, false, false, true),
                    "{name}"
                );
            }
            _ => {}
        }
    }
}

/// A polling snapshot of version 1 without a session token gave a sale that never ended.
#[test]
fn a_snapshot_that_lacks_what_its_phase_needs_is_damaged_and_names_its_invoice() {
    let cases = [
        (
            "processing",
            r#""session_token":"session-token-0123456789""#,
            r#""session_token":null"#,
        ),
        (
            "challenge",
            r#""session_token":"session-token-0123456789""#,
            r#""session_token":null"#,
        ),
        (
            "recovering",
            r#""access_token":"tttttttttttttttttttttttttttttttttttttttttttttttttttttttttttttttt""#,
            r#""access_token":null"#,
        ),
        (
            "unknown",
            r#""access_token":"tttttttttttttttttttttttttttttttttttttttttttttttttttttttttttttttt""#,
            r#""access_token":null"#,
        ),
    ];
    for (name, member, nothing) in cases {
        let (_, bytes) = fixtures(1).into_iter().find(|(known, _)| known == name).unwrap();
        let text = String::from_utf8(bytes).unwrap();
        assert!(text.contains(member), "{name}");
        let seal = &text[..text.find(r#""sale""#).unwrap()];
        let unsealed = text.replace(seal, r#"{"version":1,"#).replacen(member, nothing, 1);
        let Err(SnapshotError::Damaged { detail }) = Snapshot::decode(unsealed.as_bytes()) else {
            panic!("{name}")
        };
        assert!(detail.ends_with("is missing"), "{detail}");
        assert_eq!(
            Snapshot::invoice_id_in(unsealed.as_bytes()).as_deref(),
            Some(INVOICE),
            "{name}"
        );
    }
    let (_, bytes) = fixtures(2)
        .into_iter()
        .find(|(known, _)| known == "processing")
        .unwrap();
    let text = String::from_utf8(bytes).unwrap();
    let unsealed = text.replace(&text[..text.find(r#""sale""#).unwrap()], r#"{"version":2,"#);
    assert!(
        Snapshot::decode(unsealed.as_bytes()).is_err(),
        "version 2 is always sealed"
    );
}

#[test]
fn a_resumed_sale_ends_even_without_any_answer() {
    for version in [1, 2] {
        for (name, bytes) in fixtures(version) {
            let mut sale = restored(&bytes);
            sale.handle(Event::Resume);
            let mut steps = 0;
            while sale.outcome().is_none() {
                steps += 1;
                assert!(steps < 200, "{name}");
                if is_asked(&sale, session_token) {
                    sale.session(Err(Unanswered::Failed(LOST)));
                } else if is_asked(&sale, poll) {
                    sale.status_answer(Err(LOST));
                } else {
                    sale.timer();
                }
            }
            assert!(
                !matches!(sale.outcome(), Some(SaleOutcome::Approved(_)))
                    || name.starts_with("approved")
                    || name == "asking_stored_card"
            );
        }
    }
}

/// The snapshot of `sale` in the present version, with the right checksum.
fn sealed(sale: &Value) -> Vec<u8> {
    let sale = sale.to_string();
    let seal = digest(&SHA256, sale.as_bytes());
    let seal: String = seal.as_ref().iter().map(|byte| format!("{byte:02x}")).collect();
    format!(r#"{{"version":2,"sha256":"{seal}","sale":{sale}}}"#).into_bytes()
}

/// Every `value` with one member missing, and with that member set to `null`, together with the member's path.
fn without_one_member(value: &Value) -> Vec<(String, Value, Value)> {
    let Value::Object(members) = value else {
        return Vec::new();
    };
    let mut found = Vec::new();
    for (name, member) in members {
        let with = |inner: Value| {
            let mut members = members.clone();
            members.insert(name.clone(), inner);
            Value::Object(members)
        };
        let mut without = members.clone();
        without.remove(name);
        found.push((name.clone(), Value::Object(without), with(Value::Null)));
        for (path, without, nothing) in without_one_member(member) {
            found.push((format!("{name}.{path}"), with(without), with(nothing)));
        }
    }
    found
}

/// A missing member means `None` if the member is optional. It never means a value that was not written.
#[test]
fn whichever_member_is_missing_no_other_value_is_made_up_for_it() {
    let mut damaged = 0;
    for (name, bytes) in fixtures(2) {
        let whole: Value = serde_json::from_slice(&bytes).unwrap();
        let sale = &whole["sale"];
        assert_eq!(Snapshot::decode(&sealed(sale)), Snapshot::decode(&bytes), "{name}");
        for (path, without, nothing) in without_one_member(sale) {
            // Version 1 did not have it, and its meaning is part of the format.
            if path.ends_with("pacing.aim_after_perform") {
                continue;
            }
            match Snapshot::decode(&sealed(&without)) {
                Ok(read) => assert_eq!(Snapshot::decode(&sealed(&nothing)), Ok(read), "{name}: {path}"),
                Err(SnapshotError::Damaged { .. }) => damaged += 1,
                Err(other) => panic!("{name}: {path}: {other}"),
            }
        }
    }
    assert!(damaged > 1_000, "most members are needed: {damaged}");
}
