//! How a sale goes on when nothing more is done to it: two plain courses that begin in any world.
//!
//! They make "in the end" checkable: from every world that is reached, each course must come to an end, and over a
//! healed network to the right one.

use crate::{
    act::What,
    answer::How,
    engine::Step,
    world::{Life, Verdict, Word, World},
};

/// More steps than any course needs; one that takes as many is a sale that never ends.
const MOST_STEPS: usize = 100;

/// The weather from now on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Weather {
    /// Every request is answered, truly and at once. The gateway stays where it is.
    Fair,
    /// No request is ever answered.
    Storm,
}

/// Where a course came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum End {
    /// There was nothing to go on with.
    Nothing,
    /// The last outcome that was told.
    Told(Word),
    /// A run waits for something that cannot come, or goes on for ever.
    Never,
}

impl World {
    /// Lets the run that is there come to its end, and resumes the sale once if that does not settle it.
    pub(crate) fn course(&self, step: Step, weather: Weather) -> End {
        let mut world = self.clone();
        world.left.resumes = 1;
        for _ in 0..MOST_STEPS {
            let next = match &world.life {
                Life::Fresh => return End::Nothing,
                Life::Over if world.other.is_some() => What::Switch,
                Life::Over => {
                    let is_settled = !matches!(world.told.last, None | Some(Word::Unknown { .. }));
                    if is_settled || world.stored.is_none() || world.left.resumes == 0 {
                        return world.told.last.map_or(End::Nothing, End::Told);
                    }
                    What::Resume
                }
                Life::Running(run) if run.commit.is_some() => What::Committed { twice: false },
                Life::Running(_) if world.gateway.on_the_way => match weather {
                    Weather::Fair if world.gateway.is_void => What::Arrives(Verdict::Refused),
                    Weather::Fair => What::Arrives(Verdict::Accepted),
                    Weather::Storm => What::LostOnTheWay,
                },
                Life::Running(run) if !run.asked.is_empty() => What::Ends {
                    index: 0,
                    how: match weather {
                        Weather::Fair => How::Duly,
                        Weather::Storm => How::Lost,
                    },
                    twice: false,
                },
                Life::Running(_) => What::Timer,
            };
            // Weather is no mischief: it costs nothing.
            world.left.mischief = 2;
            world.left.losses = 2;
            let Some(event) = world.set_the_scene(next) else {
                return End::Never;
            };
            if let Some(event) = event {
                world.tell(step, event, crate::engine::Fate::default());
            }
        }
        End::Never
    }
}
