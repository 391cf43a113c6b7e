//! How a sale ends: the charge, the final status, the callback.

use super::{
    callback,
    sale::{Sale, State as SaleState},
    state::State,
};
use crate::protocol::diagram::{Direction, Party};

pub(super) fn charge(gateway: &State, sale: &Sale) {
    gateway
        .stage
        .ledger
        .update(&sale.invoice_id, |entry| entry.charges += 1);
}

pub(super) async fn finish(gateway: &State, sale: &Sale, state: SaleState) {
    let name = state.name();
    let stage = &gateway.stage;
    gateway.advance(sale, state);
    let told = (Party::Gateway, Party::Gateway);
    stage.observer.report(
        None,
        told,
        ("final status", Direction::Internal),
        Some(&sale.invoice_id),
        name,
    );
    if stage.config.callbacks {
        callback::deliver(gateway, sale, callback::Kind::Sale).await;
    }
}
