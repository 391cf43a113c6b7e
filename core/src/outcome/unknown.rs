//! A sale of which SaleKit does not know whether it was charged, why, and what to do about it.

use serde::{Deserialize, Serialize};

use crate::json::{stored_struct, stored_words};

/// A sale whose outcome SaleKit does not know.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct UnknownOutcome {
    /// Why it is unknown.
    pub reason: UnknownReason,
    /// What to do about it.
    pub advice: UnknownAdvice,
    /// `invoiceId`: ask the merchant's server about it.
    pub invoice_id: String,
    /// `orderId`, if the gateway sent it.
    pub order_id: Option<String>,
    /// A sentence for developers and support, without secrets.
    pub detail: String,
}

stored_struct!(UnknownOutcome {
    reason,
    advice,
    invoice_id,
    order_id,
    detail
});

/// The reasons of [`UnknownOutcome`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(not(feature = "exhaustive"), non_exhaustive)]
pub enum UnknownReason {
    /// The answer to perform sale was lost or unclear, and the merchant's server did not return the sale's session
    /// token.
    PerformAnswerLost,
    /// The gateway refused perform sale, but the request may have been sent twice on its way, and the merchant's server
    /// could not say whether the gateway accepted an earlier copy.
    RefusalUnconfirmed,
    /// The gateway was still processing when the processing timeout ended.
    StillProcessing,
    /// The cardholder had not finished the challenge when the challenge timeout ended.
    ChallengeUnfinished,
    /// The gateway gave no usable answer to status requests before the timeout.
    StatusUnavailable,
    /// The app cancelled, so SaleKit stopped waiting before the gateway decided.
    StoppedWaiting,
    /// SaleKit's engine was stopped before the sale ended.
    EngineStopped,
}

/// What to do about an [`UnknownOutcome`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(not(feature = "exhaustive"), non_exhaustive)]
pub enum UnknownAdvice {
    /// Resume the sale later, so that the gateway is asked again. The merchant's server also learns the outcome from
    /// the callback.
    ResumeOrAskMerchant,
    /// Only the merchant's server can learn the outcome, from the gateway's callback.
    AskMerchant,
}

impl UnknownAdvice {
    /// The advice as an English sentence for the payer, from `bindings/messages/en.json`.
    pub const fn message(self) -> &'static str {
        match self {
            Self::ResumeOrAskMerchant => {
                "The payment is not decided yet. Please do not pay again. Check back later; the shop will know the result."
            }
            Self::AskMerchant => {
                "The payment may have gone through. Please do not pay again until the shop has confirmed it."
            }
        }
    }
}

stored_words!(UnknownReason {
    PerformAnswerLost,
    RefusalUnconfirmed,
    StillProcessing,
    ChallengeUnfinished,
    StatusUnavailable,
    StoppedWaiting,
    EngineStopped,
});

stored_words!(UnknownAdvice {
    ResumeOrAskMerchant,
    AskMerchant,
});
