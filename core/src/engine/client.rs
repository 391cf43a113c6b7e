//! Where an app begins: it starts, resumes and acknowledges sales.

use std::sync::Arc;

use thiserror::Error;
use tokio::runtime::Handle;

use super::{
    driver::{Begun, Driver, Instruments},
    gateway::Gateway,
    pending::{DamagedSale, ForeignSale, PendingSale, PendingSales, SnapshotProblem},
    ports::Ports,
    request::SaleRequest,
    running::RunningSales,
    sale::Sale,
    saving::{Hold, TakingOver},
    storage::Storage,
};
use crate::{
    CalendarMonth, Device, InputError, Parties, PortFuture, SaleClientConfig, SaleId, SnapshotStore, StoreError,
    SystemDevice,
    flow::{Event, Fence, Jitter, Order, Remains, Snapshot, State},
};

/// What can go wrong before a sale runs.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum ClientError {
    /// Something given is not usable; nothing was sent.
    #[error(transparent)]
    Input(#[from] InputError),
    /// The client was made outside of a tokio runtime.
    #[error("there is no tokio runtime here; make the client inside of one")]
    NoRuntime,
    /// Another sale with the same merchant order id runs, and the request does not allow a duplicate. Nothing was sent.
    #[error(
        "sale {by} has the same merchant order id and is still running; wait for its outcome, or allow a duplicate"
    )]
    OrderInUse {
        /// That sale.
        by: SaleId,
    },
    /// The device gave no random numbers.
    #[error("the device gave no random numbers")]
    NoRandomness,
    /// There is no stored sale with this id.
    #[error("there is no stored sale {id}")]
    NotFound {
        /// The id.
        id: SaleId,
    },
    /// The sale is still running, in this process or in another one of the app's; wait for its outcome first.
    #[error(
        "sale {id} is still running: resume it and wait for its outcome, or leave it to the process of the app that runs it"
    )]
    StillRunning {
        /// The id.
        id: SaleId,
    },
    /// The stored sale has not ended, so it can be neither acknowledged nor forgotten.
    #[error("sale {id} has not ended; resume it and wait for its outcome")]
    Unfinished {
        /// The id.
        id: SaleId,
    },
    /// The outcome is unknown, and what is not final cannot be acknowledged.
    #[error("the outcome of sale {id} is unknown; resume it later, or forget it")]
    OutcomeUnknown {
        /// The id.
        id: SaleId,
    },
    /// The outcome is final, and what is known is not forgotten.
    #[error("the outcome of sale {id} is final; settle it and acknowledge it")]
    OutcomeFinal {
        /// The id.
        id: SaleId,
    },
    /// The sale was started with another gateway, or for another merchant's server, than this client has. Nothing was
    /// sent: its tokens belong to the others.
    #[error("sale {id} belongs to {sale}, and this client has {client}; use a client with those of the sale")]
    Foreign {
        /// The id.
        id: SaleId,
        /// The sale's.
        sale: Box<Parties>,
        /// This client's.
        client: Box<Parties>,
    },
    /// The stored sale cannot be used; its snapshot is kept. Ask the merchant's server about it, then forget it.
    #[error("sale {id} cannot be used: {problem}")]
    Damaged {
        /// The id.
        id: SaleId,
        /// What is wrong.
        problem: SnapshotProblem,
    },
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Runs sales. Cheap to clone; all clones share connections, and sales share nothing else. Which sales run is known to all
/// clients of the process, and through the store's locks to those of other processes.
#[derive(Clone)]
pub struct SaleClient {
    pub(super) instruments: Arc<Instruments>,
    pub(super) running: Arc<RunningSales>,
    runtime: Handle,
}

impl SaleClient {
    /// A client with the default ports. It sends nothing yet.
    ///
    /// # Errors
    /// [`ClientError::Input`] for unusable roots or pins, [`ClientError::NoRuntime`] outside of tokio.
    #[cfg(feature = "https")]
    pub fn new(config: SaleClientConfig) -> Result<Self, ClientError> {
        let ports = Ports::of(&config)?;
        Self::with_ports(config, ports)
    }

