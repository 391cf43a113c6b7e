//! The client of an app: it starts, resumes and lists sales. What removes them is in `acknowledge.rs`.

use std::sync::Arc;

use tokio::runtime::Handle;

use super::{
    driver::Driver,
    error::ClientError,
    gateway::Gateway,
    instruments::Instruments,
    lock::Hold,
    pending::{DamagedSale, ForeignSale, PendingSale, PendingSales},
    request::SaleRequest,
    resuming::{Begun, TakingOver},
    running::RunningSales,
    sale::Sale,
    storage::Storage,
};
use crate::{
    card::CalendarMonth,
    config::SaleClientConfig,
    flow::{Event, Fence, Jitter, Order, Remains, Snapshot, State},
    port::{Device, PortFuture, Ports, SnapshotStore, StoreError},
    value::{Parties, SaleId},
};

/// Runs sales. It is cheap to clone, and all clones share their connections; sales share nothing else. All clients of a
/// process know which sales are running; other processes learn it through the store's locks.
#[derive(Clone)]
pub struct SaleClient {
    pub(super) instruments: Arc<Instruments>,
    runtime: Handle,
}

impl SaleClient {
    /// A client with the caller's own ports and device, in a process that runs `running`: for simulations, which must be
    /// able to repeat a run and have several processes. Apps' clients share [`RunningSales::of_this_process`].
    ///
    /// # Errors
    /// [`ClientError::NoRuntime`] outside of tokio.
    pub fn on_device(
        config: SaleClientConfig,
        ports: Ports,
        device: Arc<dyn Device>,
        running: Arc<RunningSales>,
    ) -> Result<Self, ClientError> {
        let runtime = Handle::try_current().map_err(|_| ClientError::NoRuntime)?;
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
            device,
            running,
        });
        Ok(Self { instruments, runtime })
    }

    /// Starts a sale. It runs to its end on its own task, even if the returned handle is dropped.
    ///
    /// # Errors
    /// [`ClientError::Input`] if the parts of the request do not fit together, [`ClientError::OrderInUse`] if another
    /// sale with its merchant order id is running. Nothing was sent then.
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

    /// Whether a sale with this merchant order id can be started, as far as can be known at once. An app can call it
    /// before it takes the card out of its form. [`SaleClient::start`] checks again.
    ///
    /// # Errors
    /// [`ClientError::OrderInUse`] if another sale with this merchant order id is running.
    pub fn check_order(&self, merchant_order_id: &str) -> Result<(), ClientError> {
        let Instruments { running, parties, .. } = &*self.instruments;
        match running.orders().running_rival(merchant_order_id, parties) {
            Some(by) => Err(ClientError::OrderInUse { by }),
            None => Ok(()),
        }
    }

    /// Resumes a stored sale: SaleKit asks how it stands. A sale with a final outcome returns it again; for an unknown
    /// outcome the gateway is asked again. A sale that is already running in this process is returned as it is,
    /// whichever client runs it.
    ///
    /// # Errors
    /// [`ClientError::StillRunning`] if another process runs it, [`ClientError::Foreign`] if it belongs to another
    /// client, [`ClientError`] if there is no such sale or its snapshot cannot be used.
    pub async fn resume(&self, id: &SaleId) -> Result<Sale, ClientError> {
        if let Some(sale) = self.own_running(id)? {
            return Ok(sale);
        }
        let _permit = self.instruments.running.permit(id).await;
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

    /// The sale with this id, if it is running in this process with this client's parties.
    pub(super) fn own_running(&self, id: &SaleId) -> Result<Option<Sale>, ClientError> {
        let Some(sale) = self.instruments.running.get(id) else {
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

    /// The sale with this id, if it is running in this process.
    pub fn running(&self, id: &SaleId) -> Option<Sale> {
        self.instruments.running.get(id)
    }

    /// The stored sales: unfinished ones, and finished ones that are neither acknowledged nor forgotten. Call it first
    /// after a restart, resume each of [`PendingSales::sales`], and settle their outcomes. What this run of the app has
    /// started is listed, too.
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
                        None => pending.add(PendingSale::of(&state)),
                        Some(parties) => pending.add_foreign(ForeignSale::of(&state, parties)),
                    },
                    Err(error) => pending
                        .damaged
                        .push(damaged(Snapshot::remains_in(&bytes), error.into())),
                }
            }
            Ok(pending)
        })
        .await
    }

    /// Opens connections to the gateway and to the merchant's server ahead of time. Call it when the card form opens.
    pub async fn preconnect(&self) {
        let ports = &self.instruments.ports;
        tokio::join!(
            ports.transport.preconnect(self.instruments.gateway.base()),
            ports.merchant.preconnect()
        );
    }

    /// Call it when the app comes to the foreground: the running sales of this process ask for their status at once.
    pub fn app_foreground(&self) {
        self.hasten(&Event::Foreground);
    }

    /// Call it when the app goes to the background, where it may be killed: the running sales of this process save
    /// their snapshots.
    pub fn app_background(&self) {
        self.instruments
            .running
            .all()
            .iter()
            .for_each(|sale| sale.send(Event::Background));
    }

    /// Call it when the device has a network again: the running sales of this process ask for their status at once.
    pub fn network_available(&self) {
        self.hasten(&Event::NetworkAvailable);
    }

    fn hasten(&self, event: &Event) {
        let transport = &self.instruments.ports.transport;
        transport.forget_idle();
        for sale in self.instruments.running.all() {
            let other = sale.transport();
            if !Arc::ptr_eq(other, transport) {
                other.forget_idle();
            }
            sale.send(event.clone());
        }
    }

    fn random<const LENGTH: usize>(&self) -> Result<[u8; LENGTH], ClientError> {
        let mut random = [0; LENGTH];
        let is_random = self.instruments.device.random(&mut random);
        is_random.then_some(random).ok_or(ClientError::NoRandomness)
    }

    fn run(&self, begun: Begun, request: Option<SaleRequest>, first: Event) -> Result<Sale, ClientError> {
        let Instruments { running, parties, .. } = &*self.instruments;
        let order = running.orders().enter(&begun.state, parties, request.as_ref());
        let order = order.map_err(|by| ClientError::OrderInUse { by })?;
        let mut running = self.instruments.running.lock();
        let (sale, driver) = Driver::new(Arc::clone(&self.instruments), begun, order, request, &self.runtime);
        running.insert(sale.id().clone(), sale.clone());
        drop(running);
        let run: PortFuture<'static, ()> = Box::pin(driver.run(first));
        self.runtime.spawn(run);
        Ok(sale)
    }

    /// Runs blocking work with the store.
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
