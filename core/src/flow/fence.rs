//! Whose a stored snapshot is. Two runs of one sale may exist at the same time, where no lock keeps them apart: a run
//! writes only over what it has written itself, or over what it was resumed from.

/// Names one run of a sale, from its start or its resume to its end. Random: two that begin at once are two.
pub type RunId = u64;

/// What one run knows of the snapshot that is stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Fence {
    run: RunId,
    /// The run whose snapshot this one was resumed from, until it has written its own.
    earlier: Option<RunId>,
    saved: Saved,
}

/// Whether this run has stored anything.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Saved {
    Never,
    /// It was tried, and failed: nobody can say what was written.
    Perhaps,
    Certainly,
}

/// Whether a sale is still a run's own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Ownership {
    /// Nobody else has written.
    Own,
    /// Another run has, or the sale was removed: it is over for this one.
    Lost,
    /// Nothing is stored. This run may have written something, which another one may have removed.
    Unclear,
}

impl Fence {
    /// Of a sale that begins.
    pub const fn of_start(run: RunId) -> Self {
        Self {
            run,
            earlier: None,
            saved: Saved::Never,
        }
    }

    /// Of a sale that goes on with what the run `earlier` stored.
    pub const fn of_resume(run: RunId, earlier: RunId) -> Self {
        Self {
            run,
            earlier: Some(earlier),
            saved: Saved::Never,
        }
    }

    /// Whether the sale is still this run's, where the snapshot of the run `stored` is stored, or none.
    pub fn ownership(&self, stored: Option<RunId>) -> Ownership {
        match (stored, self.saved) {
            (Some(stored), _) if stored == self.run => Ownership::Own,
            (Some(stored), Saved::Never | Saved::Perhaps) if Some(stored) == self.earlier => Ownership::Own,
            (Some(_), _) | (None, Saved::Certainly) => Ownership::Lost,
            (None, _) if self.earlier.is_some() => Ownership::Lost,
            (None, Saved::Never) => Ownership::Own,
            (None, Saved::Perhaps) => Ownership::Unclear,
        }
    }

    /// This run has stored a snapshot, or tried to.
    pub const fn wrote(&mut self, went_well: bool) {
        self.saved = match self.saved {
            _ if went_well => Saved::Certainly,
            Saved::Certainly => Saved::Certainly,
            Saved::Never | Saved::Perhaps => Saved::Perhaps,
        };
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_this_run_wrote_is_its_own_and_nothing_else() {
        let mut fence = Fence::of_start(1);
        assert_eq!(fence.ownership(None), Ownership::Own);
        assert_eq!(fence.ownership(Some(2)), Ownership::Lost);
        fence.wrote(false);
        assert_eq!(fence.ownership(None), Ownership::Unclear);
        assert_eq!(fence.ownership(Some(1)), Ownership::Own);
        fence.wrote(true);
        fence.wrote(false);
        assert_eq!(fence.ownership(None), Ownership::Lost);
    }

    #[test]
    fn what_a_run_was_resumed_from_is_its_own_until_it_has_written() {
        let mut fence = Fence::of_resume(2, 1);
        assert_eq!(fence.ownership(Some(1)), Ownership::Own);
        assert_eq!(fence.ownership(None), Ownership::Lost);
        fence.wrote(false);
        assert_eq!(fence.ownership(Some(1)), Ownership::Own);
        fence.wrote(true);
        assert_eq!(
            fence.ownership(Some(1)),
            Ownership::Lost,
            "the other one has written again"
        );
    }
}
