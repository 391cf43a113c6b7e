//! The record as a file, and back. What is read in is redacted again: a file may have come from anywhere.

use std::sync::Arc;

use axum::{
    Json,
    extract::State,
    http::{StatusCode, header},
    response::{IntoResponse as _, Response},
};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{body::JsonBody, context::Context};
use crate::{
    record::{
        exchange::{Exchange, Half, Sale},
        recorder::{EXCHANGES, SALES},
        redact::{Secrets, shortened, start_of},
    },
    stage::control::refuse,
};

/// The form of the file. Another one gets another number.
const FORMAT: u32 = 1;

#[derive(Serialize, Deserialize)]
pub(super) struct File {
    format: u32,
    sales: Vec<Sale>,
    exchanges: Vec<Exchange>,
}

/// `GET /api/export`.
pub(super) async fn export(State(context): State<Arc<Context>>) -> Response {
    let file = File {
        format: FORMAT,
        sales: context.record.sales(),
        exchanges: context.record.exchanges(),
    };
    let name = "attachment; filename=\"sandbox-record.json\"";
    ([(header::CONTENT_DISPOSITION, name)], Json(file)).into_response()
}

/// `POST /api/import`.
pub(super) async fn import(State(context): State<Arc<Context>>, JsonBody(file): JsonBody<File>) -> Response {
    if file.format != FORMAT {
        return refuse(StatusCode::BAD_REQUEST, "the file is of another version");
    }
    if file.sales.len() > SALES || file.exchanges.len() > EXCHANGES {
        return refuse(StatusCode::BAD_REQUEST, "the file holds more than a record can");
    }
    let exchanges = file.exchanges.into_iter().map(clean_exchange).collect();
    context
        .record
        .import(file.sales.into_iter().map(clean_sale).collect(), exchanges);
    StatusCode::NO_CONTENT.into_response()
}

fn clean_sale(mut sale: Sale) -> Sale {
    let secrets = Secrets::default();
    sale.imported = true;
    each(
        &secrets,
        [
            &mut sale.device,
            &mut sale.currency,
            &mut sale.amount,
            &mut sale.reason,
            &mut sale.nonce,
        ],
    );
    sale.invoice_id = secrets.text(&sale.invoice_id);
    sale
}

fn clean_exchange(mut exchange: Exchange) -> Exchange {
    let mut secrets = Secrets::default();
    for half in [&mut exchange.request, &mut exchange.response].into_iter().flatten() {
        clean_half(&mut secrets, half);
    }
    // A command is text in which names of members do not tell any more what is secret.
    exchange.curl = None;
    let Exchange {
        summary,
        verdict,
        checks,
        signature,
        ..
    } = &mut exchange;
    summary.imported = true;
    summary.message = secrets.text(&summary.message);
    let path = summary.path.as_deref().map(|path| secrets.target(path));
    summary.path = path;
    each(
        &secrets,
        [
            &mut summary.invoice_id,
            &mut summary.device,
            &mut summary.method,
            &mut summary.says,
            &mut summary.fault,
            &mut summary.problem,
        ],
    );
    each(&secrets, [&mut verdict.rule, &mut verdict.expected, &mut verdict.got]);
    for check in checks {
        for text in [&mut check.rule, &mut check.expected, &mut check.got] {
            *text = secrets.text(text);
        }
    }
    if let Some(signature) = signature {
        for part in &mut signature.parts {
            part.value = match part.name.contains("oken") {
                true => shortened(&part.value),
                false => secrets.text(&part.value),
            };
        }
        signature.joined = signature.parts.iter().map(|part| part.value.as_str()).collect();
        signature.expected = secrets.text(&signature.expected);
        each(&secrets, [&mut signature.received]);
    }
    exchange
}

fn clean_half(secrets: &mut Secrets, half: &mut Half) {
    half.body = match (half.form.as_str(), serde_json::from_str::<Value>(&half.body)) {
        ("form", _) => secrets.form(start_of(&half.body)),
        (_, Ok(json)) => secrets.json(&json).to_string(),
        _ => secrets.text(start_of(&half.body)),
    };
    for (name, value) in &mut half.headers {
        *value = secrets.header(name, value);
        *name = secrets.text(name);
    }
}

fn each<const N: usize>(secrets: &Secrets, texts: [&mut Option<String>; N]) {
    for text in texts.into_iter().flatten() {
        *text = secrets.text(text);
    }
}
