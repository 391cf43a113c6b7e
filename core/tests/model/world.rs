//! The world of one sale: the app's process, its storage, the network, the gateway, the browser, and the reported
//! outcomes.
//!
//! Only data. `act` says what can happen, and `engine` carries out effects.

use std::{
    hash::{DefaultHasher, Hash, Hasher},
    sync::Arc,
};

use salekit_core::{
    SaleOutcome, Timestamp, UnknownAdvice, UnknownReason,
    flow::{Commit, Event, Fence, Request, RunId, State},
};

use super::setup::{Budget, START, Setup};

/// The machine, and everything outside of it.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct World {
    pub(crate) setup: Setup,
    pub(crate) now: Timestamp,
    pub(crate) life: Life,
    /// Another run of the sale, which the world does not look at now.
    pub(crate) other: Option<Box<Other>>,
    /// How many runs there were after the first.
    pub(crate) runs: RunId,
    /// What a new process would find in the store.
    pub(crate) stored: Option<Stored>,
    pub(crate) gateway: Gateway,
    /// The page that the cardholder sees. It belongs to another app and survives the process.
    pub(crate) page: Option<String>,
    pub(crate) reported: Reported,
    pub(crate) violations: Violations,
    pub(crate) left: Budget,
}

/// The app's process, as far as the sale is concerned.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) enum Life {
    /// The sale has not begun.
    Fresh,
    /// The sale runs.
    Running(Box<Run>),
    /// The sale has reported its outcome, or the process was killed.
    Over,
}

/// A run that exists at the same time.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct Other {
    pub(crate) run: Run,
    /// Its page: each process has its own.
    pub(crate) page: Option<String>,
}

/// One run of a sale: from its start or resume to its outcome or the end of the process.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct Run {
    pub(crate) machine: Machine,
    pub(crate) timer: Option<Timestamp>,
    /// Requests without an answer yet, the oldest first.
    pub(crate) asked: Vec<Asked>,
    /// The result of the commit, which the machine waits for.
    pub(crate) commit: Option<(Request, Commit)>,
    pub(crate) fence: Fence,
    /// An event that may come at any later moment: a second time, or after it was given up as lost.
    pub(crate) echo: Option<Event>,
    /// The page that was opened last in this run.
    pub(crate) opened: Option<String>,
    /// The machine dismissed the page, and the browser has not returned since.
    pub(crate) took_page_away: bool,
    /// The app has cancelled in this run.
    pub(crate) cancelled: bool,
    /// The machine has received the session token, in this run or before.
    pub(crate) knows_token: bool,
}

/// A request that is under way.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct Asked {
    pub(crate) question: Question,
    pub(crate) request: Request,
    /// A status answer that exists and is still on its way.
    pub(crate) made: Option<Order>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Question {
    AccessToken,
    Initiate,
    Perform,
    Status,
    /// And whether the merchant's server is asked to void the invoice.
    SessionToken {
        void: bool,
    },
}

/// A snapshot that is safely stored.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct Stored {
    pub(crate) machine: Machine,
    pub(crate) knows_token: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub(crate) struct Gateway {
    /// How often perform sale was sent, without requests that were certainly not sent.
    pub(crate) sent: u8,
    /// A perform request has left the device and has not arrived yet. It may arrive after nobody waits any more.
    pub(crate) on_the_way: bool,
    /// What the gateway answered perform sale.
    pub(crate) verdict: Option<Verdict>,
    /// The merchant's server has voided the invoice: it refuses every later check sale.
    pub(crate) is_void: bool,
    pub(crate) order: Order,
}

/// An answer to perform sale.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Verdict {
    /// A session token: the order exists.
    Accepted,
    /// The order exists, and the answer is a 500.
    AcceptedUnclear,
    /// Refused: there is no order and will be none.
    Refused,
    /// Refused as well, and the answer is a 500.
    RefusedUnclear,
    /// The request was sent twice on its way: the first one created the order, and the answer is the refusal of the
    /// second.
    Repeated,
}

/// The order at the gateway.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub(crate) enum Order {
    #[default]
    None,
    Processing,
    /// The cardholder shall visit this page.
    Challenge(Page),
    /// Charged.
    Approved,
    Declined,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Page {
    Fingerprint,
    Challenge,
}

impl Page {
    pub(crate) const fn url(self) -> &'static str {
        match self {
            Self::Fingerprint => "https://acs.example/fingerprint",
            Self::Challenge => "https://acs.example/challenge",
        }
    }
}

