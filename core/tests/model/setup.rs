//! What is explored: the kinds of sale, their timeouts, and how many faults may happen.
//!
//! `act` has the faults, and `property` what must hold.

use salekit_core::{
    CardBrand, CardSummary, MerchantServer, Money, Parties, SaleId, Secret, Timestamp,
    flow::{Jitter, Order, Pacing, Plan, State},
};

/// When every sale begins. Far from 0, so that no earlier time is cut off at 0.
pub(crate) const START: Timestamp = Timestamp(1_000_000);
/// How far a phone's sleep advances the clock: past every timeout of [`Setup::plan`].
pub(crate) const SLEEP: u64 = 40_000;
/// How far the clock is set back: more than one gap.
pub(crate) const SET_BACK: u64 = 9_000;
/// The delay that a server asks for: longer than the processing timeout.
pub(crate) const RETRY_AFTER: u64 = 30_000;

/// A kind of sale.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct Setup {
    /// The app has an access token; otherwise SaleKit asks the merchant's server for one.
    pub(crate) has_access_token: bool,
    /// The merchant's server can be asked for the session token of an invoice.
    pub(crate) can_recover: bool,
    /// The merchant's server can void an invoice for which it has accepted no check sale.
    pub(crate) can_void: bool,
    /// The gateway's operator allows quick requests after the browser's return.
    pub(crate) bursts: bool,
}

impl Setup {
    /// Each feature at least once with and once without, and recovery with each.
    pub(crate) const ALL: [Self; 3] = [
        Self {
            has_access_token: true,
            can_recover: true,
            can_void: false,
            bursts: true,
        },
        Self {
            has_access_token: true,
            can_recover: false,
            can_void: false,
            bursts: false,
        },
        Self {
            has_access_token: false,
            can_recover: true,
            can_void: true,
            bursts: false,
        },
    ];

    /// Timeouts of two or three requests each. The gaps cannot be shorter, because the flow's own constants (the grace
    /// of a resumed sale, the pauses between tries) are fixed.
    fn plan(self) -> Plan {
        Plan {
            pacing: Pacing {
                challenge_gap: 12_000,
                processing_gap: 10_000,
                floor: 6_000,
                aim_after_perform: 1_500,
                aim_after_return: 1_500,
                burst: u8::from(self.bursts),
                burst_gap: 1_000,
                longest_backoff: 12_000,
            },
            processing_window: 10_000,
            challenge_window: 12_000,
            recovery_window: 2_500,
            initiate_tries: 2,
            perform_tries: 2,
            can_request_access_token: !self.has_access_token,
            can_recover_session: self.can_recover,
            wants_stored_card: true,
            allows_loopback_http: false,
        }
    }

    /// The sale before anything has happened.
    pub(crate) fn sale(self) -> State {
        let card = CardSummary::new(CardBrand::Visa, "1111", 16).unwrap();
        let order = Order {
            amount: Money::from_minor_units(1_050, "EUR").unwrap(),
            serial_number: "device".to_owned(),
            card: Some(card),
            merchant_order_id: None,
        };
        let parties = Parties {
            gateway_url: "https://gateway.example".to_owned(),
            merchant: MerchantServer::AppBackend,
        };
        let access_token = self.has_access_token.then(|| Secret::new("access"));
        State::new(
            SaleId::from_random([7; 16]),
            parties,
            order,
            self.plan(),
            access_token,
            Jitter(0),
            START,
        )
    }
}

/// How much may still happen. Everything except `resumes` and `challenges`, which also happen without faults, is
/// counted together in `faults`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct Budget {
    /// Faults of all kinds below together.
    pub(crate) faults: u8,
    /// The process is killed.
    pub(crate) kills: u8,
    /// The app cancels.
    pub(crate) cancels: u8,
    /// A request or an answer is lost, or a request never leaves the device.
    pub(crate) losses: u8,
    /// An answer, or the result of a commit, comes a second time at any later moment; or an answer comes after it was
    /// given up as lost.
    pub(crate) duplicates: u8,
    /// A status answer is created now and arrives later, perhaps after newer ones.
    pub(crate) delays: u8,
    /// A server answers with something unexpected: it refuses, fails, or sends an unknown state.
    pub(crate) oddities: u8,
    /// The app or the browser reports something, true or not: foreground, background, returned, closed, failed.
    pub(crate) signals: u8,
    /// The phone sleeps through all timeouts, or its clock is set back.
    pub(crate) clocks: u8,
    /// A snapshot cannot be saved, or is saved and reported as failed.
    pub(crate) storage: u8,
    /// Another run of the sale begins while one is running.
    pub(crate) runs: u8,
    /// A sale is resumed.
    pub(crate) resumes: u8,
    /// The other one of two runs continues.
    pub(crate) switches: u8,
    /// The gateway asks for a (further) challenge.
    pub(crate) challenges: u8,
}

