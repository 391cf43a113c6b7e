//! The TLS configuration: ring, TLS 1.2 and 1.3, Mozilla's roots, extra roots, pins.

use std::{fmt, sync::Arc};

use rustls::{
    CertificateError, ClientConfig, DigitallySignedStruct, OtherError, RootCertStore, SignatureScheme,
    client::{
        WebPkiServerVerifier,
        danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier},
    },
    crypto::{CryptoProvider, KeyProvider, WebPkiSupportedAlgorithms, ring},
    pki_types::{
        CertificateDer, PrivateKeyDer, ServerName, SubjectPublicKeyInfoDer, TrustAnchor, UnixTime, pem::PemObject,
    },
    sign::SigningKey,
};

use super::Pin;
use crate::{InputError, Rule, Security, Timestamp};

/// The client configuration for `security`.
///
/// # Errors
/// [`InputError`] for `extraRootsPem` if it holds no usable certificate, and for `pins` if a host has only one.
pub(super) fn client_config(security: &Security) -> Result<ClientConfig, InputError> {
    // Given explicitly everywhere: with no process-wide default, a second TLS library in the app cannot disturb ours.
    let provider = Arc::new(CryptoProvider {
        key_provider: &NoKeys,
        ..ring::default_provider()
    });
    let roots = roots(security)?;
    let versions = ClientConfig::builder_with_provider(Arc::clone(&provider)).with_safe_default_protocol_versions();
    let Ok(builder) = versions else {
        return Err(unusable("extraRootsPem"));
    };
    let mut config = if security.pins.is_empty() {
        builder.with_root_certificates(roots).with_no_client_auth()
    } else {
        let verifier = Arc::new(PinningVerifier::new(roots, provider, security.pins.clone())?);
        builder
            .dangerous()
            .with_custom_certificate_verifier(verifier)
            .with_no_client_auth()
    };
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    Ok(config)
}

/// Loads no private key: SaleKit shows no certificate of its own, and what nobody can call is not shipped.
#[derive(Debug)]
struct NoKeys;

impl KeyProvider for NoKeys {
    fn load_private_key(&self, _: PrivateKeyDer<'static>) -> Result<Arc<dyn SigningKey>, rustls::Error> {
        Err(rustls::Error::General("no private keys here".to_owned()))
    }
}

fn roots(security: &Security) -> Result<RootCertStore, InputError> {
    let mut roots = RootCertStore {
        roots: webpki_roots::TLS_SERVER_ROOTS.to_vec(),
    };
    if let Some(pem) = &security.extra_roots_pem {
        let before = roots.len();
        for certificate in CertificateDer::pem_slice_iter(pem.as_bytes()) {
            let certificate = certificate.map_err(|_| unusable("extraRootsPem"))?;
            roots.add(certificate).map_err(|_| unusable("extraRootsPem"))?;
        }
        if roots.len() == before {
            return Err(unusable("extraRootsPem"));
        }
    }
    Ok(roots)
}

const fn unusable(field: &'static str) -> InputError {
    InputError::new(
        field,
        Rule::Format {
            example: "-----BEGIN CERTIFICATE----- … -----END CERTIFICATE-----",
        },
    )
}

/// The usual verification, and then one of the host's pins must be in the chain that was verified.
#[derive(Debug)]
struct PinningVerifier {
    usual: Arc<WebPkiServerVerifier>,
    roots: Arc<RootCertStore>,
    algorithms: WebPkiSupportedAlgorithms,
    pins: Vec<Pin>,
}

impl PinningVerifier {
    fn new(roots: RootCertStore, provider: Arc<CryptoProvider>, pins: Vec<Pin>) -> Result<Self, InputError> {
        let is_single = |pin: &Pin| {
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
        let roots = Arc::new(roots);
        let algorithms = provider.signature_verification_algorithms;
        let usual = WebPkiServerVerifier::builder_with_provider(Arc::clone(&roots), provider).build();
        Ok(Self {
            usual: usual.map_err(|_| unusable("extraRootsPem"))?,
            roots,
            algorithms,
            pins,
        })
    }

    /// Whether a path from `end_entity` to a root holds a key that one of `pins` names.
    ///
    /// The certificates that a server sends are not that path: it may send any others along, also the pinned one.
    fn has_pinned_path(
        &self,
        pins: &[&Pin],
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
            // Another path may still hold the key, so the search goes on.
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

/// A root's SubjectPublicKeyInfo as it stands in its certificate: trust anchors keep it without tag and length.
fn key_of_anchor(anchor: &TrustAnchor<'_>) -> SubjectPublicKeyInfoDer<'static> {
    const SEQUENCE: u8 = 0x30;
    let value = anchor.subject_public_key_info.as_ref();
    let length = value.len().to_be_bytes();
    let length = &length[length.iter().take_while(|byte| **byte == 0).count()..];
    let mut der = vec![SEQUENCE];
    // X.690, 8.1.3: up to 127 in one byte, else the number of bytes first.
    if value.len() > 0x7f {
        der.push(0x80 | length.len() as u8);
    }
    der.extend_from_slice(length);
    der.extend_from_slice(value);
    SubjectPublicKeyInfoDer::from(der)
}

/// The chain is good, but none of its keys is pinned. Carried inside rustls' error to where failures are classified.
#[derive(Debug)]
pub(super) struct NotPinned;

impl fmt::Display for NotPinned {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("none of the pinned keys is in the certificate chain")
    }
}

impl std::error::Error for NotPinned {}

impl ServerCertVerifier for PinningVerifier {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        server_name: &ServerName<'_>,
        ocsp_response: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, rustls::Error> {
        let verified = self
            .usual
            .verify_server_cert(end_entity, intermediates, server_name, ocsp_response, now)?;
        let host = server_name.to_str().to_ascii_lowercase();
        let host = host.strip_suffix('.').unwrap_or(&host);
        let time = Timestamp(now.as_secs().saturating_mul(1_000));
        let in_force: Vec<_> = self
            .pins
            .iter()
            .filter(|pin| pin.host() == host && !pin.is_expired(time))
            .collect();
        if in_force.is_empty() || self.has_pinned_path(&in_force, end_entity, intermediates, now) {
            Ok(verified)
        } else {
            Err(CertificateError::Other(OtherError(Arc::new(NotPinned))).into())
        }
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        self.usual.verify_tls12_signature(message, cert, dss)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        self.usual.verify_tls13_signature(message, cert, dss)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.usual.supported_verify_schemes()
    }
}
