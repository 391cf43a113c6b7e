//! Snapshots of version 1, in which phases did not own their data: all data was next to the phase, each as an `Option`.
//! They can only be read, and data that a restored sale does not need is ignored.

use crate::{
    card::CardSummary,
    flow::{
        Invoice, Jitter, Order, State, StoredCardRequest,
        doubt::Doubt,
        event::Request,
        pace::Pace,
        page::Pages,
        phase::{Finished, New, Phase, Processing, Recovering, Reopening, Trace},
        plan::Plan,
        polling::{Polling, Session},
        terms::{Origin, Terms},
    },
    json::{Parts, Stored, Value, stored_struct, variant},
    outcome::{Decline, NotCharged, SaleReceipt, UnknownOutcome},
    value::{Money, SaleId, Secret, Timestamp},
    wire::ThreeDSecureStatus,
};

pub(super) struct Sale {
    id: SaleId,
    order: Order,
    plan: Plan,
    started: Timestamp,
    seen: Timestamp,
    access_token: Option<Secret>,
    renewed_token: Option<Secret>,
    invoice: Option<Invoice>,
    unclear_status: Option<u16>,
    session_token: Option<Secret>,
    browser: Browser,
    last_request: Request,
    jitter: Jitter,
    phase: OldPhase,
}

struct Browser {
    may_be_open: bool,
    opened: u8,
}

enum OldPhase {
    BeforePerform,
    AroundPerform,
    Polling {
        deadline: Timestamp,
        challenge_deadline: Option<Timestamp>,
        order_id: Option<String>,
    },
    AskingStoredCard {
        receipt: OldReceipt,
    },
    Finished(OldOutcome),
}

enum OldOutcome {
    Approved(OldReceipt),
    Declined(Box<Decline>),
    NotCharged(Box<NotCharged>),
    Unknown(Box<UnknownOutcome>),
}

/// It had one amount: the confirmed one, or else the requested one.
struct OldReceipt {
    invoice_id: String,
    order_id: Option<String>,
    bank_order_id: Option<String>,
    amount: Money,
    commission_minor_units: Option<i64>,
    order_created: Option<String>,
    transaction_created: Option<String>,
    three_d_secure: Option<ThreeDSecureStatus>,
    card: Option<CardSummary>,
}

stored_struct!(Sale {
    id,
    order,
    plan,
    started,
    seen,
    access_token,
    renewed_token,
    invoice,
    unclear_status,
    session_token,
    browser,
    last_request,
    jitter,
    phase,
});

stored_struct!(Browser { may_be_open, opened });

stored_struct!(OldReceipt {
    invoice_id,
    order_id,
    bank_order_id,
    amount,
    commission_minor_units,
    order_created,
    transaction_created,
    three_d_secure,
    card,
});

impl Stored for OldPhase {
    fn read(value: Value<'_>) -> Option<Self> {
        let (name, held) = variant(value)?;
        Some(match name.as_str() {
            "New" | "Authorising" | "Initiating" => Self::BeforePerform,
            "Committing" | "Performing" | "Recovering" => Self::AroundPerform,
            "Polling" => {
                let held = Parts::of(held)?;
                Self::Polling {
                    deadline: held.part("deadline")?,
                    challenge_deadline: held.part("challenge_deadline")?,
                    order_id: held.part("order_id")?,
                }
            }
            "AskingStoredCard" => Self::AskingStoredCard {
                receipt: Parts::of(held)?.part("receipt")?,
            },
            "Finished" => Self::Finished(Stored::read(held)?),
            _ => return None,
        })
    }
}

impl Stored for OldOutcome {
    fn read(value: Value<'_>) -> Option<Self> {
        let (name, held) = variant(value)?;
        Some(match name.as_str() {
            "Approved" => Self::Approved(Stored::read(held)?),
            "Declined" => Self::Declined(Stored::read(held)?),
            "NotCharged" => Self::NotCharged(Stored::read(held)?),
            "Unknown" => Self::Unknown(Stored::read(held)?),
            _ => return None,
        })
    }
}

