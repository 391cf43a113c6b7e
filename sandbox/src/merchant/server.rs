//! The merchant's server: its routes.

use std::sync::Arc;

use axum::{
    Router,
    routing::{get, post},
};
use url::Url;

use super::{
    app, gateway_side,
    records::Records,
    session_token,
    state::{State, not_found},
};
use crate::{
    error::SandboxError,
    net::{ca_pem::ca_router, server::Port},
    record::{FailedConnections, Role, recorded},
    stage::{Stage, control},
};

/// Where a merchant's server answers.
pub(crate) struct Served {
    pub(crate) url: Url,
    /// Without TLS, if it does.
    pub(crate) plain_url: Option<Url>,
}

/// Serves on a port already taken, and on one without TLS if there is one. `alone`: the gateway runs elsewhere.
pub(crate) fn serve(
    stage: &Stage,
    (port, plain_port): (Port, Option<Port>),
    alone: bool,
) -> Result<Served, SandboxError> {
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
    let router = recorded(router, &stage.recorder, Role::Merchant).merge(ca_router(&stage.authority));
    if let Some(port) = plain_port {
        port.serve(router.clone(), None, &stage.tasks, stage.shutdown.clone());
    }
    port.serve(
        router,
        Some((
            stage.authority.server(),
            FailedConnections::new(&stage.recorder, Role::Merchant),
        )),
        &stage.tasks,
        stage.shutdown.clone(),
    );
    Ok(Served { url, plain_url })
}
