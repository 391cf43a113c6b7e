//! The loop of one sale: events in, effects out.

use std::{
    collections::VecDeque,
    sync::{Arc, OnceLock},
    time::Duration,
};

use tokio::{
    runtime::Handle,
    sync::{mpsc, watch},
    task::{JoinHandle, JoinSet},
};
use tracing::debug;

use super::{
    challenge::{Challenge, PageCounter, Signal},
    gateway::Gateway,
    invoices::{Entry, Invoices},
    orders::{OrderEntry, Orders},
    ports::Ports,
    request::SaleRequest,
    running::Place,
    sale::{Sale, Shared},
    saving::Hold,
    scrub,
    storage::Storage,
    stored_card::Merchant,
};
use crate::{
    Charge, Device, Parties, PortFuture, SaleClientConfig, SaleState, Timestamp,
    flow::{CardQuestion, Effect, Event, Fence, State},
};

/// A presenter returns at once. One that does not holds up the news of the end for so long at most, and nothing else.
const LONGEST_PRESENTATION: Duration = Duration::from_secs(2);

/// What all sales of a client share: configuration and ports.
pub(super) struct Instruments {
    pub(super) config: SaleClientConfig,
    pub(super) ports: Ports,
    pub(super) gateway: Gateway,
    /// Whose sales these are.
    pub(super) parties: Parties,
    pub(super) device: Arc<dyn Device>,
    pub(super) storage: Storage,
    pub(super) invoices: Arc<Invoices>,
    pub(super) orders: Arc<Orders>,
}

impl Instruments {
    /// How long a port of the app's own may take, so that none can hang a sale: much longer than its own time limit.
    pub(super) fn port_limit(&self) -> Duration {
        self.config.connect_limit + self.config.answer_limit + Duration::from_secs(5)
    }
}

/// A sale that begins or goes on.
pub(super) struct Begun {
    pub(super) state: State,
    pub(super) hold: Hold,
    pub(super) fence: Fence,
}

/// One sale at work.
pub(super) struct Driver {
    pub(super) instruments: Arc<Instruments>,
    /// Before the states: whoever sees that the task is gone does not find the sale running.
    place: Place,
    /// The sale's invoice, so that no other sale of the client takes it.
    pub(super) entry: Entry,
    /// The sale's order, so that no other sale of the client pays for it.
    pub(super) order: OrderEntry,
    /// The store's lock on the sale.
    pub(super) hold: Hold,
    pub(super) fence: Fence,
    pub(super) state: State,
    /// The card and the consumer; dropped (and the card wiped) as soon as perform sale cannot be sent any more.
    pub(super) request: Option<SaleRequest>,
    signals: mpsc::UnboundedReceiver<Signal>,
    /// For its pages, which report by it.
    to_signals: mpsc::UnboundedSender<Signal>,
    states: watch::Sender<SaleState>,
    /// The pages that were asked for in this run.
    pages: PageCounter,
    /// The one that was shown last and is not dismissed yet.
    pub(super) shown: Option<Challenge>,
    invoice_id: watch::Sender<Option<String>>,
    /// Requests under way; they end with the sale.
    tasks: JoinSet<Event>,
    timer: Option<PortFuture<'static, ()>>,
    /// The last call to the presenter; it waits for those before it.
    pub(super) presenting: Option<JoinHandle<()>>,
    /// Events that the driver itself caused.
    queue: VecDeque<Event>,
    /// For the sale's handle, once the sale is approved.
    card_question: Arc<OnceLock<CardQuestion>>,
    phase_since: Timestamp,
}

