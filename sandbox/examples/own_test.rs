//! A sandbox inside a test of your own: it starts in milliseconds on free ports, a script decides what happens to the
//! sales of one device, and the ledger says how they really ended.
//!
//! ```text
//! cargo run -p salekit-sandbox --example own_test
//! ```

#![allow(clippy::print_stdout, reason = "an example shows what it has found")]

use std::error::Error;

use salekit_core::{
    Card, CardNumber, Charge, Consumer, Expiry, Holder, SaleClient, SaleClientConfig, SaleOutcome, SaleRequest,
    SecurityCode, TlsSettings,
};
use salekit_sandbox::{EntryState, Fault, Message, Sandbox, SandboxConfig, Script};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let sandbox = Sandbox::start(SandboxConfig::default().immediate()).await?;
    let tls = TlsSettings {
        extra_roots_pem: Some(sandbox.ca_pem().to_owned()),
        ..TlsSettings::default()
    };
    let config = SaleClientConfig::new(sandbox.gateway_url().as_str(), sandbox.merchant_url().as_str())?.with_tls(tls);
    let client = SaleClient::new(config)?;

    // The gateway performs this device's sale, and its answer is lost.
    let lost = Script::new().fault(Message::Perform, Fault::CloseAfterProcessing);
    sandbox.script("device-7", lost);
    let sale = client.start(request("device-7")?)?;
    let outcome = sale.outcome().await;

    // The app may not believe that nothing was charged, and asks until it knows.
    assert_eq!(outcome.charge(), Charge::Charged);
    let invoice_id = sale.invoice_id().ok_or("no invoice")?;
    let entry = sandbox
        .ledger()
        .entry(&invoice_id)
        .ok_or("the gateway has no such sale")?;
    assert_eq!(
        (entry.state, entry.charges, entry.performs_received),
        (EntryState::Approved, 1, 1)
    );
    if let SaleOutcome::Approved(receipt) = outcome {
        println!(
            "{} charged once, although the answer was lost",
            receipt.requested_amount
        );
    }
    sandbox.shutdown().await;
    Ok(())
}

/// 10.50 EUR by a test card. With the security code 123 the sandbox approves.
fn request(device: &str) -> Result<SaleRequest, Box<dyn Error>> {
    let card = Card::new(
        CardNumber::parse("4111111111111111")?,
        Expiry::parse("12/2040")?,
        Holder::printed("ADA LOVELACE")?,
        SecurityCode::parse("123")?,
    )?;
    Ok(SaleRequest::new("10.50 EUR".parse()?, Consumer::new(device)?, card))
}
