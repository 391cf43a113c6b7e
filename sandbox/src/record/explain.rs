//! A signature explained: its parts in order, the joined text, the key's bytes, what was expected and what was received. If
//! they differ, what the other party most likely did; how that is found is `mistake`.

use super::{
    exchange::{ShownPart, Signature},
    mistake::find,
    redact::Secrets,
    signed::{Claim, Treatment, key_bytes},
};
use crate::protocol::random;

impl Claim {
    /// What was likely done wrong by the sender of `received`, in a sentence.
    pub(crate) fn likely_mistake(&self, key_text: &str, received: &str) -> String {
        find(self, key_text, received).text
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
            Some(received) if !matches => Some(find(self, key_text, received)),
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::Part;

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
