//! The only file that uses the engine's interface: the simulated ports, clients and sale requests.

use std::{sync::Arc, time::Duration};

use salekit_core::{
    Blocking, Card, CardNumber, Challenge, Clock, Consumer, Device, DocumentedMerchant, Expiry, Failure, FailureKind,
    Freshness, Holder, HttpRequest, InitiateSaleRequest, InvoiceRequest, MerchantBackend, MerchantPaths,
    MerchantServer, Method, PortFuture, Ports, RedirectPresenter, RunningSales, SaleClient, SaleClientConfig, SaleId,
    SaleRequest, Secret, SecurityCode, SnapshotStore, StoreError, StoreLock, StoredCard, Timestamp, Transport,
    Unanswered,
    wire::{Reply, initiate::InitiateAnswer, merchant::SessionAnswer},
};
use tokio::sync::oneshot;
use url::Url;

use super::{
    disk,
    fault::Fault,
    merchant::Extension,
    network::{self, Request, Server},
    payer, threads,
    world::{Change, Shared, World},
};

/// The card of every sale. No other text of a world contains these digits.
pub(crate) const PAN: &str = "4111111111111111";
/// Its security code.
pub(crate) const CODE: &str = "987";
/// The prefix of every token, nonce and signature of a world.
pub(crate) const TOKEN: &str = "tok-";

/// The wall-clock time at which worlds begin.
const EPOCH: u64 = 1_800_000_000_000;

/// The store, gateway, client and process life that a port belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Place {
    pub(crate) slot: usize,
    pub(crate) life: u64,
    pub(crate) client: u64,
    pub(crate) disk: usize,
    pub(crate) gateway: usize,
}

#[derive(Clone)]
struct Port {
    world: Shared,
    place: Place,
}

/// A client whose ports are simulated, in a process that runs `running`. Must be called inside of the process's
/// runtime.
pub(crate) fn client(world: &Shared, place: Place, running: &Arc<RunningSales>) -> SaleClient {
    let (endless, extension) = world.with(|world| {
        let endless = world.setup.endless_limits && world.happens(Fault::SetsEndlessLimits, 1_000);
        (endless, world.setup.extension)
    });
    let mut paths = MerchantPaths::default();
    if extension == Extension::Off {
        paths.session_token = None;
    }
    let limits = if endless {
        (Duration::from_secs(5), Duration::MAX)
    } else {
        (Duration::from_secs(5), Duration::from_secs(10))
    };
    let config = SaleClientConfig::new(Server::Gateway(place.gateway).base(), Server::Merchant.base())
        .unwrap()
        .with_processing_timeout(Duration::from_secs(30))
        .with_challenge_timeout(Duration::from_secs(45))
        .with_recovery_timeout(Duration::from_secs(15))
        .with_merchant_paths(paths)
        .with_connection_timeouts(limits.0, limits.1);
    let port = Port {
        world: world.clone(),
        place,
    };
    let transport: Arc<dyn Transport> = Arc::new(port.clone());
    let merchant = Merchant {
        documented: DocumentedMerchant::new(&config, Arc::clone(&transport)),
        port: port.clone(),
    };
    let ports = Ports {
        transport,
        merchant: Arc::new(merchant),
        store: Arc::new(port.clone()),
        clock: Arc::new(port.clone()),
        presenter: Some(Arc::new(port.clone())),
    };
    SaleClient::on_device(config, ports, Arc::new(port), Arc::clone(running)).unwrap()
}

/// A sale by card. The serial number identifies the sale and its order to the world's servers.
pub(crate) fn request(serial: &str, order: u64, allows_duplicate: bool) -> SaleRequest {
    let number = CardNumber::parse(PAN).unwrap();
    let (expiry, holder) = (
        Expiry::parse("12/2040").unwrap(),
        Holder::printed("ADA LOVELACE").unwrap(),
    );
    let card = Card::new(number, expiry, holder, SecurityCode::parse(CODE).unwrap()).unwrap();
    let amount = format!("{}.50 EUR", 10 + order).parse().unwrap();
    let request =
        SaleRequest::new(amount, Consumer::new(serial).unwrap(), card).with_merchant_order_id(format!("order {order}"));
    if allows_duplicate {
        request.allow_duplicate()
    } else {
        request
    }
}

