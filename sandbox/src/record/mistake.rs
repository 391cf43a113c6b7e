//! What was likely done wrong when a signature does not match: each known mistake is made on purpose, and the one that
//! gives the value that came is named.

use ring::{digest, hmac};

use super::{
    exchange::Mistake,
    signed::{Claim, Part, Treatment, key_bytes, mac, mac_bytes, sha1},
    variants::{base64, encodings, permuted, with},
};
use crate::protocol::{random, signature::unhex};

fn mistake(code: &str, text: impl Into<String>) -> Mistake {
    Mistake {
        code: code.to_owned(),
        text: text.into(),
    }
}

/// Names the mistake behind `received`.
pub(crate) fn find(claim: &Claim, key_text: &str, received: &str) -> Mistake {
    if received.trim().is_empty() {
        return mistake("empty", "There is no signature.");
    }
    let bare = key_text.replace('-', "");
    let found = of_form(claim, key_text, received)
        .or_else(|| match claim.treatment {
            Treatment::Mac => of_key(claim, key_text, &bare, received),
            Treatment::Digest => of_digest(claim, key_text, &bare, received),
        })
        .or_else(|| of_parts(claim, key_text, received));
    found.unwrap_or_else(|| {
        mistake(
            "unknown",
            "None of the known mistakes gives this value. Compare the parts one by one with yours, then the control \
             key: another key, or another value of a part, changes everything.",
        )
    })
}

/// The right value, written down wrong.
fn of_form(claim: &Claim, key_text: &str, received: &str) -> Option<Mistake> {
    let right = claim.expected(key_text);
    let lower = received.to_ascii_lowercase();
    if lower == right {
        return Some(mistake(
            "other_case",
            "The value is right, but its hex digits have the other case.",
        ));
    }
    if lower.trim() == right {
        return Some(mistake(
            "other_encoding",
            "The value is right, but has blanks around it.",
        ));
    }
    if lower.len() >= 8 && (right.starts_with(&lower) || lower.starts_with(&right)) {
        let text = format!(
            "The value is right, but has {} characters and not {}.",
            received.len(),
            right.len()
        );
        return Some(mistake("cut_off", text));
    }
    let bytes = key_bytes(&right);
    (base64(&bytes, false) == received || base64(&bytes, true) == received.trim_end_matches('=')).then(|| {
        mistake(
            "other_encoding",
            "The bytes are right, but written in base64 and not in hex.",
        )
    })
}

/// The key, or the algorithm.
fn of_key(claim: &Claim, key_text: &str, bare: &str, received: &str) -> Option<Mistake> {
    let text = claim.text();
    let is = |value: String| value.eq_ignore_ascii_case(received);
    let cases = |key: &str| [key.to_owned(), key.to_ascii_lowercase(), key.to_ascii_uppercase()];
    if cases(key_text)
        .iter()
        .any(|key| key.contains('-') && is(mac(key.as_bytes(), &text)))
    {
        return Some(mistake(
            "key_with_dashes",
            "The control key was used as text, with its dashes. Remove the dashes, then decode the hex digits: \
             16 bytes, not 36 characters.",
        ));
    }
    if cases(bare).iter().any(|key| is(mac(key.as_bytes(), &text))) {
        return Some(mistake(
            "key_as_text",
            "The control key was used as text. Decode its hex digits: 16 bytes, not 32 characters.",
        ));
    }
    let bytes = key_bytes(key_text);
    let longer = [hmac::HMAC_SHA256, hmac::HMAC_SHA384, hmac::HMAC_SHA512];
    if longer.iter().any(|algorithm| {
        [&bytes[..], key_text.as_bytes(), bare.as_bytes()].iter().any(|key| {
            is(random::hex(
                hmac::sign(&hmac::Key::new(*algorithm, key), text.as_bytes()).as_ref(),
            ))
        })
    }) {
        return Some(mistake(
            "other_algorithm",
            "This is an HMAC of SHA-2. The protocol wants HMAC-SHA1.",
        ));
    }
    let digests = [
        sha1(&[&text, key_text].concat()),
        sha1(&[&text, bare].concat()),
        sha1(&[key_text, &text].concat()),
        sha1(&text),
    ];
    if digests.into_iter().any(is) {
        return Some(mistake(
            "other_algorithm",
            "This is a plain SHA-1. Only the `control` of a callback is one; here the protocol wants HMAC-SHA1.",
        ));
    }
    let is_encoded = encodings(&text)
        .into_iter()
        .any(|bytes_of_text| is(random::hex(mac_bytes(&bytes, &bytes_of_text).as_ref())));
    is_encoded.then(|| {
        mistake(
            "other_encoding",
            "The text was not encoded as UTF-8 before it was signed.",
        )
    })
}

