//! The apps of a campaign, their sales, and the weather they are made in.

use std::{
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
    time::{Duration, Instant},
};

use salekit_core::{
    Challenge, DocumentedMerchant, HttpsTransport, MemoryStore, Ports, Sale, SaleClient, SaleId, SaleOutcome,
    SystemDevice, Transport,
};
use salekit_sandbox::{Cardholder, Conduct, Dice, Entry, FaultProxy, Passing, Sandbox};
use tokio::{runtime::Handle, task::JoinSet, time};

use super::{
    listener::{Listener, Told},
    parties::{self, Parties},
};
use crate::support::{self, Truth, config, request_of, watch};

const SALES_AT_ONCE: usize = 5;
/// Fewer, so that new connections for all of them do not take longer than an answer may.
const ASKED_AT_ONCE: usize = 48;
/// How long a cardholder waits for a page.
const PAGE_TIMEOUT: Duration = Duration::from_secs(2);

pub(crate) struct Apps {
    pub(crate) gateway: FaultProxy,
    pub(crate) merchant: FaultProxy,
    pub(crate) told: Told,
    apps: Vec<App>,
    cardholder: Cardholder,
}

struct App {
    client: SaleClient,
    serial: String,
    parties: Parties,
    stored_cards: Mutex<Vec<String>>,
}

/// A sale that has ended, and all that is needed to judge it.
pub(crate) struct Ended {
    pub(crate) app: usize,
    pub(crate) id: SaleId,
    pub(crate) invoice_id: Option<String>,
    pub(crate) amount_minor: i64,
    pub(crate) outcome: SaleOutcome,
    pub(crate) began: Instant,
    pub(crate) ended: Instant,
    pub(crate) cancelled: bool,
}

impl Ended {
    pub(crate) fn is_unknown(&self) -> bool {
        matches!(self.outcome, SaleOutcome::Unknown(_))
    }
}

/// What the people around a sale do.
#[derive(Clone, Copy)]
struct Story {
    security_code: &'static str,
    with_stored_card: bool,
    conduct: Conduct,
    cancel_after: Option<Duration>,
    comes_back_by_link: bool,
}

impl Story {
    fn of(dice: &mut Dice) -> Self {
        const CODES: [&str; 20] = [
            "123", "123", "123", "111", "321", "321", "321", "321", "322", "322", "323", "324", "555", "217", "101",
            "116", "119", "209", "999", "123",
        ];
        let conduct = match dice.below(10) {
            0 => Conduct::MistypesPassword,
            1 => Conduct::Cancels,
            2 => Conduct::WalksAway,
            _ => Conduct::Authenticates,
        };
        Self {
            security_code: dice.pick(&CODES).copied().unwrap_or("123"),
            with_stored_card: dice.chance(250),
            conduct,
            cancel_after: dice.chance(120).then(|| Duration::from_millis(dice.below(800))),
            comes_back_by_link: dice.chance(600),
        }
    }
}

impl Apps {
    pub(crate) fn new(sandbox: &Sandbox, gateway: FaultProxy, merchant: FaultProxy) -> Self {
        let told = Told::default();
        let app = |(number, parties): (usize, Parties)| {
            let config = parties.configure(config(gateway.url(), merchant.url(), sandbox.ca_pem()));
            let transport: Arc<dyn Transport> = Arc::new(Listener {
                transport: HttpsTransport::new(&config).unwrap(),
                told: told.clone(),
            });
            let ports = Ports {
                merchant: Arc::new(DocumentedMerchant::new(&config, Arc::clone(&transport))),
                transport,
                store: Arc::new(MemoryStore::new()),
                ..Ports::of(&config).unwrap()
            };
            // Each app is a process of its own: what one learns does not reach the others' sales.
            let device = Arc::new(SystemDevice::new(Handle::current()));
            App {
                client: SaleClient::on_device(config, ports, device, Arc::default()).unwrap(),
                serial: format!("device-{number}"),
                parties,
                stored_cards: Mutex::default(),
            }
        };
        let apps: Vec<App> = parties::all().into_iter().enumerate().map(app).collect();
        for app in &apps {
            sandbox.script(&app.serial, app.parties.script());
        }
        Self {
            cardholder: Cardholder::trusting(sandbox.ca_pem()).unwrap(),
            told,
            apps,
            gateway,
            merchant,
        }
    }

    /// The gateway and the merchant of a sale.
    pub(crate) fn parties(&self, ended: &Ended) -> &Parties {
        &self.apps[ended.app].parties
    }

    /// How often an app sent perform for this invoice, and how often that was passed on.
    pub(crate) fn performs(&self, invoice_id: &str) -> (usize, u32) {
        let passages = self.gateway.passages(invoice_id);
        let performs = passages.iter().filter(|passage| passage.passing == Passing::Perform);
        (performs.clone().count(), performs.map(|passage| passage.passes).sum())
    }

    /// Whether an entry of the ledger is that of this sale, of its app and its amount.
    pub(crate) fn is_of(&self, entry: &Entry, ended: &Ended) -> bool {
        let serial = &self.apps[ended.app].serial;
        entry.device_serial_number == *serial && i64::try_from(entry.amount_minor) == Ok(ended.amount_minor)
    }

