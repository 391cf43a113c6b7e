//! The inspector's routes, and those that only read. The document of them all is `openapi.json`; the ones that change
//! something are in `actions`.

use std::sync::{Arc, PoisonError};

use axum::{
    Json, Router,
    extract::{DefaultBodyLimit, Path, Query, State},
    http::{StatusCode, header},
    middleware,
    response::{IntoResponse as _, Response},
    routing::{get, post},
};
use serde::Deserialize;
use serde_json::{Value, json};

use super::{actions, assets, context::Context, events, guard, import, testsale};
use crate::{
    record::exchange::SaleState,
    script::SECURITY_CODES,
    stage::control::{self, refuse},
};

/// The longest file that is read in, in bytes: a full record, and room.
const LONGEST_IMPORT: usize = 256 * 1024 * 1024;

const OPENAPI: &str = include_str!("openapi.json");

/// All routes, guarded.
pub(super) fn router(context: Arc<Context>) -> Router {
    let remote_control = Router::new()
        .route("/api/ledger/{invoice_id}", get(control::ledger_entry))
        .route("/api/cardholder", post(control::visit))
        .with_state(Arc::new(context.stage.clone()));
    Router::new()
        .route("/events", get(events::events))
        .route("/ca.pem", get(ca_pem))
        .route("/api/openapi.json", get(openapi))
        .route("/api/state", get(state))
        .route("/api/sales", get(sales).post(testsale::make))
        .route("/api/sales/{invoice_id}", get(sale))
        .route("/api/sales/{invoice_id}/again", post(testsale::make_again))
        .route("/api/sales/{invoice_id}/challenge", post(actions::challenge))
        .route("/api/sales/{invoice_id}/end", post(actions::end))
        .route("/api/sales/{invoice_id}/send", post(actions::send))
        .route("/api/exchanges", get(exchanges))
        .route("/api/exchanges/{number}", get(exchange))
        .route("/api/scripts", get(scripts))
        .route(
            "/api/scripts/{device}",
            post(actions::set_script).delete(actions::remove_script),
        )
        .route("/api/faults", post(actions::faults))
        .route("/api/clear", post(actions::clear))
        .route("/api/export", get(import::export))
        .route(
            "/api/import",
            post(import::import).layer(DefaultBodyLimit::max(LONGEST_IMPORT)),
        )
        .with_state(context)
        .merge(remote_control)
        .merge(assets::router())
        .fallback(no_such_path)
        .layer(middleware::from_fn(guard::guard))
}

async fn no_such_path() -> Response {
    refuse(StatusCode::NOT_FOUND, "no such path; /api/openapi.json lists them")
}

async fn openapi() -> Response {
    ([(header::CONTENT_TYPE, "application/json")], OPENAPI).into_response()
}

async fn ca_pem(State(context): State<Arc<Context>>) -> Response {
    let pem = context.stage.authority.ca_pem().to_owned();
    ([(header::CONTENT_TYPE, "application/x-pem-file")], pem).into_response()
}

async fn state(State(context): State<Arc<Context>>) -> Json<Value> {
    let config = &context.stage.config;
    let (gateway, merchant) = context.shown.lock().unwrap_or_else(PoisonError::into_inner).clone();
    let codes: Vec<Value> = SECURITY_CODES
        .iter()
        .map(|(code, outcome)| json!({"code": code, "outcome": outcome}))
        .collect();
    Json(json!({
        "version": env!("CARGO_PKG_VERSION"),
        "run": context.record.run,
        "gateway_url": gateway.as_str(),
        "merchant_url": merchant.as_str(),
        "has_gateway": context.gateway.is_some(),
        "endpoint_id": config.endpoint_id,
        "control_key": config.control_key,
        "faults_on": context.stage.scripts.has_faults_on(),
        "security_codes": codes,
    }))
}

async fn sales(State(context): State<Arc<Context>>) -> Json<Value> {
    Json(json!({"sales": context.record.sales()}))
}

async fn sale(State(context): State<Arc<Context>>, Path(invoice_id): Path<String>) -> Response {
    let Some(sale) = context.record.find_sale(&invoice_id) else {
        return refuse(StatusCode::NOT_FOUND, "no such sale on record");
    };
    let is_ours = context.gateway.is_some() && !sale.imported && sale.state != SaleState::Initiated;
    let is_final = matches!(sale.state, SaleState::Approved | SaleState::Declined);
    let mut actions = Vec::new();
    let mut offer = |on: bool, names: &[&'static str]| {
        if on {
            actions.extend_from_slice(names);
        }
    };
    offer(is_ours && sale.state == SaleState::Challenge, &["challenge"]);
    offer(is_ours && !is_final && sale.state != SaleState::Void, &["end"]);
    offer(is_ours, &["send_check"]);
    offer(is_ours && sale.state == SaleState::Approved, &["send_mapping"]);
    offer(is_ours && is_final, &["send_callback"]);
    let later = ["send_reversal", "send_chargeback"];
    offer(is_ours && sale.state == SaleState::Approved, &later);
    offer(sale.amount_minor.is_some(), &["again"]);
    let exchanges = context.record.summaries(Some(&invoice_id));
    Json(json!({"sale": sale, "actions": actions, "exchanges": exchanges})).into_response()
}

#[derive(Deserialize)]
struct Of {
    invoice_id: Option<String>,
}

async fn exchanges(State(context): State<Arc<Context>>, Query(of): Query<Of>) -> Json<Value> {
    Json(json!({"exchanges": context.record.summaries(of.invoice_id.as_deref())}))
}

async fn exchange(State(context): State<Arc<Context>>, Path(number): Path<String>) -> Response {
    match number.parse().ok().and_then(|number| context.record.exchange(number)) {
        Some(exchange) => Json(exchange).into_response(),
        None => refuse(StatusCode::NOT_FOUND, "no such exchange on record, or not any more"),
    }
}

async fn scripts(State(context): State<Arc<Context>>) -> Json<Value> {
    let given = context.scripts.lock();
    let script = |(device, left): (String, Option<u32>)| json!({"script": given.get(&device), "device": device, "sales_left": left});
    let scripts: Vec<Value> = context.stage.scripts.devices().into_iter().map(script).collect();
    Json(json!({"scripts": scripts}))
}
