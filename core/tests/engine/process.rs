//! Several processes in one test: each knows its own running sales only.

use super::*;

/// A process of its own.
pub(super) struct Process(Arc<SystemDevice>);

impl Process {
    pub(super) fn new() -> Self {
        Self(device())
    }

    pub(super) fn client(&self, servers: &Arc<Servers>, store: Arc<dyn SnapshotStore>) -> SaleClient {
        SaleClient::on_device(config(), ports(servers, store), self.0.clone()).unwrap()
    }
}
