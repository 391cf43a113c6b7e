//! A sale as the gateway keeps it, and the answer to a status request about it. How it moves on is `processing`.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use serde_json::{Value, json};
use time::{OffsetDateTime, format_description::FormatItem, macros::format_description};
use tokio::sync::watch;
use url::Url;

use super::{perform::Perform, vault::Fingerprint};
use crate::{
    config::{CheckTiming, SandboxConfig},
    error::SandboxError,
    protocol::random,
    record::SaleState,
    script::{
        Script,
        outcome::{Decline, Outcome},
    },
    stage::EntryState,
};

/// `2017-11-27 16:45:47.000+0000`, the form both vendor SDKs parse.
const DATE: &[FormatItem<'static>] = format_description!(
    "[year]-[month]-[day] [hour]:[minute]:[second].[subsecond digits:3][offset_hour sign:mandatory][offset_minute]"
);

/// What the sale is paid with.
#[derive(Debug)]
pub(crate) enum Source {
    Card(Fingerprint),
    Reference { client_card_id: String },
}

/// How a person wants a sale to end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum End {
    Approve,
    Decline,
}

/// A sale: facts that never change, and how far it got.
pub(crate) struct Sale {
    pub(crate) invoice_id: String,
    pub(crate) order_id: String,
    pub(crate) serial_number: String,
    pub(crate) access_token: String,
    pub(crate) nonce: String,
    pub(crate) signature: String,
    pub(crate) token: String,
    pub(crate) email: Option<String>,
    pub(crate) amount_minor: u64,
    pub(crate) currency: String,
    pub(crate) source: Source,
    pub(crate) outcome: Outcome,
    pub(crate) script: Option<Arc<Script>>,
    bank_order_id: String,
    created: OffsetDateTime,
    /// How a person wants it to end, now.
    pub(super) by_hand: watch::Sender<Option<End>>,
    progress: Mutex<Progress>,
}

/// How far a sale got.
#[derive(Debug, Clone)]
pub(crate) struct Progress {
    pub(crate) state: State,
    /// `secure3DAuthStatus`.
    pub(crate) authentication: Option<&'static str>,
    /// A status answer told the app to redirect, so the app is in the challenge or past it.
    pub(crate) redirect_told: bool,
    /// The card of a sale by reference, once the merchant named it.
    pub(crate) server_card_id: Option<String>,
    /// The merchant's server stands by it. Without that nothing is charged.
    pub(crate) is_checked: bool,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum State {
    Processing,
    Redirect { page_id: String },
    Approved,
    Declined(Decline),
}

impl State {
    pub(crate) fn name(&self) -> &'static str {
        match self {
            Self::Processing => "PROCESSING",
            Self::Redirect { .. } => "REDIRECT_REQUEST",
            Self::Approved => "APPROVED",
            Self::Declined(_) => "DECLINED",
        }
    }

    pub(crate) fn in_ledger(&self) -> EntryState {
        match self {
            Self::Processing => EntryState::Processing,
            Self::Redirect { .. } => EntryState::Redirect,
            Self::Approved => EntryState::Approved,
            Self::Declined(_) => EntryState::Declined,
        }
    }

    pub(crate) fn on_record(&self) -> SaleState {
        match self {
            Self::Processing => SaleState::Processing,
            Self::Redirect { .. } => SaleState::Challenge,
            Self::Approved => SaleState::Approved,
            Self::Declined(_) => SaleState::Declined,
        }
    }

    /// Why it was declined.
    pub(crate) fn reason(&self) -> Option<String> {
        match self {
            Self::Declined(Decline { code, message }) => Some(format!("{code} {message}")),
            _ => None,
        }
    }

    pub(crate) fn is_final(&self) -> bool {
        matches!(self, Self::Approved | Self::Declined(_))
    }
}

