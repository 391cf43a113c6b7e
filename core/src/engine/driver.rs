//! The loop of one sale: events in, effects out.

use std::{collections::VecDeque, sync::Arc, time::Duration};

use tokio::{
    sync::{mpsc, oneshot, watch},
    task::JoinSet,
};
use tracing::{debug, warn};

use super::{
    client::Ports,
    gateway::Gateway,
    registry::Registry,
    request::SaleRequest,
    sale::{Sale, Shared},
};
use crate::{
    Config, Device, Failure, FailureKind, PortFuture, SaleState, StoreError, Timestamp,
    flow::{Effect, Event, Request, Snapshot, State, step},
    message::initiate::InitiateAnswer,
};

/// A phone's flash takes milliseconds, tens of them on a bad day.
const LONGEST_SAVE: Duration = Duration::from_secs(10);

/// What all sales of a client share: configuration and ports.
pub(super) struct Instruments {
    pub(super) config: Config,
    pub(super) ports: Ports,
    pub(super) gateway: Gateway,
    pub(super) device: Arc<dyn Device>,
}

/// Lets `work` with the store run on a thread that may block.
pub(super) async fn off_thread<T: Send + 'static>(
    device: &dyn Device,
    work: impl FnOnce() -> Result<T, StoreError> + Send + 'static,
) -> Result<T, StoreError> {
    let (tell, told) = oneshot::channel();
    let done = device.run_blocking(Box::new(move || {
        // Nobody waits any more if the save was given up.
        let _ = tell.send(work());
    }));
    done.await;
    told.await.unwrap_or_else(|_| {
        Err(StoreError::Failed {
            detail: "the store's code panicked".to_owned(),
        })
    })
}

/// One sale at work.
pub(super) struct Driver {
    pub(super) instruments: Arc<Instruments>,
    registry: Arc<Registry>,
    pub(super) state: State,
    /// The card and the consumer; dropped (and the card wiped) as soon as perform sale cannot be sent any more.
    pub(super) request: Option<SaleRequest>,
    events: mpsc::UnboundedReceiver<Event>,
    states: watch::Sender<SaleState>,
    invoice_id: watch::Sender<Option<String>>,
    /// Requests under way; they end with the sale.
    tasks: JoinSet<Event>,
    timer: Option<PortFuture<'static, ()>>,
    /// Events that the driver itself caused.
    queue: VecDeque<Event>,
    phase_since: Timestamp,
}

impl Driver {
    pub(super) fn new(
        instruments: Arc<Instruments>,
        registry: Arc<Registry>,
        state: State,
        request: Option<SaleRequest>,
    ) -> (Sale, Self) {
        let (sender, events) = mpsc::unbounded_channel();
        // A finished sale that is resumed may be asked for again, so it does not begin as finished.
        let first = if state.outcome().is_some() {
            SaleState::Processing
        } else {
            state.view()
        };
        let (states, states_receiver) = watch::channel(first);
        let invoice = state.invoice().map(|invoice| invoice.invoice_id.clone());
        if let Some(invoice) = &invoice {
            registry.claim(invoice, state.id());
        }
        let (invoice_id, invoice_id_receiver) = watch::channel(invoice);
        let sale = Sale {
            shared: Arc::new(Shared {
                id: state.id().clone(),
                events: sender,
                states: states_receiver,
                invoice_id: invoice_id_receiver,
            }),
        };
        let phase_since = instruments.ports.clock.now();
        let driver = Self {
            instruments,
            registry,
            state,
            request,
            events,
            states,
            invoice_id,
            tasks: JoinSet::new(),
            timer: None,
            queue: VecDeque::new(),
            phase_since,
        };
        (sale, driver)
    }

