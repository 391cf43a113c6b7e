//! How a sale ends: the one type that says whether money moved.
//!
//! Every end is *charged*, *not charged* or *unknown* ([`SaleOutcome::charge`]), and nothing here is ever guessed:
//! `Approved` and `Declined` are the gateway's word, `NotCharged` is proven on this side, all else is `Unknown`.

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
    /// It is not, and this sale will not charge it any more.
    NotCharged,
    /// Nobody on this side can tell. The merchant's server will know by the gateway's callback.
    Unknown,
}

/// The end of a sale.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum SaleOutcome {
    /// The gateway says `APPROVED`.
    Approved(Box<SaleReceipt>),
    /// The gateway says `DECLINED`.
    Declined(Box<Decline>),
    /// The sale ended before anything could be charged, provably.
    NotCharged(Box<NotCharged>),
    /// The sale may be charged or not; asking again later may tell.
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

    /// The outcome's word: `approved`, `declined`, `not_charged` or `unknown`.
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Approved(_) => "approved",
            Self::Declined(_) => "declined",
            Self::NotCharged(_) => "not_charged",
            Self::Unknown(_) => "unknown",
        }
    }
}

/// What the gateway told of an approved sale. Members that it left out are `None`.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct SaleReceipt {
    /// `invoiceId`: the merchant's name for the sale.
    pub invoice_id: String,
    /// `orderId`: the gateway's.
    pub order_id: Option<String>,
    /// `bankOrderId`: the bank's.
    pub bank_order_id: Option<String>,
    /// The amount that the app asked for.
    pub requested_amount: Money,
    /// The amount that the gateway confirmed: `transaction.amountCentis` and `.currency`, or in the requested currency
    /// where it names none. Nothing where it names no amount, or one that cannot be read.
    pub amount: Option<Money>,
    /// `transaction.commissionCentis`, in minor units of the currency of `amount`, or of `requested_amount` where there is
    /// no `amount`.
    pub commission_minor_units: Option<i64>,
    /// `transaction.orderCreatedDate`, as the gateway wrote it (for example `2017-11-27 16:45:47.000+0300`).
    pub order_created: Option<String>,
    /// `transaction.transactionCreatedDate`, likewise.
    pub transaction_created: Option<String>,
    /// `secure3DAuthStatus`.
    pub three_d_secure: Option<ThreeDSecureStatus>,
    /// CardBrand and last four digits, where the sale was made with a card number.
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
        // An amount in a currency that nobody can name is no amount.
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

    /// Whether the gateway confirmed another amount than the one that was requested, for example a part of it.
    pub fn amount_differs(&self) -> bool {
        self.amount
            .as_ref()
            .is_some_and(|amount| *amount != self.requested_amount)
    }

    /// The amount to show to the payer: the confirmed one, or the requested one where the gateway confirmed none.
    pub fn amount_to_show(&self) -> &Money {
        self.amount.as_ref().unwrap_or(&self.requested_amount)
    }
}

/// Why a sale ended before anything could be charged.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct NotCharged {
    /// The reason.
    pub reason: NotChargedReason,
    /// A sentence for a developer or the support, without secrets.
    pub detail: String,
    /// The failure underneath, where a request failed.
    pub failure: Option<FailureKind>,
    /// `error.code` of the refusal: give it to the support.
    pub support_reference: Option<String>,
    /// `invoiceId`, once there is one.
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
    /// The app ended before perform sale was sent. Card data is never kept, so start a new sale.
    Interrupted,
    /// The merchant's server gave no usable access token.
    AccessTokenRefused,
    /// The merchant's server refused to initiate the sale.
    InitiateRefused,
    /// The merchant's server could not be reached, or did not give a usable answer to initiate sale.
    MerchantUnavailable,
    /// No connection to the gateway: not one byte of perform sale was sent.
    GatewayUnreachable,
    /// The gateway refused perform sale.
    PerformRefused,
    /// The snapshot that must be saved before perform sale could not be saved, so perform sale was not sent.
    StorageFailed,
    /// The merchant's server named an invoice that another sale has, so perform sale was not sent.
    InvoiceInUse,
    /// Another sale with the same merchant order id is unfinished or has an unknown outcome, so perform sale was not sent. Resume or
    /// forget that one first, or allow a duplicate.
    OrderInUse,
    /// Perform sale may have been sent, but the gateway never had it accepted by the merchant's server, which has voided
    /// the invoice: it will never be charged.
    InvoiceVoided,
}

/// A sale whose end is not known here.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct UnknownOutcome {
    /// Why it is not known.
    pub reason: UnknownReason,
    /// What to do about it.
    pub advice: UnknownAdvice,
    /// `invoiceId`: ask the merchant's server about it.
    pub invoice_id: String,
    /// `orderId`, if the gateway told it.
    pub order_id: Option<String>,
    /// A sentence for a developer or the support, without secrets.
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
    /// The answer to perform sale was lost or unclear, and nobody could name the sale's session token.
    PerformAnswerLost,
    /// The gateway refused perform sale, but the merchant's server could not be asked whether the gateway took an earlier
    /// copy of the request: something between app and gateway may have sent it twice.
    RefusalUnconfirmed,
    /// The gateway still said that it is processing when the time for that was over.
    StillProcessing,
    /// The cardholder had not finished the challenge when the time for that was over.
    ChallengeUnfinished,
    /// The gateway gave no usable answer to status requests until the time was over.
    StatusUnavailable,
    /// The app stopped waiting (cancel) before the gateway had decided.
    StoppedWaiting,
    /// SaleKit's engine was stopped before the sale had ended.
    EngineStopped,
}

/// What to do about an [`UnknownOutcome`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum UnknownAdvice {
    /// Resume the sale later: the gateway can be asked again. The merchant's server will also know by the callback.
    ResumeOrAskMerchant,
    /// Only the merchant's server can tell, by the gateway's callback.
    AskMerchant,
}

impl UnknownAdvice {
    /// The advice as an English sentence for the payer: that of `bindings/messages/en.json`.
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