/// The `control` of a callback takes the key's text as it is, which is the other way round.
fn of_digest(claim: &Claim, key_text: &str, bare: &str, received: &str) -> Option<Mistake> {
    let text = claim.text();
    let is = |value: String| value.eq_ignore_ascii_case(received);
    if is(sha1(&[&text, bare].concat())) {
        return Some(mistake(
            "key_without_dashes",
            "The dashes of the control key were removed. A callback's `control` takes the key's text as it is.",
        ));
    }
    if [key_text.to_ascii_lowercase(), key_text.to_ascii_uppercase()]
        .iter()
        .any(|key| is(sha1(&[&text, key.as_str()].concat())))
    {
        return Some(mistake(
            "other_case",
            "The control key's text was used in the other case. A callback's `control` takes it as it is.",
        ));
    }
    if is(mac(&key_bytes(key_text), &text)) || is(mac(key_text.as_bytes(), &text)) {
        return Some(mistake(
            "other_algorithm",
            "This is an HMAC. A callback's `control` is a plain SHA-1 over the values and the key's text.",
        ));
    }
    let sha256 = digest::digest(&digest::SHA256, [&text, key_text].concat().as_bytes());
    is(random::hex(sha256.as_ref()))
        .then(|| mistake("other_algorithm", "This is SHA-256. A callback's `control` is SHA-1."))
}

