//! The states of a running sale, one after the other.

use tokio::sync::watch;

use crate::outcome::SaleState;

/// The states of a sale, beginning with the present one, without repeats. A slow reader may miss states in between, but
/// never the last one. Ends after [`SaleState::Finished`].
pub struct States {
    states: watch::Receiver<SaleState>,
    has_begun: bool,
}

impl States {
    pub(super) const fn new(states: watch::Receiver<SaleState>) -> Self {
        Self {
            states,
            has_begun: false,
        }
    }

    /// Waits for the next state; `None` after the last one. Dropping the future loses no state, so it may stand in a
    /// `select!`.
    pub async fn next(&mut self) -> Option<SaleState> {
        if std::mem::replace(&mut self.has_begun, true) {
            self.states.changed().await.ok()?;
        }
        Some(self.states.borrow_and_update().clone())
    }
}
