//! The payer and their browser: opens pages, authenticates, leaves, comes back.

use salekit_core::{Challenge, SaleId};

use super::{
    fault::Fault,
    gateway,
    ports::Place,
    world::{ScheduledEvent, World},
};

/// A page of the issuer, in a browser that survives the app.
pub(crate) struct Page {
    pub(crate) url: String,
    pub(crate) state: PageState,
    /// The challenge that the presenter got for it, and the life of its process.
    pub(crate) challenge: (u64, Challenge),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum PageState {
    Open,
    /// The engine dismissed it.
    TakenAway {
        since: u64,
    },
    /// The payer closed or finished it, or there was no browser.
    Left,
}

/// An event of a page. The first three are reported to its challenge.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum PayerAct {
    Failed,
    Returned,
    Closed,
    /// The payer has authenticated or failed to; then the browser returns.
    Finishes {
        passes: bool,
    },
    Leaves,
}

/// The engine wants the sale's page shown, so the payer no longer waits in vain.
pub(crate) fn asked_for(world: &mut World, place: Place, id: &SaleId) {
    if let Some(page) = world.pages.get_mut(&(place.client, id.clone()))
        && matches!(page.state, PageState::TakenAway { .. })
    {
        page.state = PageState::Left;
    }
}

/// The engine shows a page.
pub(crate) fn opened(world: &mut World, place: Place, challenge: &Challenge) {
    let (sale, url) = (challenge.sale_id(), challenge.url());
    let name = world.name(sale);
    world.trace(|| format!("client {} opens {url} for {name}", place.client));
    let key = (place.client, sale.clone());
    let state = if world.happens(Fault::NoBrowser, 60) {
        PageState::Left
    } else {
        PageState::Open
    };
    let page = Page {
        url: url.to_owned(),
        state,
        challenge: (place.life, challenge.clone()),
    };
    world.pages.insert(key.clone(), page);
    let then = |world: &mut World, delay: u64, act| {
        let key = key.clone();
        world.schedule(delay, ScheduledEvent::Payer { key, act });
    };
    if state == PageState::Left {
        return then(world, 50, PayerAct::Failed);
    }
    if world.happens(Fault::ReturnIsForged, 100) {
        let delay = world.random.between(400, 6_000);
        then(world, delay, PayerAct::Returned);
    }
    let delay = world.random.between(1_000, 20_000);
    if world.happens(Fault::PayerLeaves, 200) {
        then(world, delay, PayerAct::Leaves);
    } else {
        let passes = !world.happens(Fault::PayerFails, 200);
        then(world, delay, PayerAct::Finishes { passes });
    }
}

/// The engine dismisses the page.
pub(crate) fn closed(world: &mut World, place: Place, sale: &SaleId) {
    let name = world.name(sale);
    let now = world.now;
    world.trace(|| format!("client {} closes the page of {name}", place.client));
    if let Some(page) = world.pages.get_mut(&(place.client, sale.clone()))
        && page.state == PageState::Open
    {
        page.state = PageState::TakenAway { since: now };
    }
}

/// Applies the payer's act. Returns what is reported about it.
pub(crate) fn acts(world: &mut World, key: &(u64, SaleId), act: PayerAct) -> Option<PayerAct> {
    let name = world.name(&key.1);
    let page = world.pages.get_mut(key)?;
    let url = page.url.clone();
    let is_open = page.state == PageState::Open;
    match act {
        PayerAct::Leaves | PayerAct::Finishes { .. } if !is_open => return None,
        PayerAct::Leaves | PayerAct::Finishes { .. } => page.state = PageState::Left,
        _ => {}
    }
    world.trace(|| format!("payer of {name}: {act:?}"));
    match act {
        PayerAct::Leaves => Some(PayerAct::Closed),
        PayerAct::Finishes { passes } => {
            gateway::challenge_done(world, &url, passes);
            let (key, delay) = (key.clone(), world.random.between(20, 900));
            let act = PayerAct::Returned;
            world.schedule(delay, ScheduledEvent::Payer { key, act });
            None
        }
        reported => Some(reported),
    }
}

/// The app reports the payer's act.
pub(crate) fn report(challenge: &Challenge, act: PayerAct) {
    match act {
        PayerAct::Failed => challenge.failed(),
        PayerAct::Closed => challenge.closed(),
        _ => challenge.returned(),
    }
}
