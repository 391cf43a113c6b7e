//! The network between the app and the servers: connections, requests and answers.

use std::collections::BTreeMap;

use salekit_core::{Failure, FailureKind, Sent, wire::Reply};
use tokio::sync::oneshot;
use url::Url;

use super::{
    fault::Fault,
    gateway::{self, Repeated},
    invariants,
    merchant::{self, Extension},
    ports::Place,
    world::{ScheduledEvent, World},
};

/// How long the connection of perform sale may have been idle.
const RECENT: u64 = 2_000;

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Server {
    Merchant,
    Gateway(usize),
}

impl Server {
    pub(crate) const fn base(self) -> &'static str {
        match self {
            Self::Merchant => "https://shop.example",
            Self::Gateway(0) => "https://gateway-a.example/paynet",
            Self::Gateway(_) => "https://gateway-b.example/paynet",
        }
    }

    pub(crate) fn of(url: &Url) -> Self {
        match url.host_str() {
            Some("gateway-a.example") => Self::Gateway(0),
            Some("gateway-b.example") => Self::Gateway(1),
            _ => Self::Merchant,
        }
    }
}

/// A request as it leaves the app.
#[derive(Clone)]
pub(crate) struct Request {
    pub(crate) server: Server,
    pub(crate) path: String,
    pub(crate) is_get: bool,
    pub(crate) body: String,
    pub(crate) wants_recent: bool,
    pub(crate) limit: u64,
}

impl Request {
    fn is_perform(&self) -> bool {
        matches!(self.server, Server::Gateway(_)) && !self.path.ends_with("/status")
    }

    /// `invoiceId` in the path of a request to a gateway.
    pub(crate) fn invoice(&self) -> &str {
        self.path.split('/').nth(6).unwrap_or_default()
    }

    /// The serial number in the body of initiate or perform sale.
    pub(crate) fn serial(&self) -> String {
        let body: serde_json::Value = serde_json::from_str(&self.body).unwrap();
        let serial = body["consumer"]["device"]["serialNumber"].as_str();
        serial.unwrap_or_default().to_owned()
    }

    fn name(&self) -> String {
        let last = self.path.rsplit('/').next().unwrap_or_default();
        match self.server {
            Server::Merchant => last.to_owned(),
            Server::Gateway(number) if self.is_perform() => format!("perform {last} at {number}"),
            Server::Gateway(number) => format!("status {} at {number}", self.invoice()),
        }
    }
}

#[derive(Default)]
pub(crate) struct Network {
    flights: BTreeMap<u64, Flight>,
    /// Connections that are open and not in use.
    idle: BTreeMap<(u64, Server), Vec<Connection>>,
    /// Until when each server cannot be reached.
    down: BTreeMap<Server, u64>,
}

#[derive(Default)]
struct Connection {
    idle_since: u64,
    /// Whether it has carried anything but preconnects.
    is_used: bool,
    /// An answer that nobody has read yet.
    left: Option<Reply>,
}

impl Connection {
    /// Whether perform sale may use it: it was opened just now, and carried nothing else.
    const fn is_fresh(&self, now: u64) -> bool {
        !self.is_used && now - self.idle_since <= RECENT
    }
}

/// A request whose sender waits for the answer.
struct Flight {
    place: Place,
    request: Request,
    serial: Option<String>,
    connection: Connection,
    has_left: bool,
    answer: oneshot::Sender<Result<Reply, Failure>>,
}

