//! What a campaign says of its sales: compared with the ledger one by one, counted, and asserted at the end.

use salekit_core::{Charge, Money, NotChargedReason, SaleOutcome, UnknownReason};
use salekit_sandbox::{Entry, EntryState, TokenExtension};

use salekit_testkit::figures::Figures;

use super::AMOUNT_MINOR;

/// Complaints that are shown; one is enough to fail.
const SHOWN: usize = 20;

/// What truly became of a sale, and what the merchant's server could tell the app of it.
#[derive(Clone, Copy)]
pub(crate) struct Truth<'a> {
    /// The gateway's account, and the merchant's of what it voided.
    pub(crate) entry: Option<&'a Entry>,
    /// What the app asked for.
    pub(crate) amount_minor: i64,
    /// How often perform was passed on to the gateway. An app sends it once; what stands in between may repeat it.
    pub(crate) passes: u32,
    /// What the merchant's server can tell the app.
    pub(crate) merchant: TokenExtension,
}

impl<'a> Truth<'a> {
    /// Of a sale of the usual amount whose perform was passed on once, if it was sent.
    pub(crate) fn of(entry: Option<&'a Entry>, merchant: TokenExtension) -> Self {
        Self {
            entry,
            amount_minor: AMOUNT_MINOR,
            passes: 1,
            merchant,
        }
    }
}

#[derive(Default)]
pub(crate) struct Verdicts {
    figures: Figures,
    wrong: Vec<String>,
    unexplained: Vec<String>,
}

impl Verdicts {
    /// The outcome that an app got.
    pub(crate) fn told(&mut self, outcome: &SaleOutcome, truth: Truth<'_>) {
        self.figures.cases += 1;
        let unknown = self.figures.unknown.get_or_insert_default();
        *unknown += usize::from(outcome.charge() == Charge::Unknown);
        self.wrong.extend(lie(outcome, truth));
    }

    /// No app got an outcome, and none has to get one.
    pub(crate) fn told_nothing(&mut self, entry: Option<&Entry>) {
        self.figures.cases += 1;
        if entry.is_some() {
            self.wrong.push(format!("no app heard of {entry:?}"));
        }
    }

    /// The outcome that came when it was asked for again and nothing stood in the way; `before` is shown with a
    /// complaint.
    pub(crate) fn told_again(&mut self, outcome: &SaleOutcome, truth: Truth<'_>, before: impl FnOnce() -> String) {
        self.wrong.extend(lie(outcome, truth));
        if let Some(complaint) = unknown(outcome, truth) {
            self.unexplained.push(format!("{complaint}; {}", before()));
        }
    }

    /// An entry of the ledger, of any app, whose perform was passed on this often. What was voided is never
    /// charged, so the entry is that of the end, when nothing is under way any more.
    pub(crate) fn entry(&mut self, entry: &Entry, passes: u32) {
        if entry.performs_received > passes || entry.charges > 1 {
            self.figures.double_charges += 1;
            self.wrong.push(format!("performed or charged twice: {entry:?}"));
        }
        if entry.is_void && entry.charges > 0 {
            self.wrong.push(format!("charged although it was void: {entry:?}"));
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
pub(crate) fn untruth(outcome: &SaleOutcome, entry: Option<&Entry>) -> Option<String> {
    lie(outcome, Truth::of(entry, TokenExtension::Off))
}

/// The same of a sale whose perform may have been passed on more than once.
pub(crate) fn lie(outcome: &SaleOutcome, truth: Truth<'_>) -> Option<String> {
    let Truth {
        entry,
        amount_minor,
        passes,
        ..
    } = truth;
    let charges = entry.map_or(0, |entry| entry.charges);
    let performs = entry.map_or(0, |entry| entry.performs_received);
    let state = entry.map(|entry| entry.state);
    let complaint = |what: &str| Some(format!("{what}: told {outcome:?}, the ledger says {entry:?}"));
    if performs > passes {
        return complaint("performed more than once");
    }
    if charges > 1 {
        return complaint("charged more than once");
    }
    match outcome {
        SaleOutcome::Approved(_) if state != Some(EntryState::Approved) || charges != 1 => complaint("not approved"),
        SaleOutcome::Approved(receipt) if receipt.amount.as_ref().map(Money::minor_units) != Some(amount_minor) => {
            complaint("another amount")
        }
        SaleOutcome::Declined(_) if state != Some(EntryState::Declined) || charges != 0 => complaint("not declined"),
        SaleOutcome::NotCharged(_) if charges != 0 => complaint("charged after all"),
        // The merchant's word: the gateway may have taken it, but will not get a check sale through.
        SaleOutcome::NotCharged(_) if entry.is_some_and(|entry| entry.is_void) => None,
        SaleOutcome::NotCharged(end) if performs != 0 && end.reason != NotChargedReason::PerformRefused => {
            complaint("perform had been sent")
        }
        SaleOutcome::NotCharged(_) if state.is_some_and(|state| state != EntryState::NotStarted) => {
            complaint("the gateway took it")
        }
        _ => None,
    }
}

/// What is wrong about an outcome that was asked for again when nothing stood in the way: it must not be unknown,
/// unless there is no end to be had or nobody can tell the app.
fn unknown(outcome: &SaleOutcome, Truth { entry, merchant, .. }: Truth<'_>) -> Option<String> {
    let SaleOutcome::Unknown(end) = outcome else {
        return None;
    };
    let has_begun = entry.is_some_and(|entry| entry.state != EntryState::NotStarted);
    let complaint = |what: &str| Some(format!("{what}: told {outcome:?}, the ledger says {entry:?}"));
    match merchant {
        _ if entry.is_some_and(|entry| entry.unresolvable) => None,
        TokenExtension::Off if end.reason == UnknownReason::PerformAnswerLost => None,
        _ if has_begun => complaint("still unknown"),
        // Perform sale never arrived, or nothing came of it: only a merchant that voids can tell that to the app.
        TokenExtension::WithVoid => complaint("not voided"),
        TokenExtension::TokensOnly | TokenExtension::Off => None,
    }
}
