//! A gateway and the bank behind it: its ledger decides whether an outcome is true.

use std::collections::BTreeMap;

use salekit_core::wire::Reply;
use serde_json::{Value, json};

use super::{
    fault::Fault,
    invariants::Property,
    merchant::Extension,
    network::Request,
    ports::{CODE, TOKEN},
    world::World,
};

/// How long a replica may lag, in milliseconds.
const LAG: u64 = 6_000;

#[derive(Default)]
pub(crate) struct Gateway {
    accounts: BTreeMap<String, Account>,
}

/// What the gateway knows about an invoice that was performed.
pub(crate) struct Account {
    /// The serial number of the first perform sale.
    pub(crate) serial: String,
    pub(crate) charges: u32,
    session_token: String,
    /// States and when they began.
    states: Vec<(u64, OrderState)>,
    /// What the bank will decide; `None` if it does not decide by itself.
    decision: Option<OrderState>,
    page: String,
    /// Whether the app got the address of the page.
    page_reported: bool,
    /// Whether check sale is or will be sent.
    checks: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum OrderState {
    Processing,
    Challenge,
    Approved,
    Declined,
}

impl Account {
    fn state(&self) -> OrderState {
        self.states.last().map_or(OrderState::Processing, |(_, state)| *state)
    }

    fn stage_at(&self, time: u64) -> OrderState {
        let known = self.states.iter().rev().find(|(since, _)| *since <= time);
        known.map_or(OrderState::Processing, |(_, state)| *state)
    }
}

impl Gateway {
    pub(crate) fn accounts(&self) -> impl Iterator<Item = (&String, &Account)> {
        self.accounts.iter()
    }
}

/// The serial number of an invoice's first perform sale.
pub(crate) fn payer(world: &World, number: usize, invoice: &str) -> Option<String> {
    let account = world.gateways[number].accounts.get(invoice)?;
    Some(account.serial.clone())
}

pub(crate) fn serve(world: &mut World, number: usize, request: &Request) -> Option<(Reply, u64)> {
    let body: Value = serde_json::from_str(&request.body).unwrap();
    let foreign = format!("{TOKEN}session-{}", 1 - number);
    if request.body.contains(&foreign) {
        let invoice = request.invoice();
        let what = format!("the session token of {invoice} was sent to gateway {number}, which did not give it");
        world.breaks(Property::TokensGoToTheirServer, what);
    }
    let thinks = world.random.between(5, 300);
    let reply = if request.path.ends_with("/status") {
        status(world, number, request.invoice(), &body)
    } else {
        perform(world, number, request)?
    };
    Some((reply, thinks))
}

fn error(status: u16, cause: &str, message: &str) -> Reply {
    let error = json!({"error": {"cause": cause, "code": "5f0c9c6e", "message": message}});
    Reply::new(status, error.to_string())
}

/// An error message of a gateway that repeats what it was sent.
fn message(world: &mut World, token: &str) -> String {
    if world.happens(Fault::RepeatsCardOddly, 400) {
        let number = "4111.1111.1111.1111";
        return format!("securityCode {CODE} is not valid for {number} exp 12/2040");
    }
    if world.happens(Fault::RepeatsToken, 400) {
        return format!("session {token} is closed");
    }
    if world.happens(Fault::RepeatsCard, 400) {
        return format!("card {} was refused", super::ports::PAN);
    }
    "refused".to_owned()
}

fn perform(world: &mut World, number: usize, request: &Request) -> Option<Reply> {
    let (invoice, serial) = (request.invoice(), request.serial());
    if let Some(account) = world.gateways[number].accounts.get(invoice) {
        let token = account.session_token.clone();
        world.count(Fault::PerformRepeated);
        return Some(again(world, number, invoice, &token));
    }
    let token = format!("{TOKEN}session-{number}-{}", world.number());
    let refused = world.happens(Fault::PerformRefused, 120);
    let decision = if refused || world.happens(Fault::Declines, 300) {
        Some(OrderState::Declined)
    } else if world.happens(Fault::NeverDecides, 80) {
        None
    } else {
        Some(OrderState::Approved)
    };
    let first = if refused {
        OrderState::Declined
    } else {
        OrderState::Processing
    };
    let account = Account {
        serial,
        charges: 0,
        session_token: token.clone(),
        states: vec![(world.now, first)],
        decision,
        page: format!("https://acs.example/{}", world.number()),
        page_reported: false,
        checks: !refused,
    };
    world.gateways[number].accounts.insert(invoice.to_owned(), account);
    world.counters.performs += 1;
    if refused {
        // The app has no session yet, so only its own request can be repeated.
        let body: Value = serde_json::from_str(&request.body).unwrap();
        let signature = body["session"]["signature"].as_str().unwrap_or_default();
        let text = message(world, signature);
        return Some(error(400, "INVALID_REQUEST", &text));
    }
    check_sale(world, number, invoice, &token);
    if world.happens(Fault::PerformNotAnswered, 50) {
        return None;
    }
    if world.happens(Fault::PerformAnsweredWithError, 50) {
        let (status, cause) = world.random.one_of(&[
            (500, "INTERNAL_ERROR"),
            (200, "PROCESSING_FAILED"),
            (409, "INVALID_REQUEST"),
            (408, "DECLINED"),
        ]);
        return Some(error(status, cause, "something went wrong"));
    }
    Some(accepted(world, invoice, &token))
}

/// The gateway asks the merchant whether the sale is valid, and only then asks the bank.
fn check_sale(world: &mut World, number: usize, invoice: &str, token: &str) {
    let (id, token) = (invoice.to_owned(), token.to_owned());
    if world.happens(Fault::CheckSaleLost, 100) {
        if let Some(account) = world.gateways[number].accounts.get_mut(invoice) {
            account.decision = Some(OrderState::Declined);
            account.checks = false;
        }
        let delay = world.random.between(5_000, 40_000);
        return world.after(delay, move |world| decide(world, number, &id));
    }
    let late = world.happens(Fault::CheckSaleLate, 150);
    let delay = if late {
        world.random.between(4_000, 20_000)
    } else {
        world.random.between(20, 900)
    };
    world.after(delay, move |world| {
        if world.merchant.checks(&id, &token) {
            return ask_bank(world, number, id);
        }
        world.trace(|| format!("  check sale of {id} is refused"));
        enter(world, number, &id, OrderState::Declined);
    });
}

fn ask_bank(world: &mut World, number: usize, invoice: String) {
    let (delay, id) = (world.random.between(100, 8_000), invoice.clone());
    if !world.happens(Fault::AsksForChallenge, 500) {
        // `decide` does not decide for a bank that never does.
        return world.after(delay, move |world| decide(world, number, &id));
    }
    world.after(delay / 2, move |world| enter(world, number, &id, OrderState::Challenge));
    let end = delay + world.random.between(30_000, 90_000);
    world.after(end, move |world| {
        if world.gateways[number].accounts.get(&invoice).map(Account::state) == Some(OrderState::Challenge) {
            enter(world, number, &invoice, OrderState::Declined);
        }
    });
}

fn accepted(world: &World, invoice: &str, token: &str) -> Reply {
    let mut answer = json!({"session": {"token": token}});
    if world.setup.names_invoice {
        answer["invoiceId"] = json!(invoice);
    }
    Reply::new(200, answer.to_string())
}

/// Perform sale for an invoice that was already performed.
fn again(world: &mut World, number: usize, invoice: &str, token: &str) -> Reply {
    // If a merchant cannot void an invoice and does not know it, its answer counts. So it must know the sale by then.
    if world.setup.extension == Extension::TokensOnly && world.gateways[number].accounts[invoice].checks {
        world.merchant.checks(invoice, token);
    }
    match world.setup.repeated_perform {
        Repeated::Refused => error(400, "INVALID_REQUEST", "this sale was performed already"),
        Repeated::Conflict => error(409, "INVALID_REQUEST", "this sale was performed already"),
        Repeated::Replayed => accepted(world, invoice, token),
        Repeated::PerformedAgain => {
            let id = invoice.to_owned();
            world.after(3_000, move |world| {
                if let Some(account) = world.gateways[number].accounts.get_mut(&id) {
                    account.charges += u32::from(account.decision == Some(OrderState::Approved));
                }
            });
            accepted(world, invoice, token)
        }
    }
}

/// How a gateway handles a second perform sale.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Repeated {
    Refused,
    Conflict,
    Replayed,
    PerformedAgain,
}

