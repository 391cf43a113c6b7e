//! The handle of a running sale. It only observes: dropping it stops nothing.

use std::sync::{Arc, OnceLock};

use tokio::sync::{mpsc, watch};

use super::{states::States, stored_card::Merchant};
use crate::{
    flow::{Event, StoredCardRequest, Unanswered},
    outcome::{SaleOutcome, SaleState, UnknownAdvice, UnknownOutcome, UnknownReason},
    port::{Challenge, PageCounter, Signal, Transport},
    value::{Parties, SaleId},
    wire::StoredCard,
};

/// A sale that runs on its own task.
#[derive(Debug, Clone)]
pub struct Sale {
    pub(super) shared: Arc<Shared>,
}

#[derive(Debug)]
pub(super) struct Shared {
    pub(super) id: SaleId,
    pub(super) signals: mpsc::UnboundedSender<Signal>,
    pub(super) states: watch::Receiver<SaleState>,
    /// Changed together with the states.
    pub(super) pages: PageCounter,
    pub(super) invoice_id: watch::Receiver<Option<String>>,
    /// The request for the stored card, once the sale is approved.
    pub(super) stored_card_request: Arc<OnceLock<StoredCardRequest>>,
    pub(super) merchant: Merchant,
}

impl Sale {
    /// The sale's parties.
    pub(super) fn parties(&self) -> &Parties {
        self.shared.merchant.parties()
    }

    /// SaleKit's id of the sale, with which it can be resumed and acknowledged.
    pub fn id(&self) -> &SaleId {
        &self.shared.id
    }

    /// `invoiceId`, once the merchant's server has returned it.
    pub fn invoice_id(&self) -> Option<String> {
        self.shared.invoice_id.borrow().clone()
    }

    /// The states, beginning with the present one.
    pub fn states(&self) -> States {
        States::new(self.shared.states.clone())
    }

    /// The present state.
    pub fn state(&self) -> SaleState {
        self.shared.states.borrow().clone()
    }

    /// Waits for the outcome. Dropping the future does not affect the payment.
    pub async fn outcome(&self) -> SaleOutcome {
        let mut states = self.shared.states.clone();
        let finished = states.wait_for(SaleState::is_finished).await.map(|state| state.clone());
        match finished {
            Ok(SaleState::Finished(outcome)) => *outcome,
            // The task is gone without an outcome, because the runtime was shut down. Only the snapshot knows more.
            _ => SaleOutcome::Unknown(Box::new(UnknownOutcome {
                reason: UnknownReason::EngineStopped,
                advice: UnknownAdvice::ResumeOrAskMerchant,
                invoice_id: self.invoice_id().unwrap_or_default(),
                order_id: None,
                detail: "the engine was stopped before the sale had ended; resume the sale".to_owned(),
            })),
        }
    }

    /// The card that the merchant's server stores for repeat sales. Waits for the end of the sale, and asks for the
    /// card if the sale is approved. The sale itself does not wait for it, so call this when you need the card: at
    /// once, or after a restart, until the sale is acknowledged.
    ///
    /// `None` if there is no stored card: the sale is not approved or was paid with a stored card, or the merchant's
    /// server does not offer the request or stores no card. The server learns the card from the gateway at about the
    /// time of the approval, so SaleKit asks up to three times within a few seconds.
    ///
    /// # Errors
    /// [`Unanswered`] if the merchant's server could not be asked. Ask again later.
    pub async fn stored_card(&self) -> Result<Option<StoredCard>, Unanswered> {
        self.outcome().await;
        match self.shared.stored_card_request.get() {
            Some(request) => self.shared.merchant.stored_card(request.clone()).await,
            None => Ok(None),
        }
    }

    /// Asks to end the sale. Before perform sale is sent, the sale ends at once. Later, SaleKit only stops waiting, and
    /// the gateway's decision counts: an approved sale stays approved.
    pub fn cancel(&self) {
        self.send(Event::Cancel);
    }

    /// The page that the sale wants shown while its state is [`SaleState::Challenge`]: for apps without a presenter.
    /// Get it when you show the page, and report to it what happens to the page.
    pub fn challenge(&self) -> Option<Challenge> {
        let shared = &self.shared;
        let state = shared.states.borrow();
        // Read while the state is borrowed, because both change together.
        match &*state {
            SaleState::Challenge { url, .. } => Some(Challenge::newest(
                shared.id.clone(),
                url.clone(),
                &shared.pages,
                &shared.signals,
            )),
            _ => None,
        }
    }

    /// The transport of the client that runs the sale.
    pub(super) fn transport(&self) -> &Arc<dyn Transport> {
        self.shared.merchant.transport()
    }

    pub(super) fn send(&self, event: Event) {
        // Sending fails once the sale has ended, which is fine: the signal has no effect then.
        let _ = self.shared.signals.send(Signal::Sale(event));
    }
}
