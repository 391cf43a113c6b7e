//! Everything that can happen next in a world, and its effect.

use salekit_core::flow::{Effect, Event};

use super::{
    answer::How,
    engine::{FaultInjection, Step, Storage},
    setup::{FaultKind, SET_BACK, SLEEP, Setup},
    world::{Life, Machine, Order, Page, Question, Run, Verdict, World},
};

/// One act, and the faults during the machine's step that follows it.
#[derive(Clone, PartialEq)]
pub(crate) struct Act {
    pub(crate) what: What,
    pub(crate) faults: FaultInjection,
}

impl std::fmt::Debug for Act {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "{:?}", self.what)?;
        match self.faults.storage {
            Storage::Works => {}
            storage => write!(formatter, ", storage {storage:?}")?,
        }
        match self.faults.killed_after {
            Some(done) => write!(formatter, ", killed after effect {done}"),
            None => Ok(()),
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum What {
    /// The app starts the sale.
    Start,
    /// The app, in the same process or a new one, resumes the stored sale.
    Resume,
    /// The timer that was set last fires.
    Timer,
    /// Another process, or a client that does not know this run, resumes the stored sale while it is running. From now
    /// on the world looks at that run.
    AnotherRun,
    /// The world looks at the other run.
    Switch,
    /// The machine gets the result of its commit.
    Committed {
        twice: bool,
    },
    /// The request at `index` ends; the oldest is 0.
    Ends {
        index: usize,
        how: How,
        twice: bool,
    },
    /// An event comes a second time, or the answer to a request that was given up arrives.
    Echo,
    /// The gateway creates a status answer that arrives later.
    AnswerMade {
        index: usize,
    },
    /// Perform sale reaches the gateway.
    Arrives(Verdict),
    /// Perform sale is lost.
    LostOnTheWay,
    /// The order at the gateway changes.
    Becomes(Order),
    Cancels,
    Foreground,
    Background,
    NetworkAvailable,
    BrowserFailed,
    BrowserReturned,
    /// The cardholder closes the page, or the app reports so although it is open.
    BrowserClosed {
        is_true: bool,
    },
    /// Time passes without a timer: the phone sleeps.
    Sleeps,
    ClockSetBack,
    Killed,
}

const ORDERS: [Order; 5] = [
    Order::Processing,
    Order::Challenge(Page::Fingerprint),
    Order::Challenge(Page::Challenge),
    Order::Approved,
    Order::Declined,
];
const VERDICTS: [Verdict; 5] = [
    Verdict::Accepted,
    Verdict::AcceptedUnclear,
    Verdict::Refused,
    Verdict::RefusedUnclear,
    Verdict::Repeated,
];
const WAYS_TO_END: [How; 12] = [
    How::Normal,
    How::Lost,
    How::NotSent,
    How::NotTrusted,
    How::ForeignAnswer,
    How::Refused,
    How::TokenRefused,
    How::UnknownState,
    How::RetryAfter,
    How::BadPage,
    How::Lagging,
    How::OthersInvoice,
];
const SIGNALS: [What; 7] = [
    What::Foreground,
    What::Background,
    What::NetworkAvailable,
    What::BrowserFailed,
    What::BrowserReturned,
    What::BrowserClosed { is_true: true },
    What::BrowserClosed { is_true: false },
];

impl World {
    /// Everything that can happen next, in a fixed order.
    pub(crate) fn acts(&self, step: Step, acts: &mut Vec<Act>) {
        self.candidates(&mut |what| {
            let mut world = self.clone();
            let Some(event) = world.apply(what) else {
                return;
            };
            let calm = FaultInjection::default();
            acts.push(Act { what, faults: calm });
            let Some(event) = event else { return };
            let effects = world.preview(step, event);
            if world.left.allows(FaultKind::Kill) {
                let outlives = |effect: &Effect| {
                    matches!(
                        effect,
                        Effect::Save
                            | Effect::Commit { .. }
                            | Effect::Perform { .. }
                            | Effect::OpenBrowser { .. }
                            | Effect::CloseBrowser
                    )
                };
                // If an effect leaves no trace, a kill after it is the same as a kill before it.
                let traces = (1..effects.len()).filter(|&done| outlives(&effects[done - 1]));
                acts.extend(traces.map(|done| Act {
                    what,
                    faults: FaultInjection {
                        killed_after: Some(done),
                        ..calm
                    },
                }));
            }
            let stores = |effect: &Effect| matches!(effect, Effect::Save | Effect::Commit { .. });
            if world.left.allows(FaultKind::Storage) && effects.iter().any(stores) {
                acts.extend([Storage::Fails, Storage::FailsAfterStoring].map(|storage| Act {
                    what,
                    faults: FaultInjection { storage, ..calm },
                }));
                let commits = effects.iter().any(|effect| matches!(effect, Effect::Commit { .. }));
                acts.extend(commits.then_some(Act {
                    what,
                    faults: FaultInjection {
                        storage: Storage::HasRival,
                        ..calm
                    },
                }));
            }
        });
    }

    /// The world after `act`; `None` if it cannot happen.
    pub(crate) fn after(&self, step: Step, act: &Act) -> Option<Self> {
        let mut world = self.clone();
        let event = world.apply(act.what)?;
        let befalls = [
            (act.faults.killed_after.is_some(), FaultKind::Kill),
            (act.faults.storage != Storage::Works, FaultKind::Storage),
        ];
        for (_, faults) in befalls.into_iter().filter(|(applies, _)| *applies) {
            world.left.spend(faults).then_some(())?;
        }
        if let Some(event) = event {
            world.handle(step, event, act.faults);
        }
        Some(world)
    }

    fn candidates(&self, may: &mut impl FnMut(What)) {
        match &self.life {
            Life::Fresh => may(What::Start),
            Life::Over => [What::Resume, What::Switch].into_iter().for_each(&mut *may),
            Life::Running(run) => {
                [What::Timer, What::Echo, What::Cancels, What::Killed]
                    .into_iter()
                    .chain([What::AnotherRun, What::Switch])
                    .for_each(&mut *may);
                for twice in [false, true] {
                    may(What::Committed { twice });
                }
                for index in 0..run.asked.len() {
                    may(What::AnswerMade { index });
                    for how in WAYS_TO_END {
                        for twice in [false, true] {
                            may(What::Ends { index, how, twice });
                        }
                    }
                }
                [What::Sleeps, What::ClockSetBack]
                    .into_iter()
                    .chain(SIGNALS)
                    .for_each(&mut *may);
            }
        }
        VERDICTS.map(What::Arrives).into_iter().for_each(&mut *may);
        may(What::LostOnTheWay);
        ORDERS.map(What::Becomes).into_iter().for_each(may);
    }

    /// Applies `what` to the world outside of the machine. Returns the event for the machine, if there is one; `None`
    /// if `what` cannot happen.
    pub(crate) fn apply(&mut self, what: What) -> Option<Option<Event>> {
        let faults = match what {
            What::Killed => Some(FaultKind::Kill),
            What::Cancels => Some(FaultKind::Cancel),
            What::Committed { twice: true } => Some(FaultKind::Duplicate),
            What::AnotherRun => Some(FaultKind::Run),
            What::AnswerMade { .. } => Some(FaultKind::Delay),
            What::Sleeps | What::ClockSetBack => Some(FaultKind::Clock),
            // It matters only if a run waits for the answer.
            What::LostOnTheWay if self.asked_to_perform() => Some(FaultKind::Loss),
            What::Arrives(Verdict::AcceptedUnclear | Verdict::RefusedUnclear | Verdict::Repeated) => {
                Some(FaultKind::Oddity)
            }
            what if SIGNALS.contains(&what) => Some(FaultKind::Signal),
            _ => None,
        };
        if let Some(faults) = faults {
            self.left.spend(faults).then_some(())?;
        }
        match what {
            What::Start => {
                self.life = Life::Running(Box::new(Run::started(Machine::new(Setup::sale(self.setup)))));
                Some(Some(Event::Start))
            }
            What::Resume => self.resume().map(Some),
            What::AnotherRun => self.another_run().map(Some),
            What::Switch => self.switch().map(|()| None),
            What::Arrives(verdict) => self.arrives(verdict).map(|()| None),
            What::LostOnTheWay => std::mem::take(&mut self.gateway.on_the_way).then_some(None),
            What::Becomes(order) => self.becomes(order).map(|()| None),
            What::Killed => {
                self.life = Life::Over;
                Some(None)
            }
            what => self.during_a_run(what),
        }
    }

    fn during_a_run(&mut self, what: What) -> Option<Option<Event>> {
        if let What::Ends { index, how, twice } = what {
            return self.ends(index, how, twice).map(Some);
        }
        let Life::Running(run) = &mut self.life else {
            return None;
        };
        Some(Some(match what {
            What::Timer => {
                self.now = self.now.max(run.timer.take()?);
                Event::Timer
            }
            What::Echo => run.echo.take()?,
            What::Committed { twice } => {
                let (request, commit) = run.commit.take()?;
                let event = Event::Committed(request, commit);
                if twice {
                    run.echo = Some(event.clone());
                }
                event
            }
            What::AnswerMade { index } => {
                let asked = run.asked.get_mut(index)?;
                let is_open = asked.question == Question::Status && asked.made.is_none();
                asked.made = is_open.then_some(Some(self.gateway.order))?;
                return Some(None);
            }
            What::Cancels => {
                run.cancelled = true;
                Event::Cancel
            }
            What::Sleeps => {
                self.now = self.now.plus(SLEEP);
                return Some(None);
            }
            What::ClockSetBack => {
                self.now.0 -= SET_BACK;
                // A timer measures elapsed time, not the clock.
                if let Some(at) = &mut run.timer {
                    at.0 -= SET_BACK;
                }
                return Some(None);
            }
            What::Foreground => Event::Foreground,
            What::Background => Event::Background,
            What::NetworkAvailable => Event::NetworkAvailable,
            What::BrowserFailed => self.page.take().map(|_| Event::BrowserFailed)?,
            What::BrowserClosed { is_true: true } => self.page.take().map(|_| Event::BrowserClosed)?,
            What::BrowserClosed { is_true: false } => Event::BrowserClosed,
            What::BrowserReturned => {
                // However the browser returned: the page may be opened again, but only once the gateway can know about
                // the return.
                run.opened = None;
                run.took_page_away = false;
                Event::BrowserReturned
            }
            _ => return None,
        }))
    }
}