/// Starts a request. Returns its number and the receiver of its answer.
pub(crate) fn depart(
    world: &mut World,
    place: Place,
    request: Request,
) -> (u64, oneshot::Receiver<Result<Reply, Failure>>) {
    let (answer, waits) = oneshot::channel();
    let number = world.number();
    let serial = match request.server {
        Server::Merchant => None,
        Server::Gateway(number) if !request.is_perform() => gateway::payer(world, number, request.invoice()),
        Server::Gateway(_) => Some(request.serial()),
    };
    if let Some(serial) = &serial {
        world.began(place.client, serial);
    }
    world.trace(|| format!("client {} asks {}", place.client, request.name()));
    let now = world.now;
    let idle = world.network.idle.entry((place.client, request.server)).or_default();
    let usable = idle
        .iter()
        .rposition(|connection| !request.wants_recent || connection.is_fresh(now));
    let open = usable.map(|place| idle.remove(place));
    let delay = if open.is_some() {
        1
    } else {
        world.random.between(20, 200)
    };
    let is_down = is_down(world, request.server);
    let fails = open.is_none() && (is_down || world.happens(Fault::NotConnected, 90));
    world.after(request.limit, move |world| {
        let sent = world.network.flights.get(&number).map(|flight| flight.has_left);
        if let Some(has_left) = sent {
            let sent = if has_left { Sent::Possibly } else { Sent::CertainlyNot };
            let kind = FailureKind::TimedOut;
            end(world, number, Err(Failure { sent, kind }));
        }
    });
    world.network.flights.insert(
        number,
        Flight {
            place,
            request,
            serial,
            connection: open.unwrap_or_default(),
            has_left: false,
            answer,
        },
    );
    if fails {
        world.after(delay, move |world| {
            end(world, number, Err(Failure::before_sending(FailureKind::NotConnected)));
        });
    } else {
        world.after(delay, move |world| leave(world, number));
    }
    (number, waits)
}

/// The first byte of the request leaves the device.
fn leave(world: &mut World, number: u64) {
    let Some(flight) = world.network.flights.get_mut(&number) else {
        return;
    };
    flight.has_left = true;
    let request = flight.request.clone();
    let (place, left) = (flight.place, flight.connection.left.take());
    if request.is_perform() {
        invariants::perform_left(world, &request);
        if world.setup.has(Fault::Killed) && world.random.permille(80) {
            // A kill at this moment is the most dangerous one.
            let (slot, delay) = (place.slot, world.random.between(1, 800));
            world.schedule(delay, ScheduledEvent::Kill { slot });
        }
    }
    if let Some(reply) = left {
        let delay = world.random.between(1, 30);
        come_back(world, number, delay, reply);
    }
    let spared = request.path.ends_with("/stored-card") && !world.setup.has(Fault::StoredCardLate);
    if !spared && (is_down(world, request.server) || world.happens(Fault::RequestLost, 40)) {
        let delay = world.random.between(100, 6_000);
        world.after(delay, move |world| lose(world, number));
        return;
    }
    if !spared && world.happens(Fault::NonDapiServerAnswers, 15) {
        // Something on the way answers instead of the server; it may have forwarded the request.
        if world.random.permille(500) {
            let request = request.clone();
            world.after(60, move |world| drop(serve(world, place, &request)));
        }
        // A 404 to the request for a session token counts, even if it comes from something on the way.
        let is_believed = request.path.ends_with("/session-token");
        let status = world
            .random
            .one_of(&[200, 302, 403, if is_believed { 410 } else { 404 }, 407, 502]);
        return come_back(world, number, 40, Reply::new(status, "<html>proxy</html>"));
    }
    let doubled = if request.is_perform() {
        // Without the merchant's answer, only the refusal counts. If the gateway performs twice, it charges twice, and
        // no app can prevent that.
        let can_be_helped =
            world.setup.extension != Extension::Off && world.setup.repeated_perform != Repeated::PerformedAgain;
        can_be_helped && world.happens(Fault::PerformDoubled, 150)
    } else {
        world.happens(Fault::RequestDoubled, 30)
    };
    let delay = world.random.between(10, 120);
    if doubled {
        // Sent twice on its way; the answer is that of the second copy.
        let first = request.clone();
        world.after(delay, move |world| drop(serve(world, place, &first)));
    }
    let delay = delay + if doubled { world.random.between(1, 400) } else { 0 };
    world.after(delay, move |world| arrive(world, number, place, &request, spared));
}

fn serve(world: &mut World, place: Place, request: &Request) -> Option<(Reply, u64)> {
    match request.server {
        Server::Merchant => merchant::serve(world, place, request),
        Server::Gateway(number) => gateway::serve(world, number, request),
    }
}

