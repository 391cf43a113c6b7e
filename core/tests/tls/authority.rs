//! Certificate authorities and certificates, valid and invalid.

use rcgen::{
    BasicConstraints, CertificateParams, CertifiedIssuer, CustomExtension, DnType, ExtendedKeyUsagePurpose, IsCa,
    KeyPair, KeyUsagePurpose, date_time_ymd,
};
use rustls::{
    crypto::ring::sign::any_supported_type,
    pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer, pem::PemObject},
    sign::CertifiedKey,
};

/// An authority: a root, or an intermediate one.
pub struct Authority(CertifiedIssuer<'static, KeyPair>);

/// What is wrong with a certificate, apart from its issuer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Flaw {
    None,
    Expired,
    NotYetValid,
    WrongHost,
    ForClients,
    /// It names the address of its issuer's certificate, as those of public authorities do.
    NamesIssuer,
}

/// A certificate with its chain, as a server sends it, and its key.
pub struct Identity {
    pub chain: Vec<CertificateDer<'static>>,
    pub key: PrivateKeyDer<'static>,
}

fn authority_params(name: &str) -> CertificateParams {
    let mut params = CertificateParams::default();
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    params.key_usages = vec![KeyUsagePurpose::KeyCertSign];
    params.distinguished_name.push(DnType::CommonName, name);
    params
}

fn leaf_params(flaw: Flaw) -> CertificateParams {
    let host = if flaw == Flaw::WrongHost {
        "gateway.example"
    } else {
        "localhost"
    };
    let mut params = CertificateParams::new([host.to_owned()]).unwrap();
    params.extended_key_usages = vec![if flaw == Flaw::ForClients {
        ExtendedKeyUsagePurpose::ClientAuth
    } else {
        ExtendedKeyUsagePurpose::ServerAuth
    }];
    match flaw {
        Flaw::Expired => params.not_after = date_time_ymd(2021, 1, 1),
        Flaw::NamesIssuer => params.custom_extensions.push(authority_information()),
        Flaw::NotYetValid => params.not_before = date_time_ymd(2999, 1, 1),
        _ => {}
    }
    params
}

/// RFC 5280, 4.2.2.1: one access description, id-ad-caIssuers with an address.
fn authority_information() -> CustomExtension {
    const ADDRESS: &[u8] = b"http://authority.example/issuer.der";
    let tagged = |tag: u8, value: &[u8]| [&[tag, u8::try_from(value.len()).unwrap()], value].concat();
    let method = tagged(0x06, &[0x2b, 6, 1, 5, 5, 7, 0x30, 2]);
    let description = tagged(0x30, &[method, tagged(0x86, ADDRESS)].concat());
    CustomExtension::from_oid_content(&[1, 3, 6, 1, 5, 5, 7, 1, 1], tagged(0x30, &description))
}

fn private(key: &KeyPair) -> PrivateKeyDer<'static> {
    PrivateKeyDer::from(PrivatePkcs8KeyDer::from(key.serialize_der()))
}

impl Authority {
    /// A root.
    pub fn root(name: &str) -> Self {
        let key = KeyPair::generate().unwrap();
        Self(CertifiedIssuer::self_signed(authority_params(name), key).unwrap())
    }

    /// An authority under this one.
    pub fn intermediate(&self, name: &str) -> Self {
        let key = KeyPair::generate().unwrap();
        Self(CertifiedIssuer::signed_by(authority_params(name), key, &self.0).unwrap())
    }

    /// A server's certificate from this authority, sent together with the authority's certificate.
    pub fn issue(&self, flaw: Flaw) -> Identity {
        let key = KeyPair::generate().unwrap();
        let certificate = leaf_params(flaw).signed_by(&key, &self.0).unwrap();
        Identity {
            chain: vec![certificate.der().clone()],
            key: private(&key),
        }
    }

    pub fn pem(&self) -> String {
        self.0.pem()
    }

    pub fn der(&self) -> CertificateDer<'static> {
        self.0.der().clone()
    }
}

impl Identity {
    /// A self-signed certificate.
    pub fn self_signed() -> Self {
        let key = KeyPair::generate().unwrap();
        let certificate = leaf_params(Flaw::None).self_signed(&key).unwrap();
        Self {
            chain: vec![certificate.der().clone()],
            key: private(&key),
        }
    }

    /// One of the weak certificates from files. The server signs with a key that is strong enough.
    pub fn weak(pem: &[u8]) -> Self {
        Self {
            chain: vec![CertificateDer::from_pem_slice(pem).unwrap()],
            key: PrivateKeyDer::from_pem_slice(include_bytes!("weak/rsa_2048.key")).unwrap(),
        }
    }

    /// For a server that does not check that key and certificate match.
    pub fn certified(self) -> CertifiedKey {
        CertifiedKey::new(self.chain, any_supported_type(&self.key).unwrap())
    }

    /// The same, but the server also sends `certificate`.
    pub fn with(mut self, certificate: CertificateDer<'static>) -> Self {
        self.chain.push(certificate);
        self
    }
}