impl Transport for Port {
    fn send(&self, request: HttpRequest) -> PortFuture<'_, Result<Reply, Failure>> {
        Box::pin(async move {
            self.may_panic(Fault::TransportPanics, 8);
            let (flight, answer) = self.world.with(|world| {
                let request = Request {
                    server: Server::of(&request.url),
                    path: request.url.path().to_owned(),
                    is_get: request.method == Method::Get,
                    body: String::from_utf8_lossy(request.body.as_bytes()).into_owned(),
                    wants_recent: request.freshness == Freshness::Recent,
                    limit: u64::try_from(request.time_limit.as_millis()).unwrap_or(u64::MAX),
                };
                network::depart(world, self.place, request)
            });
            let _under_way = Guard::new(&self.world, move |world| network::abandon(world, flight));
            answer
                .await
                .unwrap_or_else(|_| Err(Failure::after_sending(FailureKind::ConnectionLost)))
        })
    }

    fn preconnect<'a>(&'a self, url: &'a Url) -> PortFuture<'a, ()> {
        let server = Server::of(url);
        Box::pin(async move {
            let connected = self.world.with(|world| network::connect(world, self.place, server));
            let _ = connected.await;
        })
    }

    fn forget_idle(&self) {
        self.world.with(|world| network::forget_idle(world, self.place.client));
    }
}

impl SnapshotStore for Port {
    fn save(&self, sale: &SaleId, snapshot: &[u8]) -> Result<(), StoreError> {
        self.may_panic(Fault::StorePanics, 10);
        self.world.with(|world| disk::save(world, self.place, sale, snapshot))
    }

    fn load(&self, sale: &SaleId) -> Result<Option<Vec<u8>>, StoreError> {
        self.world.with(|world| disk::load(world, self.place, sale))
    }

    fn list(&self) -> Result<Vec<SaleId>, StoreError> {
        self.world.with(|world| disk::list(world, self.place))
    }

    fn remove(&self, sale: &SaleId) -> Result<(), StoreError> {
        self.world.with(|world| disk::remove(world, self.place, sale))
    }

    fn lock(&self, name: &str) -> Result<StoreLock, StoreError> {
        self.may_panic(Fault::StorePanics, 5);
        self.world.with(|world| disk::lock(world, self.place, name))
    }

    fn unlock(&self, name: &str) -> Result<(), StoreError> {
        self.world.with(|world| disk::unlock(world, self.place, name));
        Ok(())
    }
}

impl Clock for Port {
    fn now(&self) -> Timestamp {
        self.world.with(|world| {
            let jumped = world.clock_offset(self.place.life);
            Timestamp((EPOCH + world.now).saturating_add_signed(jumped))
        })
    }

    fn sleep(&self, duration: Duration) -> PortFuture<'static, ()> {
        let duration = u64::try_from(duration.as_millis()).unwrap_or(u64::MAX);
        let (show_trace, reported) = oneshot::channel();
        let Place { life, client, .. } = self.place;
        let guard = self.world.with(|world| {
            *world.sleeps.entry(client).or_default() += 1;
            world.after(duration, move |world| {
                world.touched.insert(life);
                let _ = show_trace.send(());
            });
            Guard::new(&self.world, move |world| {
                *world.sleeps.entry(client).or_default() -= 1;
            })
        });
        Box::pin(async move {
            let _guard = guard;
            let _ = reported.await;
        })
    }
}

impl RedirectPresenter for Port {
    fn show(&self, challenge: &Challenge) {
        // If the app's own code cannot show a page, that is no fault of the engine.
        self.world
            .with(|world| payer::asked_for(world, self.place, challenge.sale_id()));
        self.may_panic(Fault::PresenterPanics, 150);
        self.world.with(|world| payer::opened(world, self.place, challenge));
    }

