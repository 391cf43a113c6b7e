//! Several processes in one test: each knows only its own running sales.

use super::*;

/// A separate process.
pub(super) struct Process(Arc<RunningSales>);

impl Process {
    pub(super) fn new() -> Self {
        Self(Arc::default())
    }

    pub(super) fn client(&self, servers: &Arc<Servers>, store: Arc<dyn SnapshotStore>) -> SaleClient {
        SaleClient::on_device(config(), ports(servers, store), device(), self.0.clone()).unwrap()
    }
}
