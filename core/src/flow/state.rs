//! The state of one sale. It is also what is stored, so it holds no card data, by its types.

use serde::Serialize;

use super::{
    Jitter, Order, Plan,
    context::{Origin, Terms},
    event::Request,
    fence::RunId,
    phase::{CardQuestion, Finished, New, Phase},
};
use crate::{Parties, SaleId, SaleOutcome, SaleState, Secret, Timestamp, stored::stored_struct};

/// The state of one sale. Made by [`State::new`] or by restoring a snapshot, changed by [`super::step`] alone.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize)]
pub struct State {
    pub(super) terms: Terms,
    /// The run that the sale is in; in a snapshot, the one that stored it.
    pub(super) run: RunId,
    /// When the last event came, to notice a clock that is set back.
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
    /// A sale that has not begun. Without an access token the merchant's server is asked for one.
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

    /// The run that the sale is in; of a stored sale, the one that stored it.
    pub const fn run(&self) -> RunId {
        self.run
    }

    /// The sale's own id, made on this device.
    pub const fn id(&self) -> &SaleId {
        &self.terms.id
    }

    /// What the sale is about.
    pub const fn order(&self) -> &Order {
        &self.terms.order
    }

    /// The parties that the sale was started with, where they are others than `own`. A sale of which its snapshot does
    /// not say so, because an older version of SaleKit wrote it, has no others.
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

    /// `invoiceId`, once the sale has one of its own.
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

    /// The end, once there is one.
    pub fn outcome(&self) -> Option<SaleOutcome> {
        match &self.phase {
            Phase::Finished(phase) => Some(phase.outcome()),
            _ => None,
        }
    }

    /// With what the merchant's server can be asked for the card of an approved sale, where it may keep one.
    pub const fn stored_card_question(&self) -> Option<&CardQuestion> {
        match &self.phase {
            Phase::Finished(Finished::Approved { stored_card, .. }) => stored_card.as_ref(),
            _ => None,
        }
    }

    /// Whether perform sale certainly was not sent, and will be if whoever runs the sale commits it.
    pub const fn is_before_commit(&self) -> bool {
        matches!(self.phase, Phase::New(_) | Phase::Authorising(_) | Phase::Initiating(_))
    }

    /// The invoice that perform sale may have been sent for.
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

    /// Whether perform sale is still to be sent, or may have to be sent again: as long as that is so, the card is needed.
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

    /// The device's clock was set back by `milliseconds`: neither a gap nor a deadline may grow by that.
    pub(super) fn rewind(&mut self, milliseconds: u64) {
        self.phase.rewind(milliseconds);
    }
}
