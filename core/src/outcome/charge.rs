//! Whether money moved: the four ends of a sale, and the one function that says what each means for the money.

use serde::{Deserialize, Serialize};

use super::{decline::Decline, not_charged::NotCharged, receipt::SaleReceipt, unknown::UnknownOutcome};

/// Whether money moved.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Charge {
    /// The cardholder's account is charged.
    Charged,
    /// It is not charged, and this sale will not charge it later.
    NotCharged,
    /// SaleKit cannot know. The merchant's server learns it from the gateway's callback.
    Unknown,
}

/// How a sale ended.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum SaleOutcome {
    /// The gateway says `APPROVED`.
    Approved(Box<SaleReceipt>),
    /// The gateway says `DECLINED`.
    Declined(Box<Decline>),
    /// The sale provably ended before anything could be charged.
    NotCharged(Box<NotCharged>),
    /// The sale may have been charged. Asking again later may give the answer.
    Unknown(Box<UnknownOutcome>),
}

impl SaleOutcome {
    /// Whether money moved.
    pub const fn charge(&self) -> Charge {
        match self {
            Self::Approved(_) => Charge::Charged,
            Self::Declined(_) | Self::NotCharged(_) => Charge::NotCharged,
            Self::Unknown(_) => Charge::Unknown,
        }
    }

    /// The outcome's name: `approved`, `declined`, `not_charged` or `unknown`.
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Approved(_) => "approved",
            Self::Declined(_) => "declined",
            Self::NotCharged(_) => "not_charged",
            Self::Unknown(_) => "unknown",
        }
    }
}
