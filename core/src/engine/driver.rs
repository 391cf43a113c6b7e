//! The loop of one sale: it takes events and carries out effects.

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
    instruments::Instruments,
    invoices::Entry,
    lock::Hold,
    orders::OrderEntry,
    request::SaleRequest,
    resuming::Begun,
    running::Place,
    sale::{Sale, Shared},
    scrub,
    stored_card::Merchant,
};
use crate::{
    flow::{Effect, Event, Fence, State, StoredCardRequest},
    outcome::{Charge, SaleState},
    port::{Challenge, PageCounter, PortFuture, Signal},
    value::Timestamp,
};

/// The longest wait for the presenter at the end of a sale. Presenters should return at once; a slow one delays only
/// the report of the end.
const LONGEST_PRESENTATION: Duration = Duration::from_secs(2);

/// A running sale.
pub(super) struct Driver {
    pub(super) instruments: Arc<Instruments>,
    /// Before `states`: when an observer sees that the task is gone, the sale must not be listed as running.
    place: Place,
    /// The sale's invoice, reserved so that no other sale of the client takes it.
    pub(super) entry: Entry,
    /// The sale's order, reserved so that no other sale of the process pays it.
    pub(super) order: OrderEntry,
    /// The store's lock on the sale.
    pub(super) hold: Hold,
    pub(super) fence: Fence,
    pub(super) state: State,
    /// The card and the consumer; dropped (and the card wiped) as soon as perform sale cannot be sent any more.
    pub(super) request: Option<SaleRequest>,
    signals: mpsc::UnboundedReceiver<Signal>,
    /// For the sale's challenges, which report through it.
    to_signals: mpsc::UnboundedSender<Signal>,
    states: watch::Sender<SaleState>,
    /// Counts the pages that were shown in this run.
    pages: PageCounter,
    /// The challenge that was shown last and is not dismissed yet.
    pub(super) shown: Option<Challenge>,
    invoice_id: watch::Sender<Option<String>>,
    /// Running requests. They end with the sale.
    tasks: JoinSet<Event>,
    timer: Option<PortFuture<'static, ()>>,
    /// The last call to the presenter. It waits for the earlier ones.
    pub(super) presenting: Option<JoinHandle<()>>,
    /// Events that the driver itself created.
    queue: VecDeque<Event>,
    /// For the sale's handle. Set once the sale is approved.
    stored_card_request: Arc<OnceLock<StoredCardRequest>>,
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
        // Resuming may ask again about a finished sale, so its first state must not be `Finished`.
        let first = if state.outcome().is_some() {
            SaleState::Processing
        } else {
            state.view()
        };
        let (states, states_receiver) = watch::channel(first);
        let invoice = state.invoice_id().map(str::to_owned);
        let (invoice_id, invoice_id_receiver) = watch::channel(invoice);
        let stored_card_request = Arc::new(OnceLock::new());
        let sale = Sale {
            shared: Arc::new(Shared {
                id: state.id().clone(),
                signals: to_signals.clone(),
                states: states_receiver,
                pages: pages.clone(),
                invoice_id: invoice_id_receiver,
                stored_card_request: Arc::clone(&stored_card_request),
                merchant: Merchant {
                    ports: instruments.ports.clone(),
                    parties: instruments.parties.clone(),
                    limit: instruments.port_limit(),
                    may_renew: instruments.config.plan.can_request_access_token,
                    sale_id: state.id().clone(),
                    order: state.order().clone(),
                    runtime: runtime.clone(),
                },
            }),
        };
        let phase_since = instruments.ports.clock.now();
        let driver = Self {
            place: Place::new(Arc::clone(&instruments.running), state.id().clone()),
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
            stored_card_request,
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
        self.release().await;
        if self.state.outcome().is_some_and(|end| end.charge() != Charge::Unknown) {
            self.instruments.running.has_ended(self.state.id());
        }
        // From now on another sale may pay the order, if this one has not.
        drop(self.order);
        self.place.give_up();
        // Its challenges have nothing more to report.
        self.signals.close();
        if let Some(request) = self.state.stored_card_request() {
            let _ = self.stored_card_request.set(request.clone());
        }
        // Publish the end last: an observer may resume the sale at once, and must not find this run.
        self.states.send_replace(self.state.view());
    }

    /// Waits for the presenter's last call and releases the store's lock, so that the sale can be resumed anywhere once
    /// its end is published. Both waits are limited, so that they cannot delay the end for long.
    async fn release(&mut self) {
        let presenting = self.presenting.take();
        let released = self.hold.release();
        if presenting.is_none() && released.is_none() {
            return;
        }
        let done = async {
            if let Some(presenting) = presenting {
                let _ = presenting.await;
            }
            if let Some(released) = released {
                released.await;
            }
        };
        tokio::select! {
            biased;
            () = done => {}
            () = self.instruments.ports.clock.sleep(LONGEST_PRESENTATION) => {}
        }
    }

    /// Opens a connection to the gateway while the merchant's server works. Perform sale must not use an idle
    /// connection, and should not have to wait for a new one.
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
                // Polled in this order, so that a run can be repeated.
                biased;
                Some(signal) = self.signals.recv() => match signal {
                    Signal::Sale(event) => return event,
                    Signal::Page(page, event) if page == self.pages.newest() => return event,
                    // Another page has replaced this one.
                    Signal::Page(..) => {}
                },
                Some(done) = self.tasks.join_next() => match done {
                    Ok(event) => return event,
                    // Only a panic of the clock gets here. No answer will come, so end the sale's task too.
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

    /// Takes one step. Returns whether it was the last.
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
                    // Publish the state first, so that it matches the page that is shown.
                    self.publish_page(&url);
                    self.show(url);
                }
                effect => self.execute(effect),
            }
        }
        // Publish only stored states. The end is published last, and an invoice is not shown while it may still belong
        // to another sale.
        if !finished && self.queue.is_empty() {
            self.publish();
        }
        finished
    }

    fn publish(&self) {
        self.publish_state(|_| {});
    }

    /// Publishes the state for which the page at `url` is shown.
    fn publish_page(&self, url: &str) {
        let has_presenter = self.instruments.ports.presenter.is_some();
        self.publish_state(|before| {
            // Without a presenter, an app cannot notice that the same address is to be shown again, so it counts as the
            // same page.
            let is_shown = matches!(before, SaleState::Challenge { url: shown, .. } if shown == url);
            if has_presenter || !is_shown {
                self.pages.advance();
            }
        });
    }

    /// Publishes the state after calling `first` with the previous one. Observers see no state in between.
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

    /// Makes `event` the sale's next event.
    pub(super) fn queue(&mut self, event: Event) {
        self.queue.push_back(event);
    }

    /// The challenge for the page at `url`, the newest of the sale.
    pub(super) fn newest_page(&self, url: String) -> Challenge {
        Challenge::newest(self.state.id().clone(), url, &self.pages, &self.to_signals)
    }

    /// Runs `work` while the sale goes on. If it takes much longer than its own time limit or panics, `otherwise` is
    /// the answer, so that no port of the app can hang a sale.
    pub(super) fn spawn(&mut self, what: &'static str, work: PortFuture<'static, Event>, otherwise: Event) {
        let limit = self.instruments.port_limit();
        let clock = Arc::clone(&self.instruments.ports.clock);
        let id = self.state.id().clone();
        // Boxed to the type that tokio already spawns here: each type of task adds kilobytes of code.
        let answered: PortFuture<'static, Event> = Box::pin(async move {
            let start = clock.now();
            // Its own set aborts `work` when this task ends: at the time limit, or at the end of the sale.
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