impl Order {
    pub(crate) const fn is_final(self) -> bool {
        matches!(self, Self::Approved | Self::Declined)
    }
}

impl Gateway {
    /// Whether the cardholder is charged, or may still be charged without another action of the app.
    pub(crate) const fn may_charge(&self) -> bool {
        (self.on_the_way && !self.is_void) || !matches!(self.order, Order::None | Order::Declined)
    }
}

/// What was reported to the app, over all runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub(crate) struct Reported {
    pub(crate) approved: bool,
    pub(crate) approved_although_cancelled: bool,
    /// Declined or not charged.
    pub(crate) not_charged: bool,
    /// The last outcome, until the sale is resumed.
    pub(crate) last: Option<OutcomeKind>,
}

/// An outcome, without its details.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum OutcomeKind {
    Approved,
    Declined,
    NotCharged,
    Unknown {
        advice: UnknownAdvice,
        reason: UnknownReason,
    },
}

impl OutcomeKind {
    pub(crate) fn of(outcome: &SaleOutcome) -> Self {
        match outcome {
            SaleOutcome::Approved(_) => Self::Approved,
            SaleOutcome::Declined(_) => Self::Declined,
            SaleOutcome::NotCharged(_) => Self::NotCharged,
            SaleOutcome::Unknown(unknown) => Self::Unknown {
                advice: unknown.advice,
                reason: unknown.reason,
            },
        }
    }
}

/// Violations that cannot be seen in the world afterwards.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub(crate) struct Violations {
    /// An outcome was reported while a page was open.
    pub(crate) page_left: bool,
    /// A page was opened twice in a row.
    pub(crate) page_twice: bool,
    /// The step that ended the sale opened a page.
    pub(crate) page_flashed: bool,
    /// The gateway asked for a page that the cardholder never saw.
    pub(crate) page_withheld: bool,
    /// `StoppedWaiting` was reported although the app had not cancelled.
    pub(crate) not_cancelled: bool,
    /// Perform sale was sent for another sale's invoice.
    pub(crate) others_invoice: bool,
    /// The app was advised to resume although nobody could be asked, or the reverse.
    pub(crate) wrong_advice: bool,
}

impl World {
    /// Before the start of a sale.
    pub(crate) fn new(setup: Setup, budget: Budget) -> Self {
        Self {
            setup,
            now: START,
            life: Life::Fresh,
            other: None,
            runs: 0,
            stored: None,
            gateway: Gateway::default(),
            page: None,
            reported: Reported::default(),
            violations: Violations::default(),
            left: budget,
        }
    }

    pub(crate) const fn run(&self) -> Option<&Run> {
        match &self.life {
            Life::Running(run) => Some(run),
            Life::Fresh | Life::Over => None,
        }
    }
}

impl Run {
    /// The first run of a sale.
    pub(crate) fn started(machine: Machine) -> Self {
        let fence = Fence::of_start(machine.state().run());
        Self::new(machine, fence, false)
    }

    pub(crate) const fn new(machine: Machine, fence: Fence, knows_token: bool) -> Self {
        Self {
            machine,
            timer: None,
            asked: Vec::new(),
            commit: None,
            fence,
            echo: None,
            opened: None,
            took_page_away: false,
            cancelled: false,
            knows_token,
        }
    }
}

/// A state of the machine with its digest, which is compared and hashed first: a world is hashed far more often than
/// the machine steps.
#[derive(Clone)]
pub(crate) struct Machine {
    state: Arc<State>,
    digest: u64,
}

impl Machine {
    pub(crate) fn new(state: State) -> Self {
        let mut hasher = DefaultHasher::new();
        state.hash(&mut hasher);
        Self {
            digest: hasher.finish(),
            state: Arc::new(state),
        }
    }

    pub(crate) fn state(&self) -> &State {
        &self.state
    }

    pub(crate) const fn digest(&self) -> u64 {
        self.digest
    }
}

impl PartialEq for Machine {
    fn eq(&self, other: &Self) -> bool {
        self.digest == other.digest && self.state == other.state
    }
}

impl Eq for Machine {}

impl Hash for Machine {
    fn hash<H: Hasher>(&self, hasher: &mut H) {
        self.digest.hash(hasher);
    }
}

impl std::fmt::Debug for Machine {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "Machine({})", self.state.phase_name())
    }
}