/// The text that was signed.
fn of_parts(claim: &Claim, key_text: &str, received: &str) -> Option<Mistake> {
    // Thousands of orders are tried, so the key is prepared once.
    let wanted = unhex(received)?;
    let key = hmac::Key::new(hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY, &key_bytes(key_text));
    let gives = |parts: &[Part], between: &str| {
        let mut text = String::with_capacity(512);
        for (place, part) in parts.iter().enumerate() {
            if place > 0 {
                text.push_str(between);
            }
            text.push_str(&part.value);
        }
        match claim.treatment {
            Treatment::Mac => hmac::sign(&key, text.as_bytes()).as_ref() == wanted,
            Treatment::Digest => {
                text.push_str(key_text);
                digest::digest(&digest::SHA1_FOR_LEGACY_USE_ONLY, text.as_bytes()).as_ref() == wanted
            }
        }
    };
    let parts = &claim.parts;
    if let Some(words) = &claim.amount_in_words {
        let short = words.trim_end_matches('0').trim_end_matches('.');
        for amount in [words.as_str(), short] {
            if gives(&with(parts, "transaction.amountCentis", amount), "") {
                let text =
                    format!("The amount was signed as {amount}. The protocol wants minor units, as in the request.");
                return Some(mistake("amount_in_major_units", text));
            }
        }
    }
    if let Some(place) = parts.iter().position(|part| part.name.ends_with("serverCardId")) {
        let mut fewer = parts.clone();
        fewer.remove(place);
        if gives(&fewer, "") {
            return Some(mistake(
                "server_card_id_missing",
                "The serverCardId was not signed. Where the answer names a stored card, its serverCardId comes last.",
            ));
        }
    }
    for part in parts {
        for value in [part.value.to_lowercase(), part.value.to_uppercase()] {
            if value != part.value && gives(&with(parts, part.name, &value), "") {
                let text = format!(
                    "{} was signed in the other case. Sign it exactly as it came.",
                    part.name
                );
                return Some(mistake("other_case", text));
            }
        }
    }
    for between in [":", "|", ";", ",", " ", "\n", "&", "-", "."] {
        if gives(parts, between) {
            let text =
                format!("The parts were joined with {between:?} between them. The protocol wants nothing there.");
            return Some(mistake("separators", text));
        }
    }
    let mut ended = parts.clone();
    ended.push(Part::new("", "\n"));
    if gives(&ended, "") {
        return Some(mistake("separators", "The text was signed with a line's end after it."));
    }
    for place in 0..parts.len() {
        let mut fewer = parts.clone();
        let missing = fewer.remove(place);
        if gives(&fewer, "") {
            return Some(mistake("part_missing", format!("{} was not signed.", missing.name)));
        }
    }
    let mut order = parts.clone();
    let end = order.len();
    permuted(&mut order, end, &mut |order| gives(order, "")).then(|| {
        let names: Vec<&str> = order.iter().map(|part| part.name).collect();
        mistake(
            "wrong_order",
            format!("The parts were signed in another order: {}.", names.join(", ")),
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const KEY: &str = "7C1D2E3F-0A4B-4C5D-8E6F-102132435465";
    const BARE: &str = "7C1D2E3F0A4B4C5D8E6F102132435465";
    const INVOICE: &str = "5e0c7f5a-3b1d-4c5e-9a7b-2f4d6e8a0c11";
    const NONCE: &str = "nonce-8f1c2d3e4a5b6c7d8e9f00112233";

    fn check(server_card_id: Option<&str>) -> Claim {
        let mut parts = vec![
            Part::new("consumer.device.serialNumber", "device-0001"),
            Part::new("session.nonce", NONCE),
            Part::new("endpointId", "1144"),
            Part::new("invoiceId", INVOICE),
        ];
        parts.extend(server_card_id.map(|id| Part::new("sourceOfFunds.reference.serverCardId", id)));
        Claim {
            member: "session.checkSignature",
            treatment: Treatment::Mac,
            parts,
            received: None,
            amount_in_words: None,
        }
    }

    fn initiate() -> Claim {
        Claim {
            parts: vec![
                Part::new(
                    "session.accessToken",
                    "tok0000000000000000000000000000000000000000000000000000000000001",
                ),
                Part::new("consumer.device.serialNumber", "device-0001"),
                Part::new("endpointId", "1144"),
                Part::new("session.nonce", NONCE),
                Part::new("invoiceId", INVOICE),
                Part::new("transaction.amountCentis", "1050"),
                Part::new("transaction.currency", "EUR"),
            ],
            amount_in_words: Some("10.50".to_owned()),
            ..check(None)
        }
    }

    #[track_caller]
    fn assert_found(claim: &Claim, received: &str, code: &str) {
        let found = find(claim, KEY, received);
        assert_eq!(found.code, code, "{}", found.text);
    }

    /// The published wrong values, of another implementation.
    #[test]
    fn known_wrong_values_are_explained() {
        assert_found(
            &check(None),
            "e9b698cbca8de5a2f12a15d5aa4839318d792174",
            "key_with_dashes",
        );
        assert_found(&check(None), "6925DA8DA144657E1039D7C19DD555B8EEF144AC", "key_as_text");
        assert_found(
            &initiate(),
            "4d11832c893ac4bbf546222f616057f332297fa5",
            "amount_in_major_units",
        );
        let without = "fc709c5bc02464e67bd3375c900c6cba901ad947";
        assert_found(&check(Some("805112")), without, "server_card_id_missing");
        assert_found(&check(None), &without[..30], "cut_off");
        assert_found(&check(None), "/HCcW8AkZOZ70zdckAxsupAa2Uc=", "other_encoding");
        assert_found(&check(None), "", "empty");
        assert_found(&check(None), "be65c2c7be7a15df0d99dacfd9f474d36ab59c86", "unknown");
    }

    #[test]
    fn orders_separators_and_cases_are_found() {
        let key = key_bytes(KEY);
        let signed = |text: String| mac(&key, &text);
        assert_found(
            &check(None),
            &signed(["1144", "device-0001", INVOICE, NONCE].concat()),
            "wrong_order",
        );
        assert_found(
            &check(None),
            &signed(["device-0001", NONCE, "1144", INVOICE].join("|")),
            "separators",
        );
        let upper = INVOICE.to_uppercase();
        assert_found(
            &check(None),
            &signed(["device-0001", NONCE, "1144", &upper].concat()),
            "other_case",
        );
        assert_found(
            &check(None),
            &signed(["device-0001", NONCE, "1144"].concat()),
            "part_missing",
        );
        let wide: Vec<u8> = check(None).text().encode_utf16().flat_map(u16::to_le_bytes).collect();
        assert_found(
            &check(None),
            &random::hex(mac_bytes(&key, &wide).as_ref()),
            "other_encoding",
        );
        let reversed: String = initiate().parts.iter().rev().map(|part| part.value.as_str()).collect();
        assert_found(&initiate(), &signed(reversed), "wrong_order");
    }

    #[test]
    fn a_callback_takes_the_text_of_the_key() {
        let claim = Claim {
            member: "control",
            treatment: Treatment::Digest,
            parts: vec![
                Part::new("status", "approved"),
                Part::new("orderid", "9876543"),
                Part::new("client_orderid", INVOICE),
            ],
            ..check(None)
        };
        assert_eq!(claim.expected(KEY), "a42e789be47236a65c4300805e8bf963fe994bea");
        assert_found(&claim, "A42E789BE47236A65C4300805E8BF963FE994BEA", "other_case");
        assert_found(&claim, &sha1(&[&claim.text(), BARE].concat()), "key_without_dashes");
        assert_found(&claim, &mac(&key_bytes(KEY), &claim.text()), "other_algorithm");
    }
}
