//! The payment gateway: its two DAPI messages, its 3-D Secure pages, and its calls to the merchant's server.

pub(crate) mod by_hand;
pub(crate) mod callback;
mod challenge;
mod check;
mod desk;
mod form;
pub(crate) mod guide;
mod html;
mod mapping;
mod merchant_call;
mod page;
mod perform;
mod processing;
mod sale;
mod vault;
mod words;

use std::{
    fmt,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
};

use axum::{
    Router,
    routing::{get, post},
};
use url::Url;

use self::{merchant_call::MerchantClient, page::Pages, sale::Sales, vault::Vault};
use crate::{
    Ledger, MerchantServer, SandboxConfig, SandboxError,
    inspector::{self, Addresses, Door, Inspector, Role},
    net::server::Port,
    stage::Stage,
};

/// A gateway that listens. Dropping it leaves it running until the runtime ends; see [`Gateway::shutdown`].
pub struct Gateway {
    stage: Stage,
    url: Url,
    pub(crate) state: Arc<State>,
    inspector: Option<Inspector>,
}

impl fmt::Debug for Gateway {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Gateway")
            .field("url", &self.url.as_str())
            .finish_non_exhaustive()
    }
}

/// What the gateway's handlers and sales share.
pub(crate) struct State {
    stage: Stage,
    /// With the base path, without a slash at the end.
    url: Url,
    merchant: MerchantClient,
    vault: Vault,
    sales: Sales,
    pages: Pages,
    next_order: AtomicU64,
}

crate::stage::accessors!(Gateway);

impl Gateway {
    /// Starts a gateway whose `merchant` is somebody else's. This gateway's own authority is trusted too.
    ///
    /// # Errors
    /// [`SandboxError`] if the configuration is wrong, the port is taken, or the database or TLS fail.
    pub async fn start(config: SandboxConfig, merchant: MerchantServer) -> Result<Self, SandboxError> {
        let stage = Stage::new(config)?;
        let merchant = merchant
            .trusting_also(stage.authority.ca_pem())
            .notified_at(stage.config.notification_url);
        let port = Port::take(&stage.config, stage.config.gateway_port).await?;
        let mut gateway = Self::serve(stage.clone(), port, merchant.clone())?;
        let addresses = Addresses {
            gateway: gateway.url.clone(),
            merchant: merchant.url().clone(),
            trusted_pem: [gateway.ca_pem(), merchant.ca_pem()].join("\n"),
        };
        gateway.inspector = Inspector::start(&stage, Some(Arc::clone(&gateway.state)), addresses).await?;
        Ok(gateway)
    }

    /// Serves on a port already taken.
    pub(crate) fn serve(stage: Stage, port: Port, merchant: MerchantServer) -> Result<Self, SandboxError> {
        let url = port.url(&stage.config.base_path)?;
        let state = Arc::new(State {
            merchant: MerchantClient::new(merchant.clone(), &stage)?,
            vault: Vault::open(stage.config.database.as_deref())?,
            sales: Sales::default(),
            pages: Pages::default(),
            next_order: AtomicU64::new(random_start()?),
            url: url.clone(),
            stage: stage.clone(),
        });
        let base = url.path().trim_end_matches('/');
        let router = Router::new()
            .route(
                &format!("{base}/dapi/v1/sale/{{endpoint_id}}/{{invoice_id}}"),
                post(desk::perform),
            )
            .route(
                &format!("{base}/dapi/v1/sale/{{endpoint_id}}/{{invoice_id}}/status"),
                post(desk::status),
            )
            .route(&format!("{base}/3ds/{{page_id}}"), get(page::show).post(page::submit))
            .route(&format!("{base}/3ds/{{page_id}}/forward"), get(page::forward))
            .fallback(desk::not_found)
            .with_state(Arc::clone(&state));
        let is_local = stage.config.listen.is_loopback();
        let guide = guide::text(&stage, &url, &merchant, is_local);
        let router = inspector::recorded(router, &stage.recorder, Role::Gateway).merge(guide::router(guide, &stage));
        port.serve(
            router,
            Some((stage.authority.server(), Door::new(&stage.recorder, Role::Gateway))),
            &stage.tasks,
            stage.shutdown.clone(),
        );
        Ok(Self {
            stage,
            url,
            state,
            inspector: None,
        })
    }

    /// Its address with the base path: `https://127.0.0.1:8443/paynet`.
    #[must_use]
    pub fn url(&self) -> &Url {
        &self.url
    }

    /// What the merchant's server has to be configured with, and an example of each call to it, for a developer. It holds
    /// the control key.
    #[must_use]
    pub fn guide(&self) -> String {
        guide::text(&self.stage, &self.url, self.state.merchant.server(), true)
    }

    /// Its account of every sale.
    #[must_use]
    pub fn ledger(&self) -> Ledger {
        self.stage.ledger.clone()
    }
}

impl State {
    fn next_order_id(&self) -> String {
        self.next_order.fetch_add(1, Ordering::Relaxed).to_string()
    }

    /// Moves a sale on, in its record and in the ledger.
    fn advance(&self, sale: &sale::Sale, state: sale::State) {
        self.stage
            .recorder
            .advance(&sale.invoice_id, state.on_record(), state.reason());
        self.stage.ledger.update(&sale.invoice_id, |entry| {
            entry.state = state.in_ledger();
            if let sale::State::Declined(decline) = &state {
                entry.decline_code = Some(decline.code);
            }
        });
        sale.progress().state = state;
    }
}

/// Order ids count up from somewhere in the seven digits, so that those of two runs seldom meet.
fn random_start() -> Result<u64, SandboxError> {
    let bytes = crate::protocol::random::bytes::<3>()?;
    Ok(1_000_000 + u64::from(u32::from_be_bytes([0, bytes[0], bytes[1], bytes[2]])) % 9_000_000)
}
