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
    /// Runs the present run to its end, and resumes the sale once if its outcome is not final.
    pub(crate) fn complete(&self, step: Step, network: Network) -> End {
        let mut world = self.clone();
        world.left.resumes = 1;
        for _ in 0..MOST_STEPS {
            let next = match &world.life {
                Life::Fresh => return End::Nothing,
                Life::Over if world.other.is_some() => What::Switch,
                Life::Over => {
                    let is_settled = !matches!(world.reported.last, None | Some(OutcomeKind::Unknown { .. }));
                    if is_settled || world.stored.is_none() || world.left.resumes == 0 {
                        return world.reported.last.map_or(End::Nothing, End::Reported);
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
                return End::Never;
            };
            if let Some(event) = event {
                world.handle(step, event, super::engine::FaultInjection::default());
            }
        }
        End::Never
    }
}
