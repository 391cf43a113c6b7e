//! A sale that the inspector makes itself, as an app would, over HTTPS and by the protocol: a new one, or one like
//! another. It pays with a test card; the card of the other sale is not kept anywhere.

use std::{sync::Arc, time::Duration};

use axum::{
    Json,
    extract::{Path, State},
    http::StatusCode,
    response::{IntoResponse as _, Response},
};
use reqwest::{Client, Method};
use serde::Deserialize;
use serde_json::{Value, json};
use url::Url;

use super::{body::JsonBody, context::Context};
use crate::{
    net::tls,
    record::checks::text,
    script::{Outcome, Script},
    stage::control::refuse,
};

/// Between two status requests; the sandbox takes more than a gateway would.
const GAP: Duration = Duration::from_millis(500);

/// Status requests for one sale, at most.
const MOST_STATUS_REQUESTS: u32 = 1_200;

/// What the app of the inspector is asked to buy.
#[derive(Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Wanted {
    device: String,
    amount_minor: u64,
    currency: String,
    email: Option<String>,
    security_code: String,
    client_card_id: Option<String>,
}

impl Default for Wanted {
    fn default() -> Self {
        Self {
            device: "inspector-0001".to_owned(),
            amount_minor: 1_050,
            currency: "EUR".to_owned(),
            email: Some("tester@example.com".to_owned()),
            security_code: "123".to_owned(),
            client_card_id: None,
        }
    }
}

/// `POST /api/sales`.
pub(super) async fn make(State(context): State<Arc<Context>>, JsonBody(wanted): JsonBody<Wanted>) -> Response {
    sell(context, wanted, None).await
}

/// `POST /api/sales/{invoiceId}/again`.
pub(super) async fn make_again(State(context): State<Arc<Context>>, Path(invoice_id): Path<String>) -> Response {
    let Some(sale) = context.record.find_sale(&invoice_id) else {
        return refuse(StatusCode::NOT_FOUND, "no such sale on record");
    };
    let (Some(amount_minor), Some(currency)) = (sale.amount_minor, sale.currency) else {
        return refuse(StatusCode::CONFLICT, "the record does not know the amount of this sale");
    };
    let known = context
        .gateway
        .as_ref()
        .and_then(|gateway| gateway.consumer_of(&invoice_id));
    let outcome = context
        .gateway
        .as_ref()
        .and_then(|gateway| gateway.outcome_of(&invoice_id));
    let usual = Wanted::default();
    let (client_card_id, email) = known.unwrap_or((None, usual.email.clone()));
    let wanted = Wanted {
        device: sale.device.unwrap_or_else(|| usual.device.clone()),
        amount_minor,
        currency,
        email,
        client_card_id,
        ..usual
    };
    sell(context, wanted, outcome).await
}

async fn sell(context: Arc<Context>, wanted: Wanted, outcome: Option<Outcome>) -> Response {
    let app = match App::new(&context, wanted) {
        Ok(app) => app,
        Err(why) => return refuse(StatusCode::INTERNAL_SERVER_ERROR, &why),
    };
    let begun = match app.initiate().await {
        Ok(begun) => begun,
        Err(why) => return refuse(StatusCode::BAD_GATEWAY, &why),
    };
    if let Some(outcome) = outcome {
        context
            .stage
            .scripts
            .bind_to(&begun.invoice_id, Script::new().outcome(outcome));
    }
    let answer = Json(json!({"invoice_id": begun.invoice_id}));
    let (tasks, shutdown) = (context.stage.tasks.clone(), context.stage.shutdown.clone());
    tasks.spawn(async move {
        tokio::select! {
            () = shutdown.cancelled() => {}
            // Whatever goes wrong with it is on record.
            _on_record = app.perform(&begun) => {}
        }
    });
    (StatusCode::ACCEPTED, answer).into_response()
}

struct App {
    http: Client,
    gateway: Url,
    merchant: Url,
    wanted: Wanted,
}

struct Begun {
    access_token: String,
    endpoint_id: String,
    invoice_id: String,
    nonce: String,
    signature: String,
}

