//! What a client's sales work with.

use std::{sync::Arc, time::Duration};

use super::{gateway::Gateway, invoices::Invoices, running::RunningSales, storage::Storage};
use crate::{
    config::SaleClientConfig,
    port::{Device, Ports},
    value::Parties,
};

/// What all sales of a client share: configuration and ports.
pub(super) struct Instruments {
    pub(super) config: SaleClientConfig,
    pub(super) ports: Ports,
    pub(super) gateway: Gateway,
    /// The parties of these sales.
    pub(super) parties: Parties,
    pub(super) device: Arc<dyn Device>,
    /// The sales that run in this process.
    pub(super) running: Arc<RunningSales>,
    pub(super) storage: Storage,
    pub(super) invoices: Arc<Invoices>,
}

impl Instruments {
    /// How long a port of the app may take. It is much longer than the port's own time limit, and ensures that no port
    /// can hang a sale.
    pub(super) fn port_limit(&self) -> Duration {
        self.config.connect_limit + self.config.answer_limit + Duration::from_secs(5)
    }
}
