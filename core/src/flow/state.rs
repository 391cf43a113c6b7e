//! The state of one sale. It is also what is stored, so its types cannot hold card data.

use serde::Serialize;

use super::{
    Jitter, Order, Plan,
    event::Request,
    fence::RunId,
    phase::{Finished, New, Phase, StoredCardRequest},
    terms::{Origin, Terms},
};
use crate::{
    json::stored_struct,
    outcome::{SaleOutcome, SaleState},
    value::{Parties, SaleId, Secret, Timestamp},
};

/// The state of one sale. Created by [`State::new`] or restored from a snapshot; only [`super::step`] changes it.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize)]
pub struct State {
    pub(super) terms: Terms,
    /// The run of the sale; in a snapshot, the run that stored it.
    pub(super) run: RunId,
    /// The time of the last event, to notice a clock that is set back.
    pub(super) seen: Timestamp,
    pub(super) last_request: Request,
    pub(super) jitter: Jitter,
    pub(super) phase: Phase,
}

stored_struct!(State {
    terms,
    run,
    seen,
    last_request,
    jitter,
    phase
});

impl State {
    /// A sale that has not begun. Without an access token, SaleKit asks the merchant's server for one.
    pub const fn new(
        id: SaleId,
        parties: Parties,
        order: Order,
        plan: Plan,
        access_token: Option<Secret>,
        jitter: Jitter,
        now: Timestamp,
    ) -> Self {
        Self {
            terms: Terms {
                id,
                origin: Origin::Recorded(parties),
                order,
                plan,
                started: now,
            },
            run: 0,
            seen: now,
            last_request: 0,
            jitter,
            phase: Phase::New(New { access_token }),
        }
    }

    /// The same sale in the run `run`.
    #[must_use]
    pub const fn in_run(mut self, run: RunId) -> Self {
        self.run = run;
        self
    }

    /// The run of the sale; of a stored sale, the run that stored it.
    pub const fn run(&self) -> RunId {
        self.run
    }

    /// The sale's id.
    pub const fn id(&self) -> &SaleId {
        &self.terms.id
    }

    /// What the sale is about.
    pub const fn order(&self) -> &Order {
        &self.terms.order
    }

    /// The sale's parties, if they differ from `own`. A sale from an older version of SaleKit, whose snapshot does not
    /// contain the parties, never differs.
    pub fn other_parties(&self, own: &Parties) -> Option<&Parties> {
        match &self.terms.origin {
            Origin::Recorded(parties) if parties != own => Some(parties),
            Origin::Recorded(_) | Origin::Unrecorded => None,
        }
    }

    /// When the sale was started.
    pub const fn started(&self) -> Timestamp {
        self.terms.started
    }

    /// `invoiceId`, once the sale has an invoice of its own.
    pub fn invoice_id(&self) -> Option<&str> {
        let invoice = match &self.phase {
            Phase::New(_) | Phase::Authorising(_) | Phase::Initiating(_) => return None,
            Phase::Committing(phase) => &phase.invoice,
            Phase::Performing(phase) => &phase.invoice,
            Phase::Recovering(phase) => &phase.trace.invoice,
            Phase::Processing(phase) => &phase.polling.session.invoice,
            Phase::Challenge(phase) => &phase.polling.session.invoice,
            Phase::Finished(phase) => return phase.invoice_id(),
        };
        Some(&invoice.invoice_id)
    }

    /// The outcome, once the sale has ended.
    pub fn outcome(&self) -> Option<SaleOutcome> {
        match &self.phase {
            Phase::Finished(phase) => Some(phase.outcome()),
            _ => None,
        }
    }

    /// The request for the stored card of an approved sale, if the merchant's server may have one.
    pub const fn stored_card_request(&self) -> Option<&StoredCardRequest> {
        match &self.phase {
            Phase::Finished(Finished::Approved { stored_card, .. }) => stored_card.as_ref(),
            _ => None,
        }
    }

    /// Whether perform sale was certainly not sent, and will be sent if this sale is committed.
    pub const fn is_before_commit(&self) -> bool {
        matches!(self.phase, Phase::New(_) | Phase::Authorising(_) | Phase::Initiating(_))
    }

    /// The invoice for which perform sale may have been sent.
    pub fn spent_invoice(&self) -> Option<&str> {
        let is_free = match &self.phase {
            Phase::New(_) | Phase::Authorising(_) | Phase::Initiating(_) => true,
            Phase::Finished(phase) => phase.has_not_performed(),
            Phase::Committing(_)
            | Phase::Performing(_)
            | Phase::Recovering(_)
            | Phase::Processing(_)
            | Phase::Challenge(_) => false,
        };
        if is_free { None } else { self.invoice_id() }
    }

    /// Whether perform sale is still to be sent or may be repeated. Until then, the card is needed.
    pub const fn may_still_perform(&self) -> bool {
        match self.phase {
            Phase::New(_)
            | Phase::Authorising(_)
            | Phase::Initiating(_)
            | Phase::Committing(_)
            | Phase::Performing(_) => true,
            Phase::Recovering(_) | Phase::Processing(_) | Phase::Challenge(_) | Phase::Finished(_) => false,
        }
    }

    /// The phase's name, for logs.
    pub const fn phase_name(&self) -> &'static str {
        self.phase.name()
    }

    /// The state as an observer sees it.
    pub fn view(&self) -> SaleState {
        match &self.phase {
            Phase::New(_) | Phase::Authorising(_) | Phase::Initiating(_) => SaleState::Initiating,
            Phase::Committing(_) | Phase::Performing(_) => SaleState::Performing,
            Phase::Recovering(_) => SaleState::Recovering,
            Phase::Processing(_) => SaleState::Processing,
            Phase::Challenge(phase) => SaleState::Challenge {
                url: phase.url.clone(),
                is_open: phase.is_open,
            },
            Phase::Finished(phase) => SaleState::Finished(Box::new(phase.outcome())),
        }
    }

    /// The device's clock was set back by `milliseconds`: no gap and no deadline may grow by that.
    pub(super) fn rewind(&mut self, milliseconds: u64) {
        self.phase.rewind(milliseconds);
    }
}
