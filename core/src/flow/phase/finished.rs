//! The end of a sale: its outcome, the data that it keeps, and how to ask again about an unknown outcome.

use serde::Serialize;

use super::{Phase, Processing, Recovering, Trace};
use crate::{
    flow::{
        Effect, Invoice,
        context::Context,
        event::Event,
        page::Pages,
        polling::{Polling, Session},
    },
    json::{Parts, Stored, Value, stored_struct, variant},
    outcome::{
        Decline, DeclineAdvice, Failure, FailureKind, NotCharged, NotChargedReason, SaleOutcome, SaleReceipt,
        UnknownAdvice, UnknownOutcome, UnknownReason,
    },
    value::Secret,
    wire::{ErrorResponse, status::SaleStatus},
};

#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub(in crate::flow) enum Finished {
    Approved {
        receipt: Box<SaleReceipt>,
        /// The request for the stored card, if there may be one.
        stored_card: Option<StoredCardRequest>,
    },
    Declined(Box<Decline>),
    NotCharged(Box<NotCharged>),
    Unknown {
        end: Box<UnknownOutcome>,
        reopening: Reopening,
    },
}

/// The request for the card that the merchant's server stores for repeat sales.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize)]
pub struct StoredCardRequest {
    /// The invoice of the sale.
    pub invoice: Invoice,
    /// `session.accessToken`, the newest one.
    pub access_token: Secret,
}

stored_struct!(StoredCardRequest { invoice, access_token });

/// What is needed to ask again about a sale whose outcome is unknown.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub(in crate::flow) enum Reopening {
    /// The gateway can be asked.
    Poll { session: Session, pages: Pages },
    /// Only the merchant's server can be asked, if anyone.
    Recover(Trace),
}

impl Stored for Finished {
    fn read(value: Value<'_>) -> Option<Self> {
        let (name, held) = variant(value)?;
        Some(match name.as_str() {
            "approved" => {
                let held = Parts::of(held)?;
                Self::Approved {
                    receipt: held.part("receipt")?,
                    stored_card: held.part("stored_card")?,
                }
            }
            "declined" => Self::Declined(Stored::read(held)?),
            "not_charged" => Self::NotCharged(Stored::read(held)?),
            "unknown" => {
                let held = Parts::of(held)?;
                Self::Unknown {
                    end: held.part("end")?,
                    reopening: held.part("reopening")?,
                }
            }
            _ => return None,
        })
    }
}

impl Stored for Reopening {
    fn read(value: Value<'_>) -> Option<Self> {
        let (name, held) = variant(value)?;
        Some(match name.as_str() {
            "poll" => {
                let held = Parts::of(held)?;
                Self::Poll {
                    session: held.part("session")?,
                    pages: held.part("pages")?,
                }
            }
            "recover" => Self::Recover(Stored::read(held)?),
            _ => return None,
        })
    }
}

impl Finished {
    /// Whether not one byte of perform sale was sent.
    pub(in crate::flow) const fn has_not_performed(&self) -> bool {
        let Self::NotCharged(end) = self else { return false };
        match end.reason {
            NotChargedReason::Cancelled
            | NotChargedReason::Interrupted
            | NotChargedReason::AccessTokenRefused
            | NotChargedReason::InitiateRefused
            | NotChargedReason::MerchantUnavailable
            | NotChargedReason::GatewayUnreachable
            | NotChargedReason::StorageFailed
            | NotChargedReason::InvoiceInUse
            | NotChargedReason::OrderInUse => true,
            NotChargedReason::PerformRefused | NotChargedReason::InvoiceVoided => false,
        }
    }

    pub(super) fn on(self, event: Event, context: &mut Context) -> Phase {
        match event {
            Event::Resume => self.resume(context),
            // The outcome was reported, and nothing changes it.
            Event::Start
            | Event::Cancel
            | Event::Timer
            | Event::Committed(..)
            | Event::AccessToken(..)
            | Event::Initiate(..)
            | Event::Perform(..)
            | Event::Status(..)
            | Event::SessionToken(..)
            | Event::BrowserFailed
            | Event::BrowserReturned
            | Event::BrowserClosed
            | Event::Foreground
            | Event::Background
            | Event::NetworkAvailable => Phase::Finished(self),
        }
    }

