//! The merchant's server ("connecting party"): access tokens, sales it begins, and what it answers when the gateway asks.

mod app;
mod gateway_side;
mod records;
pub(crate) mod server;
mod session_token;

use std::{fmt, sync::Arc};

use axum::{
    Router,
    routing::{get, post},
};
use url::Url;

use self::records::Records;
pub use self::server::{MerchantPaths, MerchantServer};
use crate::{
    SandboxConfig, SandboxError,
    gateway::guide::ca_router,
    inspector::{self, Addresses, Door, Inspector, Role},
    net::server::Port,
    protocol::answer::{Answer, INVALID_REQUEST},
    stage::{Stage, control},
};

/// A merchant's server that listens. Dropping it leaves it running until the runtime ends; see [`Merchant::shutdown`].
pub struct Merchant {
    stage: Stage,
    url: Url,
    plain_url: Option<Url>,
    gateway_url: Url,
    inspector: Option<Inspector>,
}

impl fmt::Debug for Merchant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Merchant")
            .field("url", &self.url.as_str())
            .finish_non_exhaustive()
    }
}

/// What the merchant's handlers share.
pub(crate) struct State {
    stage: Stage,
    records: Records,
    /// The gateway runs elsewhere, so nobody else reports its calls.
    alone: bool,
}

crate::stage::accessors!(Merchant);

impl Merchant {
    /// Starts a merchant whose gateway is somebody else's, at `gateway_url` (with its base path). The merchant never calls
    /// it; it knows it to tell apps.
    ///
    /// # Errors
    /// [`SandboxError`] if the configuration is wrong, the port is taken, or the database or TLS fail.
    pub async fn start(config: SandboxConfig, gateway_url: Url) -> Result<Self, SandboxError> {
        let stage = Stage::new(config)?;
        let port = Port::take(&stage.config, stage.config.merchant_port).await?;
        let mut merchant = Self::serve(stage.clone(), (port, None), gateway_url.clone(), true)?;
        let addresses = Addresses {
            gateway: gateway_url,
            merchant: merchant.url.clone(),
            trusted_pem: merchant.ca_pem().to_owned(),
        };
        merchant.inspector = Inspector::start(&stage, None, addresses).await?;
        Ok(merchant)
    }

    /// Serves on a port already taken, and on one without TLS if there is one.
    pub(crate) fn serve(
        stage: Stage,
        (port, plain_port): (Port, Option<Port>),
        gateway_url: Url,
        alone: bool,
    ) -> Result<Self, SandboxError> {
        let url = port.url("")?;
        let plain_url = plain_port.as_ref().map(Port::plain_url).transpose()?;
        let records = Records::open(stage.config.database.as_deref())?;
        let state = Arc::new(State {
            stage: stage.clone(),
            records,
            alone,
        });
        let router = Router::new()
            .route("/auth/request-access-token", get(app::access_token))
            .route("/sale/initiate-sale", post(app::initiate))
            .route("/sale/{invoice_id}/session-token", post(session_token::session_token))
            .route("/sale/{invoice_id}/stored-card", post(app::stored_card))
            .route("/sale/{invoice_id}/check", post(gateway_side::check))
            .route("/sale/notification", post(gateway_side::notification))
            .route(
                "/sale/{invoice_id}/notification",
                post(gateway_side::notification_of_invoice),
            )
            .route("/callback", get(gateway_side::callback))
            .fallback(not_found)
            .with_state(state);
        let router = if stage.config.control {
            router.merge(control::router(stage.clone()))
        } else {
            router
        };
        let router = inspector::recorded(router, &stage.recorder, Role::Merchant).merge(ca_router(&stage));
        if let Some(port) = plain_port {
            port.serve(router.clone(), None, &stage.tasks, stage.shutdown.clone());
        }
        port.serve(
            router,
            Some((stage.authority.server(), Door::new(&stage.recorder, Role::Merchant))),
            &stage.tasks,
            stage.shutdown.clone(),
        );
        Ok(Self {
            stage,
            url,
            plain_url,
            gateway_url,
            inspector: None,
        })
    }

    /// Its address: `https://127.0.0.1:8444/`.
    #[must_use]
    pub fn url(&self) -> &Url {
        &self.url
    }

    /// Its address without TLS, if it has one.
    #[must_use]
    pub(crate) fn plain_url(&self) -> Option<&Url> {
        self.plain_url.as_ref()
    }

    /// Where its apps find the gateway.
    #[must_use]
    pub fn gateway_url(&self) -> &Url {
        &self.gateway_url
    }
}

async fn not_found() -> axum::response::Response {
    Answer::error(404, INVALID_REQUEST, "no such path", None).into_response()
}

/// A request the merchant turns down.
type Refusal = Answer;

/// A failure of the merchant's own.
fn broken(_: SandboxError) -> Refusal {
    Answer::failed("SERVER_FAILED", "the merchant's server failed", None)
}
