//! The handle of a running sale. Whoever holds one only observes: dropping it stops nothing.

use std::sync::{Arc, OnceLock};

use tokio::sync::{mpsc, watch};
use tokio_stream::wrappers::WatchStream;

use super::{
    challenge::{Challenge, PageCounter, Signal},
    stored_card::Merchant,
};
use crate::{
    Parties, SaleId, SaleOutcome, SaleState, StoredCard, Transport, Unanswered, UnknownAdvice, UnknownOutcome,
    UnknownReason,
    flow::{CardQuestion, Event},
};

/// The states of a sale from the present one on, without repeats. A slow reader misses states in between, never the
/// last one. Ends after [`SaleState::Finished`].
pub type States = WatchStream<SaleState>;

/// A sale that runs on a task of its own.
#[derive(Debug, Clone)]
pub struct Sale {
    pub(super) shared: Arc<Shared>,
}

#[derive(Debug)]
pub(super) struct Shared {
    pub(super) id: SaleId,
    pub(super) signals: mpsc::UnboundedSender<Signal>,
    pub(super) states: watch::Receiver<SaleState>,
    /// Counted with the states.
    pub(super) pages: PageCounter,
    pub(super) invoice_id: watch::Receiver<Option<String>>,
    /// With what the merchant's server can be asked for the stored card, once the sale is approved.
    pub(super) card_question: Arc<OnceLock<CardQuestion>>,
    pub(super) merchant: Merchant,
}

impl Sale {
    /// Whose sale it is.
    pub(super) fn parties(&self) -> &Parties {
        self.shared.merchant.parties()
    }

    /// The sale's own id: with it the sale can be resumed and acknowledged.
    pub fn id(&self) -> &SaleId {
        &self.shared.id
    }

    /// `invoiceId`, once the merchant's server has given it.
    pub fn invoice_id(&self) -> Option<String> {
        self.shared.invoice_id.borrow().clone()
    }

    /// The states from the present one on.
    pub fn states(&self) -> States {
        WatchStream::new(self.shared.states.clone())
    }

    /// The present state.
    pub fn state(&self) -> SaleState {
        self.shared.states.borrow().clone()
    }

    /// Waits for the end. Dropping the future does not touch the payment.
    pub async fn outcome(&self) -> SaleOutcome {
        let mut states = self.shared.states.clone();
        let finished = states.wait_for(SaleState::is_finished).await.map(|state| state.clone());
        match finished {
            Ok(SaleState::Finished(outcome)) => *outcome,
            // The task is gone without an end: the runtime was shut down. The snapshot knows more than anybody here.
            _ => SaleOutcome::Unknown(Box::new(UnknownOutcome {
                reason: UnknownReason::EngineStopped,
                advice: UnknownAdvice::ResumeOrAskMerchant,
                invoice_id: self.invoice_id().unwrap_or_default(),
                order_id: None,
                detail: "the engine was stopped before the sale had ended; resume the sale".to_owned(),
            })),
        }
    }

    /// The card that the merchant's server keeps for repeat sales: waits for the sale's end, and asks for the card if the
    /// sale is approved. The sale itself waits for nothing of it, so ask when the card is needed: at once, or after a
    /// restart, until the sale is acknowledged.
    ///
    /// `None` if there is no card to be had: the sale is not approved or was paid with a stored card, or the merchant's
    /// server does not offer the question or keeps no card. It learns of the card from the gateway, about when the sale
    /// is approved, so it is asked up to three times within some seconds.
    ///
    /// # Errors
    /// [`Unanswered`] if the merchant's server could not be asked. Ask again later.
    pub async fn stored_card(&self) -> Result<Option<StoredCard>, Unanswered> {
        self.outcome().await;
        match self.shared.card_question.get() {
            Some(question) => self.shared.merchant.stored_card(question.clone()).await,
            None => Ok(None),
        }
    }

    /// Asks to end the sale. Before perform sale is sent that is done at once; later it only ends the waiting, and
    /// what the gateway decides counts: an approved sale stays approved.
    pub fn cancel(&self) {
        self.tell(Event::Cancel);
    }

    /// The page that the sale wants shown, while its state is [`SaleState::Challenge`]: for apps without a presenter. Take
    /// it when you show the page, and report to it what becomes of the page.
    pub fn challenge(&self) -> Option<Challenge> {
        let shared = &self.shared;
        let state = shared.states.borrow();
        // While the state is borrowed, as the pages are counted with it.
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

    /// Of the client that runs the sale.
    pub(super) fn transport(&self) -> &Arc<dyn Transport> {
        self.shared.merchant.transport()
    }

    pub(super) fn tell(&self, event: Event) {
        // A sale that has ended does not listen any more, and need not.
        let _ = self.shared.signals.send(Signal::Sale(event));
    }
}
