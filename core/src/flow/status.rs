//! What an answer to sale status means for the sale.

use super::{
    Effect, Request, Step,
    state::{Mode, Phase},
};
use crate::{
    Advice, Decline, Failure, Outcome, Receipt,
    message::status::{GatewayState, SaleStatus, StatusAnswer},
    redirect,
};

/// Most pages that are opened in one sale. A page chain has two or three; without a bound a gateway gone mad could
/// keep the cardholder's browser busy.
const MOST_PAGES: u8 = 10;

impl Step {
    pub(super) fn status_answered(&mut self, request: Request, answer: Result<StatusAnswer, Failure>) {
        let Phase::Polling(polling) = &mut self.state.phase else {
            return;
        };
        if let Ok(StatusAnswer::Status(status)) = &answer {
            // A final state is final in whatever order answers arrive, and whether or not somebody cancelled.
            match status.state {
                GatewayState::Approved => return self.approved_by(status),
                GatewayState::Declined => return self.declined_by(status),
                _ => {}
            }
        }
        if polling.outstanding != Some(request) {
            return;
        }
        polling.outstanding = None;
        match answer {
            Ok(StatusAnswer::Status(status)) => self.not_final(&status),
            Ok(StatusAnswer::NoAnswer(refusal)) => self.refused_status(&refusal),
            Err(failure) => self.failed_status(&failure),
        }
    }

    fn not_final(&mut self, status: &SaleStatus) {
        if let Phase::Polling(polling) = &mut self.state.phase {
            if status.order_id.is_some() {
                polling.order_id.clone_from(&status.order_id);
            }
            polling.hold = None;
        }
        match &status.state {
            GatewayState::Processing => {
                self.answered();
                self.enter_processing();
                self.ask_again();
            }
            GatewayState::RedirectRequest => match self.usable_redirect(status) {
                Some(url) => {
                    self.answered();
                    self.enter_challenge(url);
                    self.ask_again();
                }
                // Nothing to open: the sale cannot go on like this, but it has not ended either.
                None => self.not_answered(None),
            },
            // A state that did not exist when this was written. It is not an end.
            _ => self.not_answered(None),
        }
    }

    const fn answered(&mut self) {
        if let Phase::Polling(polling) = &mut self.state.phase {
            polling.failures = 0;
        }
    }

    fn usable_redirect(&self, status: &SaleStatus) -> Option<String> {
        let url = status.redirect_url.as_deref()?;
        redirect::check(url, self.state.plan.allows_loopback_http).ok()
    }

    fn enter_processing(&mut self) {
        self.close_browser();
        let deadline = self.now.plus(self.state.plan.processing_window);
        let Phase::Polling(polling) = &mut self.state.phase else {
            return;
        };
        if polling.mode == Mode::Challenge {
            polling.mode = Mode::Processing;
            polling.deadline = deadline;
            self.save();
        }
    }

    fn enter_challenge(&mut self, url: String) {
        let end = self.now.plus(self.state.plan.challenge_window);
        let Phase::Polling(polling) = &mut self.state.phase else {
            return;
        };
        let is_new = self.state.browser.last_url.as_ref() != Some(&url);
        if polling.mode == Mode::Processing {
            polling.mode = Mode::Challenge;
            // One window for all challenges: going back and forth must not keep a sale alive for ever.
            polling.deadline = *polling.challenge_deadline.get_or_insert(end);
        }
        // Nobody could finish a page that comes when the time is over: it would flash up and vanish.
        let is_over = self.now >= polling.deadline;
        if !is_new || is_over || self.state.browser.opened >= MOST_PAGES || self.state.cancelled {
            return;
        }
        polling.returned = None;
        polling.burst_left = 0;
        self.state.browser.is_open = true;
        self.state.browser.may_be_open = true;
        self.state.browser.opened += 1;
        self.state.browser.last_url = Some(url.clone());
        self.effects.push(Effect::OpenBrowser { url });
        self.save();
    }

    fn approved_by(&mut self, status: &SaleStatus) {
        let order = &self.state.order;
        let receipt = Receipt::new(status, self.invoice_id(), &order.amount, order.card);
        self.approved(receipt);
    }

    fn declined_by(&mut self, status: &SaleStatus) {
        self.finish(Outcome::Declined(Box::new(Decline {
            invoice_id: self.invoice_id(),
            order_id: status.order_id.clone(),
            bank_order_id: status.bank_order_id.clone(),
            code: status.error_code,
            message: status.error_message.clone(),
            three_d_secure: status.three_d_secure.clone(),
            advice: Advice::for_code(status.error_code, status.error_message.as_deref()),
        })));
    }
}
