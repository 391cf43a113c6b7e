//! Who wrote a stored snapshot. Without locks, two runs of one sale may exist at the same time. A run overwrites only
//! its own snapshot, or the one that it was resumed from.

/// Identifies one run of a sale, from its start or resume to its end. It is random, so that two runs that begin at once
/// differ.
pub type RunId = u64;

/// What one run knows of the stored snapshot.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Fence {
    run: RunId,
    /// The run whose snapshot this one was resumed from, until this run has saved its own.
    earlier: Option<RunId>,
    saved: Saved,
}

/// Whether this run has saved anything.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Saved {
    Never,
    /// It tried and failed, so nobody knows what was written.
    Perhaps,
    Certainly,
}

/// Whether a sale still belongs to a run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Ownership {
    /// No other run has written.
    Own,
    /// Another run has written, or the sale was removed. This run must stop.
    Lost,
    /// Nothing is stored. This run may have saved something that another run has removed.
    Unclear,
}

impl Fence {
    /// For a sale that starts.
    pub const fn of_start(run: RunId) -> Self {
        Self {
            run,
            earlier: None,
            saved: Saved::Never,
        }
    }

    /// For a sale that resumes from the snapshot of the run `earlier`.
    pub const fn of_resume(run: RunId, earlier: RunId) -> Self {
        Self {
            run,
            earlier: Some(earlier),
            saved: Saved::Never,
        }
    }

    /// Whether the sale still belongs to this run, if the stored snapshot is of the run `stored`, or there is none.
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

    /// Whether a save of this run failed, so that nobody knows what was written, and none has succeeded since.
    pub const fn may_have_saved(&self) -> bool {
        matches!(self.saved, Saved::Perhaps)
    }

    /// This run has saved a snapshot, or tried to.
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