    /// What a verdict on a sale is based on.
    pub(crate) fn truth<'a>(&self, ended: &Ended, entry: Option<&'a Entry>) -> Truth<'a> {
        let invoice_id = ended.invoice_id.as_deref().unwrap_or_default();
        Truth {
            passes: self.performs(invoice_id).1,
            amount_minor: ended.amount_minor,
            ..Truth::of(entry, self.parties(ended).merchant)
        }
    }

    /// Makes `sales` sales, many at a time, in bad weather.
    pub(crate) async fn sell(self: &Arc<Self>, sales: usize, dice: &Dice) -> Vec<Ended> {
        let next = Arc::new(AtomicUsize::new(0));
        let weather = tokio::spawn(Arc::clone(self).weather(dice.nth(u64::MAX)));
        let mut lanes = JoinSet::new();
        let lanes_of = |app: &App| if app.parties.is_endless { 1 } else { SALES_AT_ONCE };
        let apps = self.apps.iter().enumerate();
        for app in apps.flat_map(|(number, app)| std::iter::repeat_n(number, lanes_of(app))) {
            let (apps, next, dice) = (Arc::clone(self), Arc::clone(&next), dice.clone());
            lanes.spawn(async move {
                let mut ended = Vec::new();
                loop {
                    let number = next.fetch_add(1, Ordering::Relaxed);
                    if number >= sales {
                        return ended;
                    }
                    // Every sale has an amount of its own, so that a mix-up shows.
                    let amount_minor = 1_000 + number as i64;
                    ended.push(apps.one_sale(app, amount_minor, dice.nth(number as u64)).await);
                }
            });
        }
        let ended = lanes.join_all().await.into_iter().flatten().collect();
        weather.abort();
        ended
    }

    async fn one_sale(self: &Arc<Self>, number: usize, amount_minor: i64, mut dice: Dice) -> Ended {
        let story = Story::of(&mut dice);
        let app = &self.apps[number];
        let stored = {
            let cards = app.stored_cards.lock().unwrap();
            dice.pick(&cards).filter(|_| story.with_stored_card).cloned()
        };
        let began = Instant::now();
        if dice.chance(300) {
            app.client.preconnect().await;
        }
        let request = request_of(amount_minor, &app.serial, story.security_code, stored.as_deref());
        let sale = app.client.start(request).unwrap();
        let cancelling = story.cancel_after.map(|after| {
            let sale = sale.clone();
            tokio::spawn(async move {
                time::sleep(after).await;
                sale.cancel();
            })
        });
        let outcome = self.watch(&sale, story).await;
        let ended = Instant::now();
        let cancelled = cancelling.is_some_and(|cancelling| {
            cancelling.abort();
            story.cancel_after.is_some_and(|after| ended - began >= after)
        });
        if story.with_stored_card
            && let Ok(Some(card)) = sale.stored_card().await
        {
            app.stored_cards.lock().unwrap().push(card.client_card_id.clone());
        }
        if !matches!(outcome, SaleOutcome::Unknown(_)) {
            app.client.acknowledge(sale.id()).await.unwrap();
        }
        Ended {
            app: number,
            id: sale.id().clone(),
            invoice_id: sale.invoice_id(),
            amount_minor,
            outcome,
            began,
            ended,
            cancelled,
        }
    }

    /// Watches a sale to its end, and sends the cardholder to its pages.
    async fn watch(self: &Arc<Self>, sale: &Sale, story: Story) -> SaleOutcome {
        watch(sale, |challenge| {
            drop(tokio::spawn(Arc::clone(self).authenticate(challenge, story)))
        })
        .await
    }

    async fn authenticate(self: Arc<Self>, challenge: Challenge, story: Story) {
        // A person reloads a page that does not come.
        for _ in 0..3 {
            let visit = time::timeout(PAGE_TIMEOUT, self.cardholder.visit(challenge.url(), story.conduct)).await;
            if matches!(visit, Ok(Ok(_))) {
                break;
            }
        }
        if story.comes_back_by_link {
            challenge.returned();
        } else {
            challenge.closed();
        }
    }

    /// Outages, and apps that go to the background and come back.
    async fn weather(self: Arc<Self>, mut dice: Dice) {
        loop {
            time::sleep(Duration::from_millis(dice.below(300))).await;
            let app = &self.apps[dice.below(self.apps.len() as u64) as usize];
            match dice.below(12) {
                0..=2 => app.client.app_background(),
                3..=6 => app.client.app_foreground(),
                7..=9 => app.client.network_available(),
                which => {
                    let proxy = if which == 10 { &self.gateway } else { &self.merchant };
                    proxy.set_up(false);
                    time::sleep(Duration::from_millis(50 + dice.below(200))).await;
                    proxy.set_up(true);
                }
            }
        }
    }

    /// Asks again for sales whose outcome is unknown, as an app does after a restart.
    pub(crate) async fn ask_again<'a>(self: &Arc<Self>, unknown: &[&'a Ended]) -> Vec<(&'a Ended, SaleOutcome)> {
        let mut again = Vec::new();
        for some in unknown.chunks(ASKED_AT_ONCE) {
            let asking = some.iter().map(|ended| {
                let (apps, app, id) = (Arc::clone(self), ended.app, ended.id.clone());
                tokio::spawn(async move {
                    let sale = apps.apps[app].client.resume(&id).await.unwrap();
                    sale.outcome().await
                })
            });
            let asking: Vec<_> = asking.collect();
            for (ended, outcome) in some.iter().zip(asking) {
                again.push((*ended, outcome.await.unwrap()));
            }
        }
        again
    }
}

/// How long a sale that ended with an unknown outcome must at least have waited.
pub(crate) fn shortest_wait(reason: salekit_core::UnknownReason) -> Duration {
    use salekit_core::UnknownReason as Reason;
    match reason {
        Reason::PerformAnswerLost | Reason::RefusalUnconfirmed => support::RECOVERY_WINDOW,
        Reason::StillProcessing | Reason::StatusUnavailable => support::PROCESSING_WINDOW,
        Reason::ChallengeUnfinished => support::CHALLENGE_WINDOW,
        Reason::StoppedWaiting | Reason::EngineStopped => Duration::ZERO,
    }
}
