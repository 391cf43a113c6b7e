//! The signatures of the protocol and the check value of callbacks. Who signs what is decided elsewhere; here are
//! only the texts, the two treatments of the one control key, and comparison in constant time.

use std::fmt;

use ring::{digest, hmac};
use subtle::ConstantTimeEq as _;

use crate::{error::SandboxError, protocol::random};

/// The key an entry point and its merchant share. DAPI signatures are HMAC-SHA1 under its bytes (dashes removed, hex
/// decoded); the `control` of a callback hashes its text, dashes kept.
#[derive(Clone)]
pub(crate) struct ControlKey {
    mac: hmac::Key,
    text: String,
}

impl fmt::Debug for ControlKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ControlKey")
    }
}

/// A text one of the parties signs.
pub(crate) trait Signed {
    /// The exact concatenation, without separators.
    fn signed_text(&self) -> String;
}

/// What `session.signature` covers.
pub(crate) struct InitiateText<'a> {
    pub(crate) access_token: &'a str,
    pub(crate) serial_number: &'a str,
    pub(crate) endpoint_id: &'a str,
    pub(crate) nonce: &'a str,
    pub(crate) invoice_id: &'a str,
    pub(crate) amount_minor: u64,
    pub(crate) currency: &'a str,
}

impl Signed for InitiateText<'_> {
    fn signed_text(&self) -> String {
        [
            self.access_token,
            self.serial_number,
            self.endpoint_id,
            self.nonce,
            self.invoice_id,
            &self.amount_minor.to_string(),
            self.currency,
        ]
        .concat()
    }
}

/// What `session.checkSignature` of a check sale answer covers.
pub(crate) struct CheckText<'a> {
    pub(crate) serial_number: &'a str,
    pub(crate) nonce: &'a str,
    pub(crate) endpoint_id: &'a str,
    pub(crate) invoice_id: &'a str,
    /// Only for a sale by card reference.
    pub(crate) server_card_id: Option<&'a str>,
}

impl Signed for CheckText<'_> {
    fn signed_text(&self) -> String {
        [
            self.serial_number,
            self.nonce,
            self.endpoint_id,
            self.invoice_id,
            self.server_card_id.unwrap_or_default(),
        ]
        .concat()
    }
}

/// What `session.checkSignature` of a card mapping answer covers.
pub(crate) struct MappingText<'a> {
    pub(crate) nonce: &'a str,
    pub(crate) endpoint_id: &'a str,
    pub(crate) invoice_id: &'a str,
}

impl Signed for MappingText<'_> {
    fn signed_text(&self) -> String {
        [self.nonce, self.endpoint_id, self.invoice_id].concat()
    }
}

/// Case of the hex digits in signatures the sandbox emits. It accepts either.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HexCase {
    /// `A5DA…`, what the vendor's sample server emits.
    Upper,
    /// `a5da…`.
    Lower,
}

impl ControlKey {
    /// Reads the key's text: hex digits, with or without dashes.
    pub(crate) fn parse(text: &str) -> Result<Self, SandboxError> {
        let digits: String = text.chars().filter(|c| *c != '-').collect();
        let bytes = unhex(&digits)
            .filter(|bytes| !bytes.is_empty())
            .ok_or(SandboxError::ControlKey)?;
        Ok(Self {
            mac: hmac::Key::new(hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY, &bytes),
            text: text.to_owned(),
        })
    }

    /// The signature of `signed`, as 40 hex digits.
    pub(crate) fn sign(&self, signed: &impl Signed, case: HexCase) -> String {
        let hex = random::hex(hmac::sign(&self.mac, signed.signed_text().as_bytes()).as_ref());
        match case {
            HexCase::Upper => hex.to_ascii_uppercase(),
            HexCase::Lower => hex,
        }
    }

    /// Whether `signature` (hex of either case) is that of `signed`; in constant time.
    pub(crate) fn verify(&self, signed: &impl Signed, signature: &str) -> bool {
        unhex(signature).is_some_and(|tag| hmac::verify(&self.mac, signed.signed_text().as_bytes(), &tag).is_ok())
    }

    /// The `control` of a callback: lower-case hex of SHA-1 over status, order id, client order id and key text.
    pub(crate) fn control(&self, status: &str, order_id: &str, client_order_id: &str) -> String {
        let text = [status, order_id, client_order_id, &self.text].concat();
        random::hex(digest::digest(&digest::SHA1_FOR_LEGACY_USE_ONLY, text.as_bytes()).as_ref())
    }
}

/// Compares two texts in a time that does not depend on where they differ.
pub(crate) fn same(left: &str, right: &str) -> bool {
    left.as_bytes().ct_eq(right.as_bytes()).into()
}

