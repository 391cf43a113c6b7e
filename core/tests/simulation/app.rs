//! The app: it does at any moment what an app may do, and handles outcomes as the documents say.

use std::{collections::BTreeSet, sync::PoisonError};

use salekit_core::{Charge, ClientError, Sale, SaleClient, SaleId};

use super::{
    fault::Fault,
    invariants::{self, SaleRecord},
    ports::{self, Guard, Place},
    process::{Handles, Process},
    setup::ClientPlan,
    threads,
    world::{ScheduledEvent, Shared, World},
};

#[derive(Debug, Clone)]
pub(crate) enum Act {
    Order,
    OrderAgain,
    Preconnect,
    List,
    Cancel,
    Background,
    Foreground,
    Network,
    Resume,
    CloseClient,
    /// What an app does when it starts or opens a client.
    StartUp {
        client: u64,
    },
    Acknowledge {
        id: SaleId,
    },
    Forget {
        id: SaleId,
    },
}

/// An open client, as the app's tasks use it.
#[derive(Clone)]
struct Open {
    world: Shared,
    slot: usize,
    place: Place,
    client: SaleClient,
    sales: Handles,
}

pub(crate) fn act(world: &Shared, process: &mut Process, act: Act) {
    let slot = process.slot;
    let open: Vec<_> = process
        .clients
        .iter()
        .filter_map(|client| {
            Some(Open {
                world: world.clone(),
                slot,
                place: client.place,
                client: client.client.clone()?,
                sales: client.sales.clone(),
            })
        })
        .collect();
    let Some(chosen) = world.with(|world| world.random.place(open.len())) else {
        return reopen(world, process);
    };
    let chosen = open[chosen].clone();
    match act {
        Act::Order => order(process, chosen, None),
        Act::OrderAgain => {
            let earlier = world.with(|world| {
                let chosen = world.random.place(world.sales.len())?;
                Some(world.sales[chosen].order)
            });
            if let Some(earlier) = earlier {
                world.with(|world| world.count(Fault::StartsOrderAgain));
                order(process, chosen, Some(earlier));
            }
        }
        Act::Preconnect => process.spawn(async move {
            let _call = chosen.call("preconnect", None);
            chosen.client.preconnect().await;
        }),
        Act::List => process.spawn(async move {
            let _call = chosen.call("pending", None);
            let _ = chosen.client.pending().await;
        }),
        Act::Cancel => cancel(&chosen),
        Act::Background => {
            world.with(|world| world.count(Fault::GoesToBackground));
            chosen.client.app_background();
        }
        Act::Foreground => {
            if chosen.may_hurry(Fault::ComesToForeground) {
                chosen.client.app_foreground();
            }
        }
        Act::Network => {
            if chosen.may_hurry(Fault::FindsNetwork) {
                chosen.client.network_available();
            }
        }
        Act::Resume => {
            let id = world.with(|world| {
                let place = chosen.place;
                let known = world.sales.iter().filter(|sale| sale.place.disk == place.disk);
                let known: Vec<_> = known.filter_map(|sale| sale.id.clone()).collect();
                let id = known[world.random.place(known.len())?].clone();
                world.count(Fault::ResumesAgain);
                Some(id)
            });
            if let Some(id) = id {
                process.spawn(async move { chosen.resume(id).await });
            }
        }
        Act::CloseClient => {
            world.with(|world| world.count(Fault::ClosesClient));
            let closed = process
                .clients
                .iter_mut()
                .find(|client| client.place.client == chosen.place.client);
            if let Some(closed) = closed {
                closed.client = None;
            }
        }
        Act::StartUp { client } => {
            if let Some(started) = open.into_iter().find(|open| open.place.client == client) {
                process.spawn(async move { started.start_up().await });
            }
        }
        Act::Acknowledge { id } => {
            if let Some(owner) = on_the_disk_of(world, open, &id) {
                process.spawn(async move { owner.acknowledge(&id).await });
            }
        }
        Act::Forget { id } => {
            if let Some(owner) = on_the_disk_of(world, open, &id) {
                process.spawn(async move { owner.forget(&id).await });
            }
        }
    }
}

fn on_the_disk_of(world: &Shared, open: Vec<Open>, id: &SaleId) -> Option<Open> {
    let disk = world.with(|world| world.sale_of(id).map(|sale| sale.place.disk));
    open.into_iter().find(|open| Some(open.place.disk) == disk)
}

