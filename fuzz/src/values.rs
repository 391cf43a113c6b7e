//! Addresses for the browser, and amounts of money.

use salekit_core::{Money, wire::redirect};
use url::{Host, Url};

/// Longest address that may reach the browser, in bytes.
const LONGEST_ADDRESS: usize = 8_192;

/// The check of `redirectUrl`: what it lets through is a plain https address in one agreed spelling.
pub fn redirect_url(data: &[u8]) {
    let Ok(address) = std::str::from_utf8(data) else {
        return;
    };
    for allows_loopback_http in [false, true] {
        let Ok(checked) = redirect::check(address, allows_loopback_http) else {
            continue;
        };
        assert!(checked.len() <= LONGEST_ADDRESS, "{} bytes", checked.len());
        assert!(
            checked.bytes().all(|byte| byte.is_ascii_graphic()),
            "not printable ASCII"
        );
        let authority = checked.split('/').nth(2).unwrap();
        assert!(!authority.contains(['@', '\\', '%', '?', '#']), "{authority}");
        let url = Url::parse(&checked).unwrap();
        assert!(url.username().is_empty() && url.password().is_none());
        match (url.scheme(), url.host().unwrap()) {
            ("https", _) => {}
            ("http", Host::Domain("localhost")) if allows_loopback_http => {}
            ("http", Host::Ipv4(address)) if allows_loopback_http && address.is_loopback() => {}
            ("http", Host::Ipv6(address)) if allows_loopback_http && address.is_loopback() => {}
            (scheme, host) => panic!("{scheme} to {host}"),
        }
        assert_eq!(
            redirect::check(&checked, allows_loopback_http).unwrap(),
            checked,
            "not one spelling"
        );
    }
}

/// Reading an amount: more than nothing, and written back it is read as the same.
pub fn money(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else {
        return;
    };
    if let Ok(money) = text.parse::<Money>() {
        assert!(money.minor_units() > 0);
        let written = money.to_string();
        assert_eq!(written.parse::<Money>().unwrap(), money);
        // Nothing was rounded or guessed: apart from noughts it is what was read.
        let (read, wrote) = (text.split_once(' ').unwrap(), written.split_once(' ').unwrap());
        assert_eq!(significant(read.0), significant(wrote.0));
        assert_eq!(read.1, wrote.1);
    }
    let (amount, currency) = text.split_once(' ').unwrap_or((text, "EUR"));
    if let Ok(minor) = amount.parse::<i64>() {
        assert_eq!(
            Money::from_minor_units(minor, currency).is_ok(),
            minor > 0 && Money::from_minor_units(1, currency).is_ok()
        );
    }
}

/// `amount` without noughts before the first and, behind a point, after the last digit that counts.
fn significant(amount: &str) -> String {
    let (whole, decimals) = amount.split_once('.').unwrap_or((amount, ""));
    format!("{}.{}", whole.trim_start_matches('0'), decimals.trim_end_matches('0'))
}
