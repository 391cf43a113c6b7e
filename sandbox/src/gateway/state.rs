//! What the gateway's handlers and sales share.

use std::sync::atomic::{AtomicU64, Ordering};

use url::Url;

use super::{
    merchant_call::MerchantClient,
    pages::Pages,
    sale::{Sale, Sales, State as SaleState},
    vault::Vault,
};
use crate::{error::SandboxError, net::merchant_server::MerchantServer, protocol::random, stage::Stage};

/// The gateway, as they know it.
pub(crate) struct State {
    pub(super) stage: Stage,
    /// With the base path, without a slash at the end.
    pub(super) url: Url,
    pub(super) merchant: MerchantClient,
    pub(super) vault: Vault,
    pub(super) sales: Sales,
    pub(super) pages: Pages,
    next_order: AtomicU64,
}

impl State {
    /// A gateway that answers at `url` and has no sale yet.
    pub(super) fn new(stage: &Stage, url: &Url, merchant: MerchantServer) -> Result<Self, SandboxError> {
        Ok(Self {
            merchant: MerchantClient::new(merchant, stage)?,
            vault: Vault::open(stage.config.database.as_deref())?,
            sales: Sales::default(),
            pages: Pages::default(),
            next_order: AtomicU64::new(random_start()?),
            url: url.clone(),
            stage: stage.clone(),
        })
    }

    pub(super) fn next_order_id(&self) -> String {
        self.next_order.fetch_add(1, Ordering::Relaxed).to_string()
    }

    /// Moves a sale on, in its record and in the ledger.
    pub(super) fn advance(&self, sale: &Sale, state: SaleState) {
        self.stage
            .recorder
            .advance(&sale.invoice_id, state.on_record(), state.reason());
        self.stage.ledger.update(&sale.invoice_id, |entry| {
            entry.state = state.in_ledger();
            if let SaleState::Declined(decline) = &state {
                entry.decline_code = Some(decline.code);
            }
        });
        sale.progress().state = state;
    }
}

/// Order ids count up from somewhere in the seven digits, so that those of two runs seldom meet.
fn random_start() -> Result<u64, SandboxError> {
    let bytes = random::bytes::<3>()?;
    Ok(1_000_000 + u64::from(u32::from_be_bytes([0, bytes[0], bytes[1], bytes[2]])) % 9_000_000)
}