    /// Reports a final outcome again; asks again about an unknown one.
    fn resume(self, context: &mut Context) -> Phase {
        match self {
            Self::Unknown {
                reopening: Reopening::Poll { session, pages },
                ..
            } => Processing::reopened(session, pages, context),
            Self::Unknown {
                reopening: Reopening::Recover(trace),
                ..
            } => Recovering::begin(trace.after_restart(), false, context),
            Self::Approved { .. } | Self::Declined(_) | Self::NotCharged(_) => {
                context.effect(Effect::Finish(Box::new(self.outcome())));
                Phase::Finished(self)
            }
        }
    }

    pub(in crate::flow) fn outcome(&self) -> SaleOutcome {
        match self {
            Self::Approved { receipt, .. } => SaleOutcome::Approved(receipt.clone()),
            Self::Declined(decline) => SaleOutcome::Declined(decline.clone()),
            Self::NotCharged(end) => SaleOutcome::NotCharged(end.clone()),
            Self::Unknown { end, .. } => SaleOutcome::Unknown(end.clone()),
        }
    }

    pub(in crate::flow) fn invoice_id(&self) -> Option<&str> {
        match self {
            Self::Approved { receipt, .. } => Some(&receipt.invoice_id),
            Self::Declined(decline) => Some(&decline.invoice_id),
            Self::NotCharged(end) => end.invoice_id.as_deref(),
            Self::Unknown { end, .. } => Some(&end.invoice_id),
        }
    }

    /// Ends the sale. The outcome is saved before it is reported.
    fn end(self, context: &mut Context) -> Phase {
        context.save();
        context.effect(Effect::Finish(Box::new(self.outcome())));
        Phase::Finished(self)
    }

    /// The gateway says `APPROVED`.
    pub(super) fn approved(mut polling: Polling, status: &SaleStatus, context: &mut Context) -> Phase {
        polling.pages.close(context);
        let Session {
            invoice,
            access_token,
            renewed_token,
            ..
        } = polling.session;
        let order = &context.terms.order;
        let receipt = Box::new(SaleReceipt::new(
            status,
            invoice.invoice_id.clone(),
            &order.amount,
            order.card,
        ));
        let may_be_stored = context.plan().wants_stored_card && order.card.is_some();
        let stored_card = may_be_stored.then(|| StoredCardRequest {
            invoice,
            access_token: renewed_token.unwrap_or(access_token),
        });
        Self::Approved { receipt, stored_card }.end(context)
    }

    /// The gateway says `DECLINED`.
    pub(super) fn declined(mut polling: Polling, status: &SaleStatus, context: &mut Context) -> Phase {
        polling.pages.close(context);
        Self::Declined(Box::new(Decline {
            invoice_id: polling.session.invoice.invoice_id,
            order_id: status.order_id.clone(),
            bank_order_id: status.bank_order_id.clone(),
            error_code: status.error_code,
            gateway_message: status.error_message.clone(),
            three_d_secure: status.three_d_secure.clone(),
            advice: DeclineAdvice::for_code(status.error_code, status.error_message.as_deref()),
        }))
        .end(context)
    }

