//! Gateways that must be refused.

use rustls::{
    SupportedProtocolVersion,
    version::{TLS12, TLS13},
};
use salekit_core::{FailureKind, NotChargedReason, PublicKeyPin, SaleClient, SaleOutcome, TlsSettings};
use salekit_testkit::request::request;

use super::{
    authority::{Authority, Flaw, Identity},
    config, gateway, merchant,
    server::Server,
    trusting,
};

const VERSIONS: [&SupportedProtocolVersion; 2] = [&TLS12, &TLS13];

/// Makes a whole sale with a card against `gateway` and a merchant under `root`. Returns the failure that ended it
/// before a byte was sent.
async fn refused(gateway: &Server, root: &Authority, tls: TlsSettings) -> FailureKind {
    let merchant = Server::start(root.issue(Flaw::None), &TLS13, merchant).await;
    let client = SaleClient::new(config(gateway, &merchant, tls)).unwrap();
    client.preconnect().await;
    let outcome = client.start(request()).unwrap().outcome().await;
    let SaleOutcome::NotCharged(end) = outcome else {
        panic!("{outcome:?}")
    };
    assert!(
        merchant.paths().contains(&"/sale/initiate-sale".to_owned()),
        "the sale did not come to the gateway"
    );
    assert!(gateway.connections() > 0, "nothing connected to the gateway");
    assert_eq!(gateway.bytes(), 0, "bytes of a request were sent");
    assert_eq!(end.reason, NotChargedReason::GatewayUnreachable);
    end.failure.unwrap()
}

async fn refused_certificate(
    root: &Authority,
    certificate: impl Fn() -> Identity,
    tls: &TlsSettings,
    expected: FailureKind,
) {
    for version in VERSIONS {
        let server = Server::start(certificate(), version, gateway).await;
        let kind = refused(&server, root, tls.clone()).await;
        assert_eq!(kind, expected, "{:?}", version.version);
    }
}

async fn refused_flaw(flaw: Flaw, expected: FailureKind) {
    let root = Authority::root("root");
    refused_certificate(&root, || root.issue(flaw), &trusting(root.pem()), expected).await;
}

#[tokio::test]
async fn an_expired_certificate() {
    refused_flaw(Flaw::Expired, FailureKind::CertificateExpired).await;
}

#[tokio::test]
async fn a_certificate_of_the_future() {
    refused_flaw(Flaw::NotYetValid, FailureKind::CertificateNotYetValid).await;
}

#[tokio::test]
async fn a_certificate_for_another_host() {
    refused_flaw(Flaw::WrongHost, FailureKind::CertificateWrongHost).await;
}

#[tokio::test]
async fn a_certificate_for_clients() {
    refused_flaw(Flaw::ForClients, FailureKind::CertificateUntrusted).await;
}

#[tokio::test]
async fn a_self_signed_certificate() {
    let root = Authority::root("root");
    let tls = trusting(root.pem());
    refused_certificate(&root, Identity::self_signed, &tls, FailureKind::CertificateUntrusted).await;
}

#[tokio::test]
async fn an_intercepting_proxy_and_an_expired_certificate_are_different_errors() {
    let (root, proxy) = (Authority::root("root"), Authority::root("proxy"));
    // Anybody can use the name of the real root.
    for proxy in [proxy, Authority::root("root")] {
        let identity = || proxy.issue(Flaw::None).with(proxy.der());
        refused_certificate(
            &root,
            identity,
            &trusting(root.pem()),
            FailureKind::CertificateUntrusted,
        )
        .await;
    }
}

#[tokio::test]
async fn tls_1_1() {
    let root = Authority::root("root");
    let server = Server::start_tls_1_1().await;
    assert_eq!(
        refused(&server, &root, trusting(root.pem())).await,
        FailureKind::TlsIncompatible
    );
}

#[tokio::test]
async fn no_common_cipher_suite() {
    let root = Authority::root("root");
    let server = Server::start_without_common_cipher_suite().await;
    assert_eq!(
        refused(&server, &root, trusting(root.pem())).await,
        FailureKind::TlsIncompatible
    );
}

#[tokio::test]
async fn a_missing_intermediate_certificate_and_a_proxy_are_different_errors() {
    let root = Authority::root("root");
    let between = root.intermediate("between");
    let tls = trusting(root.pem());
    let alone = || between.issue(Flaw::NamesIssuer);
    refused_certificate(&root, alone, &tls, FailureKind::CertificateChainIncomplete).await;
    // What a proxy sends: a certificate that it has created, whose issuer's certificate cannot be downloaded.
    let made_up = || between.issue(Flaw::None);
    refused_certificate(&root, made_up, &tls, FailureKind::CertificateUntrusted).await;
    // A complete chain from an unknown authority.
    let other = Authority::root("other");
    let foreign = other.intermediate("between");
    let whole = || foreign.issue(Flaw::NamesIssuer).with(foreign.der());
    refused_certificate(&root, whole, &tls, FailureKind::CertificateUntrusted).await;
}

#[tokio::test]
async fn a_key_or_a_signature_that_is_too_weak() {
    let root = Authority::root("root");
    let tls = trusting(root.pem() + include_str!("weak/root.pem"));
    for pem in [
        &include_bytes!("weak/rsa_1024.pem")[..],
        include_bytes!("weak/sha_1.pem"),
    ] {
        refused_certificate(&root, || Identity::weak(pem), &tls, FailureKind::CertificateTooWeak).await;
    }
}

/// Two pins for the gateway's host; the first one is of `certificate`'s key.
fn pinning(roots_pem: String, certificate: &[u8]) -> TlsSettings {
    let reserve = PublicKeyPin::parse("localhost", "sha256/47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=").unwrap();
    TlsSettings {
        pins: vec![PublicKeyPin::of_certificate("localhost", certificate).unwrap(), reserve],
        ..trusting(roots_pem)
    }
}

/// Pins are for a host, and the merchant has the same host here: its certificate is under the pinned root.
#[tokio::test]
async fn a_trusted_certificate_without_a_pinned_key() {
    let (root, other) = (Authority::root("root"), Authority::root("other"));
    let tls = pinning(root.pem() + &other.pem(), &root.der());
    refused_certificate(
        &root,
        || other.issue(Flaw::None),
        &tls,
        FailureKind::CertificateNotPinned,
    )
    .await;
}

#[tokio::test]
async fn a_pinned_certificate_that_is_only_sent_along() {
    let (root, other) = (Authority::root("root"), Authority::root("other"));
    let tls = pinning(root.pem() + &other.pem(), &root.der());
    let identity = || other.issue(Flaw::None).with(root.der());
    refused_certificate(&root, identity, &tls, FailureKind::CertificateNotPinned).await;
}