    /// Runs the sale to its end.
    pub(super) async fn run(mut self, first: Event) {
        self.queue.push_back(first);
        let mut finished = false;
        while !finished {
            let event = match self.queue.pop_front() {
                Some(event) => event,
                None => self.next_event().await,
            };
            finished = self.handle(event).await;
        }
        self.registry.lock().remove(self.state.id());
        // Only now: whoever sees the end may resume the sale, and must not find this run of it.
        self.states.send_replace(self.state.view());
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
                Some(event) = self.events.recv() => return event,
                Some(done) = self.tasks.join_next() => match done {
                    Ok(event) => return event,
                    // A port's code panicked; the request is then as good as unanswered, and its task said so before.
                    Err(error) => warn!(sale = %self.state.id(), %error, "a request's task failed"),
                },
                () = timer => {
                    self.timer = None;
                    return Event::Timer;
                }
            }
        }
    }

    /// An answer to initiate sale that names another sale's invoice is that sale's answer, come twice: as good as none.
    fn checked(&self, event: Event) -> Event {
        match event {
            Event::Initiate(request, Ok(InitiateAnswer::Initiated(sale)))
                if !self.registry.claim(&sale.invoice_id, self.state.id()) =>
            {
                warn!(sale = %self.state.id(), invoice = sale.invoice_id, "another sale has this invoice");
                Event::Initiate(request, Err(Failure::after_sending(FailureKind::AnswerUnreadable)))
            }
            event => event,
        }
    }

    /// Takes one step. Answers whether it was the last.
    async fn handle(&mut self, event: Event) -> bool {
        let event = self.checked(event);
        let before = self.state.phase_name();
        let now = self.instruments.ports.clock.now();
        let (state, effects) = step(self.state.clone(), event, now);
        self.state = state;
        self.log_phase(before, now);
        if !self.state.may_still_perform() {
            self.request = None;
        }
        let finished = effects.iter().any(|effect| matches!(effect, Effect::Finish(_)));
        for effect in effects {
            match effect {
                Effect::Save(request) => self.save(request).await,
                Effect::SetTimer { at } => {
                    self.timer = Some(self.instruments.ports.clock.sleep(at.wait_from(now)));
                }
                Effect::Finish(outcome) => debug!(sale = %self.state.id(), outcome = outcome.name(), "finished"),
                effect @ Effect::OpenBrowser { .. } => {
                    // Whoever is shown a page finds the state that goes with it.
                    self.publish();
                    self.execute(effect);
                }
                effect => self.execute(effect),
            }
        }
        // What is stored is shown only then, and an end is told last of all.
        if !finished {
            self.publish();
        }
        finished
    }

    fn publish(&self) {
        let view = self.state.view();
        self.states.send_if_modified(|state| {
            let is_new = *state != view;
            *state = view;
            is_new
        });
        let invoice = self.state.invoice().map(|invoice| invoice.invoice_id.clone());
        self.invoice_id.send_if_modified(|known| {
            let is_new = *known != invoice;
            *known = invoice;
            is_new
        });
    }

    fn log_phase(&mut self, before: &'static str, now: Timestamp) {
        let after = self.state.phase_name();
        if before != after {
            let invoice = self.state.invoice().map_or("", |invoice| invoice.invoice_id.as_str());
            let lasted_ms = now.since(self.phase_since);
            debug!(sale = %self.state.id(), invoice, from = before, to = after, lasted_ms, "state");
            self.phase_since = now;
        }
    }

    /// Lets the sale take `event` next.
    pub(super) fn queue(&mut self, event: Event) {
        self.queue.push_back(event);
    }

    /// Stores the snapshot and only then goes on: what comes after it may depend on it. A store that does not come
    /// back has failed.
    async fn save(&mut self, request: Request) {
        let store = Arc::clone(&self.instruments.ports.store);
        let id = self.state.id().clone();
        let bytes = Snapshot(self.state.clone()).encode();
        let saved = tokio::select! {
            biased;
            saved = off_thread(&*self.instruments.device, move || store.save(&id, &bytes)) => saved,
            () = self.instruments.ports.clock.sleep(LONGEST_SAVE) => Err(StoreError::Failed {
                detail: "the store did not come back in time".to_owned(),
            }),
        };
        self.queue(match saved {
            Ok(()) => Event::Saved(request),
            Err(error) => {
                warn!(sale = %self.state.id(), %error, "the snapshot could not be saved");
                Event::SaveFailed(request)
            }
        });
    }

    /// Lets `work` run beside the sale, and answers with `otherwise` if it takes much longer than its own time limit
    /// or panics: a port of the app's own must not be able to hang a sale.
    pub(super) fn spawn(&mut self, what: &'static str, work: PortFuture<'static, Event>, otherwise: Event) {
        let config = &self.instruments.config;
        let limit = config.connect_limit + config.answer_limit + Duration::from_secs(5);
        let clock = Arc::clone(&self.instruments.ports.clock);
        let id = self.state.id().clone();
        self.tasks.spawn(async move {
            let start = clock.now();
            let work = tokio::spawn(work);
            let abort = work.abort_handle();
            let event = tokio::select! {
                biased;
                done = work => done.unwrap_or(otherwise),
                () = clock.sleep(limit) => {
                    abort.abort();
                    otherwise
                }
            };
            debug!(sale = %id, request = what, took_ms = clock.now().since(start), "answered");
            event
        });
    }
}