const ONE_OF_EACH: Budget = Budget {
    faults: 1,
    kills: 1,
    cancels: 1,
    losses: 1,
    duplicates: 1,
    delays: 1,
    oddities: 1,
    signals: 1,
    clocks: 1,
    storage: 1,
    runs: 1,
    resumes: 1,
    switches: 2,
    challenges: 1,
};

/// The normal profile, which takes seconds: any one fault; two of those that can make outcome and money differ (kills,
/// cancels, losses and a failing store); an app that is killed in the background, where every phase is stored; and two
/// runs at once with one more fault of that kind.
pub(crate) const NORMAL: &[Budget] = &[
    Budget { runs: 0, ..ONE_OF_EACH },
    Budget {
        faults: 2,
        duplicates: 0,
        delays: 0,
        oddities: 0,
        signals: 0,
        clocks: 0,
        runs: 0,
        ..ONE_OF_EACH
    },
    Budget {
        faults: 2,
        losses: 0,
        duplicates: 0,
        delays: 0,
        oddities: 0,
        clocks: 0,
        storage: 0,
        runs: 0,
        ..ONE_OF_EACH
    },
    Budget {
        faults: 2,
        duplicates: 0,
        delays: 0,
        oddities: 0,
        signals: 0,
        clocks: 0,
        resumes: 0,
        challenges: 0,
        ..ONE_OF_EACH
    },
];

/// The long profile, which takes minutes: any two faults, with a second challenge; two runs at once, with a challenge
/// and every fault; and three kills, cancels, losses and store failures, with a second resume. More than a million
/// states.
pub(crate) const LONG: &[Budget] = &[
    Budget {
        faults: 2,
        kills: 2,
        cancels: 2,
        losses: 2,
        duplicates: 2,
        delays: 2,
        oddities: 2,
        signals: 2,
        clocks: 2,
        storage: 2,
        runs: 0,
        resumes: 1,
        switches: 0,
        challenges: 2,
    },
    ONE_OF_EACH,
    Budget {
        faults: 3,
        kills: 2,
        duplicates: 0,
        delays: 0,
        oddities: 0,
        signals: 0,
        clocks: 0,
        runs: 0,
        resumes: 2,
        ..ONE_OF_EACH
    },
];

/// For mutants: any one fault, and enough normal events.
pub(crate) const MUTANTS: Budget = ONE_OF_EACH;

/// The kinds of faults.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum FaultKind {
    Kill,
    Cancel,
    Loss,
    Duplicate,
    Delay,
    Oddity,
    Signal,
    Clock,
    Storage,
    Run,
}

impl Budget {
    /// Whether a fault of `kind` may still happen.
    pub(crate) fn allows(&self, kind: FaultKind) -> bool {
        let mut copy = *self;
        copy.spend(kind)
    }

    /// Whether two runs can exist at once.
    pub(crate) const fn has_second_runs(&self) -> bool {
        self.runs > 0
    }

    /// Whether a resumed sale can reach a challenge.
    pub(crate) const fn has_pages_in_second_runs(&self) -> bool {
        self.resumes > 0 && self.challenges > 0
    }

    /// Uses up one fault of `kind`, if one is left.
    pub(crate) fn spend(&mut self, kind: FaultKind) -> bool {
        if self.faults == 0 || *self.by_kind()[kind as usize] == 0 {
            return false;
        }
        *self.by_kind()[kind as usize] -= 1;
        self.faults -= 1;
        self.level();
        true
    }

    /// Lowers what is left of each kind to what is left in total. More could not happen anyway, and worlds that allow
    /// the same become equal.
    fn level(&mut self) {
        let most = self.faults;
        for left in self.by_kind() {
            *left = (*left).min(most);
        }
    }

    /// In the order of [`FaultKind`].
    fn by_kind(&mut self) -> [&mut u8; 10] {
        [
            &mut self.kills,
            &mut self.cancels,
            &mut self.losses,
            &mut self.duplicates,
            &mut self.delays,
            &mut self.oddities,
            &mut self.signals,
            &mut self.clocks,
            &mut self.storage,
            &mut self.runs,
        ]
    }
}

impl std::fmt::Display for Budget {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(
            formatter,
            "at most {} of: kills {}, cancels {}, losses {}, duplicates {}, delays {}, oddities {}, signals {}, \
             clocks {}, storage {}, other runs {}; and resumes {}, switches {}, challenges {}",
            self.faults,
            self.kills,
            self.cancels,
            self.losses,
            self.duplicates,
            self.delays,
            self.oddities,
            self.signals,
            self.clocks,
            self.storage,
            self.runs,
            self.resumes,
            self.switches,
            self.challenges
        )
    }
}
