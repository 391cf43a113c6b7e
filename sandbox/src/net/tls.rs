//! A certificate authority that lives as long as the process, or in a folder, a certificate for loopback under it, and the TLS
//! settings of servers and of the gateway's client. Always ring.

use std::{fs, path::Path, sync::Arc};

use rcgen::{BasicConstraints, CertificateParams, DistinguishedName, DnType, IsCa, Issuer, KeyPair, KeyUsagePurpose};
use rustls::{
    ClientConfig, DigitallySignedStruct, RootCertStore, ServerConfig, SignatureScheme,
    client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier},
    crypto::{CryptoProvider, verify_tls12_signature, verify_tls13_signature},
    pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer, ServerName, UnixTime, pem::PemObject as _},
};

use super::authority_folder;
use crate::error::SandboxError;

/// Names every certificate of the sandbox is valid for.
const LOOPBACK: [&str; 3] = ["localhost", "127.0.0.1", "::1"];

/// The authority and the one certificate that it issued.
pub(crate) struct Authority {
    issuer: Issuer<'static, KeyPair>,
    ca_pem: String,
    server: Arc<ServerConfig>,
    names: Vec<String>,
}

/// What can be wrong with a certificate.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Flaw {
    /// Its time is over.
    Expired,
    /// Its time has not come.
    NotYetValid,
    /// It is for another host.
    WrongHost,
    /// It is from an authority that nobody trusts.
    Untrusted,
}

impl Authority {
    /// An authority, the one of `folder` if it is given, and a certificate for loopback and `further_names`.
    pub(crate) fn new(further_names: &[String], folder: Option<&Path>) -> Result<Self, SandboxError> {
        let mut ca = CertificateParams::default();
        ca.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
        ca.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
        ca.distinguished_name = named("Sandbox throw-away CA");
        let (ca_pem, key) = match folder {
            Some(folder) => {
                let kept = authority_folder::keep(folder, &ca)?;
                (kept.certificate_pem, kept.key)
            }
            None => {
                let key = KeyPair::generate()?;
                (ca.self_signed(&key)?.pem(), key)
            }
        };
        let issuer = Issuer::new(ca, key);

        let names: Vec<String> = LOOPBACK
            .map(str::to_owned)
            .into_iter()
            .chain(further_names.iter().cloned())
            .collect();
        let server = issue(&issuer, &names, Validity::Good)?;
        Ok(Self {
            ca_pem,
            issuer,
            server,
            names,
        })
    }

    /// A server's settings with a certificate that no careful client accepts.
    pub(crate) fn flawed(&self, flaw: Flaw) -> Result<Arc<ServerConfig>, SandboxError> {
        match flaw {
            Flaw::Expired => issue(&self.issuer, &self.names, Validity::Over),
            Flaw::NotYetValid => issue(&self.issuer, &self.names, Validity::ToCome),
            Flaw::WrongHost => issue(&self.issuer, &["other.example".to_owned()], Validity::Good),
            Flaw::Untrusted => Ok(Self::new(&self.names, None)?.server),
        }
    }

    pub(crate) fn ca_pem(&self) -> &str {
        &self.ca_pem
    }

    /// Writes the authority's certificate, for a client in another process.
    pub(crate) fn write_ca_pem(&self, file: &Path) -> Result<(), SandboxError> {
        let failed = |source| SandboxError::WriteCertificate {
            path: file.display().to_string(),
            source,
        };
        fs::write(file, &self.ca_pem).map_err(failed)
    }

    pub(crate) fn server(&self) -> Arc<ServerConfig> {
        Arc::clone(&self.server)
    }

    /// Hosts the certificate is good for.
    pub(crate) fn names(&self) -> &[String] {
        &self.names
    }
}

/// When a certificate is good.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Validity {
    Over,
    Good,
    ToCome,
}

