//! What a campaign says of its sales: compared with the ledger one by one, counted, and asserted at the end.

use salekit_core::{Charge, NotChargedReason, Outcome};
use salekit_sandbox::{Entry, EntryState};

use super::{AMOUNT_MINOR, figures::Figures};

/// Complaints that are shown; one is enough to fail.
const SHOWN: usize = 20;

#[derive(Default)]
pub(crate) struct Verdicts {
    figures: Figures,
    wrong: Vec<String>,
    unexplained: Vec<String>,
}

impl Verdicts {
    /// The outcome that an app was told.
    pub(crate) fn told(&mut self, outcome: &Outcome, entry: Option<&Entry>) {
        self.figures.cases += 1;
        let unknown = self.figures.unknown.get_or_insert_default();
        *unknown += usize::from(outcome.charge() == Charge::Unknown);
        self.wrong.extend(untruth(outcome, entry));
    }

    /// No app was told anything, and none has to be.
    pub(crate) fn told_nothing(&mut self, entry: Option<&Entry>) {
        self.figures.cases += 1;
        if entry.is_some() {
            self.wrong.push(format!("nothing was told of {entry:?}"));
        }
    }

    /// The outcome that was told when it was asked for again and nothing stood in the way; `before` is shown with a
    /// complaint.
    pub(crate) fn told_again(&mut self, outcome: &Outcome, entry: Option<&Entry>, before: impl FnOnce() -> String) {
        self.wrong.extend(untruth(outcome, entry));
        if let Some(complaint) = unresolved(outcome, entry) {
            self.unexplained.push(format!("{complaint}; {}", before()));
        }
    }

    /// An entry of the ledger, whoever's it is.
    pub(crate) fn entry(&mut self, entry: &Entry) {
        if entry.performs_received > 1 || entry.charges > 1 {
            self.figures.double_charges += 1;
            self.wrong.push(format!("performed or charged twice: {entry:?}"));
        }
    }

    pub(crate) fn wrong(&mut self, complaint: String) {
        self.wrong.push(complaint);
    }

    pub(crate) fn unexplained(&mut self, complaint: String) {
        self.unexplained.push(complaint);
    }

    /// Reports the row of `campaign`, and fails if anything is wrong.
    pub(crate) fn end(self, campaign: &str, faults: u64) {
        for complaint in self.wrong.iter().take(SHOWN) {
            println!("WRONG {complaint}");
        }
        for complaint in self.unexplained.iter().take(SHOWN) {
            println!("UNEXPLAINED {complaint}");
        }
        let figures = Figures {
            faults: Some(faults),
            wrong: self.wrong.len(),
            unexplained: self.unexplained.len(),
            ..self.figures
        };
        figures.report(campaign);
        assert_eq!((figures.wrong, figures.unexplained), (0, 0), "{figures:?}");
    }
}

/// What is wrong about `outcome`, given what the gateway truly did; nothing if it is the truth. An unknown outcome
/// is never untrue; whether it need have been unknown is asked elsewhere.
pub(crate) fn untruth(outcome: &Outcome, entry: Option<&Entry>) -> Option<String> {
    let charges = entry.map_or(0, |entry| entry.charges);
    let performs = entry.map_or(0, |entry| entry.performs_received);
    let state = entry.map(|entry| entry.state);
    let complaint = |what: &str| Some(format!("{what}: told {outcome:?}, the ledger says {entry:?}"));
    if performs > 1 {
        return complaint("performed more than once");
    }
    if charges > 1 {
        return complaint("charged more than once");
    }
    match outcome {
        Outcome::Approved(_) if state != Some(EntryState::Approved) || charges != 1 => complaint("not approved"),
        Outcome::Approved(receipt) if receipt.amount.minor_units() != AMOUNT_MINOR => complaint("another amount"),
        Outcome::Declined(_) if state != Some(EntryState::Declined) || charges != 0 => complaint("not declined"),
        Outcome::NotCharged(_) if charges != 0 => complaint("charged after all"),
        Outcome::NotCharged(end) if performs != 0 && end.reason != NotChargedReason::PerformRefused => {
            complaint("perform had been sent")
        }
        Outcome::NotCharged(_) if state.is_some_and(|state| state != EntryState::NotStarted) => {
            complaint("the gateway took it")
        }
        _ => None,
    }
}

/// What is wrong about an outcome that was asked for again when nothing stood in the way: it must not be unknown,
/// unless there is no end to be had.
fn unresolved(outcome: &Outcome, entry: Option<&Entry>) -> Option<String> {
    if outcome.charge() != Charge::Unknown {
        return None;
    }
    match entry {
        // Perform sale never arrived, or nothing came of it: nobody can tell that to the app.
        None => None,
        Some(entry) if entry.state == EntryState::NotStarted || entry.unresolvable => None,
        Some(_) => Some(format!("still unknown: told {outcome:?}, the ledger says {entry:?}")),
    }
}
