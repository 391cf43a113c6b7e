//! The first sale of a process, and the quiet after it: memory, threads, wake-ups. Through the bindings, as in an app.

use std::time::Duration;

use serde::{Deserialize, Serialize};
use tokio::time::sleep;

use crate::{child, failure::Failure, load, process, server::Address};

/// Until then idle connections are closed and spare threads have ended: both within 20 s.
pub(crate) const SETTLING: Duration = Duration::from_secs(25);
/// How long nothing must happen then.
pub(crate) const QUIET: Duration = Duration::from_secs(5);

/// What one process showed.
#[derive(Serialize, Deserialize)]
pub(crate) struct Alone {
    /// Memory that making a client and the first sale took, in KiB.
    pub(crate) memory_kib: u64,
    /// Threads besides the app's own, right after the sale.
    pub(crate) threads_after_sale: usize,
    /// The same when all had settled; the client is still there.
    pub(crate) threads_idle: usize,
    /// Wake-ups in [`SETTLING`].
    pub(crate) settling_wake_ups: u64,
    /// Wake-ups in [`QUIET`].
    pub(crate) idle_wake_ups: u64,
}

/// The child: reads the server's address, answers with [`Alone`].
pub(crate) async fn measure() -> Result<(), Failure> {
    let server: Address = child::hear_parent()?;
    let before = process::memory_kib()?;
    let client = load::client(&server)?;
    load::sell(&client, 1).await?;
    let memory_kib = process::memory_kib()?.saturating_sub(before);
    let threads_after_sale = process::threads()?.len();

    let after_sale = process::switches()?;
    sleep(SETTLING).await;
    let settled = process::switches()?;
    let threads_idle = process::threads()?.len();
    sleep(QUIET).await;
    let in_the_end = process::switches()?;
    drop(client);
    child::answer(&Alone {
        memory_kib,
        threads_after_sale,
        threads_idle,
        settling_wake_ups: process::wake_ups(&after_sale, &settled),
        idle_wake_ups: process::wake_ups(&settled, &in_the_end),
    })
}
