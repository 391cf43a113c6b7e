//! The effect of an act on the world outside of the machine, if it takes more than a line.

use salekit_core::flow::{Event, Fence};

use super::{
    answer::How,
    setup::FaultKind,
    world::{Life, Machine, Order, Other, Question, Run, Verdict, World},
};

impl World {
    pub(crate) fn asked_to_perform(&self) -> bool {
        self.run()
            .is_some_and(|run| run.asked.iter().any(|asked| asked.question == Question::Perform))
    }

    pub(crate) fn resume(&mut self) -> Option<Event> {
        // A third run would find nothing that a second one does not.
        self.other.is_none().then_some(())?;
        self.left.resumes = self.left.resumes.checked_sub(1)?;
        self.life = Life::Running(Box::new(self.taken_over()?));
        self.reported.last = None;
        Some(Event::Resume)
    }

    /// A run that resumes the stored sale, as [`salekit_core::SaleClient::resume`] does if the store has no locks.
    fn taken_over(&mut self) -> Option<Run> {
        let stored = self.stored.as_mut()?;
        self.runs += 1;
        let earlier = stored.machine.state();
        let mut fence = Fence::of_resume(self.runs, earlier.run());
        let machine = Machine::new(earlier.clone().in_run(self.runs));
        if machine.state().is_before_commit() {
            stored.machine = machine.clone();
            fence.wrote(true);
        }
        Some(Run::new(machine, fence, stored.knows_token))
    }

    pub(crate) fn another_run(&mut self) -> Option<Event> {
        let Life::Running(run) = &self.life else {
            return None;
        };
        let first = Other {
            run: (**run).clone(),
            page: self.page.clone(),
        };
        self.other.is_none().then_some(())?;
        self.life = Life::Running(Box::new(self.taken_over()?));
        self.page = None;
        self.other = Some(Box::new(first));
        Some(Event::Resume)
    }

    pub(crate) fn switch(&mut self) -> Option<()> {
        let Other { run, page } = *self.other.take()?;
        let page = std::mem::replace(&mut self.page, page);
        let looked_at = std::mem::replace(&mut self.life, Life::Running(Box::new(run)));
        if let Life::Running(run) = looked_at {
            self.left.switches = self.left.switches.checked_sub(1)?;
            self.other = Some(Box::new(Other { run: *run, page }));
        }
        Some(())
    }

    pub(crate) fn arrives(&mut self, verdict: Verdict) -> Option<()> {
        // If nobody can be asked, the refusal of the second of two requests counts: see SECURITY.md.
        if verdict == Verdict::Repeated && !self.setup.can_recover {
            return None;
        }
        let has_order = matches!(
            verdict,
            Verdict::Accepted | Verdict::AcceptedUnclear | Verdict::Repeated
        );
        // The merchant refuses the check sale.
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

    pub(crate) fn becomes(&mut self, order: Order) -> Option<()> {
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

    pub(crate) fn ends(&mut self, index: usize, how: How, twice: bool) -> Option<Event> {
        let asked = *self.run()?.asked.get(index)?;
        let event = self.ending(asked, how)?;
        if let (Question::SessionToken { void }, How::Normal | How::Lost) = (asked.question, how)
            && self.can_void(void)
        {
            self.gateway.is_void = true;
        }
        // The answer to a request that was given up as lost may still arrive.
        let echo = match how {
            How::Lost => self.ending(asked, How::Normal),
            _ => Some(event.clone()),
        };
        let fault = match how {
            How::Normal => None,
            How::Lost | How::NotSent | How::NotTrusted => Some(FaultKind::Loss),
            _ => Some(FaultKind::Oddity),
        };
        if let Some(fault) = fault {
            self.left.spend(fault).then_some(())?;
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
            self.left.spend(FaultKind::Duplicate).then_some(())?;
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
