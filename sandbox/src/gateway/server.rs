//! The gateway's server: its routes.

use std::sync::Arc;

use axum::{
    Router,
    routing::{get, post},
};
use url::Url;

use super::{app, guide, page, state::State};
use crate::{
    error::SandboxError,
    net::{merchant_server::MerchantServer, server::Port},
    record::{FailedConnections, Role, recorded},
    stage::Stage,
};

/// A gateway that is served.
pub(crate) struct Served {
    /// Its address with the base path.
    pub(crate) url: Url,
    pub(crate) state: Arc<State>,
}

impl Served {
    /// What a merchant's server has to be configured with, control key included.
    pub(crate) fn guide(&self) -> String {
        guide::text(&self.state.stage, &self.url, self.state.merchant.server(), true)
    }
}

/// Serves on a port already taken.
pub(crate) fn serve(stage: &Stage, port: Port, merchant: MerchantServer) -> Result<Served, SandboxError> {
    let url = port.url(&stage.config.base_path)?;
    let state = Arc::new(State::new(stage, &url, merchant)?);
    let base = url.path().trim_end_matches('/');
    let router = Router::new()
        .route(
            &format!("{base}/dapi/v1/sale/{{endpoint_id}}/{{invoice_id}}"),
            post(app::perform),
        )
        .route(
            &format!("{base}/dapi/v1/sale/{{endpoint_id}}/{{invoice_id}}/status"),
            post(app::status),
        )
        .route(&format!("{base}/3ds/{{page_id}}"), get(page::show).post(page::submit))
        .route(&format!("{base}/3ds/{{page_id}}/forward"), get(page::forward))
        .fallback(app::not_found)
        .with_state(Arc::clone(&state));
    let is_local = stage.config.listen.is_loopback();
    let guide = guide::text(stage, &url, state.merchant.server(), is_local);
    let router = recorded(router, &stage.recorder, Role::Gateway).merge(guide::router(guide, stage));
    port.serve(
        router,
        Some((
            stage.authority.server(),
            FailedConnections::new(&stage.recorder, Role::Gateway),
        )),
        &stage.tasks,
        stage.shutdown.clone(),
    );
    Ok(Served { url, state })
}