fn enter(world: &mut World, number: usize, invoice: &str, state: OrderState) {
    let now = world.now;
    if let Some(account) = world.gateways[number].accounts.get_mut(invoice) {
        account.states.push((now, state));
        account.charges += u32::from(state == OrderState::Approved);
    }
    world.trace(|| format!("  gateway {number}: {invoice} {state:?}"));
}

fn decide(world: &mut World, number: usize, invoice: &str) {
    let Some(account) = world.gateways[number].accounts.get(invoice) else {
        return;
    };
    if let (OrderState::Processing, Some(state)) = (account.state(), account.decision) {
        enter(world, number, invoice, state);
    }
}

/// The cardholder has finished the page at `url`.
pub(crate) fn challenge_done(world: &mut World, url: &str, passed: bool) {
    let found = (0..world.gateways.len()).find_map(|number| {
        let accounts = &world.gateways[number].accounts;
        let (invoice, account) = accounts.iter().find(|(_, account)| account.page == url)?;
        Some((number, invoice.clone(), account.state()))
    });
    let Some((number, invoice, OrderState::Challenge)) = found else {
        return;
    };
    if !passed {
        return enter(world, number, &invoice, OrderState::Declined);
    }
    enter(world, number, &invoice, OrderState::Processing);
    let delay = world.random.between(100, 4_000);
    world.after(delay, move |world| decide(world, number, &invoice));
}

