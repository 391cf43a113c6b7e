//! Many sales at once in one process, through the bindings as an app uses them: CPU and memory a sale. The server is another
//! process on the same machine, without any delay.

use std::{sync::Arc, time::Duration};

use salekit::{
    CardField, CardForm, Consumer, HolderFields, Money, PacingProfile, Sale, SaleClient, SaleClientConfig, SaleOutcome,
    SaleRequest, TlsSettings,
};
use serde::{Deserialize, Serialize};

use crate::{child, failure::Failure, process, server::Address};

/// What a process used.
#[derive(Serialize, Deserialize)]
pub(crate) struct Load {
    pub(crate) at_once: u64,
    /// CPU time a sale.
    pub(crate) cpu: Duration,
    /// Memory at the peak over that after the first sale, in KiB.
    pub(crate) grown_kib: u64,
}

/// How often so many sales are made, so that the CPU time of few is more than the clock's grain.
const fn batches(at_once: usize) -> usize {
    match at_once {
        0..=1 => 15,
        2..=10 => 4,
        11..=100 => 2,
        _ => 1,
    }
}

/// The child: reads the server's address, answers with [`Load`].
pub(crate) async fn measure(at_once: usize) -> Result<(), Failure> {
    let server: Address = child::hear_parent()?;
    sell(&client(&server)?, 1).await?;
    let after_first = process::memory_kib()?;
    process::forget_peak()?;
    let mut cpu = Duration::ZERO;
    for _ in 0..batches(at_once) {
        // A new client has no connections and no TLS tickets: every sale costs the same, with many or alone.
        let client = client(&server)?;
        let before = process::cpu();
        sell(&client, at_once).await?;
        cpu += process::cpu() - before;
    }
    child::answer(&Load {
        at_once: u64::try_from(at_once)?,
        cpu: cpu / u32::try_from(batches(at_once) * at_once)?,
        grown_kib: process::peak_kib()?.saturating_sub(after_first),
    })
}

/// A client as an app makes it.
pub(crate) fn client(server: &Address) -> Result<SaleClient, Failure> {
    let config = SaleClientConfig {
        gateway_url: server.gateway.clone(),
        merchant_url: server.merchant.clone(),
        store_directory: None,
        merchant_paths: None,
        pacing: PacingProfile::Strict,
        timeouts: None,
        tls: Some(TlsSettings {
            extra_roots_pem: Some(server.ca_pem.clone()),
            pins: Vec::new(),
        }),
        allows_loopback_http: false,
    };
    Ok(SaleClient::new(config, None, None, None, None)?)
}

/// Starts so many sales and waits for them all.
pub(crate) async fn sell(client: &SaleClient, at_once: usize) -> Result<(), Failure> {
    let sales: Vec<Arc<Sale>> = (0..at_once).map(|_| start(client)).collect::<Result<_, _>>()?;
    for sale in &sales {
        match sale.outcome().await? {
            SaleOutcome::Approved { .. } => {}
            other => return Err(format!("a sale ended as {other:?}").into()),
        }
        client.acknowledge(sale.id()?).await?;
    }
    Ok(())
}

fn start(client: &SaleClient) -> Result<Arc<Sale>, Failure> {
    let form = CardForm::new(HolderFields::PrintedName)?;
    for (field, text) in [
        (CardField::Number, "4111111111111111"),
        (CardField::Expiry, "12/40"),
        (CardField::SecurityCode, "123"),
        (CardField::PrintedName, "ADA LOVELACE"),
    ] {
        form.paste(field, text.as_bytes())?;
    }
    let options = SaleRequest {
        amount: Money {
            minor_units: 1_050,
            currency: "EUR".to_owned(),
        },
        consumer: Consumer {
            serial_number: "device-0001".to_owned(),
            imei: None,
            ip_addresses: Vec::new(),
            email: None,
        },
        location: None,
        access_token: None,
        merchant_order_id: None,
        allows_duplicate: false,
    };
    Ok(client.start(options, Arc::new(form))?)
}
