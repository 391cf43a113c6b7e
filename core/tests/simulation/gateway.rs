//! A gateway and the bank behind it: the ledger that every outcome is held against.

use std::collections::BTreeMap;

use salekit_core::message::Reply;
use serde_json::{Value, json};

use crate::{
    contact::{CODE, TOKEN},
    fault::Fault,
    merchant::Extension,
    network::Request,
    oracle::Property,
    world::World,
};

/// How long a replica may lag, in milliseconds.
const LAG: u64 = 6_000;

#[derive(Default)]
pub(crate) struct Gateway {
    accounts: BTreeMap<String, Account>,
}

/// What the gateway knows of an invoice that was performed.
pub(crate) struct Account {
    /// Whose perform sale was the first.
    pub(crate) serial: String,
    pub(crate) charges: u32,
    session_token: String,
    /// Stages, and since when.
    stages: Vec<(u64, Stage)>,
    /// What the bank will say; nothing if it does not decide by itself.
    decision: Option<Stage>,
    page: String,
    /// Whether the app was told of the page.
    told_page: bool,
    /// Check sale is, or will be, made.
    checks: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Stage {
    Processing,
    Challenge,
    Approved,
    Declined,
}

impl Account {
    fn stage(&self) -> Stage {
        self.stages.last().map_or(Stage::Processing, |(_, stage)| *stage)
    }

    fn stage_at(&self, time: u64) -> Stage {
        let known = self.stages.iter().rev().find(|(since, _)| *since <= time);
        known.map_or(Stage::Processing, |(_, stage)| *stage)
    }
}

impl Gateway {
    pub(crate) fn accounts(&self) -> impl Iterator<Item = (&String, &Account)> {
        self.accounts.iter()
    }
}

/// Whose perform sale an invoice had first.
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
        world.breaks(Property::TokensStayHome, what);
    }
    let thinks = world.dice.between(5, 300);
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

/// What a gateway writes when it explains itself with what it was sent.
fn message(world: &mut World, token: &str) -> String {
    if world.happens(Fault::RepeatsCardOddly, 400) {
        let number = "4111.1111.1111.1111";
        return format!("securityCode {CODE} is not valid for {number} exp 12/2040");
    }
    if world.happens(Fault::RepeatsToken, 400) {
        return format!("session {token} is closed");
    }
    if world.happens(Fault::RepeatsCard, 400) {
        return format!("card {} was refused", crate::contact::PAN);
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
        Some(Stage::Declined)
    } else if world.happens(Fault::NeverDecides, 80) {
        None
    } else {
        Some(Stage::Approved)
    };
    let first = if refused { Stage::Declined } else { Stage::Processing };
    let account = Account {
        serial,
        charges: 0,
        session_token: token.clone(),
        stages: vec![(world.now, first)],
        decision,
        page: format!("https://acs.example/{}", world.number()),
        told_page: false,
        checks: !refused,
    };
    world.gateways[number].accounts.insert(invoice.to_owned(), account);
    world.tally.performs += 1;
    if refused {
        // The app was told of no session yet; what it sent is what can be repeated.
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
        let (status, cause) = world.dice.one_of(&[
            (500, "INTERNAL_ERROR"),
            (200, "PROCESSING_FAILED"),
            (409, "INVALID_REQUEST"),
            (408, "DECLINED"),
        ]);
        return Some(error(status, cause, "something went wrong"));
    }
    Some(accepted(world, invoice, &token))
}

/// The gateway asks the merchant whether the sale is one of theirs; only then the bank is asked.
fn check_sale(world: &mut World, number: usize, invoice: &str, token: &str) {
    let (id, token) = (invoice.to_owned(), token.to_owned());
    if world.happens(Fault::CheckSaleLost, 100) {
        if let Some(account) = world.gateways[number].accounts.get_mut(invoice) {
            account.decision = Some(Stage::Declined);
            account.checks = false;
        }
        let delay = world.dice.between(5_000, 40_000);
        return world.after(delay, move |world| decide(world, number, &id));
    }
    let late = world.happens(Fault::CheckSaleLate, 150);
    let delay = if late {
        world.dice.between(4_000, 20_000)
    } else {
        world.dice.between(20, 900)
    };
    world.after(delay, move |world| {
        if world.merchant.checks(&id, &token) {
            return ask_bank(world, number, id);
        }
        world.trace(|| format!("  check sale of {id} is refused"));
        enter(world, number, &id, Stage::Declined);
    });
}

