//! Carries out the machine's effects as the engine does: in order, waiting for the store. What an effect does outside
//! survives the process; everything else ends with it.

use salekit_core::{
    SaleId, SaleOutcome, Timestamp, UnknownAdvice, UnknownReason,
    flow::{Commit, Effect, Event, Ownership, Request, State},
    wire::status::{GatewayState, StatusAnswer},
};

use super::{
    answer::OTHERS_INVOICE,
    transition::observed,
    world::{Asked, Life, Machine, OutcomeKind, Question, Run, Stored, World},
};

/// The machine: the shipped `step`, or a mutant.
pub(crate) type Step = fn(State, Event, Timestamp) -> (State, Vec<Effect>);

/// The store's behaviour during one step.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum Storage {
    #[default]
    Works,
    /// Nothing is stored, and the machine is notified of the failure.
    Fails,
    /// The snapshot is stored, but the machine is notified of a failure.
    FailsAfterStoring,
    /// A commit stores nothing, because another stored sale has the same merchant order id.
    HasRival,
}

/// The faults that are injected into a step.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct FaultInjection {
    pub(crate) storage: Storage,
    /// The process is killed after this many effects. If a save comes next, it was running and is lost.
    pub(crate) killed_after: Option<usize>,
}

impl World {
    /// The effects that `event` would have now.
    pub(crate) fn preview(&self, step: Step, event: Event) -> Vec<Effect> {
        self.run()
            .map(|run| step(run.machine.state().clone(), event, self.now).1)
            .unwrap_or_default()
    }

    /// Passes `event` to the machine and carries out the effects.
    pub(crate) fn handle(&mut self, step: Step, event: Event, faults: FaultInjection) {
        let Life::Running(mut run) = std::mem::replace(&mut self.life, Life::Over) else {
            return;
        };
        let asked_for = page_asked_for(&event);
        let (state, effects) = observed(step, run.machine.state(), event, self.now);
        // An answer to an earlier request does not count.
        let asked_for = asked_for.filter(|_| state != *run.machine.state());
        run.machine = Machine::new(state);
        let phase = run.machine.state().phase_name();
        run.knows_token |= matches!(phase, "processing" | "challenge");
        let opens = effects
            .iter()
            .any(|effect| matches!(effect, Effect::OpenBrowser { .. }));
        for (done, effect) in effects.into_iter().enumerate() {
            if faults.killed_after == Some(done) {
                return;
            }
            match effect {
                Effect::Save => {
                    let is_lost = self.ownership(&run) == Ownership::Lost;
                    if !is_lost {
                        self.store(&mut run, faults.storage);
                    }
                }
                Effect::Commit { request, invoice_id } => {
                    // The result that the machine waits for. It may come late or twice.
                    run.commit = Some((request, self.commit(&mut run, &invoice_id, faults.storage)));
                }
                Effect::Finish(outcome) => {
                    self.violations.page_flashed |= opens;
                    return self.finish(&run, &outcome);
                }
                effect => self.carry_out(&mut run, effect),
            }
        }
        // A page that is open, or that the cardholder closed, is not opened again; one that the machine dismissed is.
        let is_withheld = asked_for.is_some() && run.took_page_away;
        self.violations.page_withheld |= phase == "challenge" && !run.cancelled && is_withheld;
        self.life = Life::Running(run);
    }

    /// The store has no locks, so that only this check keeps two runs apart.
    fn ownership(&self, run: &Run) -> Ownership {
        let stored = self.stored.as_ref().map(|stored| stored.machine.state().run());
        run.fence.ownership(stored)
    }

    fn store(&mut self, run: &mut Run, storage: Storage) -> bool {
        if storage != Storage::Fails {
            self.stored = Some(Stored {
                machine: run.machine.clone(),
                knows_token: run.knows_token,
            });
        }
        run.fence.wrote(storage == Storage::Works);
        storage == Storage::Works
    }

    fn commit(&mut self, run: &mut Run, invoice_id: &str, storage: Storage) -> Commit {
        match self.ownership(run) {
            Ownership::Own if invoice_id == OTHERS_INVOICE => Commit::InvoiceTaken {
                by: SaleId::from_random([9; 16]),
            },
            Ownership::Own if storage == Storage::HasRival => Commit::OrderTaken {
                by: SaleId::from_random([9; 16]),
            },
            Ownership::Own if self.store(run, storage) => Commit::Done,
            Ownership::Own | Ownership::Unclear => Commit::Failed,
            Ownership::Lost => Commit::Superseded,
        }
    }

    fn finish(&mut self, run: &Run, outcome: &SaleOutcome) {
        let kind = OutcomeKind::of(outcome);
        match kind {
            OutcomeKind::Approved => {
                self.reported.approved = true;
                self.reported.approved_although_cancelled |= run.cancelled;
            }
            OutcomeKind::Declined | OutcomeKind::NotCharged => self.reported.not_charged = true,
            OutcomeKind::Unknown { advice, reason } => {
                let can_ask = self.setup.can_recover || run.knows_token;
                self.violations.wrong_advice |= can_ask != (advice == UnknownAdvice::ResumeOrAskMerchant);
                self.violations.not_cancelled |= reason == UnknownReason::StoppedWaiting && !run.cancelled;
            }
        }
        self.reported.last = Some(kind);
        self.violations.page_left |= self.page.is_some();
    }

    fn carry_out(&mut self, run: &mut Run, effect: Effect) {
        let mut ask = |question, request: Request| {
            run.asked.push(Asked {
                question,
                request,
                made: None,
            });
        };
        match effect {
            Effect::RequestAccessToken(request) => ask(Question::AccessToken, request),
            Effect::Initiate { request, .. } => ask(Question::Initiate, request),
            Effect::Perform { request, invoice, .. } => {
                ask(Question::Perform, request);
                self.violations.others_invoice |= invoice.invoice_id == OTHERS_INVOICE;
                self.gateway.sent += 1;
                self.gateway.on_the_way = true;
            }
            Effect::PollStatus { request, .. } => {
                ask(Question::Status, request);
                forget_oldest_of_three(&mut run.asked);
            }
            Effect::AskSessionToken { request, void, .. } => ask(Question::SessionToken { void }, request),
            Effect::OpenBrowser { url } => {
                self.violations.page_twice |= run.opened.as_ref() == Some(&url);
                run.opened = Some(url.clone());
                run.took_page_away = false;
                self.page = Some(url);
            }
            Effect::CloseBrowser => {
                self.page = None;
                run.opened = None;
                run.took_page_away = true;
            }
            Effect::SetTimer { at } => run.timer = Some(at),
            // Handled where their order matters.
            Effect::Save | Effect::Commit { .. } | Effect::Finish(_) => {}
        }
    }
}

/// The page that the gateway asks for with this event.
fn page_asked_for(event: &Event) -> Option<String> {
    match event {
        Event::Status(_, Ok(StatusAnswer::Status(status))) if status.state == GatewayState::RedirectRequest => {
            // The browser accepts no other address.
            status.redirect_url.clone().filter(|url| url.starts_with("https://"))
        }
        _ => None,
    }
}

/// Limits the world's size: of three running status requests, the oldest counts as lost.
fn forget_oldest_of_three(asked: &mut Vec<Asked>) {
    let is_status = |asked: &Asked| asked.question == Question::Status;
    if asked.iter().filter(|asked| is_status(asked)).count() > 2
        && let Some(oldest) = asked.iter().position(is_status)
    {
        asked.remove(oldest);
    }
}