/// What a sale begins with.
pub(crate) struct Opening {
    pub(crate) invoice_id: String,
    pub(crate) order_id: String,
    pub(crate) request: Perform,
    pub(crate) source: Source,
    pub(crate) outcome: Outcome,
    pub(crate) script: Option<Arc<Script>>,
}

impl Sale {
    pub(crate) fn open(opening: Opening) -> Result<Self, SandboxError> {
        let Opening {
            invoice_id,
            order_id,
            request,
            source,
            outcome,
            script,
        } = opening;
        Ok(Self {
            invoice_id,
            order_id,
            serial_number: request.serial_number,
            access_token: request.access_token,
            nonce: request.nonce,
            signature: request.signature,
            token: random::hex_id()?,
            email: request.email,
            amount_minor: request.amount_minor,
            currency: request.currency,
            source,
            outcome,
            script,
            bank_order_id: format!("SB{}", random::number()?),
            created: OffsetDateTime::now_utc(),
            by_hand: watch::Sender::new(None),
            progress: Mutex::new(Progress {
                state: State::Processing,
                authentication: None,
                redirect_told: false,
                server_card_id: None,
                is_checked: false,
            }),
        })
    }

    pub(crate) fn progress(&self) -> MutexGuard<'_, Progress> {
        self.progress.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// When the merchant's server is asked about it: as scripted, or as configured.
    pub(crate) fn check_timing(&self, config: &SandboxConfig) -> CheckTiming {
        let scripted = self.script.as_ref().and_then(|script| script.check_timing);
        scripted.unwrap_or(config.check_timing)
    }

    /// The perform answer.
    pub(crate) fn perform_answer(&self) -> Value {
        json!({"invoiceId": self.invoice_id, "session": {"token": self.token}})
    }

    /// The status answer; `page_url` makes the redirect URL of a page id.
    pub(crate) fn status_answer(
        &self,
        progress: &Progress,
        with_currency: bool,
        page_url: impl FnOnce(&str) -> Url,
    ) -> Value {
        let created = self.created.format(DATE).unwrap_or_default();
        let mut answer = json!({
            "invoiceId": self.invoice_id,
            "session": {"token": self.token},
            "state": progress.state.name(),
            "orderId": self.order_id,
            "transaction": {
                "amountCentis": self.amount_minor,
                "orderCreatedDate": created,
                "transactionCreatedDate": created,
            },
        });
        if with_currency {
            answer["transaction"]["currency"] = self.currency.as_str().into();
        }
        match &progress.state {
            State::Processing => {}
            State::Redirect { page_id } => answer["redirectUrl"] = page_url(page_id).as_str().into(),
            State::Approved => answer["bankOrderId"] = self.bank_order_id.as_str().into(),
            State::Declined(Decline { code, message }) => {
                answer["bankOrderId"] = self.bank_order_id.as_str().into();
                answer["errorCode"] = (*code).into();
                answer["errorMessage"] = message.as_str().into();
            }
        }
        if let (true, Some(authentication)) = (progress.state.is_final(), progress.authentication) {
            answer["secure3DAuthStatus"] = authentication.into();
        }
        answer
    }
}

/// All sales of this run, by invoice.
#[derive(Default)]
pub(crate) struct Sales {
    by_invoice: Mutex<HashMap<String, Arc<Sale>>>,
}

impl Sales {
    pub(crate) fn find(&self, invoice_id: &str) -> Option<Arc<Sale>> {
        self.lock().get(invoice_id).cloned()
    }

    /// Keeps a new sale, or gives back the one its invoice has already: the one place that decides between two
    /// performs that arrive together.
    pub(crate) fn insert(&self, sale: Sale) -> Result<Arc<Sale>, Arc<Sale>> {
        let mut sales = self.lock();
        if let Some(first) = sales.get(&sale.invoice_id) {
            return Err(Arc::clone(first));
        }
        let sale = Arc::new(sale);
        sales.insert(sale.invoice_id.clone(), Arc::clone(&sale));
        Ok(sale)
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<String, Arc<Sale>>> {
        self.by_invoice.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
