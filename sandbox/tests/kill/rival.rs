//! A second process on the store of the app that is killed.

use std::{
    path::PathBuf,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use salekit_core::{ClientError, SaleClient, SaleOutcome};
use salekit_sandbox::Cardholder;
use tokio::time;

use super::Lane;
use crate::support::{config, finish};

/// So often it looks at what is pending.
const BETWEEN_LOOKS: Duration = Duration::from_millis(15);

/// What reached another process that worked on the same store all the time.
#[derive(Default)]
pub(crate) struct Rival {
    pub(crate) outcomes: Vec<SaleOutcome>,
    /// How often it was refused a sale that runs.
    pub(crate) refusals: usize,
}

/// Another process on the same store, which is not told when the app runs: it resumes whatever it finds.
pub(crate) async fn work_beside(lane: Arc<Lane>, store: PathBuf, stop: Arc<AtomicBool>) -> Rival {
    let sandbox = &lane.sandbox;
    let config = config(sandbox.gateway_url(), sandbox.merchant_url(), sandbox.ca_pem());
    let client = SaleClient::new(config.with_store_directory(&store)).unwrap();
    let cardholder = Cardholder::trusting(sandbox.ca_pem()).unwrap();
    let mut rival = Rival::default();
    while !stop.load(Ordering::Relaxed) {
        for found in client.pending().await.unwrap().sales {
            match client.resume(&found.id).await {
                Ok(sale) => rival.outcomes.push(finish(&sale, &cardholder).await),
                Err(ClientError::StillRunning { .. }) => rival.refusals += 1,
                Err(error) => panic!("{error}"),
            }
        }
        time::sleep(BETWEEN_LOOKS).await;
    }
    rival
}
