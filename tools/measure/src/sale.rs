//! A sale with SaleKit, timed from the tap to its outcome. The waits that the engine asked its clock for are recorded separately.

use std::{
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, Instant},
};

use salekit_core::{
    Clock, PortFuture, Ports, SaleClient, SaleClientConfig, SaleOutcome, Secret, SystemClock, Timestamp, TlsSettings,
};
use salekit_testkit::request::request;

use crate::{
    failure::Failure,
    server::Address,
    sold::{Sold, Way},
};

/// The device's clock, which remembers how long it was asked to wait, each time such a wait came to its end. Lateness is
/// not part of it: what the engine waits longer than it wanted counts as its own time.
#[derive(Clone, Default)]
struct RememberingClock {
    waits: Arc<Mutex<Vec<Duration>>>,
}

impl RememberingClock {
    fn waits(&self) -> Vec<Duration> {
        self.waits.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

impl Clock for RememberingClock {
    fn now(&self) -> Timestamp {
        SystemClock.now()
    }

    fn sleep(&self, duration: Duration) -> PortFuture<'static, ()> {
        let (sleep, waits) = (SystemClock.sleep(duration), Arc::clone(&self.waits));
        Box::pin(async move {
            sleep.await;
            waits.lock().unwrap_or_else(PoisonError::into_inner).push(duration);
        })
    }
}

/// Makes one sale with a new client, as it is `way`.
pub(crate) async fn sell(server: &Address, way: Way, token: Option<&str>) -> Result<Sold, Failure> {
    let config = SaleClientConfig::new(&server.gateway, &server.merchant)?.with_tls(TlsSettings {
        extra_roots_pem: Some(server.ca_pem.clone()),
        ..TlsSettings::default()
    });
    let clock = RememberingClock::default();
    let ports = Ports {
        clock: Arc::new(clock.clone()),
        ..Ports::of(&config)?
    };
    let client = SaleClient::with_ports(config, ports)?;
    let request = match token {
        Some(token) => request().with_access_token(Secret::new(token)),
        None => request(),
    };
    if way == Way::Warmed {
        client.preconnect().await;
    }
    let tap = Instant::now();
    let sale = client.start(request)?;
    let outcome = sale.outcome().await;
    let took = tap.elapsed();
    if !matches!(outcome, SaleOutcome::Approved(_)) {
        return Err(format!("a sale ended as {}", outcome.name()).into());
    }
    let waits = clock.waits();
    Ok(Sold {
        way,
        took,
        waited: waits.iter().sum(),
        waits: waits.len(),
        invoice_id: sale.invoice_id().unwrap_or_default(),
    })
}
