//! Addresses that a hostile gateway could try to open on the cardholder's device.

use salekit_core::{Charge, SaleOutcome, UnknownReason};
use salekit_testkit::folder::Folder;
use serde_json::json;

use super::peers::{Answers, sale};

async fn opened(addresses: &[&str]) -> (SaleOutcome, Vec<String>) {
    let folder = Folder::new();
    let status = addresses
        .iter()
        .map(|address| json!({"state": "REDIRECT_REQUEST", "redirectUrl": address}))
        .collect();
    let answers = Answers {
        status,
        ..Answers::default()
    };
    let (outcome, peers) = sale(answers, folder.path()).await;
    let opened = peers.opened.lock().unwrap().clone();
    (outcome, opened)
}

#[tokio::test(start_paused = true)]
async fn nothing_that_is_not_plain_https_is_opened() {
    let refused = [
        "javascript:alert(1)",
        "JaVaScRiPt:alert(1)",
        "java\tscript:alert(1)",
        "java\nscript:alert(1)",
        "\u{1}javascript:alert(1)",
        " javascript:alert(1)",
        "intent://scan/#Intent;scheme=zxing;S.browser_fallback_url=https%3A%2F%2Fevil.example;end",
        "android-app://com.example/https/acs.example/",
        "itms-apps://apps.example/app",
        "tel:+123456789",
        "sms:+123456789",
        "market://details?id=evil",
        "content://com.example.provider/x",
        "file:///etc/passwd",
        "file://acs.example/x",
        "data:text/html,<script>alert(1)</script>",
        "blob:https://acs.example/1",
        "filesystem:https://acs.example/x",
        "view-source:https://acs.example/",
        "about:blank",
        "chrome://settings",
        "ws://acs.example/",
        "ftp://acs.example/",
        "http://acs.example/",
        "http://127.0.0.1/",
        "http://localhost/",
        "https://user@acs.example/",
        "https://user:pass@acs.example/",
        "https://acs.example@evil.example/",
        "https://acs.example:443@evil.example/",
        "https://acs.example%40@evil.example/",
        "https://acs.example\t@evil.example/",
        "https://acs.example%2F.evil.example/",
        "https://acs.example%00.evil.example/",
        "https://acs.example%5C.evil.example/",
        "https://acs.example%23.evil.example/",
        "https://acs.exa mple/",
        "https://acs.example/\nx",
        "https://acs.example/\u{a0}x",
        "https://acs.example/\u{2028}x",
        "https://[::1",
        "https://acs.example:99999/",
        "https://",
        "//acs.example/",
        "acs.example",
        "",
    ];
    for address in refused {
        let (outcome, opened) = opened(&[address]).await;
        assert!(opened.is_empty(), "{address:?} opened {opened:?}");
        let SaleOutcome::Unknown(end) = outcome else {
            panic!("{address:?} ended as {outcome:?}")
        };
        assert_eq!(end.reason, UnknownReason::StatusUnavailable, "{address:?}");
    }
    let long = format!("https://acs.example/{}", "x".repeat(8_192));
    assert!(opened(&[&long]).await.1.is_empty());
}

#[tokio::test(start_paused = true)]
async fn what_is_opened_shows_where_it_leads() {
    for (address, shown) in [
        // Cyrillic, mixed scripts, Greek, full width, ideographic full stop, soft hyphen.
        ("https://раypal.example/", "https://xn--ypal-43d9g.example/"),
        ("https://ехаmple.example/", "https://xn--mple-43d3a6i.example/"),
        ("https://αcs.example/", "https://xn--cs-b9b.example/"),
        ("https://ａｃｓ.example/", "https://acs.example/"),
        ("https://acs。example/", "https://acs.example/"),
        ("https://ac\u{ad}s.example/", "https://acs.example/"),
        // Disguised dots and backslashes: the opened host must be the one that is shown.
        (
            "https://acs.example%2eevil.example/",
            "https://acs.example.evil.example/",
        ),
        (
            "https://acs.example\\@evil.example/",
            "https://acs.example/@evil.example/",
        ),
        ("https:\\\\evil.example\\x", "https://evil.example/x"),
        ("https://0x7f.1/", "https://127.0.0.1/"),
        ("https://@acs.example/", "https://acs.example/"),
        ("HTTPS://ACS.EXAMPLE:443/Path", "https://acs.example/Path"),
        ("https://acs.example/\u{202e}gnp", "https://acs.example/%E2%80%AEgnp"),
        (
            "https://acs.example/?next=javascript:alert(1)",
            "https://acs.example/?next=javascript:alert(1)",
        ),
    ] {
        let (_, opened) = opened(&[address]).await;
        assert_eq!(opened, [shown], "{address:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_chain_of_pages_without_end_is_cut_and_ends_unknown() {
    let addresses: Vec<_> = (0..200).map(|page| format!("https://acs.example/{page}")).collect();
    let (outcome, opened) = opened(&addresses.iter().map(String::as_str).collect::<Vec<_>>()).await;
    assert_eq!(opened, addresses[..10]);
    assert_eq!(outcome.charge(), Charge::Unknown);
}