fn ask_bank(world: &mut World, number: usize, invoice: String) {
    let (delay, id) = (world.dice.between(100, 8_000), invoice.clone());
    if !world.happens(Fault::AsksForChallenge, 500) {
        // A bank that never decides is left alone by `decide`.
        return world.after(delay, move |world| decide(world, number, &id));
    }
    world.after(delay / 2, move |world| enter(world, number, &id, Stage::Challenge));
    let end = delay + world.dice.between(30_000, 90_000);
    world.after(end, move |world| {
        if world.gateways[number].accounts.get(&invoice).map(Account::stage) == Some(Stage::Challenge) {
            enter(world, number, &invoice, Stage::Declined);
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

/// Perform sale for an invoice that was performed before.
fn again(world: &mut World, number: usize, invoice: &str, token: &str) -> Reply {
    // A merchant that cannot void an invoice is believed when it knows of none, so it must have heard of the sale by then.
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
                    account.charges += u32::from(account.decision == Some(Stage::Approved));
                }
            });
            accepted(world, invoice, token)
        }
    }
}

/// What a gateway does with a second perform sale.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Repeated {
    Refused,
    Conflict,
    Replayed,
    PerformedAgain,
}

fn enter(world: &mut World, number: usize, invoice: &str, stage: Stage) {
    let now = world.now;
    if let Some(account) = world.gateways[number].accounts.get_mut(invoice) {
        account.stages.push((now, stage));
        account.charges += u32::from(stage == Stage::Approved);
    }
    world.trace(|| format!("  gateway {number}: {invoice} {stage:?}"));
}

fn decide(world: &mut World, number: usize, invoice: &str) {
    let Some(account) = world.gateways[number].accounts.get(invoice) else {
        return;
    };
    if let (Stage::Processing, Some(stage)) = (account.stage(), account.decision) {
        enter(world, number, invoice, stage);
    }
}

/// The cardholder has finished with the page at `url`.
pub(crate) fn challenge_done(world: &mut World, url: &str, passed: bool) {
    let found = (0..world.gateways.len()).find_map(|number| {
        let accounts = &world.gateways[number].accounts;
        let (invoice, account) = accounts.iter().find(|(_, account)| account.page == url)?;
        Some((number, invoice.clone(), account.stage()))
    });
    let Some((number, invoice, Stage::Challenge)) = found else {
        return;
    };
    if !passed {
        return enter(world, number, &invoice, Stage::Declined);
    }
    enter(world, number, &invoice, Stage::Processing);
    let delay = world.dice.between(100, 4_000);
    world.after(delay, move |world| decide(world, number, &invoice));
}

/// At the end of a world every bank decides.
pub(crate) fn settle(world: &mut World) {
    for number in 0..world.gateways.len() {
        let open: Vec<_> = world.gateways[number]
            .accounts
            .iter()
            .filter(|(_, account)| matches!(account.stage(), Stage::Processing | Stage::Challenge))
            .map(|(invoice, account)| (invoice.clone(), account.decision == Some(Stage::Declined)))
            .collect();
        for (invoice, is_declined) in open {
            let approves = !is_declined && world.dice.permille(500);
            let stage = if approves { Stage::Approved } else { Stage::Declined };
            enter(world, number, &invoice, stage);
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
    let (page, told_page, stage) = (account.page.clone(), account.told_page, account.stage());
    let now = world.now;
    let before = world.gateways[number].accounts[invoice].stage_at(now.saturating_sub(LAG));
    let lag = if told_page && (stage == Stage::Challenge || before == Stage::Challenge) {
        Fault::LagsInChallenge
    } else {
        Fault::LagsBehind
    };
    if world.happens(Fault::StatusUnavailable, 60) {
        let mut reply = error(503, "INTERNAL_ERROR", "try later");
        let delay = world.dice.between(1, 8);
        reply.retry_after = world.dice.permille(500).then(|| std::time::Duration::from_secs(delay));
        return reply;
    }
    let stage = if stage != before && world.happens(lag, 300) {
        before
    } else {
        stage
    };
    let mut answer = match stage {
        Stage::Processing if world.happens(Fault::UnknownState, 40) => json!({"state": "ON_HOLD"}),
        Stage::Processing => json!({"state": "PROCESSING"}),
        Stage::Challenge => json!({"state": "REDIRECT_REQUEST", "redirectUrl": page}),
        Stage::Approved => json!({"state": "APPROVED", "orderId": "77"}),
        Stage::Declined => {
            let text = message(world, token);
            json!({"state": "DECLINED", "errorCode": 3, "errorMessage": text, "orderId": "77"})
        }
    };
    if stage == Stage::Challenge
        && let Some(account) = world.gateways[number].accounts.get_mut(invoice)
    {
        account.told_page = true;
    }
    if world.setup.names_invoice {
        answer["invoiceId"] = json!(invoice);
    }
    Reply::new(200, answer.to_string())
}
