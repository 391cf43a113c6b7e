//! The states of a running sale, one after the other.

use tokio::sync::watch;

use crate::outcome::SaleState;

/// The states of a sale, beginning with the present one, without repeats. A slow reader may miss states in between, but
/// never the last one. Ends after [`SaleState::Finished`].
///
/// It is no `Stream`, so that no crate's version of that trait is part of the interface. With `futures`:
/// `stream::unfold(states, |mut states| async { states.next().await.map(|state| (state, states)) })`.
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

#[cfg(test)]
mod tests {
    use std::{future::Future, pin::pin, task::Context, task::Poll, task::Waker};

    use super::*;

    fn poll(states: &mut States) -> Poll<Option<SaleState>> {
        pin!(states.next()).poll(&mut Context::from_waker(Waker::noop()))
    }

    #[test]
    fn every_state_is_told_once_and_the_last_one_before_the_end() {
        let (sender, receiver) = watch::channel(SaleState::Initiating);
        let mut states = States::new(receiver);
        assert_eq!(poll(&mut states), Poll::Ready(Some(SaleState::Initiating)));
        // Twice a future that waits and is dropped.
        assert_eq!(poll(&mut states), Poll::Pending);
        assert_eq!(poll(&mut states), Poll::Pending);
        sender.send(SaleState::Performing).unwrap();
        assert_eq!(poll(&mut states), Poll::Ready(Some(SaleState::Performing)));
        sender.send(SaleState::Processing).unwrap();
        drop(sender);
        assert_eq!(poll(&mut states), Poll::Ready(Some(SaleState::Processing)));
        assert_eq!(poll(&mut states), Poll::Ready(None));
        assert_eq!(poll(&mut states), Poll::Ready(None));
    }
}
