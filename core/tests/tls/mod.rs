//! Transport security with real handshakes on loopback: a server that cannot prove to be the gateway gets not one byte
//! of a request, and a sale with a card ends as not charged.

mod authority;
mod refusals;
mod server;
mod trust;

use std::time::Duration;

use salekit_core::{SaleClientConfig, TlsSettings};
use server::Server;

/// The merchant's server: everything up to perform sale goes well.
fn merchant(path: &str) -> (&'static str, &'static str) {
    match path {
        "/auth/request-access-token" => (
            "200 OK",
            r#"{"session":{"accessToken":"tok0000000000000000000000000000000000000000000000000000000000001"}}"#,
        ),
        "/sale/initiate-sale" => (
            "200 OK",
            r#"{"endpointId":"1144","invoiceId":"invoice-1","session":{"nonce":"nonce","signature":"signature"}}"#,
        ),
        _ => ("404 Not Found", ""),
    }
}

/// A gateway that approves everything.
fn gateway(path: &str) -> (&'static str, &'static str) {
    match path {
        "/paynet/dapi/v1/sale/1144/invoice-1" => ("200 OK", r#"{"session":{"token":"session-token-1"}}"#),
        "/paynet/dapi/v1/sale/1144/invoice-1/status" => ("200 OK", r#"{"state":"APPROVED"}"#),
        _ => ("404 Not Found", ""),
    }
}

fn config(gateway: &Server, merchant: &Server, tls: TlsSettings) -> SaleClientConfig {
    let limit = Duration::from_secs(10);
    let addresses = [
        format!("https://localhost:{}/paynet", gateway.port),
        format!("https://localhost:{}", merchant.port),
    ];
    SaleClientConfig::new(&addresses[0], &addresses[1])
        .unwrap()
        .with_connection_timeouts(limit, limit)
        .with_recovery_timeout(Duration::ZERO)
        .with_tls(tls)
}

/// Trust in the authorities with these certificates, besides Mozilla's.
fn trusting(roots_pem: String) -> TlsSettings {
    TlsSettings {
        extra_roots_pem: Some(roots_pem),
        ..TlsSettings::default()
    }
}
