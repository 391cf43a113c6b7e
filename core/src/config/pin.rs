//! Pinned public keys.

use base64::{Engine, engine::general_purpose::STANDARD};
use ring::digest::{SHA256, digest};
use rustls::pki_types::{CertificateDer, SubjectPublicKeyInfoDer};
use url::Host;

use crate::value::{InputError, Rule, Timestamp};

/// The SHA-256 of a certificate's SubjectPublicKeyInfo (RFC 7469), for one host.
///
/// A host with pins must have two or more of them: one in use and one in reserve. With only one, a change of the key
/// would lock out every installed app.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PublicKeyPin {
    host: String,
    sha256: [u8; 32],
    expires: Option<Timestamp>,
}

impl PublicKeyPin {
    /// A pin in the usual format, `sha256/` and 44 characters of base64.
    ///
    /// # Errors
    /// [`InputError`] for `pins` if `pin` has another format, or if `host` is not a host name (an address with scheme
    /// or port, for example).
    pub fn parse(host: &str, pin: &str) -> Result<Self, InputError> {
        const EXAMPLE: &str = "sha256/47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=";
        let encoded = pin
            .strip_prefix("sha256/")
            .and_then(|encoded| STANDARD.decode(encoded).ok());
        let sha256 = encoded.and_then(|bytes| bytes.try_into().ok());
        let sha256 = sha256.ok_or_else(|| InputError::new("pins", Rule::Format { example: EXAMPLE }))?;
        Ok(Self {
            host: as_in_addresses(host)?,
            sha256,
            expires: None,
        })
    }

    /// The pin of a certificate's key, for example to print it.
    pub fn of_certificate(host: &str, der: &[u8]) -> Option<Self> {
        let der = CertificateDer::from(der);
        let certificate = webpki::EndEntityCert::try_from(&der).ok()?;
        Some(Self {
            host: as_in_addresses(host).ok()?,
            sha256: key_digest(&certificate.subject_public_key_info()),
            expires: None,
        })
    }

    /// Lets the pin expire at `at`. From then on the usual verification alone decides, so that an app that is never
    /// updated keeps working.
    #[must_use]
    pub const fn until(mut self, at: Timestamp) -> Self {
        self.expires = Some(at);
        self
    }

    /// The host it is for.
    pub fn host(&self) -> &str {
        &self.host
    }

    pub(crate) fn is_expired(&self, now: Timestamp) -> bool {
        self.expires.is_some_and(|expires| now >= expires)
    }

    pub(crate) fn matches(&self, key: &SubjectPublicKeyInfoDer<'_>) -> bool {
        key_digest(key) == self.sha256
    }
}

impl std::fmt::Display for PublicKeyPin {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "sha256/{}", STANDARD.encode(self.sha256))
    }
}

/// `host` as the TLS library will name it. A pin for a host that never matches would protect nothing.
fn as_in_addresses(host: &str) -> Result<String, InputError> {
    let host = host.strip_suffix('.').unwrap_or(host);
    match Host::parse(host) {
        // A wildcard is not a host name and would match nothing.
        Ok(Host::Domain(name)) if !name.is_empty() && !name.contains('*') => Ok(name),
        Ok(Host::Ipv4(address)) => Ok(address.to_string()),
        Ok(Host::Ipv6(address)) => Ok(address.to_string()),
        _ => Err(InputError::new(
            "pins",
            Rule::Unknown {
                expected: "the name of a host, like gateway.example.com",
            },
        )),
    }
}

fn key_digest(key: &SubjectPublicKeyInfoDer<'_>) -> [u8; 32] {
    let mut sha256 = [0; 32];
    // SHA-256 always has 32 bytes.
    sha256.copy_from_slice(digest(&SHA256, key).as_ref());
    sha256
}

#[cfg(test)]
mod tests {
    use super::PublicKeyPin;

    const KEY: &str = "sha256/47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=";

    #[test]
    fn a_host_is_the_one_that_is_connected_to_however_it_is_written() {
        for (given, host) in [
            ("gateway.example", "gateway.example"),
            ("GATEWAY.Example.", "gateway.example"),
            ("b\u{fc}cher.example", "xn--bcher-kva.example"),
            ("127.0.0.1", "127.0.0.1"),
            ("[::1]", "::1"),
        ] {
            assert_eq!(PublicKeyPin::parse(given, KEY).unwrap().host(), host);
        }
    }

    #[test]
    fn what_is_no_host_or_no_key_is_refused() {
        for host in [
            "",
            ".",
            "https://gateway.example",
            "gateway.example/paynet",
            "gateway.example:443",
            "*.example",
        ] {
            assert!(PublicKeyPin::parse(host, KEY).is_err(), "{host}");
        }
        for key in [
            "",
            "sha256/",
            "sha1/47DEQpj8HBSa+/TImW+5JCeuQeQ=",
            &KEY[7..],
            &KEY[..40],
        ] {
            assert!(PublicKeyPin::parse("gateway.example", key).is_err(), "{key}");
        }
    }
}
