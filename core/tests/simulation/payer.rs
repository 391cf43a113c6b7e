//! The payer and their browser: opens pages, authenticates, leaves, comes back.

use salekit_core::{Challenge, SaleId};

use crate::{
    contact::Place,
    fault::Fault,
    gateway,
    world::{Happening, World},
};

/// A page of the issuer's, in a browser that outlives the app.
pub(crate) struct Page {
    pub(crate) url: String,
    pub(crate) state: PageState,
    /// What the presenter was given for it, and the life of the process in which it was.
    pub(crate) challenge: (u64, Challenge),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum PageState {
    Open,
    /// The engine took it away.
    TakenAway {
        since: u64,
    },
    /// The payer closed it, has finished with it, or there was no browser.
    Left,
}

/// What happens to a page. The first three are reported to its challenge.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum PayerAct {
    Failed,
    Returned,
    Closed,
    /// The payer has authenticated, or not; then the browser returns.
    Finishes {
        passes: bool,
    },
    Leaves,
}

/// The engine asks for the sale's page to be shown: nobody waits for it in vain any more.
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
        world.schedule(delay, Happening::Payer { key, act });
    };
    if state == PageState::Left {
        return then(world, 50, PayerAct::Failed);
    }
    if world.happens(Fault::ReturnIsForged, 100) {
        let delay = world.dice.between(400, 6_000);
        then(world, delay, PayerAct::Returned);
    }
    let delay = world.dice.between(1_000, 20_000);
    if world.happens(Fault::PayerLeaves, 200) {
        then(world, delay, PayerAct::Leaves);
    } else {
        let passes = !world.happens(Fault::PayerFails, 200);
        then(world, delay, PayerAct::Finishes { passes });
    }
}

/// The engine takes the page away.
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

/// The payer does something; answers with what is reported of it.
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
            let (key, delay) = (key.clone(), world.dice.between(20, 900));
            let act = PayerAct::Returned;
            world.schedule(delay, Happening::Payer { key, act });
            None
        }
        told => Some(told),
    }
}

/// The app reports what the payer does.
pub(crate) fn report(challenge: &Challenge, act: PayerAct) {
    match act {
        PayerAct::Failed => challenge.failed(),
        PayerAct::Closed => challenge.closed(),
        _ => challenge.returned(),
    }
}