impl Driver {
    pub(super) fn new(
        instruments: Arc<Instruments>,
        begun: Begun,
        order: OrderEntry,
        request: Option<SaleRequest>,
        runtime: &Handle,
    ) -> (Sale, Self) {
        let Begun { state, hold, fence } = begun;
        let (to_signals, signals) = mpsc::unbounded_channel();
        let pages = PageCounter::new();
        // A finished sale that is resumed may be asked for again, so it does not begin as finished.
        let first = if state.outcome().is_some() {
            SaleState::Processing
        } else {
            state.view()
        };
        let (states, states_receiver) = watch::channel(first);
        let invoice = state.invoice_id().map(str::to_owned);
        let (invoice_id, invoice_id_receiver) = watch::channel(invoice);
        let card_question = Arc::new(OnceLock::new());
        let sale = Sale {
            shared: Arc::new(Shared {
                id: state.id().clone(),
                signals: to_signals.clone(),
                states: states_receiver,
                pages: pages.clone(),
                invoice_id: invoice_id_receiver,
                card_question: Arc::clone(&card_question),
                merchant: Merchant::new(&instruments, &state, runtime.clone()),
            }),
        };
        let phase_since = instruments.ports.clock.now();
        let driver = Self {
            place: Place::new(instruments.device.running(), state.id().clone()),
            entry: instruments.invoices.enter(&state),
            order,
            hold,
            fence,
            instruments,
            state,
            request,
            signals,
            to_signals,
            states,
            pages,
            shown: None,
            invoice_id,
            tasks: JoinSet::new(),
            timer: None,
            presenting: None,
            queue: VecDeque::new(),
            card_question,
            phase_since,
        };
        (sale, driver)
    }

    /// Runs the sale to its end.
    pub(super) async fn run(mut self, first: Event) {
        if matches!(first, Event::Start) {
            self.preconnect_gateway();
        }
        self.queue.push_back(first);
        let mut finished = false;
        while !finished {
            let event = match self.queue.pop_front() {
                Some(event) => event,
                None => self.next_event().await,
            };
            finished = self.handle(event).await;
        }
        self.let_go().await;
        if self.state.outcome().is_some_and(|end| end.charge() != Charge::Unknown) {
            self.instruments.device.running().has_ended(self.state.id());
        }
        self.place.give_up();
        // Its pages have nothing more to report.
        self.signals.close();
        if let Some(question) = self.state.stored_card_question() {
            let _ = self.card_question.set(question.clone());
        }
        // Only now: whoever sees the end may resume the sale, and must not find this run of it.
        self.states.send_replace(self.state.view());
    }

    /// Waits for the presenter's last call, and gives back the store's lock, so that whoever sees the end may resume the sale
    /// anywhere. Neither holds up the end for long.
    async fn let_go(&mut self) {
        let presenting = self.presenting.take();
        let given_back = self.hold.give_back();
        if presenting.is_none() && given_back.is_none() {
            return;
        }
        let done = async {
            if let Some(presenting) = presenting {
                let _ = presenting.await;
            }
            if let Some(given_back) = given_back {
                given_back.await;
            }
        };
        tokio::select! {
            biased;
            () = done => {}
            () = self.instruments.ports.clock.sleep(LONGEST_PRESENTATION) => {}
        }
    }

    /// While the merchant's server works, a connection to the gateway is made: perform sale must not go out on one that was
    /// idle, and need not wait for a new one either.
    fn preconnect_gateway(&self) {
        let instruments = Arc::clone(&self.instruments);
        let preconnect: PortFuture<'static, ()> =
            Box::pin(async move { instruments.ports.transport.preconnect(instruments.gateway.base()).await });
        tokio::spawn(preconnect);
    }

    async fn next_event(&mut self) -> Event {
        loop {
            let timer = async {
                match &mut self.timer {
                    Some(timer) => timer.await,
                    None => std::future::pending().await,
                }
            };
            tokio::select! {
                // In this order, so that a run can be repeated.
                biased;
                Some(signal) = self.signals.recv() => match signal {
                    Signal::Sale(event) => return event,
                    Signal::Page(page, event) if page == self.pages.newest() => return event,
                    // Another page has taken the place of this one.
                    Signal::Page(..) => {}
                },
                Some(done) = self.tasks.join_next() => match done {
                    Ok(event) => return event,
                    // The clock panicked; other ports cannot make it. No answer will come, so the sale's task ends, too.
                    Err(error) => {
                        if let Ok(panic) = error.try_into_panic() {
                            std::panic::resume_unwind(panic);
                        }
                    }
                },
                () = timer => {
                    self.timer = None;
                    return Event::Timer;
                }
            }
        }
    }