/// A certificate for a server at `names`, and the TLS settings around it.
fn issue(
    issuer: &Issuer<'static, KeyPair>,
    names: &[String],
    validity: Validity,
) -> Result<Arc<ServerConfig>, SandboxError> {
    let mut leaf = CertificateParams::new(names)?;
    leaf.distinguished_name = named("Sandbox server");
    leaf.use_authority_key_identifier_extension = true;
    leaf.key_usages = vec![KeyUsagePurpose::DigitalSignature];
    leaf.extended_key_usages = vec![rcgen::ExtendedKeyUsagePurpose::ServerAuth];
    let today = time::OffsetDateTime::now_utc();
    // iOS refuses server certificates of more than 825 days, even from an authority the user installed.
    let (from, until) = match validity {
        Validity::Over => (-30, -1),
        Validity::Good => (-1, 364),
        Validity::ToCome => (1, 30),
    };
    leaf.not_before = today + time::Duration::days(from);
    leaf.not_after = today + time::Duration::days(until);
    let key = KeyPair::generate()?;
    let certificate = leaf.signed_by(&key, issuer)?;

    let key = PrivateKeyDer::from(PrivatePkcs8KeyDer::from(key.serialize_der()));
    let mut server = ServerConfig::builder_with_provider(provider())
        .with_safe_default_protocol_versions()
        .map_err(tls_error)?
        .with_no_client_auth()
        .with_single_cert(vec![certificate.der().clone()], key)
        .map_err(tls_error)?;
    // One exchange a connection at a time, so that cutting a connection loses just one answer.
    server.alpn_protocols = vec![b"http/1.1".to_vec()];
    Ok(Arc::new(server))
}

/// TLS for a client that trusts the authorities in `pem` and no others.
pub(crate) fn client_trusting(pem: &str) -> Result<ClientConfig, SandboxError> {
    trusting(RootCertStore::empty(), pem)
}

/// TLS for a client that trusts the public authorities, and those in `pem`.
pub(crate) fn client_trusting_public(pem: &str) -> Result<ClientConfig, SandboxError> {
    let roots = RootCertStore {
        roots: webpki_roots::TLS_SERVER_ROOTS.to_vec(),
    };
    trusting(roots, pem)
}

/// TLS for a client that trusts every certificate, for servers on this machine.
pub(crate) fn client_trusting_anything() -> Result<ClientConfig, SandboxError> {
    let config = ClientConfig::builder_with_provider(provider())
        .with_safe_default_protocol_versions()
        .map_err(tls_error)?
        .dangerous()
        .with_custom_certificate_verifier(Arc::new(TrustsAnything(provider())))
        .with_no_client_auth();
    Ok(config)
}

fn trusting(mut roots: RootCertStore, pem: &str) -> Result<ClientConfig, SandboxError> {
    for certificate in CertificateDer::pem_slice_iter(pem.as_bytes()) {
        let certificate = certificate.map_err(|error| SandboxError::Tls {
            reason: error.to_string(),
        })?;
        roots.add(certificate).map_err(tls_error)?;
    }
    let config = ClientConfig::builder_with_provider(provider())
        .with_safe_default_protocol_versions()
        .map_err(tls_error)?
        .with_root_certificates(roots)
        .with_no_client_auth();
    Ok(config)
}

/// Looks at no certificate, only at the signatures of the handshake.
#[derive(Debug)]
struct TrustsAnything(Arc<CryptoProvider>);

impl ServerCertVerifier for TrustsAnything {
    fn verify_server_cert(
        &self,
        _end_entity: &CertificateDer<'_>,
        _intermediates: &[CertificateDer<'_>],
        _server_name: &ServerName<'_>,
        _ocsp_response: &[u8],
        _now: UnixTime,
    ) -> Result<ServerCertVerified, rustls::Error> {
        Ok(ServerCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        verify_tls12_signature(
            message,
            certificate,
            signature,
            &self.0.signature_verification_algorithms,
        )
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        verify_tls13_signature(
            message,
            certificate,
            signature,
            &self.0.signature_verification_algorithms,
        )
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.0.signature_verification_algorithms.supported_schemes()
    }
}

fn provider() -> Arc<CryptoProvider> {
    Arc::new(rustls::crypto::ring::default_provider())
}

fn named(common_name: &str) -> DistinguishedName {
    let mut name = DistinguishedName::new();
    name.push(DnType::CommonName, common_name);
    name
}

fn tls_error(error: rustls::Error) -> SandboxError {
    SandboxError::Tls {
        reason: error.to_string(),
    }
}
