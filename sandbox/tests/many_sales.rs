//! Two hundred sales at once against one sandbox: nothing is mixed up between them, and nothing is performed twice.

use std::{sync::Arc, time::Duration};

use salekit_core::{
    Card, CardNumber, Consumer, Expiry, Holder, Pacing, SaleClient, SaleClientConfig, SaleOutcome, SaleRequest,
    SaleState, SecurityCode, TlsSettings,
};
use salekit_sandbox::{Cardholder, Conduct, EntryState, Fault, Message, Sandbox, SandboxConfig, Script};

use crate::support::MACHINE;

const SALES: usize = 200;

/// What the n-th sale is like: its security code, a fault, who sits in front of the browser.
fn plan(number: usize) -> (&'static str, Option<(Message, Fault)>, Conduct) {
    match number % 10 {
        0 | 1 => ("123", None, Conduct::Authenticates),
        2 => ("321", None, Conduct::Authenticates),
        3 => ("321", None, Conduct::MistypesPassword),
        4 => ("116", None, Conduct::Authenticates),
        5 => ("217", None, Conduct::Authenticates),
        6 => (
            "123",
            Some((Message::Perform, Fault::CloseAfterProcessing)),
            Conduct::Authenticates,
        ),
        7 => ("111", Some((Message::Status, Fault::Garbage)), Conduct::Authenticates),
        8 => {
            let filtered = Fault::GatewayError {
                cause: "FILTERED".to_owned(),
                http_status: 400,
            };
            ("123", Some((Message::Perform, filtered)), Conduct::Authenticates)
        }
        _ => ("322", None, Conduct::Cancels),
    }
}

fn request(number: usize, code: &str) -> SaleRequest {
    let card = Card::new(
        CardNumber::parse("4111111111111111").unwrap(),
        Expiry::parse("12/2040").unwrap(),
        Holder::printed("ADA LOVELACE").unwrap(),
        SecurityCode::parse(code).unwrap(),
    );
    // Every sale has an amount of its own, so that a mix-up shows.
    let amount = salekit_core::Money::from_minor_units(1_000 + number as i64, "EUR").unwrap();
    SaleRequest::new(
        amount,
        Consumer::new(format!("device-{number}")).unwrap(),
        card.unwrap(),
    )
}

async fn sell(client: SaleClient, cardholder: Cardholder, number: usize) -> (String, SaleOutcome) {
    let (code, _, conduct) = plan(number);
    let sale = client.start(request(number, code)).unwrap();
    let mut states = sale.states();
    let mut last = String::new();
    while let Some(state) = states.next().await {
        if let SaleState::Challenge { .. } = state
            && let Some(challenge) = sale.challenge()
            && challenge.url() != last
        {
            challenge.url().clone_into(&mut last);
            let cardholder = cardholder.clone();
            tokio::spawn(async move {
                let _ = cardholder.visit(challenge.url(), conduct).await;
                challenge.closed();
            });
        }
    }
    (sale.invoice_id().unwrap(), sale.outcome().await)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_hundred_mixed_sales_at_once_end_as_the_ledger_says() {
    let _machine = MACHINE.write().await;
    let sandbox = Sandbox::start(SandboxConfig::default().processing_delay(Duration::from_millis(20)))
        .await
        .unwrap();
    let cardholder = Cardholder::trusting(sandbox.ca_pem()).unwrap();
    let pacing = Pacing {
        challenge_gap: 800,
        processing_gap: 500,
        floor: 300,
        aim_after_return: 300,
        ..Pacing::strict()
    };
    let security = TlsSettings {
        extra_roots_pem: Some(sandbox.ca_pem().to_owned()),
        ..TlsSettings::default()
    };
    let config = SaleClientConfig::new(sandbox.gateway_url().as_str(), sandbox.merchant_url().as_str()).unwrap();
    let config = config
        .with_tls(security)
        .with_pacing(pacing)
        .with_processing_timeout(Duration::from_secs(8));
    let client = SaleClient::new(config).unwrap();
    let mut running = Vec::new();
    for number in 0..SALES {
        if let (_, Some((message, fault)), _) = plan(number) {
            let script = match message {
                Message::Status => Script::new().fault_nth(message, 1, fault),
                _ => Script::new().fault(message, fault),
            };
            sandbox.script(&format!("device-{number}"), script);
        }
        running.push(tokio::spawn(sell(client.clone(), cardholder.clone(), number)));
    }
    let ledger = Arc::new(sandbox.ledger());
    let mut counts = std::collections::BTreeMap::<_, usize>::new();
    for (number, sale) in running.into_iter().enumerate() {
        let (invoice_id, outcome) = sale.await.unwrap();
        let entry = ledger.entry(&invoice_id).unwrap();
        *counts.entry(outcome.name()).or_default() += 1;
        assert_eq!(entry.performs_received, 1, "{number}: {entry:?}");
        assert_eq!(entry.device_serial_number, format!("device-{number}"));
        match &outcome {
            SaleOutcome::Approved(receipt) => {
                assert_eq!((entry.state, entry.charges), (EntryState::Approved, 1), "{number}");
                let confirmed = receipt.amount.as_ref().map(salekit_core::Money::minor_units);
                assert_eq!(confirmed, Some(1_000 + number as i64));
            }
            SaleOutcome::Declined(_) => assert_eq!((entry.state, entry.charges), (EntryState::Declined, 0), "{number}"),
            SaleOutcome::NotCharged(_) => {
                assert_eq!((entry.state, entry.charges), (EntryState::NotStarted, 0), "{number}")
            }
            SaleOutcome::Unknown(end) => assert!(entry.unresolvable, "{number}: {end:?} {entry:?}"),
        }
    }
    println!("{SALES} sales: {counts:?}");
    assert_eq!(ledger.total_charges(), counts["approved"] as u64);
    assert_eq!(
        counts,
        [
            ("approved", 100),
            ("declined", 60),
            ("not_charged", 20),
            ("unknown", 20)
        ]
        .into()
    );
}