    /// A client with ports of the app's own.
    ///
    /// # Errors
    /// [`ClientError::NoRuntime`] outside of tokio.
    pub fn with_ports(config: SaleClientConfig, ports: Ports) -> Result<Self, ClientError> {
        let runtime = Handle::try_current().map_err(|_| ClientError::NoRuntime)?;
        Ok(Self::on(
            Arc::new(SystemDevice::new(runtime.clone())),
            runtime,
            config,
            ports,
        ))
    }

    /// A client with ports and a device of the caller's own: for simulations, which must be able to repeat a run.
    ///
    /// # Errors
    /// [`ClientError::NoRuntime`] outside of tokio.
    pub fn on_device(config: SaleClientConfig, ports: Ports, device: Arc<dyn Device>) -> Result<Self, ClientError> {
        let runtime = Handle::try_current().map_err(|_| ClientError::NoRuntime)?;
        Ok(Self::on(device, runtime, config, ports))
    }

    fn on(device: Arc<dyn Device>, runtime: Handle, config: SaleClientConfig, ports: Ports) -> Self {
        let instruments = Arc::new(Instruments {
            gateway: Gateway::new(&config),
            parties: Parties::new(&config.gateway, ports.merchant.identity()),
            storage: Storage::new(
                Arc::clone(&ports.store),
                Arc::clone(&ports.clock),
                Arc::clone(&device),
                runtime.clone(),
            ),
            config,
            ports,
            invoices: Arc::default(),
            orders: Arc::default(),
            device,
        });
        Self {
            running: instruments.device.running(),
            instruments,
            runtime,
        }
    }

    /// Starts a sale. It runs on a task of its own, to its end, whether or not anybody watches.
    ///
    /// # Errors
    /// [`ClientError::Input`] if the request's parts do not fit together, [`ClientError::OrderInUse`] if another sale with
    /// its merchant order id runs; nothing was sent then.
    pub fn start(&self, request: SaleRequest) -> Result<Sale, ClientError> {
        let now = self.instruments.ports.clock.now();
        request.check(CalendarMonth::from_unix_milliseconds(now.0))?;
        let id = SaleId::from_random(self.random()?);
        let [seed, run] = [self.random()?, self.random()?].map(u64::from_be_bytes);
        let order = Order {
            amount: request.amount.clone(),
            serial_number: request.consumer.serial_number().to_owned(),
            card: request.source.card_summary(),
            merchant_order_id: request.merchant_order_id.clone(),
        };
        let plan = self.instruments.config.plan;
        let parties = self.instruments.parties.clone();
        let state = State::new(
            id,
            parties,
            order,
            plan,
            request.access_token.clone(),
            Jitter(seed),
            now,
        );
        let begun = Begun {
            state: state.in_run(run),
            hold: Hold::Missing,
            fence: Fence::of_start(run),
        };
        self.run(begun, Some(request), Event::Start)
    }

    /// Goes on with a stored sale: asks how it stands. A finished one tells its outcome again; an unknown outcome is
    /// asked for again. A sale that still runs in this process, whichever client runs it, is returned as it is.
    ///
    /// # Errors
    /// [`ClientError::StillRunning`] if another process runs it, [`ClientError::Foreign`] if it belongs to another client,
    /// [`ClientError`] if there is no such sale or its snapshot cannot be used.
    pub async fn resume(&self, id: &SaleId) -> Result<Sale, ClientError> {
        if let Some(sale) = self.own_running(id)? {
            return Ok(sale);
        }
        let _turn = self.running.turn(id).await;
        if let Some(sale) = self.own_running(id)? {
            return Ok(sale);
        }
        let taking_over = TakingOver {
            id: id.clone(),
            run: u64::from_be_bytes(self.random()?),
            parties: self.instruments.parties.clone(),
            storage: self.instruments.storage.clone(),
        };
        let begun = self.with_store(move |store| Ok(taking_over.begin(store)));
        self.run(begun.await??, None, Event::Resume)
    }

    /// The sale with this id, if it runs in this process and is one of this client's parties.
    pub(super) fn own_running(&self, id: &SaleId) -> Result<Option<Sale>, ClientError> {
        let Some(sale) = self.running.get(id) else {
            return Ok(None);
        };
        let (parties, own) = (sale.parties(), &self.instruments.parties);
        if parties == own {
            return Ok(Some(sale));
        }
        Err(ClientError::Foreign {
            id: id.clone(),
            sale: Box::new(parties.clone()),
            client: Box::new(own.clone()),
        })
    }

