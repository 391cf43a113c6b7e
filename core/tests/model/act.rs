//! Everything that can happen next in a world, and what it does.

use salekit_core::flow::{Effect, Event};

use crate::{
    answer::How,
    engine::{Fate, Step, Storage},
    setup::{Mischief, SET_BACK, SLEEP, Setup},
    world::{Life, Machine, Order, Page, Question, Run, Verdict, World},
};

/// One thing that happens, and what befalls the machine's answer to it.
#[derive(Clone, PartialEq)]
pub(crate) struct Act {
    pub(crate) what: What,
    pub(crate) fate: Fate,
}

impl std::fmt::Debug for Act {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "{:?}", self.what)?;
        match self.fate.storage {
            Storage::Works => {}
            storage => write!(formatter, ", storage {storage:?}")?,
        }
        match self.fate.killed_after {
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
    /// Another process, or a client that knows nothing of this run, resumes the stored sale while it runs. From now on that
    /// run is looked at.
    AnotherRun,
    /// The other run is looked at.
    Switch,
    /// What became of the commit reaches the machine.
    Committed {
        twice: bool,
    },
    /// The oldest request but `index` ends.
    Ends {
        index: usize,
        how: How,
        twice: bool,
    },
    /// An event comes for the second time, or the answer to a request that was given up.
    Echo,
    /// A status answer is made, and comes later.
    AnswerMade {
        index: usize,
    },
    /// Perform sale reaches the gateway.
    Arrives(Verdict),
    /// Perform sale is lost.
    LostOnTheWay,
    /// The gateway or the cardholder comes to a decision.
    Becomes(Order),
    Cancels,
    Foreground,
    Background,
    NetworkAvailable,
    BrowserFailed,
    BrowserReturned,
    /// The cardholder closes the page; or something says so, and it is not so.
    BrowserClosed {
        is_true: bool,
    },
    /// Time passes and no timer fires: the phone sleeps.
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
    How::Duly,
    How::Lost,
    How::NotSent,
    How::NotTrusted,
    How::Stray,
    How::Refused,
    How::TokenRefused,
    How::UnknownState,
    How::HoldOff,
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
            let Some(event) = world.set_the_scene(what) else {
                return;
            };
            let calm = Fate::default();
            acts.push(Act { what, fate: calm });
            let Some(event) = event else { return };
            let effects = world.foresee(step, event);
            if world.left.allows(Mischief::Kill) {
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
                // Being killed after an effect that leaves no trace is being killed before it.
                let traces = (1..effects.len()).filter(|&done| outlives(&effects[done - 1]));
                acts.extend(traces.map(|done| Act {
                    what,
                    fate: Fate {
                        killed_after: Some(done),
                        ..calm
                    },
                }));
            }
            let stores = |effect: &Effect| matches!(effect, Effect::Save | Effect::Commit { .. });
            if world.left.allows(Mischief::Storage) && effects.iter().any(stores) {
                acts.extend([Storage::Fails, Storage::FailsAfterStoring].map(|storage| Act {
                    what,
                    fate: Fate { storage, ..calm },
                }));
                let commits = effects.iter().any(|effect| matches!(effect, Effect::Commit { .. }));
                acts.extend(commits.then_some(Act {
                    what,
                    fate: Fate {
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
        let event = world.set_the_scene(act.what)?;
        let befalls = [
            (act.fate.killed_after.is_some(), Mischief::Kill),
            (act.fate.storage != Storage::Works, Mischief::Storage),
        ];
        for (_, mischief) in befalls.into_iter().filter(|(applies, _)| *applies) {
            world.left.spend(mischief).then_some(())?;
        }
        if let Some(event) = event {
            world.tell(step, event, act.fate);
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

    /// Does `what` to the world outside of the machine. The event that the machine is told of it, if any; `None` if it
    /// cannot happen.
    pub(crate) fn set_the_scene(&mut self, what: What) -> Option<Option<Event>> {
        let mischief = match what {
            What::Killed => Some(Mischief::Kill),
            What::Cancels => Some(Mischief::Cancel),
            What::Committed { twice: true } => Some(Mischief::Duplicate),
            What::AnotherRun => Some(Mischief::Run),
            What::AnswerMade { .. } => Some(Mischief::Delay),
            What::Sleeps | What::ClockSetBack => Some(Mischief::Clock),
            // If somebody waits for its answer. If nobody does, it makes no difference to anybody.
            What::LostOnTheWay if self.asked_to_perform() => Some(Mischief::Loss),
            What::Arrives(Verdict::AcceptedUnclear | Verdict::RefusedUnclear | Verdict::Repeated) => {
                Some(Mischief::Oddity)
            }
            what if SIGNALS.contains(&what) => Some(Mischief::Signal),
            _ => None,
        };
        if let Some(mischief) = mischief {
            self.left.spend(mischief).then_some(())?;
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
                // A timer counts time that passes, not what a clock says.
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
                // Whatever brought it back: the page may be opened again, and only when the gateway can know of the return.
                run.opened = None;
                run.took_page_away = false;
                Event::BrowserReturned
            }
            _ => return None,
        }))
    }
}
