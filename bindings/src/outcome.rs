//! States and outcomes of a sale as they cross the FFI boundary. They mirror the core's types where those contain
//! something that UniFFI cannot pass as it is. Every conversion is exhaustive and destructures its value, so a new case
//! or member in the core breaks the build here.

use salekit_core::{CardBrand, CardSummaryParts, DeclineAdvice, NotCharged, Remains, UnknownOutcome};

use crate::{Money, Parties};

/// The state of a sale. See the contract. `Debug` leaves a page's address out, as in the core.
#[derive(Clone, PartialEq, Eq)]
#[allow(missing_docs, reason = "the contract says it, for those who see these fields")]
#[allow(
    clippy::large_enum_variant,
    reason = "one at a time, on its way to the other language"
)]
pub enum SaleState {
    Initiating,
    Performing,
    Recovering,
    Processing,
    Challenge {
        url: String,
        is_open: bool,
    },
    Finished {
        outcome: SaleOutcome,
    },
    /// This version never creates it. It exists so that apps have a branch for states that later versions add.
    Other {
        name: String,
    },
}

impl std::fmt::Debug for SaleState {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Initiating => formatter.write_str("Initiating"),
            Self::Performing => formatter.write_str("Performing"),
            Self::Recovering => formatter.write_str("Recovering"),
            Self::Processing => formatter.write_str("Processing"),
            Self::Challenge { url: _, is_open } => formatter
                .debug_struct("Challenge")
                .field("is_open", is_open)
                .finish_non_exhaustive(),
            Self::Finished { outcome } => formatter.debug_tuple("Finished").field(outcome).finish(),
            Self::Other { name } => formatter.debug_tuple("Other").field(name).finish(),
        }
    }
}

impl From<salekit_core::SaleState> for SaleState {
    fn from(state: salekit_core::SaleState) -> Self {
        use salekit_core::SaleState as Core;
        match state {
            Core::Initiating => Self::Initiating,
            Core::Performing => Self::Performing,
            Core::Recovering => Self::Recovering,
            Core::Processing => Self::Processing,
            Core::Challenge { url, is_open } => Self::Challenge { url, is_open },
            Core::Finished(outcome) => Self::Finished {
                outcome: (*outcome).into(),
            },
        }
    }
}

/// How a sale ended. See the contract.
#[derive(Debug, Clone, PartialEq, Eq)]
#[allow(missing_docs, reason = "the contract says it, for those who see these fields")]
pub enum SaleOutcome {
    Approved { receipt: SaleReceipt },
    Declined { decline: Decline },
    NotCharged { not_charged: NotCharged },
    Unknown { unknown: UnknownOutcome },
}

impl From<salekit_core::SaleOutcome> for SaleOutcome {
    fn from(outcome: salekit_core::SaleOutcome) -> Self {
        use salekit_core::SaleOutcome as Core;
        match outcome {
            Core::Approved(receipt) => Self::Approved {
                receipt: (*receipt).into(),
            },
            Core::Declined(decline) => Self::Declined {
                decline: (*decline).into(),
            },
            Core::NotCharged(not_charged) => Self::NotCharged {
                not_charged: *not_charged,
            },
            Core::Unknown(unknown) => Self::Unknown { unknown: *unknown },
        }
    }
}

/// What the gateway says about an approved sale. See the contract.
#[derive(Debug, Clone, PartialEq, Eq)]
#[allow(missing_docs, reason = "the contract says it, for those who see these fields")]
pub struct SaleReceipt {
    pub invoice_id: String,
    pub order_id: Option<String>,
    pub bank_order_id: Option<String>,
    pub requested_amount: Money,
    pub amount: Option<Money>,
    pub commission_minor_units: Option<i64>,
    pub order_created: Option<String>,
    pub transaction_created: Option<String>,
    pub three_d_secure: Option<ThreeDSecureStatus>,
    pub card: Option<CardSummary>,
}

impl From<salekit_core::SaleReceipt> for SaleReceipt {
    fn from(receipt: salekit_core::SaleReceipt) -> Self {
        let salekit_core::SaleReceipt {
            invoice_id,
            order_id,
            bank_order_id,
            requested_amount,
            amount,
            commission_minor_units,
            order_created,
            transaction_created,
            three_d_secure,
            card,
        } = receipt;
        Self {
            invoice_id,
            order_id,
            bank_order_id,
            requested_amount: (&requested_amount).into(),
            amount: amount.as_ref().map(Into::into),
            commission_minor_units,
            order_created,
            transaction_created,
            three_d_secure: three_d_secure.map(Into::into),
            card: card.map(Into::into),
        }
    }
}

/// What may be shown and kept of a card. See the contract.
#[derive(Debug, Clone, PartialEq, Eq)]
#[allow(missing_docs, reason = "the contract says it, for those who see these fields")]
pub struct CardSummary {
    pub brand: CardBrand,
    pub last4: String,
    pub length: u32,
    pub display: String,
}

impl From<salekit_core::CardSummary> for CardSummary {
    fn from(card: salekit_core::CardSummary) -> Self {
        let CardSummaryParts { brand, last4, length } = card.parts();
        Self {
            brand,
            last4: last4.to_owned(),
            // At most 19.
            length: u32::try_from(length).unwrap_or_default(),
            display: card.to_string(),
        }
    }
}