/// The request reaches its server, even if nobody waits for the answer any more.
fn arrive(world: &mut World, number: u64, place: Place, request: &Request, spared: bool) {
    let Some((reply, thinks)) = serve(world, place, request) else {
        return;
    };
    if spared {
        return come_back(world, number, 30, reply);
    }
    if world.happens(Fault::AnswerLost, 40) {
        world.after(thinks, move |world| lose(world, number));
        return;
    }
    let late = world.happens(Fault::AnswerDelayed, 40);
    let on_its_way = if late {
        world.random.between(2_000, 14_000)
    } else {
        world.random.between(10, 120)
    };
    come_back(world, number, thinks + on_its_way, reply);
}

fn come_back(world: &mut World, number: u64, delay: u64, reply: Reply) {
    world.after(delay, move |world| end(world, number, Ok(reply)));
}

fn lose(world: &mut World, number: u64) {
    end(world, number, Err(Failure::after_sending(FailureKind::ConnectionLost)));
}

/// The request is answered, or fails.
fn end(world: &mut World, number: u64, result: Result<Reply, Failure>) {
    let Some(flight) = world.network.flights.remove(&number) else {
        return;
    };
    if let Some(serial) = &flight.serial {
        world.ended(flight.place.client, serial);
    }
    let name = flight.request.name();
    world.trace(|| match &result {
        Ok(reply) => format!("  {name}: {} {}", reply.status, String::from_utf8_lossy(&reply.body)),
        Err(failure) => format!("  {name}: {failure:?}"),
    });
    if let Ok(reply) = &result {
        let can_be_told = flight.request.is_perform() || names_its_invoice(&flight.request, reply);
        let is_left = can_be_told && world.happens(Fault::AnswerLeftBehind, 80);
        let connection = Connection {
            idle_since: world.now,
            is_used: true,
            left: is_left.then(|| reply.clone()),
        };
        let pool = world.network.idle.entry((flight.place.client, flight.request.server));
        pool.or_default().push(connection);
    }
    world.touched.insert(flight.place.life);
    let _ = flight.answer.send(result);
}

/// Whether the engine can see that `reply` belongs to another sale's request. A reply without an invoice could belong
/// to any.
fn names_its_invoice(request: &Request, reply: &Reply) -> bool {
    let is_about_an_invoice = !request.is_get && !request.path.ends_with("/initiate-sale");
    !is_about_an_invoice || String::from_utf8_lossy(&reply.body).contains("invoiceId")
}

/// Nobody waits for the answer any more.
pub(crate) fn abandon(world: &mut World, number: u64) {
    if let Some(flight) = world.network.flights.remove(&number) {
        if let Some(serial) = &flight.serial {
            world.ended(flight.place.client, serial);
        }
        // The order in which a runtime drops its tasks is not part of the simulation.
        if world.lives.contains_key(&flight.place.life) {
            let name = flight.request.name();
            world.trace(|| format!("  {name} abandoned"));
        }
    }
}

/// Opens a connection ahead of time.
pub(crate) fn connect(world: &mut World, place: Place, server: Server) -> oneshot::Receiver<()> {
    let (done, waits) = oneshot::channel();
    let delay = world.random.between(20, 200);
    let is_down = is_down(world, server);
    world.after(delay, move |world| {
        if is_down {
            world.touched.insert(place.life);
            let _ = done.send(());
            return;
        }
        let idle_since = world.now;
        let pool = world.network.idle.entry((place.client, server)).or_default();
        pool.push(Connection {
            idle_since,
            ..Connection::default()
        });
        world.touched.insert(place.life);
        let _ = done.send(());
    });
    waits
}

/// The server cannot be reached for a while, and its open connections break.
pub(crate) fn goes_down(world: &mut World, server: Server, lasts: u64) {
    let end = world.now + lasts;
    world.network.down.insert(server, end);
    world.network.idle.retain(|(_, other), _| *other != server);
}

fn is_down(world: &World, server: Server) -> bool {
    !world.faults_ended && world.network.down.get(&server).is_some_and(|end| world.now < *end)
}

pub(crate) fn forget_idle(world: &mut World, client: u64) {
    world.network.idle.retain(|(owner, _), _| *owner != client);
}

impl Network {
    /// How many requests have a waiting sender. Each has a guard that ends it.
    pub(crate) fn under_way(&self) -> usize {
        self.flights.len()
    }
}