impl OldReceipt {
    /// An amount that equals the requested one may be confirmed or not, so only a different one counts as confirmed.
    fn upgrade(self, requested_amount: Money) -> Box<SaleReceipt> {
        Box::new(SaleReceipt {
            invoice_id: self.invoice_id,
            order_id: self.order_id,
            bank_order_id: self.bank_order_id,
            amount: (self.amount != requested_amount).then_some(self.amount),
            requested_amount,
            commission_minor_units: self.commission_minor_units,
            order_created: self.order_created,
            transaction_created: self.transaction_created,
            three_d_secure: self.three_d_secure,
            card: self.card,
        })
    }
}

/// What is missing in a snapshot that its phase requires.
pub(super) type Missing = &'static str;

impl Sale {
    /// The state that this one would have after a restart.
    pub(super) fn upgrade(self) -> Result<State, Missing> {
        let Self {
            id,
            order,
            plan,
            started,
            seen,
            access_token,
            renewed_token,
            invoice,
            unclear_status,
            session_token,
            browser,
            last_request,
            jitter,
            phase,
        } = self;
        let pages = Pages::restored(browser.may_be_open, browser.opened);
        let invoice = invoice.ok_or("invoice");
        let doubt = unclear_status.map_or(Doubt::AnswerLost, |status| Doubt::Unclear { status });
        let trace = |pages| -> Result<Trace, Missing> {
            Ok(Trace {
                invoice: invoice.clone()?,
                access_token: access_token.clone().ok_or("access_token")?,
                renewed_token: renewed_token.clone(),
                doubt,
                pages,
            })
        };
        let session = |trace: Trace, session_token| Session {
            invoice: trace.invoice,
            access_token: trace.access_token,
            session_token,
            renewed_token: trace.renewed_token,
        };
        let phase = match phase {
            OldPhase::BeforePerform => Phase::New(New { access_token }),
            OldPhase::AroundPerform => Phase::Recovering(Recovering::restored(trace(pages)?)),
            OldPhase::Polling {
                deadline,
                challenge_deadline,
                order_id,
            } => {
                let session_token = session_token.ok_or("session_token")?;
                let session = session(trace(Pages::default())?, session_token);
                let polling = Polling {
                    order_id,
                    challenge_end: challenge_deadline,
                    ..Polling::new(session, Pace::asking(seen), pages, false)
                };
                Phase::Processing(Processing { polling, deadline })
            }
            OldPhase::AskingStoredCard { receipt } => {
                let stored_card = trace(pages).ok().map(|trace| StoredCardRequest {
                    access_token: trace.renewed_token.unwrap_or(trace.access_token),
                    invoice: trace.invoice,
                });
                Phase::Finished(Finished::Approved {
                    receipt: receipt.upgrade(order.amount.clone()),
                    stored_card,
                })
            }
            OldPhase::Finished(OldOutcome::Approved(receipt)) => Phase::Finished(Finished::Approved {
                receipt: receipt.upgrade(order.amount.clone()),
                stored_card: None,
            }),
            OldPhase::Finished(OldOutcome::Declined(end)) => Phase::Finished(Finished::Declined(end)),
            OldPhase::Finished(OldOutcome::NotCharged(end)) => Phase::Finished(Finished::NotCharged(end)),
            OldPhase::Finished(OldOutcome::Unknown(end)) => {
                let trace = trace(pages)?;
                let reopening = match session_token {
                    Some(session_token) => Reopening::Poll {
                        pages: trace.pages.clone(),
                        session: session(trace, session_token),
                    },
                    None => Reopening::Recover(trace),
                };
                Phase::Finished(Finished::Unknown { end, reopening })
            }
        };
        Ok(State {
            terms: Terms {
                id,
                origin: Origin::Unrecorded,
                order,
                plan,
                started,
            },
            run: 0,
            seen,
            last_request,
            jitter,
            phase,
        })
    }
}
