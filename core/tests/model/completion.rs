//! Runs a sale to its end without further faults: two simple continuations of any world.
//!
//! They make "eventually" checkable: from every reached world, each continuation must come to an end, and over a
//! healthy network to the right one.

use super::{
    act::What,
    answer::How,
    engine::Step,
    world::{Life, OutcomeKind, Verdict, World},
};

/// More steps than any continuation needs. If one takes as many, the sale never ends.
const MOST_STEPS: usize = 100;

/// The network from now on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Network {
    /// Every request is answered correctly and at once. The gateway's order does not change.
    Healthy,
    /// No request is ever answered.
    Down,
}

/// How a continuation ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum End {
    /// There was no sale to continue.
    Nothing,
    /// The last outcome that was reported.
    Reported(OutcomeKind),
    /// A run waits for something that cannot come, or goes on for ever.
    Never,
}

impl World {
    /// Runs the present run to its end, and resumes the sale once if its outcome is not final. Returns the end and after
    /// how many steps it came.
    ///
    /// `known` is asked at every step before that resume whether the end is known, and after how many further steps.
    pub(crate) fn complete(
        &self,
        step: Step,
        network: Network,
        mut known: impl FnMut(&Self) -> Option<(End, usize)>,
    ) -> (End, usize) {
        let mut world = self.clone();
        world.left.resumes = 1;
        for taken in 0..MOST_STEPS {
            if world.left.resumes == 1
                && let Some((end, further)) = known(&world)
            {
                let steps = taken + further;
                return if steps < MOST_STEPS {
                    (end, steps)
                } else {
                    (End::Never, MOST_STEPS)
                };
            }
            let next = match &world.life {
                Life::Fresh => return (End::Nothing, taken),
                Life::Over if world.other.is_some() => What::Switch,
                Life::Over => {
                    let is_settled = !matches!(world.reported.last, None | Some(OutcomeKind::Unknown { .. }));
                    if is_settled || world.stored.is_none() || world.left.resumes == 0 {
                        return (world.reported.last.map_or(End::Nothing, End::Reported), taken);
                    }
                    What::Resume
                }
                Life::Running(run) if run.commit.is_some() => What::Committed { twice: false },
                Life::Running(_) if world.gateway.on_the_way => match network {
                    Network::Healthy if world.gateway.is_void => What::Arrives(Verdict::Refused),
                    Network::Healthy => What::Arrives(Verdict::Accepted),
                    Network::Down => What::LostOnTheWay,
                },
                Life::Running(run) if !run.asked.is_empty() => What::Ends {
                    index: 0,
                    how: match network {
                        Network::Healthy => How::Normal,
                        Network::Down => How::Lost,
                    },
                    twice: false,
                },
                Life::Running(_) => What::Timer,
            };
            // The network's state does not count as a fault.
            world.left.faults = 2;
            world.left.losses = 2;
            let Some(event) = world.apply(next) else {
                return (End::Never, MOST_STEPS);
            };
            if let Some(event) = event {
                world.handle(step, event, super::engine::FaultInjection::default());
            }
        }
        (End::Never, MOST_STEPS)
    }
}