    fn dismiss(&self, challenge: &Challenge) {
        self.dismiss_leftover(challenge.sale_id());
    }

    /// The simulated browser outlives the app.
    fn dismiss_leftover(&self, sale: &SaleId) {
        // If the app's own code cannot dismiss a page, that is no fault of the engine.
        self.world.with(|world| payer::closed(world, self.place, sale));
        self.may_panic(Fault::PresenterPanics, 150);
    }
}

impl Device for Port {
    fn random(&self, bytes: &mut [u8]) -> bool {
        self.world.with(|world| {
            for byte in bytes {
                *byte = world.random.next().to_le_bytes()[0];
            }
        });
        true
    }

    fn run_blocking(&self, work: Blocking) -> PortFuture<'static, ()> {
        let done = self.world.with(|world| threads::enqueue(world, self.place, work));
        Box::pin(async move {
            let _ = done.await;
        })
    }

    /// A simulated presenter returns at once, or panics.
    fn present(&self, call: Blocking) -> PortFuture<'static, ()> {
        let _ = std::panic::catch_unwind(std::panic::AssertUnwindSafe(call));
        Box::pin(std::future::ready(()))
    }
}

impl Port {
    fn may_panic(&self, fault: Fault, permille: u64) {
        // Not while the world is locked.
        let panics = self.world.with(|world| world.happens(fault, permille));
        assert!(!panics, "simulated: {fault:?}");
    }
}

/// The documented merchant; it records which calls are running.
struct Merchant {
    documented: DocumentedMerchant,
    port: Port,
}

impl Merchant {
    fn under_way(&self, serial: &str) -> Guard {
        self.port.may_panic(Fault::MerchantCodePanics, 8);
        let serial = serial.to_owned();
        let client = self.port.place.client;
        self.port.world.with(|world| world.began(client, &serial));
        Guard::new(&self.port.world, move |world| world.ended(client, &serial))
    }
}

impl MerchantBackend for Merchant {
    fn identity(&self) -> MerchantServer {
        self.documented.identity()
    }

    fn access_token<'a>(&'a self, serial_number: &'a str) -> PortFuture<'a, Result<Secret, Unanswered>> {
        Box::pin(async move {
            let _under_way = self.under_way(serial_number);
            self.documented.access_token(serial_number).await
        })
    }

    fn initiate(&self, request: InitiateSaleRequest) -> PortFuture<'_, Result<InitiateAnswer, Failure>> {
        Box::pin(async move {
            let _under_way = self.under_way(request.consumer.serial_number());
            self.documented.initiate(request).await
        })
    }

    fn session_token(&self, request: InvoiceRequest, void: bool) -> PortFuture<'_, Result<SessionAnswer, Unanswered>> {
        Box::pin(async move {
            let _under_way = self.under_way(&request.serial_number);
            self.documented.session_token(request, void).await
        })
    }

    fn stored_card(&self, request: InvoiceRequest) -> PortFuture<'_, Result<StoredCard, Unanswered>> {
        Box::pin(async move {
            // It is called outside of the sale, and may be called after its end.
            self.port.may_panic(Fault::MerchantCodePanics, 8);
            self.documented.stored_card(request).await
        })
    }

    fn preconnect(&self) -> PortFuture<'_, ()> {
        self.documented.preconnect()
    }
}

/// Changes the world when it is dropped: when a future ends or is cancelled.
pub(crate) struct Guard {
    world: Shared,
    end: Option<Change>,
}

impl Guard {
    pub(crate) fn new(world: &Shared, end: impl FnOnce(&mut World) + Send + 'static) -> Self {
        Self {
            world: world.clone(),
            end: Some(Box::new(end)),
        }
    }
}

impl Drop for Guard {
    fn drop(&mut self) {
        if let Some(end) = self.end.take() {
            self.world.with(end);
        }
    }
}
