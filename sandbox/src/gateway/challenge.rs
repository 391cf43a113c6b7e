//! What a page asks a cardholder for, what became of it, and what the issuer says to it. Where answers arrive is `page`,
//! how a page looks `html`, what counts as right `form`.

use crate::cardholder::{ONE_TIME_CODE, PASSWORD};

/// A page of the issuer.
#[derive(Debug, Clone)]
pub(super) enum PageKind {
    /// Collects browser data and forwards to the next page.
    Fingerprint { next: String },
    /// Asks the cardholder for something; `answered` if the issuer reacts to it. Counts wrong answers.
    Challenge { ask: Ask, answered: bool, wrong: u8 },
}

impl PageKind {
    pub(super) fn name(&self) -> &'static str {
        match self {
            Self::Fingerprint { .. } => "fingerprint page",
            Self::Challenge { .. } => "challenge page",
        }
    }
}

/// What the cardholder did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Answered {
    Passed,
    Failed,
    Cancelled,
    /// Nothing, for longer than the page lives; told by a person who does not want to wait for it.
    Late,
}

/// What a page says after its end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum End {
    Answered(Answered),
    Expired,
}

/// What the issuer asks the cardholder for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Ask {
    Password,
    /// A code that the bank sent in a message.
    OneTimeCode,
}

impl Ask {
    /// What the right cardholder knows.
    pub(super) fn answer(self) -> &'static str {
        match self {
            Self::Password => PASSWORD,
            Self::OneTimeCode => ONE_TIME_CODE,
        }
    }
}

/// What the issuer says to what was sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Notice {
    /// Nothing was entered.
    Empty,
    /// It was wrong; so many tries are left.
    Wrong(u8),
    /// The issuer does not react.
    Silent,
}
