//! Everything that can happen next in a world, and what it does.

use salekit_core::{
    SaleId,
    flow::{Claim, Effect, Event},
};

use crate::{
    answer::{How, OTHERS_INVOICE},
    engine::{Fate, Step, Storage, saved},
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
    /// The store's word reaches the machine.
    Saved {
        twice: bool,
    },
    /// The machine is told whose the invoice is.
    Claimed {
        twice: bool,
    },
    /// The store cannot say whose the invoice is.
    ClaimFails,
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
    BrowserOpened,
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
const WAYS_TO_END: [How; 11] = [
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
    How::OthersInvoice,
];
const SIGNALS: [What; 8] = [
    What::Foreground,
    What::Background,
    What::NetworkAvailable,
    What::BrowserOpened,
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
                        Effect::Save(_) | Effect::Perform { .. } | Effect::OpenBrowser { .. } | Effect::CloseBrowser
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
            if world.left.allows(Mischief::Storage) && effects.iter().any(|effect| matches!(effect, Effect::Save(_))) {
                acts.extend([Storage::Fails, Storage::FailsAfterStoring].map(|storage| Act {
                    what,
                    fate: Fate { storage, ..calm },
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
            Life::Over => may(What::Resume),
            Life::Running(run) => {
                [What::Timer, What::Echo, What::Cancels, What::Killed]
                    .into_iter()
                    .for_each(&mut *may);
                for twice in [false, true] {
                    may(What::Saved { twice });
                    may(What::Claimed { twice });
                }
                may(What::ClaimFails);
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
            What::Saved { twice: true } | What::Claimed { twice: true } => Some(Mischief::Duplicate),
            What::AnswerMade { .. } => Some(Mischief::Delay),
            What::ClaimFails => Some(Mischief::Storage),
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
                self.life = Life::Running(Box::new(Run::new(Machine::new(Setup::sale(self.setup)), false)));
                Some(Some(Event::Start))
            }
            What::Resume => self.resume().map(Some),
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
            What::Saved { twice } => {
                let event = saved((!run.saved.is_empty()).then(|| run.saved.remove(0))?);
                if twice {
                    run.echo = Some(event.clone());
                }
                event
            }
            What::Claimed { twice } => {
                let (request, invoice_id) = run.claims.take()?;
                let claim = if invoice_id == OTHERS_INVOICE {
                    Claim::Taken {
                        by: SaleId::from_random([9; 16]),
                    }
                } else {
                    Claim::Granted
                };
                let event = Event::Claimed(request, claim);
                if twice {
                    run.echo = Some(event.clone());
                }
                event
            }
            What::ClaimFails => Event::Claimed(run.claims.take()?.0, Claim::Unclear),
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
            What::BrowserOpened => self.page.is_some().then_some(Event::BrowserOpened)?,
            What::BrowserFailed => self.page.take().map(|_| Event::BrowserFailed)?,
            What::BrowserClosed { is_true: true } => self.page.take().map(|_| Event::BrowserClosed)?,
            What::BrowserClosed { is_true: false } => Event::BrowserClosed,
            What::BrowserReturned => {
                // Whatever brought it back: the page may be opened again.
                run.opened = None;
                Event::BrowserReturned
            }
            _ => return None,
        }))
    }

    fn asked_to_perform(&self) -> bool {
        self.run()
            .is_some_and(|run| run.asked.iter().any(|asked| asked.question == Question::Perform))
    }

    fn resume(&mut self) -> Option<Event> {
        let stored = self.stored.clone()?;
        self.left.resumes = self.left.resumes.checked_sub(1)?;
        self.life = Life::Running(Box::new(Run::new(stored.machine, stored.knows_token)));
        self.told.last = None;
        Some(Event::Resume)
    }

    fn arrives(&mut self, verdict: Verdict) -> Option<()> {
        // Where nobody can ask, a refusal of the second of two requests is believed: see SECURITY.md.
        if verdict == Verdict::Repeated && !self.setup.can_recover {
            return None;
        }
        let has_order = matches!(
            verdict,
            Verdict::Accepted | Verdict::AcceptedUnclear | Verdict::Repeated
        );
        // Its check sale is refused.
        if has_order && self.gateway.is_void {
            return None;
        }
        std::mem::take(&mut self.gateway.on_the_way).then_some(())?;
        self.gateway.verdict = Some(verdict);
        if has_order {
            self.gateway.order = Order::Processing;
        }
        Some(())
    }

    fn becomes(&mut self, order: Order) -> Option<()> {
        let now = self.gateway.order;
        if now == Order::None || now.is_final() || now == order {
            return None;
        }
        if matches!(order, Order::Challenge(_)) {
            self.left.challenges = self.left.challenges.checked_sub(1)?;
        }
        self.gateway.order = order;
        Some(())
    }

    fn ends(&mut self, index: usize, how: How, twice: bool) -> Option<Event> {
        let asked = *self.run()?.asked.get(index)?;
        let event = self.ending(asked, how)?;
        if let (Question::SessionToken { void }, How::Duly | How::Lost) = (asked.question, how)
            && self.can_void(void)
        {
            self.gateway.is_void = true;
        }
        // What was given up for lost may still come.
        let echo = match how {
            How::Lost => self.ending(asked, How::Duly),
            _ => Some(event.clone()),
        };
        let mischief = match how {
            How::Duly => None,
            How::Lost | How::NotSent | How::NotTrusted => Some(Mischief::Loss),
            _ => Some(Mischief::Oddity),
        };
        if let Some(mischief) = mischief {
            self.left.spend(mischief).then_some(())?;
        }
        if asked.question == Question::Perform {
            match how {
                How::NotSent | How::NotTrusted => {
                    self.gateway.on_the_way = false;
                    self.gateway.sent -= 1;
                }
                _ => {}
            }
        }
        if twice {
            self.left.spend(Mischief::Duplicate).then_some(())?;
        }
        let Life::Running(run) = &mut self.life else {
            return None;
        };
        run.asked.remove(index);
        if twice {
            run.echo = Some(echo?);
        }
        Some(event)
    }
}
