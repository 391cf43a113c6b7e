//! Ids that look like paths, addresses or commands, or that are too long.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
};

use salekit_core::{Charge, NotChargedReason, SaleId, SaleOutcome};
use salekit_testkit::folder::Folder;
use serde_json::json;

use super::peers::{Answers, initiated, sale};

fn ids() -> Vec<String> {
    let mut ids: Vec<String> = [
        ".",
        "..",
        "../../x",
        "../../../../../../tmp/x",
        "/etc/passwd",
        "/",
        "C:\\Windows\\x",
        "..\\..\\x",
        "%2e%2e%2fx",
        "%2e%2e",
        "a/../../b",
        "a\0b",
        "a\r\nHost: evil.example",
        "CON",
        "~/.ssh/id",
        "x.json",
        "$(touch x)",
        "`touch x`; rm -rf .",
        "https://evil.example/",
        "//evil.example/x",
        "@evil.example/x",
        "evil.example:443/",
        "?x=1",
        "#x",
        "\u{202e}gnp.x",
        "\u{2028}x",
        "．．/x",
        "․․/x",
        "x\u{301}",
        "x\u{200b}",
        "{invoiceId}",
        "",
        " ",
    ]
    .map(str::to_owned)
    .to_vec();
    ids.extend([128, 129, 300, 60_000].map(|length| "x".repeat(length)));
    ids.push("é".repeat(100));
    ids
}

/// Every file below `folder` and its contents.
fn tree(folder: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let mut files = BTreeMap::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        files.insert(folder.clone(), Vec::new());
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else {
                files.insert(path.clone(), fs::read(path).unwrap());
            }
        }
    }
    files
}

/// A folder deep enough to see where an id with `..` would end up, with files that it could hit.
fn surroundings() -> (Folder, PathBuf) {
    let folder = Folder::new();
    let store = folder.path().join("a/b/c/store");
    fs::create_dir_all(&store).unwrap();
    for (place, name) in [
        ("", "x"),
        ("a", "x"),
        ("a/b", "x.json"),
        ("a/b/c", "x"),
        ("a/b/c", "passwd"),
    ] {
        fs::write(folder.path().join(place).join(name), "not yours").unwrap();
    }
    (folder, store)
}

/// Makes a sale against `answers`. Everything except its own snapshot must be unchanged, and only the two servers were
/// asked.
async fn harmless(answers: Answers, what: &str) -> SaleOutcome {
    let (folder, store) = surroundings();
    let before = tree(folder.path());
    let (outcome, peers) = sale(answers, &store).await;
    let mut after = tree(folder.path());
    let new: Vec<_> = after
        .keys()
        .filter(|path| !before.contains_key(*path))
        .cloned()
        .collect();
    let [snapshot] = new.as_slice() else {
        panic!("{what:?} left {new:?}")
    };
    assert_eq!(snapshot.parent(), Some(store.as_path()), "{what:?}");
    assert_eq!(snapshot.extension().unwrap(), "json");
    SaleId::parse(snapshot.file_stem().unwrap().to_str().unwrap()).unwrap();
    after.remove(snapshot);
    assert_eq!(after, before, "{what:?}");

    for url in peers.asked.lock().unwrap().iter() {
        let base = match url.origin().ascii_serialization().as_str() {
            "https://gateway.example" => "/paynet",
            "https://shop.example" => "",
            other => panic!("{what:?} led to {other}"),
        };
        let path = url.path().strip_prefix(base).unwrap();
        // The base, then the fixed number of segments of each message: an id is always one segment.
        let segments = path.split('/').skip(1).collect::<Vec<_>>();
        let expected = match segments.as_slice() {
            [] | ["auth", _] | ["sale", "initiate-sale"] | ["sale", _, "session-token" | "stored-card"] => true,
            ["dapi", "v1", "sale", endpoint, invoice] | ["dapi", "v1", "sale", endpoint, invoice, "status"] => {
                !endpoint.is_empty() && !invoice.is_empty()
            }
            [""] => url.path() == "/" || url.path() == "/paynet",
            _ => false,
        };
        assert!(expected, "{what:?} made {}", url.path());
        assert!(url.query().is_none() && url.fragment().is_none(), "{what:?}");
        assert!(
            url.path().split('/').all(|segment| segment != "." && segment != ".."),
            "{what:?}"
        );
    }
    outcome
}

