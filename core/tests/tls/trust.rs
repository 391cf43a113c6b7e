//! Gateways that must be accepted, and configurations that must be refused.

use rustls::version::TLS13;
use salekit_core::{
    Charge, ClientError, HttpsTransport, PublicKeyPin, Rule, SaleClient, SaleClientConfig, SaleOutcome, Timestamp,
    TlsSettings, Transport,
};
use salekit_testkit::request::request;

use super::{
    authority::{Authority, Flaw, Identity},
    config, gateway, merchant,
    server::Server,
    trusting,
};

const RESERVE: &str = "sha256/47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=";
const UNUSED: &str = "sha256/AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=";

fn pin(text: &str) -> PublicKeyPin {
    PublicKeyPin::parse("localhost", text).unwrap()
}

async fn sale(identity: Identity, root: &Authority, pins: Vec<PublicKeyPin>) -> SaleOutcome {
    let gateway = Server::start(identity, &TLS13, gateway).await;
    let merchant = Server::start(root.issue(Flaw::None), &TLS13, merchant).await;
    let tls = TlsSettings {
        pins,
        ..trusting(root.pem())
    };
    let client = SaleClient::new(config(&gateway, &merchant, tls)).unwrap();
    client.start(request()).unwrap().outcome().await
}

#[tokio::test]
async fn a_good_certificate_needs_no_pin() {
    let root = Authority::root("root");
    let outcome = sale(root.issue(Flaw::None), &root, Vec::new()).await;
    assert_eq!(outcome.charge(), Charge::Charged);
}

#[tokio::test]
async fn any_key_of_the_verified_chain_may_be_the_pinned_one() {
    let root = Authority::root("root");
    let between = root.intermediate("between");
    let chain = || between.issue(Flaw::None).with(between.der());
    // The root itself has issued the merchant's certificate, so its key is in both chains.
    let pins = vec![
        PublicKeyPin::of_certificate("localhost", &root.der()).unwrap(),
        pin(RESERVE),
    ];
    assert_eq!(sale(chain(), &root, pins).await.charge(), Charge::Charged);

    for place in [0, 1] {
        let identity = chain();
        let pins = vec![
            PublicKeyPin::of_certificate("localhost", &identity.chain[place]).unwrap(),
            pin(RESERVE),
        ];
        let tls = TlsSettings {
            pins,
            ..trusting(root.pem())
        };
        let server = Server::start(identity, &TLS13, super::gateway).await;
        let transport = HttpsTransport::new(&config(&server, &server, tls)).unwrap();
        transport
            .preconnect(&format!("https://localhost:{}/", server.port).parse().unwrap())
            .await;
        assert!(server.bytes() > 0, "refused");
    }
}

#[tokio::test]
async fn the_reserve_pin_is_equivalent_to_the_first() {
    let root = Authority::root("root");
    let pins = vec![
        pin(RESERVE),
        PublicKeyPin::of_certificate("localhost", &root.der()).unwrap(),
    ];
    let outcome = sale(root.issue(Flaw::None), &root, pins).await;
    assert_eq!(outcome.charge(), Charge::Charged);
}

#[tokio::test]
async fn pins_that_have_expired_leave_ordinary_trust() {
    let root = Authority::root("root");
    let past = Timestamp(1_600_000_000_000);
    let outcome = sale(
        root.issue(Flaw::None),
        &root,
        vec![pin(RESERVE).until(past), pin(UNUSED).until(past)],
    );
    assert_eq!(outcome.await.charge(), Charge::Charged);
    // The usual verification still applies.
    let other = Authority::root("other");
    let outcome = sale(
        other.issue(Flaw::None),
        &root,
        vec![pin(RESERVE).until(past), pin(UNUSED).until(past)],
    );
    assert_eq!(outcome.await.charge(), Charge::NotCharged);
}

#[tokio::test]
async fn pins_of_another_host_do_not_matter() {
    let root = Authority::root("root");
    let other = |text| PublicKeyPin::parse("gateway.example", text).unwrap();
    let outcome = sale(root.issue(Flaw::None), &root, vec![other(RESERVE), other(UNUSED)]).await;
    assert_eq!(outcome.charge(), Charge::Charged);
}

#[tokio::test]
async fn one_single_pin_is_no_configuration() {
    for pins in [vec![pin(RESERVE)], vec![pin(RESERVE), pin(RESERVE)]] {
        let config = SaleClientConfig::new("https://localhost", "https://localhost").unwrap();
        let error = SaleClient::new(config.with_tls(TlsSettings {
            pins,
            ..TlsSettings::default()
        }));
        let Err(ClientError::Input(error)) = error.map(|_| ()) else {
            panic!()
        };
        assert_eq!(error.field, "pins");
        assert!(matches!(error.rule, Rule::Unknown { .. }));
    }
}

#[tokio::test]
async fn a_redirect_is_an_answer_and_nothing_else() {
    let root = Authority::root("root");
    let redirecting = |path: &str| match path {
        "/elsewhere" => gateway("/paynet/dapi/v1/sale/1144/invoice-1"),
        _ => ("307 Temporary Redirect\r\nLocation: /elsewhere", ""),
    };
    let server = Server::start(root.issue(Flaw::None), &TLS13, redirecting).await;
    let merchant = Server::start(root.issue(Flaw::None), &TLS13, merchant).await;
    let client = SaleClient::new(config(&server, &merchant, trusting(root.pem()))).unwrap();
    let outcome = client.start(request()).unwrap().outcome().await;
    assert_eq!(outcome.charge(), Charge::Unknown);
    assert_eq!(server.paths(), ["/paynet/dapi/v1/sale/1144/invoice-1"]);
}
