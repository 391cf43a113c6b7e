//! Ends of a sale, and the way back from an unknown one.

use super::{Effect, Request, Step, Unanswered, state::Phase};
use crate::{
    FailureKind, NotCharged, NotChargedReason, Outcome, Receipt, StoredCardReference, UnknownAdvice, UnknownReason,
    Unresolved,
};

/// How long an approved sale waits for the stored card's id, in milliseconds. The app does not need it to finish.
const STORED_CARD_WINDOW: u64 = 3_000;

impl Step {
    /// Ends the sale. The browser is taken away first, and the outcome is stored before it is told.
    pub(super) fn finish(&mut self, outcome: Outcome) {
        self.close_browser();
        let keep_asking = matches!(outcome, Outcome::Unknown(_));
        if !keep_asking {
            self.state.access_token = None;
            self.state.renewed_token = None;
            self.state.session_token = None;
        }
        self.state.phase = Phase::Finished(Box::new(outcome.clone()));
        let request = self.request();
        self.effects.push(Effect::Save(request));
        self.effects.push(Effect::Finish(Box::new(outcome)));
    }

    pub(super) fn close_browser(&mut self) {
        self.state.browser.is_open = false;
        if std::mem::take(&mut self.state.browser.may_be_open) {
            self.effects.push(Effect::CloseBrowser);
        }
    }

    /// After a restart the page of before may be anywhere, whatever the snapshot says: it may have been opened after
    /// the last one that could be saved. So it may be opened once more, and is taken away in the end.
    pub(super) fn presume_page(&mut self) {
        self.state.browser.last_url = None;
        self.state.browser.may_be_open = true;
    }

    pub(super) fn not_charged(&mut self, reason: NotChargedReason, detail: &str) {
        self.end_not_charged(reason, detail.to_owned(), None, None);
    }

    pub(super) fn end_not_charged(
        &mut self,
        reason: NotChargedReason,
        detail: String,
        failure: Option<FailureKind>,
        support_reference: Option<String>,
    ) {
        let invoice_id = self.state.invoice.as_ref().map(|invoice| invoice.invoice_id.clone());
        self.finish(Outcome::NotCharged(Box::new(NotCharged {
            reason,
            detail,
            failure,
            support_reference,
            invoice_id,
        })));
    }

    pub(super) fn unknown(&mut self, reason: UnknownReason, detail: &str) {
        let can_ask = self.state.session_token.is_some() || self.state.plan.can_recover_session;
        let order_id = match &self.state.phase {
            Phase::Polling(polling) => polling.order_id.clone(),
            _ => None,
        };
        self.finish(Outcome::Unknown(Box::new(Unresolved {
            reason,
            advice: if can_ask {
                UnknownAdvice::ResumeOrAskShop
            } else {
                UnknownAdvice::AskShop
            },
            invoice_id: self.invoice_id(),
            order_id,
            detail: detail.to_owned(),
        })));
    }

    /// The invoice's id. Every phase that asks for it comes after initiate sale.
    pub(super) fn invoice_id(&self) -> String {
        self.state
            .invoice
            .as_ref()
            .map(|invoice| invoice.invoice_id.clone())
            .unwrap_or_default()
    }

    /// Approved: the outcome is certain, only the stored card's id is still asked for.
    pub(super) fn approved(&mut self, receipt: Receipt) {
        self.close_browser();
        let wants_card = self.state.plan.wants_stored_card && self.state.order.card.is_some() && !self.state.cancelled;
        let (true, Some(invoice), Some(access_token)) =
            (wants_card, self.state.invoice.clone(), self.state.shop_token())
        else {
            return self.finish(Outcome::Approved(Box::new(receipt)));
        };
        let request = self.request();
        let deadline = self.now.plus(STORED_CARD_WINDOW);
        self.state.phase = Phase::AskingStoredCard {
            request,
            deadline,
            receipt: Box::new(receipt),
        };
        self.effects.push(Effect::AskStoredCard {
            request,
            invoice,
            access_token,
        });
        self.set_timer(deadline);
        self.save();
    }

    pub(super) fn stored_card(&mut self, answered: Request, answer: Result<StoredCardReference, Unanswered>) {
        let Phase::AskingStoredCard { request, receipt, .. } = &self.state.phase else {
            return;
        };
        if *request == answered {
            let receipt = Receipt {
                stored_card: answer.ok(),
                ..(**receipt).clone()
            };
            self.finish(Outcome::Approved(Box::new(receipt)));
        }
    }

    pub(super) fn conclude_without_stored_card(&mut self) {
        if let Phase::AskingStoredCard { receipt, .. } = &self.state.phase {
            let receipt = receipt.clone();
            self.finish(Outcome::Approved(receipt));
        }
    }

    /// A finished sale is resumed. A certain outcome is told again; an unknown one is asked for again.
    pub(super) fn reopen(&mut self) {
        let Some(outcome) = self.state.outcome().cloned() else {
            return;
        };
        if !matches!(outcome, Outcome::Unknown(_)) {
            self.effects.push(Effect::Finish(Box::new(outcome)));
            return;
        }
        self.presume_page();
        match self.state.session_token.clone() {
            Some(session_token) => self.begin_polling(session_token),
            None => self.recover(),
        }
    }
}
