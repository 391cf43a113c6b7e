//! What must hold in every world, whatever goes wrong. The gateways' ledger decides.

use std::collections::{BTreeMap, BTreeSet};

use salekit_core::{Charge, PendingSales, SaleId, SaleOutcome, SaleState, flow::Snapshot};

use super::{network::Request, payer::PageState, ports::Place, secrets, world::World};

/// A page that the engine dismissed during a challenge may wait for a slow save, but not longer than this.
const PAGE_MAY_BE_AWAY: u64 = 25_000;
/// The longest time between a sale's end and its report to the app.
const REPORTED_WITHIN: u64 = 60_000;

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Property {
    /// An invoice is charged at most once.
    ChargedOnce,
    /// Perform sale leaves the device at most once for each invoice.
    PerformedOnce,
    /// A sale that does not allow a duplicate is not performed if an earlier sale may have charged for its order, and was
    /// not settled when it started.
    OrderPaidOnce,
    /// An invoice that the merchant's server has voided is not charged.
    VoidIsVoid,
    /// No outcome that a client reported contradicts the final ledger.
    OutcomeIsTrue,
    /// A sale for which perform sale may have been sent is pending until it is acknowledged as final, or forgotten as
    /// unknown.
    StaysPending,
    /// Only a final outcome can be acknowledged, and only an unknown or unreadable sale can be forgotten.
    KeepsUnfinished,
    /// Every sale ends.
    Ends,
    /// Every call of the app returns, and the end of a sale is reported soon.
    Returns,
    /// Nothing outlives its owner: requests, timers, pages, locks, entries of running sales.
    OutlivesNothing,
    /// No temporary file stays.
    LeavesNoFile,
    /// A save that timed out never overtakes a later one.
    InOrder,
    /// A challenge that waits for the payer has its page open.
    PageIsShown,
    /// No card data anywhere, and tokens only in stores.
    NoSecrets,
    /// A token goes only to the server that issued it.
    TokensGoToTheirServer,
}

/// A property that was violated.
#[derive(Debug, Clone)]
pub(crate) struct Broken {
    pub(crate) property: Property,
    pub(crate) what: String,
}

/// One started sale.
pub(crate) struct SaleRecord {
    /// Identifies the sale to the world's servers.
    pub(crate) serial: String,
    pub(crate) order: u64,
    pub(crate) place: Place,
    pub(crate) allows_duplicate: bool,
    pub(crate) id: Option<SaleId>,
    pub(crate) is_cancelled: bool,
    /// Its running requests, by client.
    pub(crate) under_way: BTreeMap<u64, i64>,
    /// The invoices whose perform sale left the device.
    performed: Vec<String>,
    reported: Vec<(Charge, &'static str)>,
    /// The store has removed it, as it may.
    is_removed: bool,
    /// How many sales were started before it was removed, and the process life that removed it.
    removal: Option<(usize, u64)>,
    /// Acknowledging or forgetting it has succeeded.
    pub(crate) is_gone: bool,
}

impl SaleRecord {
    pub(crate) fn new(serial: String, order: u64, place: Place, allows_duplicate: bool) -> Self {
        Self {
            serial,
            order,
            place,
            allows_duplicate,
            id: None,
            is_cancelled: false,
            under_way: BTreeMap::new(),
            performed: Vec::new(),
            reported: Vec::new(),
            is_removed: false,
            removal: None,
            is_gone: false,
        }
    }

    pub(crate) fn has_requests(&self) -> bool {
        self.under_way.values().any(|requests| *requests > 0)
    }