    /// Takes one step. Answers whether it was the last.
    async fn handle(&mut self, event: Event) -> bool {
        let before = self.state.phase_name();
        let now = self.instruments.ports.clock.now();
        let (state, effects) = scrub::step(self.state.clone(), self.request.as_ref(), event, now);
        self.state = state;
        self.log_phase(before, now);
        if !self.state.may_still_perform() {
            self.request = None;
        }
        let finished = effects.iter().any(|effect| matches!(effect, Effect::Finish(_)));
        for effect in effects {
            match effect {
                Effect::Save => self.save().await,
                Effect::Commit { request, invoice_id } => {
                    let commit = self.commit(invoice_id).await;
                    self.queue(Event::Committed(request, commit));
                }
                Effect::SetTimer { at } => {
                    self.timer = Some(self.instruments.ports.clock.sleep(at.wait_from(now)));
                }
                Effect::Finish(outcome) => debug!(sale = %self.state.id(), outcome = outcome.name(), "finished"),
                Effect::OpenBrowser { url } => {
                    // Whoever is shown a page finds the state that goes with it.
                    self.publish_page(&url);
                    self.show(url);
                }
                effect => self.execute(effect),
            }
        }
        // What is stored is shown only then, an end is told last of all, and an invoice that may be another sale's is none of
        // this one's.
        if !finished && self.queue.is_empty() {
            self.publish();
        }
        finished
    }

    fn publish(&self) {
        self.publish_state(|_| {});
    }

    /// Publishes the state in which the page at `url` is to be shown.
    fn publish_page(&self, url: &str) {
        let has_presenter = self.instruments.ports.presenter.is_some();
        self.publish_state(|before| {
            // Without a presenter nobody notices that the same address is to be shown again, so it is the same page.
            let is_shown = matches!(before, SaleState::Challenge { url: shown, .. } if shown == url);
            if has_presenter || !is_shown {
                self.pages.advance();
            }
        });
    }

    /// Publishes the state, after `first` was done with the one before: nobody sees a state in between.
    fn publish_state(&self, first: impl FnOnce(&SaleState)) {
        let view = self.state.view();
        self.states.send_if_modified(|state| {
            first(state);
            let is_new = *state != view;
            *state = view;
            is_new
        });
        let invoice = self.state.invoice_id().map(str::to_owned);
        self.invoice_id.send_if_modified(|known| {
            let is_new = *known != invoice;
            *known = invoice;
            is_new
        });
    }

    fn log_phase(&mut self, before: &'static str, now: Timestamp) {
        let after = self.state.phase_name();
        if before != after {
            let invoice = self.state.invoice_id().unwrap_or_default();
            let lasted_ms = now.since(self.phase_since);
            debug!(sale = %self.state.id(), invoice, from = before, to = after, lasted_ms, "state");
            self.phase_since = now;
        }
    }

    /// Lets the sale take `event` next.
    pub(super) fn queue(&mut self, event: Event) {
        self.queue.push_back(event);
    }

    /// The page at `url`, which is the newest of the sale.
    pub(super) fn newest_page(&self, url: String) -> Challenge {
        Challenge::newest(self.state.id().clone(), url, &self.pages, &self.to_signals)
    }

    /// Lets `work` run beside the sale, and answers with `otherwise` if it takes much longer than its own time limit
    /// or panics: a port of the app's own must not be able to hang a sale.
    pub(super) fn spawn(&mut self, what: &'static str, work: PortFuture<'static, Event>, otherwise: Event) {
        let limit = self.instruments.port_limit();
        let clock = Arc::clone(&self.instruments.ports.clock);
        let id = self.state.id().clone();
        // Of the type that it spawns itself: each type of task has kilobytes of code.
        let answered: PortFuture<'static, Event> = Box::pin(async move {
            let start = clock.now();
            // In a set of its own, which ends it with this task: at its time limit, or at the sale's end.
            let mut tasks = JoinSet::new();
            tasks.spawn(work);
            let event = tokio::select! {
                biased;
                done = tasks.join_next() => done.and_then(Result::ok).unwrap_or(otherwise),
                () = clock.sleep(limit) => otherwise,
            };
            debug!(sale = %id, request = what, took_ms = clock.now().since(start), "answered");
            event
        });
        self.tasks.spawn(answered);
    }
}
