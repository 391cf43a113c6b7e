//! Verifies a server's certificates: the usual verification, then one of the host's pins must be in the verified chain.
//! A refused chain gets an error that names its problem.

use std::{fmt, sync::Arc};

use rustls::{
    CertificateError, DigitallySignedStruct, Error, OtherError, RootCertStore, SignatureScheme,
    client::{
        danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier},
        verify_server_cert_signed_by_trust_anchor, verify_server_name,
    },
    crypto::{WebPkiSupportedAlgorithms, verify_tls12_signature, verify_tls13_signature},
    pki_types::{CertificateDer, ServerName, SubjectPublicKeyInfoDer, TrustAnchor, UnixTime},
    server::ParsedCertificate,
};

use crate::{
    config::PublicKeyPin,
    value::{InputError, Rule, Timestamp},
};

/// A problem with a chain for which the TLS library has no error. It is carried inside the library's error until
/// failures are classified.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Flaw {
    /// The chain is valid, but none of its keys is pinned.
    NotPinned,
    /// The server sent only its own certificate, which says where to get its issuer's certificate.
    Incomplete,
    /// An RSA key under 2048 bits.
    KeyTooSmall,
}

impl fmt::Display for Flaw {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::NotPinned => "the certificate chain contains none of the pinned keys",
            Self::Incomplete => "the server did not send the intermediate certificate",
            Self::KeyTooSmall => "an RSA key has fewer than 2048 bits",
        })
    }
}

impl std::error::Error for Flaw {}

impl From<Flaw> for Error {
    fn from(flaw: Flaw) -> Self {
        CertificateError::Other(OtherError(Arc::new(flaw))).into()
    }
}

/// The usual verification, then a check that one of the host's pins is in the verified chain.
///
/// The usual verification is the TLS library's, step by step: its `WebPkiServerVerifier` would do the same, but brings the
/// code for revocation lists into every app, and SaleKit has none.
#[derive(Debug)]
pub(super) struct Verifier {
    roots: RootCertStore,
    algorithms: WebPkiSupportedAlgorithms,
    pins: Vec<PublicKeyPin>,
}

impl Verifier {
    pub(super) fn new(
        roots: RootCertStore,
        algorithms: WebPkiSupportedAlgorithms,
        pins: Vec<PublicKeyPin>,
    ) -> Result<Self, InputError> {
        let is_single = |pin: &PublicKeyPin| {
            let mut others = pins.iter().filter(|other| other.host() == pin.host());
            !others.any(|other| other.to_string() != pin.to_string())
        };
        if pins.iter().any(is_single) {
            return Err(InputError::new(
                "pins",
                Rule::Unknown {
                    expected: "two or more pins a host, one in reserve",
                },
            ));
        }
        Ok(Self {
            roots,
            algorithms,
            pins,
        })
    }

    /// The usual verification: a path to a root, the time, the purpose of each certificate, and the server's name.
    fn verify_chain(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        server_name: &ServerName<'_>,
        now: UnixTime,
    ) -> Result<(), Error> {
        let certificate = ParsedCertificate::try_from(end_entity)?;
        verify_server_cert_signed_by_trust_anchor(&certificate, &self.roots, intermediates, now, self.algorithms.all)?;
        verify_server_name(&certificate, server_name)
    }

    /// Whether a path from `end_entity` to a root contains a key that one of `pins` names.
    ///
    /// The certificates that a server sends are not such a path: it may send any others as well, including the pinned
    /// one.
    fn has_pinned_path(
        &self,
        pins: &[&PublicKeyPin],
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        now: UnixTime,
    ) -> bool {
        let Ok(end_entity) = webpki::EndEntityCert::try_from(end_entity) else {
            return false;
        };
        let is_pinned = |path: &webpki::VerifiedPath<'_>| {
            let anchor = key_of_anchor(path.anchor());
            let keys = [path.end_entity().subject_public_key_info(), anchor].into_iter();
            let mut keys = keys.chain(
                path.intermediate_certificates()
                    .map(|cert| cert.subject_public_key_info()),
            );
            let is_pinned = keys.any(|key| pins.iter().any(|pin| pin.matches(&key)));
            // Another path may still contain the key, so continue.
            if is_pinned {
                Ok(())
            } else {
                Err(webpki::Error::UnknownIssuer)
            }
        };
        end_entity
            .verify_for_usage(
                self.algorithms.all,
                &self.roots.roots,
                intermediates,
                now,
                webpki::KeyUsage::server_auth(),
                None,
                Some(&is_pinned),
            )
            .is_ok()
    }
}