    fn is_final(&self) -> bool {
        self.reported.iter().any(|(charge, _)| *charge != Charge::Unknown)
    }
}

/// The first byte of perform sale leaves the device.
pub(crate) fn perform_left(world: &mut World, request: &Request) {
    let invoice = request.invoice().to_owned();
    let serial = request.serial();
    let before = world
        .sales
        .iter()
        .flat_map(|sale| &sale.performed)
        .filter(|performed| **performed == invoice);
    if before.count() > 0 {
        world.breaks(
            Property::PerformedOnce,
            format!("{invoice} is performed again, by {serial}"),
        );
    }
    if let Some(earlier) = earlier_payment(world, &serial) {
        let what = format!("{serial} is performed, and {earlier} may have charged for its order");
        world.breaks(Property::OrderPaidOnce, what);
    }
    if let Some(sale) = world.sale_mut(&serial) {
        sale.performed.push(invoice);
    }
}

/// An earlier sale that may have charged for the order of this one. Without locks, stores do not tell processes apart; and
/// what another process removes meanwhile is not known in this one.
fn earlier_payment(world: &World, serial: &str) -> Option<String> {
    let number = world.sales.iter().position(|sale| sale.serial == serial)?;
    let sale = &world.sales[number];
    let is_settled = |earlier: &SaleRecord| {
        let is_not_charged = earlier.reported.iter().any(|(charge, _)| *charge == Charge::NotCharged);
        let was_removed = |(started, life)| started <= number || life != sale.place.life;
        is_not_charged || earlier.removal.is_some_and(was_removed)
    };
    let mut earlier = world.sales[..number].iter().filter(|earlier| {
        earlier.order == sale.order
            && earlier.place.disk == sale.place.disk
            && !earlier.performed.is_empty()
            && !is_settled(earlier)
    });
    let is_watched = world.setup.has_locks && !sale.allows_duplicate;
    earlier
        .next()
        .filter(|_| is_watched)
        .map(|earlier| earlier.serial.clone())
}

/// A client has reported the outcome of a sale.
pub(crate) fn reported(world: &mut World, place: Place, id: &SaleId, outcome: &SaleOutcome) {
    let name = world.name(id);
    let reason = match outcome {
        SaleOutcome::NotCharged(end) => format!("not charged: {:?}", end.reason),
        SaleOutcome::Unknown(end) => format!("unknown: {:?}", end.reason),
        other => other.name().to_owned(),
    };
    world.trace(|| format!("client {} reports {name}: {reason}", place.client));
    world.counters.outcome(reason);
    secrets::check_shown(world, &format!("the outcome of {name}"), &format!("{outcome:?}"));
    let Some(sale) = world.sale_of(id) else { return };
    sale.reported.push((outcome.charge(), outcome.name()));
    let under_way = sale.under_way.get(&place.client).copied().unwrap_or_default();
    world.running.remove(&(id.clone(), place.client));
    if under_way > 0 {
        let what = format!("{under_way} requests of {name} are under way after its end");
        world.breaks(Property::OutlivesNothing, what);
    }
    let page = world.pages.get(&(place.client, id.clone()));
    if page.is_some_and(|page| page.state == PageState::Open) {
        world.breaks(
            Property::OutlivesNothing,
            format!("the page of {name} is open after its end"),
        );
    }
}

/// The app has received the outcome, `since` the sale's end.
pub(crate) fn handed_over(world: &mut World, id: &SaleId, since: u64) {
    let took = world.now - since;
    if took > REPORTED_WITHIN {
        let name = world.name(id);
        world.breaks(Property::Returns, format!("the outcome of {name} came after {took} ms"));
    }
}

/// A sale waits for the payer.
pub(crate) fn waits_for_payer(world: &mut World, place: Place, id: &SaleId) {
    let now = world.now;
    let Some(page) = world.pages.get_mut(&(place.client, id.clone())) else {
        return;
    };
    let away = match page.state {
        PageState::TakenAway { since } if now > since + PAGE_MAY_BE_AWAY => now - since,
        _ => return,
    };
    page.state = PageState::Left;
    if world.sale_of(id).is_some_and(|sale| !sale.is_cancelled) {
        let name = world.name(id);
        let what = format!("{name} waits for the payer, and its page was taken away {away} ms ago");
        world.breaks(Property::PageIsShown, what);
    }
}

/// `pending` reports outcomes too, and it lists a client's own sales separately from foreign ones.
pub(crate) fn listed(world: &mut World, place: Place, pending: &PendingSales) {
    for sale in &pending.sales {
        if let SaleState::Finished(outcome) = &sale.state
            && let Some(known) = world.sale_of(&sale.id)
        {
            known.reported.push((outcome.charge(), outcome.name()));
        }
    }
    let own = pending.sales.iter().map(|sale| (&sale.id, true));
    let foreign = pending.foreign.iter().map(|sale| (&sale.id, false));
    for (id, is_own) in own.chain(foreign) {
        let Some(sale) = world.sale_of(id) else { continue };
        if is_own != (sale.place.gateway == place.gateway) {
            let what = format!(
                "{} is listed by gateway {} as own: {is_own}",
                sale.serial, place.gateway
            );
            world.breaks(Property::TokensGoToTheirServer, what);
        }
    }
}

/// The store removes the snapshot of a sale; `snapshot` is there if it could be read before.
pub(crate) fn removed(world: &mut World, client: u64, id: &SaleId, snapshot: Option<&[u8]>, was_read: bool) {
    let Some(snapshot) = snapshot else { return };
    let stored = Snapshot::decode(snapshot)
        .ok()
        .filter(|_| was_read)
        .map(|Snapshot(state)| state.outcome().map(|outcome| outcome.charge()));
    let key = (id.clone(), client);
    // If the client does both at once, either one may have done it.
    let is_forgotten = world.forgetting.contains(&key);
    let is_acknowledged = world.acknowledging.contains(&key) || !is_forgotten;
    let removal = (world.sales.len(), world.lives_of_clients[&client]);
    let Some(sale) = world.sale_of(id) else { return };
    sale.removal = Some(removal);
    let may_be_forgotten = matches!(stored, None | Some(Some(Charge::Unknown)));
    // It may be acknowledged before its outcome was reported.
    let is_final = sale.is_final() || matches!(stored, Some(Some(Charge::Charged | Charge::NotCharged)));
    let may_go = (is_acknowledged && is_final) || (is_forgotten && may_be_forgotten);
    sale.is_removed |= may_go;
    if !may_go {
        let how = if is_forgotten { "forgotten" } else { "acknowledged" };
        let what = format!("{} is {how}, and is stored as {stored:?}", sale.serial);
        world.breaks(Property::KeepsUnfinished, what);
    }
}

/// At the end: what a new client finds in a store.
pub(crate) fn found(world: &mut World, disk: usize, pending: &PendingSales) {
    let listed = pending.sales.iter().map(|sale| &sale.id);
    let listed: BTreeSet<_> = listed
        .chain(pending.foreign.iter().map(|sale| &sale.id))
        .chain(pending.damaged.iter().map(|damaged| &damaged.id))
        .collect();
    let lost: Vec<_> = world
        .sales
        .iter()
        .filter(|sale| sale.place.disk == disk && !sale.performed.is_empty())
        .filter(|sale| !sale.is_removed)
        .filter(|sale| sale.id.as_ref().is_some_and(|id| !listed.contains(id)))
        .map(|sale| sale.serial.clone())
        .collect();
    let is_listed = |sale: &&SaleRecord| sale.id.as_ref().is_some_and(|id| listed.contains(id));
    let sales = world.sales.iter().filter(|sale| sale.is_gone);
    let back: Vec<_> = sales.filter(is_listed).map(|sale| sale.serial.clone()).collect();
    for serial in back {
        world.breaks(
            Property::OutlivesNothing,
            format!("{serial} was acknowledged or forgotten, and is back"),
        );
    }
    for serial in lost {
        world.breaks(
            Property::StaysPending,
            format!("{serial} was performed, and is not pending"),
        );
    }
}

/// When no events are left: what living processes still hold.
pub(crate) fn at_rest(world: &mut World, clients: &[u64]) {
    let calls: Vec<_> = world.calls.values().cloned().collect();
    for (what, since) in calls {
        world.breaks(
            Property::Returns,
            format!("{what}, called at {since} ms, never returned"),
        );
    }
    for client in clients {
        if world.sleeps.get(client).is_some_and(|sleeps| *sleeps > 0) {
            world.breaks(
                Property::OutlivesNothing,
                format!("client {client} has timers and no sales"),
            );
        }
    }
    let is_hung = |client: &u64| world.threads.values().any(|threads| threads.is_hung(*client));
    let locked = world.disks.iter().flat_map(|disk| disk.locked());
    let left = locked.filter(|(_, client)| clients.contains(client) && !is_hung(client));
    let left: Vec<_> = left
        .map(|(name, client)| format!("client {client} holds a lock and runs no sale: {name}"))
        .collect();
    for what in left {
        world.breaks(Property::OutlivesNothing, what);
    }
    if world.network.under_way() > 0 {
        world.breaks(
            Property::OutlivesNothing,
            "requests are under way, and no sale runs".to_owned(),
        );
    }
}

/// At the end of the world: compares every reported outcome with the ledger.
pub(crate) fn at_end(world: &mut World) {
    let mut broken = Vec::new();
    let accounts = || world.gateways.iter().flat_map(|gateway| gateway.accounts());
    let mut charges = 0;
    for (invoice, account) in accounts() {
        charges += u64::from(account.charges);
        if account.charges > 1 {
            broken.push((
                Property::ChargedOnce,
                format!("{invoice} was charged {} times", account.charges),
            ));
        }
    }
    for (invoice, account) in accounts() {
        if account.charges > 0 && world.merchant.has_voided(invoice) {
            broken.push((Property::VoidIsVoid, format!("{invoice} is void, and was charged")));
        }
    }
    for sale in &world.sales {
        let is_charged = accounts().any(|(_, account)| account.serial == sale.serial && account.charges > 0);
        for (charge, name) in &sale.reported {
            let is_true = match charge {
                Charge::Charged => is_charged,
                Charge::NotCharged => !is_charged,
                Charge::Unknown => true,
            };
            if !is_true {
                let ledger = if is_charged { "charged" } else { "not charged" };
                let what = format!("{} was reported as {name}, and is {ledger}", sale.serial);
                broken.push((Property::OutcomeIsTrue, what));
            }
        }
    }
    for disk in &world.disks {
        for id in disk.left_files() {
            let what = format!("a temporary file of {} stays", world.name(id));
            broken.push((Property::LeavesNoFile, what));
        }
    }
    world.counters.charges += charges;
    world.counters.sales += world.sales.len() as u64;
    world.counters.worlds += 1;
    for (property, what) in broken {
        world.breaks(property, what);
    }
}

/// The engine's task of a sale is gone, but the sale has not ended.
pub(crate) fn stopped(world: &mut World, place: Place, id: &SaleId, outcome: &SaleOutcome) {
    reported(world, place, id, outcome);
    let name = world.name(id);
    world.breaks(Property::Ends, format!("the engine stopped {name} without an end"));
}