    /// The sale with this id, if it runs in this process.
    pub fn running(&self, id: &SaleId) -> Option<Sale> {
        self.running.get(id)
    }

    /// The stored sales: those that are unfinished, or finished and neither acknowledged nor forgotten. After a restart,
    /// ask for them first, resume each of [`PendingSales::sales`], and settle their outcomes.
    ///
    /// # Errors
    /// [`ClientError::Store`] if the store cannot be read at all. A single unusable snapshot is no error: it is listed.
    pub async fn pending(&self) -> Result<PendingSales, ClientError> {
        let own = self.instruments.parties.clone();
        self.with_store(move |store| {
            let mut pending = PendingSales::default();
            for id in store.list()? {
                let damaged = |remains, problem| DamagedSale {
                    id: id.clone(),
                    remains,
                    problem,
                };
                let bytes = match store.load(&id) {
                    Ok(Some(_)) if !id.is_of_a_sale() => continue,
                    Ok(Some(bytes)) => bytes,
                    Ok(None) => continue,
                    Err(error) => {
                        pending.damaged.push(damaged(Remains::default(), error.into()));
                        continue;
                    }
                };
                match Snapshot::decode(&bytes) {
                    Ok(Snapshot(state)) => match state.other_parties(&own) {
                        None => pending.sales.push(PendingSale::of(&state)),
                        Some(parties) => pending.foreign.push(ForeignSale::of(&state, parties)),
                    },
                    Err(error) => pending
                        .damaged
                        .push(damaged(Snapshot::remains_in(&bytes), error.into())),
                }
            }
            pending.sort();
            Ok(pending)
        })
        .await
    }

    /// Opens connections to the gateway and to the merchant's server ahead of time: call it when the card form appears.
    pub async fn preconnect(&self) {
        let ports = &self.instruments.ports;
        tokio::join!(
            ports.transport.preconnect(self.instruments.gateway.base()),
            ports.merchant.preconnect()
        );
    }

    /// The app came to the foreground: the sales that run in this process ask at once how they stand.
    pub fn app_foreground(&self) {
        self.hasten(&Event::Foreground);
    }

    /// The app goes to the background and may be killed there: the sales that run in this process store their snapshots.
    pub fn app_background(&self) {
        self.running.all().iter().for_each(|sale| sale.tell(Event::Background));
    }

    /// The device has a network again: the sales that run in this process ask at once how they stand.
    pub fn network_available(&self) {
        self.hasten(&Event::NetworkAvailable);
    }

    fn hasten(&self, event: &Event) {
        let transport = &self.instruments.ports.transport;
        transport.forget_idle();
        for sale in self.running.all() {
            let other = sale.transport();
            if !Arc::ptr_eq(other, transport) {
                other.forget_idle();
            }
            sale.tell(event.clone());
        }
    }

    fn random<const LENGTH: usize>(&self) -> Result<[u8; LENGTH], ClientError> {
        let mut random = [0; LENGTH];
        let is_random = self.instruments.device.random(&mut random);
        is_random.then_some(random).ok_or(ClientError::NoRandomness)
    }

    fn run(&self, begun: Begun, request: Option<SaleRequest>, first: Event) -> Result<Sale, ClientError> {
        let only = request.as_ref().and_then(SaleRequest::order_of_its_own);
        let order = self.instruments.orders.enter(&begun.state, only);
        let order = order.map_err(|by| ClientError::OrderInUse { by })?;
        let mut running = self.running.lock();
        let (sale, driver) = Driver::new(Arc::clone(&self.instruments), begun, order, request, &self.runtime);
        running.insert(sale.id().clone(), sale.clone());
        drop(running);
        let run: PortFuture<'static, ()> = Box::pin(driver.run(first));
        self.runtime.spawn(run);
        Ok(sale)
    }

    /// Does blocking work with the store.
    async fn with_store<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Arc<dyn SnapshotStore>) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, ClientError> {
        Ok(self.instruments.storage.call(work).await?)
    }
}

impl std::fmt::Debug for SaleClient {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_struct("SaleClient")
            .field("config", &self.instruments.config)
            .finish_non_exhaustive()
    }
}
