//! How a sale ends: the one type that says whether money moved.
//!
//! Every outcome is *charged*, *not charged* or *unknown* ([`SaleOutcome::charge`]), and none is ever guessed.
//! `Approved` and `Declined` are the gateway's answer, `NotCharged` is proven by SaleKit, and everything else is
//! `Unknown`.

use serde::{Deserialize, Serialize};

use crate::{
    CardSummary, Decline, FailureKind, Money, ThreeDSecureStatus, message::status::SaleStatus, stored::stored_struct,
};

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

/// What the gateway said about an approved sale. Members that it left out are `None`.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct SaleReceipt {
    /// `invoiceId`: the merchant's id of the sale.
    pub invoice_id: String,
    /// `orderId`: the gateway's id of the sale.
    pub order_id: Option<String>,
    /// `bankOrderId`: the bank's id of the sale.
    pub bank_order_id: Option<String>,
    /// The amount that the app asked for.
    pub requested_amount: Money,
    /// The amount that the gateway confirmed: `transaction.amountCentis` and `.currency`, or the requested currency if
    /// the gateway names none. `None` if it names no amount, or one that cannot be read.
    pub amount: Option<Money>,
    /// `transaction.commissionCentis`, in minor units of the currency of `amount`, or of `requested_amount` if `amount`
    /// is `None`.
    pub commission_minor_units: Option<i64>,
    /// `transaction.orderCreatedDate`, as the gateway wrote it (for example `2017-11-27 16:45:47.000+0300`).
    pub order_created: Option<String>,
    /// `transaction.transactionCreatedDate`, likewise.
    pub transaction_created: Option<String>,
    /// `secure3DAuthStatus`.
    pub three_d_secure: Option<ThreeDSecureStatus>,
    /// Brand and last four digits, if the sale was made with a card number.
    pub card: Option<CardSummary>,
}

stored_struct!(SaleReceipt {
    invoice_id,
    order_id,
    bank_order_id,
    requested_amount,
    amount,
    commission_minor_units,
    order_created,
    transaction_created,
    three_d_secure,
    card
});

impl SaleReceipt {
    /// The receipt of the sale that `status` says is approved.
    pub(crate) fn new(status: &SaleStatus, invoice_id: String, requested: &Money, card: Option<CardSummary>) -> Self {
        let amount = status.confirmed_amount(requested);
        // An amount whose currency cannot be read is not an amount.
        let has_currency = amount.is_some() || status.currency_of_amounts(requested) == Some(requested.currency());
        Self {
            invoice_id,
            order_id: status.order_id.clone(),
            bank_order_id: status.bank_order_id.clone(),
            requested_amount: requested.clone(),
            amount,
            commission_minor_units: status.commission_minor_units.filter(|_| has_currency),
            order_created: status.order_created.clone(),
            transaction_created: status.transaction_created.clone(),
            three_d_secure: status.three_d_secure.clone(),
            card,
        }
    }

    /// Whether the gateway confirmed a different amount from the requested one, for example a part of it.
    pub fn amount_differs(&self) -> bool {
        self.amount
            .as_ref()
            .is_some_and(|amount| *amount != self.requested_amount)
    }

    /// The amount to show to the payer: the confirmed one, or the requested one if the gateway confirmed none.
    pub fn amount_to_show(&self) -> &Money {
        self.amount.as_ref().unwrap_or(&self.requested_amount)
    }
}

/// Why a sale ended before anything could be charged.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct NotCharged {
    /// The reason.
    pub reason: NotChargedReason,
    /// A sentence for developers and support, without secrets.
    pub detail: String,
    /// The underlying failure, if a request failed.
    pub failure: Option<FailureKind>,
    /// `error.code` of the refusal: quote it to support.
    pub support_reference: Option<String>,
    /// `invoiceId`, if the sale already had one.
    pub invoice_id: Option<String>,
}

stored_struct!(NotCharged {
    reason,
    detail,
    failure,
    support_reference,
    invoice_id
});

/// The reasons of [`NotCharged`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NotChargedReason {
    /// Cancelled before perform sale was sent.
    Cancelled,
    /// The app was stopped before perform sale was sent. Card data is never stored, so start a new sale.
    Interrupted,
    /// The merchant's server gave no usable access token.
    AccessTokenRefused,
    /// The merchant's server refused to initiate the sale.
    InitiateRefused,
    /// The merchant's server could not be reached, or its answer to initiate sale was not usable.
    MerchantUnavailable,
    /// No connection to the gateway: not one byte of perform sale was sent.
    GatewayUnreachable,
    /// The gateway refused perform sale.
    PerformRefused,
    /// The snapshot that must be saved before perform sale could not be saved, so perform sale was not sent.
    StorageFailed,
    /// The merchant's server returned an invoice that another sale already has, so perform sale was not sent.
    InvoiceInUse,
    /// Another sale with the same merchant order id is unfinished or has an unknown outcome, so perform sale was not
    /// sent. Resume or forget that sale first, or allow a duplicate.
    OrderInUse,
    /// Perform sale may have been sent, but the merchant's server accepted no check sale for the invoice and has voided
    /// it. The invoice will never be charged.
    InvoiceVoided,
}

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