impl App {
    fn new(context: &Context, wanted: Wanted) -> Result<Self, String> {
        let tls = tls::client_trusting(&context.addresses.trusted_pem).map_err(|error| error.to_string())?;
        let http = Client::builder()
            .tls_backend_preconfigured(tls)
            .no_proxy()
            .timeout(context.stage.config.call_timeout)
            .build()
            .map_err(|error| error.to_string())?;
        Ok(Self {
            http,
            gateway: context.addresses.gateway.clone(),
            merchant: context.addresses.merchant.clone(),
            wanted,
        })
    }

    async fn ask(&self, method: Method, url: Url, body: Option<&Value>) -> Result<Value, String> {
        let mut request = self.http.request(method, url);
        if let Some(body) = body {
            request = request.json(body);
        }
        let answer = request.send().await.map_err(|error| error.without_url().to_string())?;
        let status = answer.status();
        let body: Value = answer.json().await.map_err(|_| format!("HTTP {status}, and no JSON"))?;
        match body.get("error") {
            Some(error) => Err(format!("HTTP {status}: {}", text(error, "message").unwrap_or_default())),
            None => Ok(body),
        }
    }

    async fn initiate(&self) -> Result<Begun, String> {
        let url = under(&self.merchant, &["auth", "request-access-token"]);
        let answer = self.ask(Method::GET, url, None).await?;
        let member = |answer: &Value, path: &str| text(answer, path).ok_or_else(|| format!("an answer without {path}"));
        let access_token = member(&answer, "session.accessToken")?;
        let mut body = json!({
            "consumer": {"device": {"serialNumber": self.wanted.device}},
            "session": {"accessToken": access_token},
            "transaction": {"amountCentis": self.wanted.amount_minor, "currency": self.wanted.currency},
        });
        if let Some(email) = &self.wanted.email {
            body["consumer"]["email"] = email.as_str().into();
        }
        let url = under(&self.merchant, &["sale", "initiate-sale"]);
        let answer = self.ask(Method::POST, url, Some(&body)).await?;
        Ok(Begun {
            access_token,
            endpoint_id: member(&answer, "endpointId")?,
            invoice_id: member(&answer, "invoiceId")?,
            nonce: member(&answer, "session.nonce")?,
            signature: member(&answer, "session.signature")?,
        })
    }

    async fn perform(&self, begun: &Begun) -> Result<(), String> {
        let code = &self.wanted.security_code;
        let source = match &self.wanted.client_card_id {
            Some(id) => json!({"reference": {"clientCardId": id, "securityCode": code}}),
            None => json!({"card": {
                "number": "4111111111111111",
                "securityCode": code,
                "expiry": {"month": 12, "year": 2099},
                "holder": {"printedName": "SANDBOX TESTER"},
            }}),
        };
        let mut body = json!({
            "consumer": {"device": {"serialNumber": self.wanted.device}},
            "session": {"accessToken": begun.access_token, "nonce": begun.nonce, "signature": begun.signature},
            "sourceOfFunds": source,
            "transaction": {"amountCentis": self.wanted.amount_minor, "currency": self.wanted.currency},
        });
        if let Some(email) = &self.wanted.email {
            body["consumer"]["email"] = email.as_str().into();
        }
        let path = ["dapi", "v1", "sale", &begun.endpoint_id, &begun.invoice_id];
        let answer = self.ask(Method::POST, under(&self.gateway, &path), Some(&body)).await?;
        let token = text(&answer, "session.token").ok_or("no session token")?;
        let body = json!({"session": {"accessToken": begun.access_token, "token": token}});
        let mut url = under(&self.gateway, &path);
        if let Ok(mut segments) = url.path_segments_mut() {
            segments.push("status");
        }
        for _ in 0..MOST_STATUS_REQUESTS {
            tokio::time::sleep(GAP).await;
            // A status that cannot be had now may be had the next time.
            let Ok(answer) = self.ask(Method::POST, url.clone(), Some(&body)).await else {
                continue;
            };
            if matches!(text(&answer, "state").as_deref(), Some("APPROVED" | "DECLINED")) {
                break;
            }
        }
        Ok(())
    }
}

fn under(base: &Url, path: &[&str]) -> Url {
    let mut url = base.clone();
    if let Ok(mut segments) = url.path_segments_mut() {
        segments.pop_if_empty().extend(path);
    }
    url
}