/// All clients are closed: the app opens one.
fn reopen(world: &Shared, process: &mut Process) {
    let Some(place) = process.clients.last().map(|client| client.place) else {
        return;
    };
    world.with(|world| world.count(Fault::OpensClientAgain));
    let plan = ClientPlan {
        disk: place.disk,
        gateway: place.gateway,
    };
    process.open_client(world, plan);
}

fn order(process: &Process, open: Open, earlier: Option<u64>) {
    let world = open.world.clone();
    let (serial, order, allows_duplicate) = world.with(|world| {
        let order = earlier.unwrap_or(world.sales.len() as u64);
        let serial = format!("sale-{}", world.sales.len());
        (serial, order, earlier.is_some() && world.random.permille(500))
    });
    let request = ports::request(&serial, order, allows_duplicate);
    let started = open.client.start(request);
    let Ok(sale) = started else {
        assert!(matches!(started, Err(ClientError::OrderInUse { .. })), "{started:?}");
        return world.with(|world| world.counters.outcome("refused at once: OrderInUse".to_owned()));
    };
    world.with(|world| {
        let id = sale.id().clone();
        world
            .sales
            .push(SaleRecord::new(serial.clone(), order, open.place, allows_duplicate));
        world.trace(|| format!("client {} starts {serial}, order {order}", open.place.client));
        world.running.insert((id.clone(), open.place.client));
        if let Some(record) = world.sale_mut(&serial) {
            record.id = Some(id);
        }
    });
    process.spawn(async move { open.watch(sale).await });
}

fn cancel(open: &Open) {
    let sales = open.sales.lock().unwrap_or_else(PoisonError::into_inner).clone();
    let sale = open.world.with(|world| {
        let sale = sales[world.random.place(sales.len())?].clone();
        let record = world.sale_of(sale.id())?;
        if record.has_requests() && !world.happens(Fault::CancelsAmidRequest, 1_000) {
            return None;
        }
        world.count(Fault::Cancels);
        world.sale_of(sale.id())?.is_cancelled = true;
        Some(sale)
    });
    if let Some(sale) = sale {
        sale.cancel();
    }
}

impl Open {
    fn call(&self, what: &str, sale: Option<&SaleId>) -> Guard {
        let number = self.world.with(|world| {
            let (number, now) = (world.number(), world.now);
            let of = sale.map_or_else(String::new, |id| format!(" of {}", world.name(id)));
            world.calls.insert(number, (format!("{what}{of}"), now));
            number
        });
        Guard::new(&self.world, move |world| {
            world.calls.remove(&number);
        })
    }

    /// Whether the app may make its sales ask at once now.
    fn may_hurry(&self, fault: Fault) -> bool {
        self.world.with(|world| {
            let is_busy = world.sales.iter().any(SaleRecord::has_requests);
            let may = !is_busy || world.happens(Fault::HurriesAmidRequest, 1_000);
            if may {
                world.count(fault);
            }
            may
        })
    }

    /// As the documents say: list the pending sales and resume them.
    async fn start_up(self) {
        let pending = {
            let _call = self.call("pending", None);
            self.client.pending().await
        };
        let Ok(pending) = pending else { return };
        self.world.with(|world| {
            invariants::listed(world, self.place, &pending);
            if world.is_final_check {
                invariants::found(world, self.place.disk, &pending);
            }
        });
        let foreign = pending.foreign.into_iter().map(|sale| sale.id);
        for id in pending.sales.into_iter().map(|sale| sale.id).chain(foreign) {
            if self.world.with(|world| world.happens(Fault::AcknowledgesEarly, 300)) {
                self.acknowledge(&id).await;
            } else if self.world.with(|world| world.happens(Fault::ForgetsEarly, 300)) {
                self.forget(&id).await;
            } else {
                self.resume(id).await;
            }
        }
    }

    async fn resume(&self, id: SaleId) {
        if !self.world.with(|world| self.may_resume(world, &id)) {
            return;
        }
        let resumed = {
            let _call = self.call("resume", Some(&id));
            self.client.resume(&id).await
        };
        match resumed {
            Ok(sale) => {
                let watcher = self.clone();
                drop(tokio::spawn(async move { watcher.watch(sale).await }));
            }
            Err(error) => self.world.with(|world| {
                let name = world.name(&id);
                world.trace(|| format!("{name} is not resumed: {error}"));
                if !self.runs_here(&id) {
                    world.running.remove(&(id, self.place.client));
                }
            }),
        }
    }

