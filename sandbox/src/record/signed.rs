//! How a signature came about: its parts in order, the joined text, the key's bytes, what was expected and what was
//! received. If they differ, what the other party most likely did; how that is found is `mistake`.

use ring::{digest, hmac};
use serde::{Deserialize, Serialize};

use super::{mistake, redact::Secrets};
use crate::protocol::random;

/// A value that is signed, and its name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Part {
    pub(crate) name: &'static str,
    pub(crate) value: String,
}

/// Which treatment of the control key a signature uses.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Treatment {
    /// HMAC-SHA1 under the key's bytes, as hex.
    Mac,
    /// SHA-1 over the parts and the key's text, as hex: the `control` of a callback.
    Digest,
}

/// What a signature covers, and what came as one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Claim {
    /// The member or parameter.
    pub(crate) member: &'static str,
    pub(crate) treatment: Treatment,
    pub(crate) parts: Vec<Part>,
    pub(crate) received: Option<String>,
    /// `10.50` for a part `1050`, and the text of `serverCardId` where the check signature has none.
    pub(crate) amount_in_words: Option<String>,
}

/// A signature explained, as the API gives it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Signature {
    pub(crate) member: String,
    /// `hmac-sha1` or `sha1`.
    pub(crate) algorithm: String,
    pub(crate) parts: Vec<ShownPart>,
    /// The parts without separators. Tokens are shortened here, and were not for the calculation.
    pub(crate) joined: String,
    pub(crate) is_shortened: bool,
    /// The control key as configured.
    pub(crate) key_text: String,
    /// Its bytes in hex: dashes removed, hex decoded.
    pub(crate) key_bytes: String,
    pub(crate) expected: String,
    pub(crate) received: Option<String>,
    pub(crate) matches: bool,
    /// What was likely done wrong, if they differ.
    pub(crate) mistake: Option<mistake::Mistake>,
}

/// A part as it may be shown.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct ShownPart {
    pub(crate) name: String,
    pub(crate) value: String,
}

impl Claim {
    pub(crate) fn text(&self) -> String {
        self.parts.iter().map(|part| part.value.as_str()).collect()
    }

    /// The signature that is right under `key_text`, as lower-case hex.
    pub(crate) fn expected(&self, key_text: &str) -> String {
        match self.treatment {
            Treatment::Mac => mac(&key_bytes(key_text), &self.text()),
            Treatment::Digest => sha1(&[&self.text(), key_text].concat()),
        }
    }

    /// What was likely done wrong by whoever sent `received`, in a sentence.
    pub(crate) fn likely_mistake(&self, key_text: &str, received: &str) -> String {
        mistake::find(self, key_text, received).text
    }

    /// Explains it under the key of this sandbox.
    pub(crate) fn explain(&self, key_text: &str, secrets: &Secrets) -> Signature {
        let expected = self.expected(key_text);
        let received = self.received.as_deref();
        let matches = received.is_some_and(|received| match self.treatment {
            Treatment::Mac => received.eq_ignore_ascii_case(&expected),
            Treatment::Digest => received == expected,
        });
        let mistake = match received {
            Some(received) if !matches => Some(mistake::find(self, key_text, received)),
            _ => None,
        };
        let parts: Vec<ShownPart> = self
            .parts
            .iter()
            .map(|part| ShownPart {
                name: part.name.to_owned(),
                value: secrets.signed(part.name, &part.value),
            })
            .collect();
        Signature {
            member: self.member.to_owned(),
            algorithm: match self.treatment {
                Treatment::Mac => "hmac-sha1",
                Treatment::Digest => "sha1",
            }
            .to_owned(),
            joined: parts.iter().map(|part| part.value.as_str()).collect(),
            is_shortened: self.parts.iter().any(|part| part.is_token()),
            parts,
            key_text: key_text.to_owned(),
            key_bytes: random::hex(&key_bytes(key_text)),
            expected: match received {
                // Hex of either case is accepted; shown in the case that came, so that only real differences show.
                Some(received) if received.bytes().any(|byte| byte.is_ascii_uppercase()) => {
                    expected.to_ascii_uppercase()
                }
                _ => expected,
            },
            received: received.map(|received| secrets.signed("signature", received)),
            matches,
            mistake,
        }
    }
}

impl Part {
    pub(crate) fn new(name: &'static str, value: impl Into<String>) -> Self {
        let value = value.into();
        Self { name, value }
    }

    fn is_token(&self) -> bool {
        self.name == "session.accessToken"
    }
}

/// The bytes of a control key: its hex digits without the dashes. Digits that do not make a byte are left out; a key
/// of that kind is refused at start.
pub(crate) fn key_bytes(text: &str) -> Vec<u8> {
    let digits: Vec<u32> = text.chars().filter_map(|c| c.to_digit(16)).collect();
    digits
        .chunks_exact(2)
        .filter_map(|pair| u8::try_from(pair[0] << 4 | pair[1]).ok())
        .collect()
}

/// Lower-case hex of HMAC-SHA1.
pub(crate) fn mac(key: &[u8], text: &str) -> String {
    random::hex(mac_bytes(key, text.as_bytes()).as_ref())
}

pub(crate) fn mac_bytes(key: &[u8], text: &[u8]) -> hmac::Tag {
    hmac::sign(&hmac::Key::new(hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY, key), text)
}

/// Lower-case hex of SHA-1.
pub(crate) fn sha1(text: &str) -> String {
    random::hex(digest::digest(&digest::SHA1_FOR_LEGACY_USE_ONLY, text.as_bytes()).as_ref())
}

#[cfg(test)]
mod tests {
    use super::*;

    const KEY: &str = "7C1D2E3F-0A4B-4C5D-8E6F-102132435465";

    #[test]
    fn tokens_are_shortened_in_what_is_shown_and_whole_in_what_is_computed() {
        let token = "tok0000000000000000000000000000000000000000000000000000000000001";
        let claim = Claim {
            member: "session.signature",
            treatment: Treatment::Mac,
            parts: vec![
                Part::new("session.accessToken", token),
                Part::new("consumer.device.serialNumber", "device-0001"),
                Part::new("endpointId", "1144"),
                Part::new("session.nonce", "nonce-8f1c2d3e4a5b6c7d8e9f00112233"),
                Part::new("invoiceId", "5e0c7f5a-3b1d-4c5e-9a7b-2f4d6e8a0c11"),
                Part::new("transaction.amountCentis", "1050"),
                Part::new("transaction.currency", "EUR"),
            ],
            received: Some("BE65C2C7BE7A15DF0D99DACFD9F474D36AB59C86".to_owned()),
            amount_in_words: Some("10.50".to_owned()),
        };
        let shown = claim.explain(KEY, &Secrets::default());
        assert!(shown.matches && shown.mistake.is_none());
        assert_eq!(shown.expected, "BE65C2C7BE7A15DF0D99DACFD9F474D36AB59C86");
        assert!(shown.is_shortened && !format!("{shown:?}").contains(token));
        assert!(shown.joined.ends_with("1050EUR"));
        assert_eq!(shown.key_bytes, "7c1d2e3f0a4b4c5d8e6f102132435465");
    }
}
