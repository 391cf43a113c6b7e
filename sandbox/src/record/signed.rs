//! What a signature covers, and which one is right under a key. How it is explained to people is `explain`.

use ring::{digest, hmac};

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
}

impl Part {
    pub(crate) fn new(name: &'static str, value: impl Into<String>) -> Self {
        let value = value.into();
        Self { name, value }
    }

    pub(super) fn is_token(&self) -> bool {
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