    fn may_resume(&self, world: &mut World, id: &SaleId) -> bool {
        let client = self.place.client;
        let mut busy = world.running.iter().chain(&world.dropping);
        let runs_elsewhere = busy.any(|(running, other)| running == id && *other != client);
        if runs_elsewhere && !world.happens(Fault::ResumesRunningElsewhere, 1_000) {
            return false;
        }
        let gateway = world.sale_of(id).map(|sale| sale.place.gateway);
        if gateway != Some(self.place.gateway) && !world.happens(Fault::ResumesWithOtherGateway, 1_000) {
            return false;
        }
        world.running.insert((id.clone(), client));
        let name = world.name(id);
        world.trace(|| format!("client {client} resumes {name}"));
        true
    }

    fn runs_here(&self, id: &SaleId) -> bool {
        let sales = self.sales.lock().unwrap_or_else(PoisonError::into_inner);
        sales.iter().any(|sale| sale.id() == id)
    }

    /// Waits for the outcome, and acknowledges it if it is final.
    async fn watch(self, sale: Sale) {
        if !self.runs_here(sale.id()) {
            let mut sales = self.sales.lock().unwrap_or_else(PoisonError::into_inner);
            sales.push(sale.clone());
        }
        let outcome = sale.outcome().await;
        let since = self.world.with(|world| world.now);
        {
            let _call = self.call("outcome", Some(sale.id()));
            let handed = self.world.with(|world| threads::hand_over(world, self.place.life));
            let _ = handed.await;
        }
        let id = sale.id();
        self.world.with(|world| {
            invariants::handed_over(world, id, since);
            let is_final = outcome.charge() != Charge::Unknown;
            let acknowledges = is_final && world.random.permille(700);
            let id = id.clone();
            let act = if acknowledges || (!is_final && world.happens(Fault::AcknowledgesEarly, 500)) {
                Act::Acknowledge { id }
            } else if (!is_final && world.happens(Fault::Forgets, 500)) || world.happens(Fault::ForgetsEarly, 100) {
                Act::Forget { id }
            } else {
                return;
            };
            let delay = world.random.between(10, 4_000);
            world.schedule(delay, ScheduledEvent::App { slot: self.slot, act });
        });
        if !sale.state().is_finished() {
            self.world
                .with(|world| invariants::stopped(world, self.place, id, &outcome));
        }
        if outcome.charge() == Charge::Charged {
            let _call = self.call("stored_card", Some(id));
            let _ = sale.stored_card().await;
        }
    }

    fn may_drop(&self, id: &SaleId) -> bool {
        self.world.with(|world| {
            !world.runs_out_of_sight(id, self.place)
                && (!world.runs_beside(id, self.place.client)
                    || world.happens(Fault::AcknowledgesRunningElsewhere, 1_000))
        })
    }

    /// Until the guard is dropped, the sale is in the set that `of` selects.
    fn during(&self, id: &SaleId, of: fn(&mut World) -> &mut BTreeSet<(SaleId, u64)>) -> Guard {
        let key = (id.clone(), self.place.client);
        self.world.with(|world| of(world).insert(key.clone()));
        Guard::new(&self.world, move |world| {
            of(world).remove(&key);
        })
    }

    async fn forget(&self, id: &SaleId) {
        if !self.may_drop(id) {
            return;
        }
        let _call = self.call("forget", Some(id));
        // No other client begins with it.
        let _dropping = self.during(id, |world| &mut world.dropping);
        let forgetting = self.during(id, |world| &mut world.forgetting);
        let forgotten = self.client.forget(id).await;
        drop(forgetting);
        if let Err(ClientError::Store(_)) = forgotten {
            // A store that hangs may still do it later.
            let key = (id.clone(), self.place.client);
            self.world.with(|world| world.forgetting.insert(key));
        }
        self.dropped(id, "forgotten", forgotten);
    }

    async fn acknowledge(&self, id: &SaleId) {
        if !self.may_drop(id) {
            return;
        }
        let _call = self.call("acknowledge", Some(id));
        let _dropping = self.during(id, |world| &mut world.dropping);
        let _acknowledging = self.during(id, |world| &mut world.acknowledging);
        let acknowledged = self.client.acknowledge(id).await;
        self.dropped(id, "acknowledged", acknowledged);
    }

    fn dropped(&self, id: &SaleId, how: &str, result: Result<(), ClientError>) {
        self.world.with(|world| {
            let name = world.name(id);
            if let (Ok(()), Some(sale)) = (&result, world.sale_of(id)) {
                sale.is_gone = true;
            }
            world.trace(|| match result {
                Ok(()) => format!("{name} {how}"),
                Err(error) => format!("{name} is not {how}: {error}"),
            });
        });
    }
}
