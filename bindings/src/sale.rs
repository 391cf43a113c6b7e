//! A running sale, and the listeners that observe it.

use std::{
    pin::Pin,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
};

use salekit_core::StoredCard;
use tokio::task::AbortHandle;

use crate::{CallbackError, Challenge, SaleKitError, SaleOutcome, SaleState, callbacks, runtime, threads};

/// A sale. It runs in a task of the core; this is only its handle. See the contract for each call.
pub struct Sale {
    core: salekit_core::Sale,
}

impl Sale {
    pub(crate) fn of(core: salekit_core::Sale) -> Arc<Self> {
        Arc::new(Self { core })
    }

    /// The sale's own id.
    ///
    /// # Errors
    /// None, as with all calls here that name no other error. The error is declared so that no call can crash the app.
    pub fn id(&self) -> Result<String, SaleKitError> {
        Ok(self.core.id().to_string())
    }

    /// `invoiceId`, once the merchant's server has given it.
    ///
    /// # Errors
    /// None.
    pub fn invoice_id(&self) -> Result<Option<String>, SaleKitError> {
        Ok(self.core.invoice_id())
    }

    /// The current state.
    ///
    /// # Errors
    /// None.
    pub fn state(&self) -> Result<SaleState, SaleKitError> {
        Ok(self.core.state().into())
    }

    /// Waits for the end. Dropping the future ends only the waiting.
    ///
    /// # Errors
    /// [`SaleKitError::Internal`] if the waiting itself failed.
    pub async fn outcome(&self) -> Result<SaleOutcome, SaleKitError> {
        let sale = self.core.clone();
        runtime::run(async move { Ok(sale.outcome().await.into()) }).await
    }

    /// The card that the merchant keeps of this sale: waits for the end, then asks for it. Dropping the future stops
    /// the request.
    ///
    /// # Errors
    /// [`SaleKitError::MerchantUnavailable`] if the merchant's server could not be asked. [`SaleKitError::Internal`] if
    /// the waiting itself failed.
    pub async fn stored_card(&self) -> Result<Option<StoredCard>, SaleKitError> {
        let sale = self.core.clone();
        runtime::run(async move { Ok(sale.stored_card().await?) }).await
    }

    /// Passes the current state and later ones to `listener`. Of several states in quick succession it passes the last.
    ///
    /// # Errors
    /// [`SaleKitError::Internal`] if there are no threads.
    pub fn observe(&self, listener: Arc<dyn SaleStateListener>) -> Result<Arc<Subscription>, SaleKitError> {
        let is_stopped = Arc::<AtomicBool>::default();
        let mut states = self.core.states();
        let stopped = Arc::clone(&is_stopped);
        // Boxed to the type that calls run as, so that both share one type of task.
        let telling: Pin<Box<dyn Future<Output = ()> + Send>> = Box::pin(async move {
            while let Some(state) = states.next().await {
                let (listener, is_stopped) = (Arc::clone(&listener), Arc::clone(&stopped));
                let told = callbacks::LISTENERS.call_and_wait(move || {
                    if is_stopped.load(Ordering::Acquire) {
                        return false;
                    }
                    // A listener that throws still gets later states.
                    let _ = listener.on_state(state.into());
                    true
                });
                if told.await == Some(false) {
                    return;
                }
            }
        });
        let task = threads::handle()?.spawn(telling);
        Ok(Arc::new(Subscription {
            is_stopped,
            task: task.abort_handle(),
        }))
    }

    /// Asks to end the sale.
    ///
    /// # Errors
    /// None.
    pub fn cancel(&self) -> Result<(), SaleKitError> {
        self.core.cancel();
        Ok(())
    }

    /// The page that the sale wants shown.
    ///
    /// # Errors
    /// None.
    pub fn challenge(&self) -> Result<Option<Arc<Challenge>>, SaleKitError> {
        Ok(self.core.challenge().map(Challenge::of))
    }
}

/// Receives the states of a sale. See the contract.
#[uniffi::trait_interface]
pub trait SaleStateListener: Send + Sync {
    /// The sale is in `state` now.
    ///
    /// # Errors
    /// Any error that the app throws. It has no effect.
    fn on_state(&self, state: SaleState) -> Result<(), CallbackError>;
}

/// A listener's subscription to a sale. Dropping it does not end the subscription: otherwise a garbage collector would
/// decide when it ends.
pub struct Subscription {
    /// Stops a call that is already queued, which aborting `task` cannot stop.
    is_stopped: Arc<AtomicBool>,
    task: AbortHandle,
}

impl Subscription {
    /// Ends the subscription: no call to the listener begins after this.
    ///
    /// # Errors
    /// None.
    pub fn stop(&self) -> Result<(), SaleKitError> {
        self.is_stopped.store(true, Ordering::Release);
        self.task.abort();
        Ok(())
    }
}
