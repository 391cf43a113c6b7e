//! Several processes in one test: each knows its own running sales only.

use salekit_core::{Blocking, Device, RunningSales, SystemDevice};

use super::*;

/// A process of its own.
pub(super) struct Process(SystemDevice, Arc<RunningSales>);

impl Process {
    pub(super) fn new() -> Arc<Self> {
        let device = SystemDevice::new(tokio::runtime::Handle::current());
        Arc::new(Self(device, Arc::default()))
    }

    pub(super) fn client(self: &Arc<Self>, servers: &Arc<Servers>, store: Arc<dyn SaleStore>) -> SaleClient {
        let device: Arc<dyn Device> = Arc::<Self>::clone(self);
        SaleClient::on_device(config(), ports(servers, store), device).unwrap()
    }
}

impl Device for Process {
    fn random(&self, bytes: &mut [u8]) -> bool {
        self.0.random(bytes)
    }

    fn run_blocking(&self, work: Blocking) -> PortFuture<'static, ()> {
        self.0.run_blocking(work)
    }

    fn running(&self) -> Arc<RunningSales> {
        Arc::clone(&self.1)
    }
}
