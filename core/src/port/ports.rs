//! The ports of a client, together.

use std::sync::Arc;

use super::{
    clock::Clock, merchant::MerchantBackend, presenter::RedirectPresenter, store::SnapshotStore, transport::Transport,
};

/// The ports of a client. `Ports::of` gives the defaults, [`Ports::over`] the defaults with the app's own transport.
#[derive(Clone)]
pub struct Ports {
    /// HTTP to the gateway, and to the merchant's server if `merchant` uses it.
    pub transport: Arc<dyn Transport>,
    /// The merchant's server.
    pub merchant: Arc<dyn MerchantBackend>,
    /// Storage of snapshots.
    pub store: Arc<dyn SnapshotStore>,
    /// Time.
    pub clock: Arc<dyn Clock>,
    /// The browser. Without one the app opens the page of [`crate::SaleState::Challenge`] itself.
    pub presenter: Option<Arc<dyn RedirectPresenter>>,
}
