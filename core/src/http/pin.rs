//! Pinned public keys.

use base64::{Engine, engine::general_purpose::STANDARD};
use ring::digest::{SHA256, digest};
use rustls::pki_types::{CertificateDer, SubjectPublicKeyInfoDer};

use crate::{InputError, Rule, Timestamp};

/// The SHA-256 of a certificate's SubjectPublicKeyInfo (RFC 7469), for one host.
///
/// A host that has any pins must have two or more: one in use and one in reserve, or the day the key changes locks out
/// every app that is installed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pin {
    host: String,
    sha256: [u8; 32],
    expires: Option<Timestamp>,
}

impl Pin {
    /// A pin in the usual form, `sha256/` and 44 characters of base64.
    ///
    /// # Errors
    /// [`InputError`] for `pins` if `pin` has another form.
    pub fn parse(host: &str, pin: &str) -> Result<Self, InputError> {
        const EXAMPLE: &str = "sha256/47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=";
        let encoded = pin
            .strip_prefix("sha256/")
            .and_then(|encoded| STANDARD.decode(encoded).ok());
        let sha256 = encoded.and_then(|bytes| bytes.try_into().ok());
        let sha256 = sha256.ok_or_else(|| InputError::new("pins", Rule::Format { example: EXAMPLE }))?;
        Ok(Self {
            host: host.to_ascii_lowercase(),
            sha256,
            expires: None,
        })
    }

    /// The pin of a certificate's key, for example to print it.
    pub fn of_certificate(host: &str, der: &[u8]) -> Option<Self> {
        let der = CertificateDer::from(der);
        let certificate = webpki::EndEntityCert::try_from(&der).ok()?;
        Some(Self {
            host: host.to_ascii_lowercase(),
            sha256: key_digest(&certificate.subject_public_key_info()),
            expires: None,
        })
    }

    /// From `at` on the pin is not asked for any more, and the ordinary trust decides alone: an app that nobody updates
    /// goes on working.
    #[must_use]
    pub const fn until(mut self, at: Timestamp) -> Self {
        self.expires = Some(at);
        self
    }

    /// The host it is for.
    pub fn host(&self) -> &str {
        &self.host
    }

    pub(super) fn is_expired(&self, now: Timestamp) -> bool {
        self.expires.is_some_and(|expires| now >= expires)
    }

    pub(super) fn matches(&self, key: &SubjectPublicKeyInfoDer<'_>) -> bool {
        key_digest(key) == self.sha256
    }
}

impl std::fmt::Display for Pin {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "sha256/{}", STANDARD.encode(self.sha256))
    }
}

fn key_digest(key: &SubjectPublicKeyInfoDer<'_>) -> [u8; 32] {
    let mut sha256 = [0; 32];
    // SHA-256 has 32 bytes, always.
    sha256.copy_from_slice(digest(&SHA256, key).as_ref());
    sha256
}