    /// The gateway has not decided, and SaleKit stops waiting: for `reason`, unless a more exact one is known.
    pub(super) fn unknown(
        mut polling: Polling,
        reason: UnknownReason,
        detail: &'static str,
        context: &mut Context,
    ) -> Phase {
        polling.pages.close(context);
        let (reason, detail) = if polling.is_cancelled {
            (
                UnknownReason::StoppedWaiting,
                "stopped waiting; the gateway had not decided",
            )
        } else if polling.pace.is_failing() {
            (
                UnknownReason::StatusUnavailable,
                "the gateway gave no usable answer to status requests in time",
            )
        } else {
            (reason, detail)
        };
        let end = Box::new(UnknownOutcome {
            reason,
            advice: UnknownAdvice::ResumeOrAskMerchant,
            invoice_id: polling.session.invoice.invoice_id.clone(),
            order_id: polling.order_id,
            detail: detail.to_owned(),
        });
        let (session, pages) = (polling.session, polling.pages);
        let reopening = Reopening::Poll { session, pages };
        Self::Unknown { end, reopening }.end(context)
    }

    /// Nobody could say what became of perform sale. The pages are already closed.
    pub(super) fn unknown_without_session(
        trace: Trace,
        reason: UnknownReason,
        detail: String,
        context: &mut Context,
    ) -> Phase {
        let advice = if context.plan().can_recover_session {
            UnknownAdvice::ResumeOrAskMerchant
        } else {
            UnknownAdvice::AskMerchant
        };
        let end = Box::new(UnknownOutcome {
            reason,
            advice,
            invoice_id: trace.invoice.invoice_id.clone(),
            order_id: None,
            detail,
        });
        let reopening = Reopening::Recover(trace);
        Self::Unknown { end, reopening }.end(context)
    }

    pub(super) fn cancelled(invoice_id: Option<String>, context: &mut Context) -> Phase {
        Self::not_charged(
            NotChargedReason::Cancelled,
            "cancelled before perform sale was sent",
            invoice_id,
            context,
        )
    }

    pub(super) fn interrupted(invoice_id: Option<String>, context: &mut Context) -> Phase {
        Self::not_charged(
            NotChargedReason::Interrupted,
            "the app was stopped before perform sale was sent; card data is not stored",
            invoice_id,
            context,
        )
    }

    /// Another run has taken over this sale, so this one never sends perform sale. Nor does the other run: it has no
    /// card, and it was resumed from a snapshot before the commit. The stored snapshot is the other run's and stays.
    pub(super) fn superseded(invoice_id: String, context: &mut Context) -> Phase {
        let end = Self::NotCharged(Box::new(NotCharged {
            reason: NotChargedReason::Interrupted,
            detail: "another process or client of the app resumed the sale before perform sale was sent, so it was not sent; \
                     resume a sale only if it is not running"
                .to_owned(),
            failure: None,
            support_reference: None,
            invoice_id: Some(invoice_id),
        }));
        context.effect(Effect::Finish(Box::new(end.outcome())));
        Phase::Finished(end)
    }

    pub(super) fn not_charged(
        reason: NotChargedReason,
        detail: &str,
        invoice_id: Option<String>,
        context: &mut Context,
    ) -> Phase {
        Self::end_not_charged(reason, detail.to_owned(), None, None, invoice_id, context)
    }

    /// The merchant's server refused before there was an invoice.
    pub(super) fn refused(
        reason: NotChargedReason,
        refusal: &ErrorResponse,
        what: &str,
        context: &mut Context,
    ) -> Phase {
        let detail = format!("{what}: {}", refusal.describe());
        Self::end_not_charged(reason, detail, None, refusal.support_reference(), None, context)
    }

    /// A request failed and will not be repeated.
    pub(super) fn failed(
        reason: NotChargedReason,
        failure: &Failure,
        what: &str,
        invoice_id: Option<String>,
        context: &mut Context,
    ) -> Phase {
        let detail = format!("{what}: {}", failure.kind);
        Self::end_not_charged(reason, detail, Some(failure.kind), None, invoice_id, context)
    }

    pub(super) fn end_not_charged(
        reason: NotChargedReason,
        detail: String,
        failure: Option<FailureKind>,
        support_reference: Option<String>,
        invoice_id: Option<String>,
        context: &mut Context,
    ) -> Phase {
        Self::NotCharged(Box::new(NotCharged {
            reason,
            detail,
            failure,
            support_reference,
            invoice_id,
        }))
        .end(context)
    }
}