/// `secure3DAuthStatus`. See the contract.
#[derive(Debug, Clone, PartialEq, Eq)]
#[allow(missing_docs, reason = "the contract says it, for those who see these fields")]
pub enum ThreeDSecureStatus {
    Authenticated,
    NotAuthenticated,
    Unsupported,
    Other { word: String },
}

impl From<salekit_core::ThreeDSecureStatus> for ThreeDSecureStatus {
    fn from(status: salekit_core::ThreeDSecureStatus) -> Self {
        use salekit_core::ThreeDSecureStatus as Core;
        match status {
            Core::Authenticated => Self::Authenticated,
            Core::NotAuthenticated => Self::NotAuthenticated,
            Core::Unsupported => Self::Unsupported,
            Core::Other(word) => Self::Other { word },
        }
    }
}

/// What the gateway says about a declined sale. See the contract.
#[derive(Debug, Clone, PartialEq, Eq)]
#[allow(missing_docs, reason = "the contract says it, for those who see these fields")]
pub struct Decline {
    pub invoice_id: String,
    pub order_id: Option<String>,
    pub bank_order_id: Option<String>,
    pub error_code: Option<i64>,
    pub gateway_message: Option<String>,
    pub three_d_secure: Option<ThreeDSecureStatus>,
    pub advice: DeclineAdvice,
}

impl From<salekit_core::Decline> for Decline {
    fn from(decline: salekit_core::Decline) -> Self {
        let salekit_core::Decline {
            invoice_id,
            order_id,
            bank_order_id,
            error_code,
            gateway_message,
            three_d_secure,
            advice,
        } = decline;
        Self {
            invoice_id,
            order_id,
            bank_order_id,
            error_code,
            gateway_message,
            three_d_secure: three_d_secure.map(Into::into),
            advice,
        }
    }
}

/// The stored sales. See the contract.
#[derive(Debug, Clone, PartialEq, Eq)]
#[allow(missing_docs, reason = "the contract says it, for those who see these fields")]
pub struct PendingSales {
    pub sales: Vec<PendingSale>,
    pub foreign: Vec<ForeignSale>,
    pub damaged: Vec<DamagedSale>,
}

/// A stored sale. See the contract.
#[derive(Debug, Clone, PartialEq, Eq)]
#[allow(missing_docs, reason = "the contract says it, for those who see these fields")]
pub struct PendingSale {
    pub id: String,
    pub state: SaleState,
    pub amount: Money,
    pub merchant_order_id: Option<String>,
    pub invoice_id: Option<String>,
    pub started_at_millis: u64,
}

/// A stored sale of another gateway, or for another merchant's server, than the client has. See the contract.
#[derive(Debug, Clone, PartialEq, Eq)]
#[allow(missing_docs, reason = "the contract says it, for those who see these fields")]
pub struct ForeignSale {
    pub id: String,
    pub parties: Parties,
    pub amount: Money,
    pub merchant_order_id: Option<String>,
    pub invoice_id: Option<String>,
    pub started_at_millis: u64,
}

/// A stored sale that cannot be used. See the contract.
#[derive(Debug, Clone, PartialEq, Eq)]
#[allow(missing_docs, reason = "the contract says it, for those who see these fields")]
pub struct DamagedSale {
    pub id: String,
    pub invoice_id: Option<String>,
    pub merchant_order_id: Option<String>,
    pub amount: Option<Money>,
    pub detail: String,
}

impl From<salekit_core::PendingSales> for PendingSales {
    fn from(pending: salekit_core::PendingSales) -> Self {
        let salekit_core::PendingSales {
            sales,
            foreign,
            damaged,
        } = pending;
        Self {
            sales: sales.into_iter().map(Into::into).collect(),
            foreign: foreign.into_iter().map(Into::into).collect(),
            damaged: damaged.into_iter().map(Into::into).collect(),
        }
    }
}

impl From<salekit_core::PendingSale> for PendingSale {
    fn from(sale: salekit_core::PendingSale) -> Self {
        let salekit_core::PendingSale {
            id,
            state,
            amount,
            merchant_order_id,
            invoice_id,
            started_at,
        } = sale;
        Self {
            id: id.to_string(),
            state: state.into(),
            amount: (&amount).into(),
            merchant_order_id,
            invoice_id,
            started_at_millis: started_at.0,
        }
    }
}

impl From<salekit_core::ForeignSale> for ForeignSale {
    fn from(sale: salekit_core::ForeignSale) -> Self {
        let salekit_core::ForeignSale {
            id,
            parties,
            amount,
            merchant_order_id,
            invoice_id,
            started_at,
        } = sale;
        Self {
            id: id.to_string(),
            parties: parties.into(),
            amount: (&amount).into(),
            merchant_order_id,
            invoice_id,
            started_at_millis: started_at.0,
        }
    }
}

impl From<salekit_core::DamagedSale> for DamagedSale {
    fn from(damaged: salekit_core::DamagedSale) -> Self {
        let salekit_core::DamagedSale { id, remains, problem } = damaged;
        let Remains {
            invoice_id,
            merchant_order_id,
            amount,
        } = remains;
        Self {
            id: id.to_string(),
            invoice_id,
            merchant_order_id,
            amount: amount.as_ref().map(Into::into),
            detail: problem.to_string(),
        }
    }
}
