//! Transport security with real handshakes on loopback: whoever cannot prove to be the gateway gets not one byte of a
//! request, and a sale with a card ends as not charged.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    unreachable_pub,
    reason = "a test says what it expects by unwrapping it"
)]

#[path = "../support/app.rs"]
mod app;
mod authority;
mod refusals;
mod server;
mod trust;

use std::time::Duration;

use salekit_core::{Config, Security};
use server::Server;

/// The shop's server: everything up to perform sale goes well.
fn shop(path: &str) -> (&'static str, &'static str) {
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

fn config(gateway: &Server, shop: &Server, security: Security) -> Config {
    let limit = Duration::from_secs(10);
    let addresses = [
        format!("https://localhost:{}/paynet", gateway.port),
        format!("https://localhost:{}", shop.port),
    ];
    Config::new(&addresses[0], &addresses[1])
        .unwrap()
        .with_time_limits(limit, limit)
        .with_recovery_window(Duration::ZERO)
        .with_security(security)
}

/// Trust in the authorities with these certificates, besides Mozilla's.
fn trusting(roots_pem: String) -> Security {
    Security {
        extra_roots_pem: Some(roots_pem),
        ..Security::default()
    }
}