/// Bytes of hex text of either case; `None` if it is none.
pub(crate) fn unhex(text: &str) -> Option<Vec<u8>> {
    if !text.len().is_multiple_of(2) {
        return None;
    }
    let digits: Option<Vec<u8>> = text
        .chars()
        .map(|c| c.to_digit(16).and_then(|digit| u8::try_from(digit).ok()))
        .collect();
    Some(digits?.chunks_exact(2).map(|pair| pair[0] << 4 | pair[1]).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    const KEY: &str = "7C1D2E3F-0A4B-4C5D-8E6F-102132435465";
    const TOKEN: &str = "tok0000000000000000000000000000000000000000000000000000000000001";
    const NONCE: &str = "nonce-8f1c2d3e4a5b6c7d8e9f00112233";
    const INVOICE: &str = "5e0c7f5a-3b1d-4c5e-9a7b-2f4d6e8a0c11";

    struct Raw(String);

    impl Signed for Raw {
        fn signed_text(&self) -> String {
            self.0.clone()
        }
    }

    fn key() -> ControlKey {
        ControlKey::parse(KEY).unwrap()
    }

    fn initiate<'a>(invoice_id: &'a str, amount_minor: u64) -> InitiateText<'a> {
        InitiateText {
            access_token: TOKEN,
            serial_number: "device-0001",
            endpoint_id: "1144",
            nonce: NONCE,
            invoice_id,
            amount_minor,
            currency: "EUR",
        }
    }

    fn check<'a>(serial_number: &'a str, server_card_id: Option<&'a str>) -> CheckText<'a> {
        CheckText {
            serial_number,
            nonce: NONCE,
            endpoint_id: "1144",
            invoice_id: INVOICE,
            server_card_id,
        }
    }

    #[track_caller]
    fn assert_vector(signed: &impl Signed, expected: &str) {
        assert_eq!(key().sign(signed, HexCase::Lower), expected);
        assert_eq!(key().sign(signed, HexCase::Upper), expected.to_ascii_uppercase());
        assert!(key().verify(signed, expected));
        assert!(key().verify(signed, &expected.to_ascii_uppercase()));
    }

    #[test]
    fn sale_vectors() {
        assert_vector(&initiate(INVOICE, 1050), "be65c2c7be7a15df0d99dacfd9f474d36ab59c86");
        assert_vector(&check("device-0001", None), "fc709c5bc02464e67bd3375c900c6cba901ad947");
        assert_vector(
            &check("device-0001", Some("805112")),
            "a5dac37ed900af5621087df56af7c97e1db5ce53",
        );
        assert_vector(&check("устройство-7", None), "d22a89cf17bd06d8e7a72cc00aa696783ff0b2e2");
        let mapping = MappingText {
            nonce: NONCE,
            endpoint_id: "1144",
            invoice_id: INVOICE,
        };
        assert_vector(&mapping, "4d06dc866cd8e37f71aeeafa87737839b66db37f");
    }

    #[test]
    fn vectors_of_the_sister_messages_hold_for_the_same_key() {
        let verification = Raw([TOKEN, "device-0001", "1144", NONCE, INVOICE, "EUR"].concat());
        assert_vector(&verification, "13777fc97346f68d8ea68a49b493d5d62c41dd84");
        let transfer = Raw(["device-0001", NONCE, "900777", "1144", INVOICE, "805112"].concat());
        assert_vector(&transfer, "1d5e0eb0af358d2f61a6959b7d97e700c1666b3b");
    }

    #[test]
    fn without_separators_two_splits_sign_alike() {
        let collision = "08c16c7b745d84d4641bde6cdca0ee883ea99807";
        assert_vector(&initiate("INV1", 23), collision);
        assert_vector(&initiate("INV12", 3), collision);
    }

    #[test]
    fn wrong_treatments_of_key_or_amount_do_not_verify() {
        let signed = check("device-0001", None);
        assert!(
            !key().verify(&signed, "e9b698cbca8de5a2f12a15d5aa4839318d792174"),
            "key as text with dashes"
        );
        assert!(
            !key().verify(&signed, "6925da8da144657e1039d7c19dd555b8eef144ac"),
            "key as text without dashes"
        );
        assert!(
            !key().verify(&initiate(INVOICE, 1050), "4d11832c893ac4bbf546222f616057f332297fa5"),
            "major units"
        );
        assert!(
            !key().verify(&signed, "fc709c5bc02464e67bd3375c900c6cba901ad9"),
            "shortened"
        );
        assert!(!key().verify(&signed, "not hex"));
        assert!(!key().verify(&signed, ""));
    }

    #[test]
    fn callback_vectors_use_the_text_of_the_key() {
        assert_eq!(
            key().control("approved", "9876543", INVOICE),
            "a42e789be47236a65c4300805e8bf963fe994bea"
        );
        assert_eq!(
            key().control("declined", "9876543", INVOICE),
            "6b9f58e389f6e426826c20b31a099b83fab24e2b"
        );
        let vendor = ControlKey {
            text: "key".to_owned(),
            ..key()
        };
        assert_eq!(
            vendor.control("approved", "_", "_"),
            "2c84ae87d73fa3dc116b3203e8bb1c133eed829d"
        );
    }

    #[test]
    fn a_key_is_hex_of_even_length() {
        assert!(ControlKey::parse("ABCD").is_ok());
        for bad in ["", "-", "ABC", "XYZW", "7C1D2E3F-0A4B-4C5D-8E6F-10213243546"] {
            assert!(matches!(ControlKey::parse(bad), Err(SandboxError::ControlKey)), "{bad}");
        }
        assert_eq!(format!("{:?}", key()), "ControlKey");
    }
}