/// A root's SubjectPublicKeyInfo as in its certificate. Trust anchors store it without tag and length.
fn key_of_anchor(anchor: &TrustAnchor<'_>) -> SubjectPublicKeyInfoDer<'static> {
    const SEQUENCE: u8 = 0x30;
    let value = anchor.subject_public_key_info.as_ref();
    let length = value.len().to_be_bytes();
    let length = &length[length.iter().take_while(|byte| **byte == 0).count()..];
    let mut der = vec![SEQUENCE];
    // X.690, 8.1.3: a length up to 127 is one byte; otherwise the number of length bytes comes first.
    if value.len() > 0x7f {
        der.push(0x80 | length.len() as u8);
    }
    der.extend_from_slice(length);
    der.extend_from_slice(value);
    SubjectPublicKeyInfoDer::from(der)
}

/// Whether the certificate contains an RSA key that is too small for `ring`, which needs 2048 bits or more.
fn has_small_key(certificate: &CertificateDer<'_>) -> bool {
    /// rsaEncryption (RFC 8017, A.1).
    const RSA: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x01];
    /// The size of a SubjectPublicKeyInfo with a modulus of 2048 bits. The usual exponent adds two bytes.
    const SMALLEST: usize = 292;
    let Ok(certificate) = webpki::EndEntityCert::try_from(certificate) else {
        return false;
    };
    let key = certificate.subject_public_key_info();
    key.len() < SMALLEST && contains(&key, RSA)
}

/// Whether the certificate names the address of its issuer's certificate (RFC 5280, 4.2.2.1: id-ad-caIssuers).
/// Certificates of public authorities do; those that an intercepting proxy creates do not.
fn names_issuer_address(certificate: &CertificateDer<'_>) -> bool {
    const CA_ISSUERS: &[u8] = &[0x06, 0x08, 0x2b, 0x06, 0x01, 0x05, 0x05, 0x07, 0x30, 0x02];
    contains(certificate, CA_ISSUERS)
}

fn contains(der: &[u8], part: &[u8]) -> bool {
    der.windows(part.len()).any(|window| window == part)
}

/// `error`, replaced by a more exact one if the certificates show the problem.
fn named(error: Error, end_entity: &CertificateDer<'_>, intermediates: &[CertificateDer<'_>]) -> Error {
    let Error::InvalidCertificate(certificate) = &error else {
        return error;
    };
    match certificate {
        CertificateError::BadSignature if [end_entity].into_iter().chain(intermediates).any(has_small_key) => {
            Flaw::KeyTooSmall.into()
        }
        CertificateError::UnknownIssuer if intermediates.is_empty() && names_issuer_address(end_entity) => {
            Flaw::Incomplete.into()
        }
        _ => error,
    }
}

impl ServerCertVerifier for Verifier {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        server_name: &ServerName<'_>,
        _ocsp_response: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        self.verify_chain(end_entity, intermediates, server_name, now)
            .map_err(|error| named(error, end_entity, intermediates))?;
        if self.pins.is_empty() {
            return Ok(ServerCertVerified::assertion());
        }
        let host = server_name.to_str().to_ascii_lowercase();
        let host = host.strip_suffix('.').unwrap_or(&host);
        let time = Timestamp(now.as_secs().saturating_mul(1_000));
        let in_force: Vec<_> = self
            .pins
            .iter()
            .filter(|pin| pin.host() == host && !pin.is_expired(time))
            .collect();
        if in_force.is_empty() || self.has_pinned_path(&in_force, end_entity, intermediates, now) {
            Ok(ServerCertVerified::assertion())
        } else {
            Err(Flaw::NotPinned.into())
        }
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        let verified = verify_tls12_signature(message, cert, dss, &self.algorithms);
        verified.map_err(|error| named(error, cert, &[]))
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        let verified = verify_tls13_signature(message, cert, dss, &self.algorithms);
        verified.map_err(|error| named(error, cert, &[]))
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.algorithms.supported_schemes()
    }
}

/// The error if certificates or pins of the settings cannot be used.
pub(super) const fn unusable(field: &'static str) -> InputError {
    InputError::new(
        field,
        Rule::Format {
            example: "-----BEGIN CERTIFICATE----- … -----END CERTIFICATE-----",
        },
    )
}