/// Either the id was refused, which ends the sale before the gateway is asked, or it was used like any other.
fn is_acceptable(outcome: &SaleOutcome) -> bool {
    match outcome {
        SaleOutcome::NotCharged(end) => end.reason == NotChargedReason::MerchantUnavailable,
        other => other.charge() == Charge::Charged,
    }
}

#[tokio::test(start_paused = true)]
async fn an_id_of_the_merchant_is_no_path_and_no_address() {
    for id in ids() {
        for initiated in [initiated("1144", &id), initiated(&id, "invoice-1"), initiated(&id, &id)] {
            // Without a session token SaleKit asks the merchant for one, at an address that contains the invoice's id.
            for performed in [json!({"session": {"token": "session-token-1"}}), json!({})] {
                let answers = Answers {
                    initiated: initiated.clone(),
                    performed,
                    ..Answers::default()
                };
                let outcome = harmless(answers, &id).await;
                assert!(is_acceptable(&outcome), "{id:?}");
            }
        }
    }
}

#[tokio::test(start_paused = true)]
async fn an_id_or_token_of_the_gateway_is_no_path_and_no_address() {
    for id in ids() {
        let answers = Answers {
            performed: json!({"session": {"token": id}, "redirectUrl": id}),
            session_token: json!({"session": {"token": id}}),
            status: vec![
                json!({"state": "PROCESSING", "orderId": id}),
                json!({"state": "APPROVED", "orderId": id, "bankOrderId": id, "transaction": {"currency": id}}),
            ],
            stored_card: json!({"sourceOfFunds": {"reference": {"clientCardId": id}}, "sourceCard": {"bin": id}}),
            ..Answers::default()
        };
        let outcome = harmless(answers, &id).await;
        // An invalid token leaves the outcome unknown. It is never guessed.
        assert!(matches!(outcome.charge(), Charge::Charged | Charge::Unknown), "{id:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn an_access_token_is_no_header_and_no_address() {
    for token in ids() {
        let answers = Answers {
            access_token: json!({"session": {"accessToken": token}}),
            ..Answers::default()
        };
        let outcome = harmless(answers, &token).await;
        assert!(
            matches!(outcome.charge(), Charge::Charged | Charge::NotCharged),
            "{token:?}"
        );
    }
}

/// Such an id would have to be sent unchanged, and nobody could tell it from another one.
#[tokio::test(start_paused = true)]
async fn an_invoice_with_invisible_characters_is_refused() {
    for mark in [
        '\u{200b}',
        '\u{200f}',
        '\u{202e}',
        '\u{2060}',
        '\u{2069}',
        '\u{feff}',
        '\u{ad}',
        '\u{61c}',
        '\u{e0041}',
    ] {
        for initiated in [
            initiated("1144", &format!("invoice{mark}1")),
            initiated(&format!("11{mark}44"), "invoice-1"),
        ] {
            let answers = Answers {
                initiated,
                ..Answers::default()
            };
            let SaleOutcome::NotCharged(end) = harmless(answers, &format!("{mark:?}")).await else {
                panic!("{mark:?} was taken")
            };
            assert_eq!(end.reason, NotChargedReason::MerchantUnavailable, "{mark:?}");
        }
    }
}

#[tokio::test(start_paused = true)]
async fn invisible_characters_are_in_no_shown_text() {
    let marks = "\u{200b}\u{200e}\u{202e}\u{2060}\u{2069}\u{feff}\u{ad}\u{61c}\u{e0041}";
    let text = format!("a{marks}b");
    let answers = Answers {
        status: vec![json!({
            "state": "DECLINED", "orderId": text, "bankOrderId": text, "errorMessage": text, "secure3DAuthStatus": text,
        })],
        ..Answers::default()
    };
    let SaleOutcome::Declined(decline) = harmless(answers, "marks").await else {
        panic!("it was declined")
    };
    assert_eq!(decline.order_id.as_deref(), Some("ab"));
    assert_eq!(decline.bank_order_id.as_deref(), Some("ab"));
    for shown in [
        decline.gateway_message.unwrap(),
        decline.three_d_secure.unwrap().as_str().to_owned(),
    ] {
        assert_eq!(shown.replace(' ', ""), "ab");
    }
}