/// At the end of a world every bank decides.
pub(crate) fn settle(world: &mut World) {
    for number in 0..world.gateways.len() {
        let open: Vec<_> = world.gateways[number]
            .accounts
            .iter()
            .filter(|(_, account)| matches!(account.state(), OrderState::Processing | OrderState::Challenge))
            .map(|(invoice, account)| (invoice.clone(), account.decision == Some(OrderState::Declined)))
            .collect();
        for (invoice, is_declined) in open {
            let approves = !is_declined && world.random.permille(500);
            let state = if approves {
                OrderState::Approved
            } else {
                OrderState::Declined
            };
            enter(world, number, &invoice, state);
        }
    }
}

fn status(world: &mut World, number: usize, invoice: &str, body: &Value) -> Reply {
    let token = body["session"]["token"].as_str().unwrap_or_default();
    let Some(account) = world.gateways[number].accounts.get(invoice) else {
        return error(404, "ORDER_NOT_FOUND", "no such sale");
    };
    if account.session_token != token {
        return error(403, "INVALID_REQUEST", "no such session");
    }
    let (page, page_reported, state) = (account.page.clone(), account.page_reported, account.state());
    let now = world.now;
    let before = world.gateways[number].accounts[invoice].stage_at(now.saturating_sub(LAG));
    let lag = if page_reported && (state == OrderState::Challenge || before == OrderState::Challenge) {
        Fault::LagsInChallenge
    } else {
        Fault::LagsBehind
    };
    if world.happens(Fault::StatusUnavailable, 60) {
        let mut reply = error(503, "INTERNAL_ERROR", "try later");
        let delay = world.random.between(1, 8);
        reply.retry_after = world
            .random
            .permille(500)
            .then(|| std::time::Duration::from_secs(delay));
        return reply;
    }
    let state = if state != before && world.happens(lag, 300) {
        before
    } else {
        state
    };
    let mut answer = match state {
        OrderState::Processing if world.happens(Fault::UnknownState, 40) => json!({"state": "ON_HOLD"}),
        OrderState::Processing => json!({"state": "PROCESSING"}),
        OrderState::Challenge => json!({"state": "REDIRECT_REQUEST", "redirectUrl": page}),
        OrderState::Approved => json!({"state": "APPROVED", "orderId": "77"}),
        OrderState::Declined => {
            let text = message(world, token);
            json!({"state": "DECLINED", "errorCode": 3, "errorMessage": text, "orderId": "77"})
        }
    };
    if state == OrderState::Challenge
        && let Some(account) = world.gateways[number].accounts.get_mut(invoice)
    {
        account.page_reported = true;
    }
    if world.setup.names_invoice {
        answer["invoiceId"] = json!(invoice);
    }
    Reply::new(200, answer.to_string())
}
