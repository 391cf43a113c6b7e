//! The TLS configuration: ring, TLS 1.2 and 1.3, Mozilla's roots and extra ones. `verifier` checks the servers'
//! certificates.

use std::sync::Arc;

use rustls::{
    ClientConfig, RootCertStore,
    crypto::{CryptoProvider, KeyProvider, ring},
    pki_types::{CertificateDer, PrivateKeyDer, pem::PemObject},
    sign::SigningKey,
};

use super::verifier::{Verifier, unusable};
use crate::{config::TlsSettings, value::InputError};

/// The client configuration for `tls`.
///
/// # Errors
/// [`InputError`] for `extraRootsPem` if it holds no usable certificate, and for `pins` if a host has only one.
pub(super) fn client_config(tls: &TlsSettings) -> Result<ClientConfig, InputError> {
    // Set explicitly: without a process-wide default, a second TLS library in the app cannot interfere.
    let provider = Arc::new(CryptoProvider {
        key_provider: &NoKeys,
        ..ring::default_provider()
    });
    let roots = roots(tls)?;
    let algorithms = provider.signature_verification_algorithms;
    let versions = ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions();
    let Ok(builder) = versions else {
        return Err(unusable("extraRootsPem"));
    };
    let verifier = Arc::new(Verifier::new(roots, algorithms, tls.pins.clone())?);
    let mut config = builder
        .dangerous()
        .with_custom_certificate_verifier(verifier)
        .with_no_client_auth();
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    Ok(config)
}

/// Loads no private key: SaleKit has no client certificate, and code for one would only make the library larger.
#[derive(Debug)]
struct NoKeys;

impl KeyProvider for NoKeys {
    fn load_private_key(&self, _: PrivateKeyDer<'static>) -> Result<Arc<dyn SigningKey>, rustls::Error> {
        Err(rustls::Error::General("no private keys here".to_owned()))
    }
}

fn roots(tls: &TlsSettings) -> Result<RootCertStore, InputError> {
    let mut roots = RootCertStore {
        roots: webpki_roots::TLS_SERVER_ROOTS.to_vec(),
    };
    if let Some(pem) = &tls.extra_roots_pem {
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
