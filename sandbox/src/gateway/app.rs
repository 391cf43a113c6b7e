//! Where the app's two messages arrive: perform sale and sale status. A sale begins here and is read here; what
//! happens in between is `processing`.

use std::sync::Arc;

use axum::{
    Extension,
    body::Bytes,
    extract::{Path, State as FromState},
    http::{HeaderMap, header},
    response::Response,
};
use time::OffsetDateTime;
use tokio::sync::oneshot;
use url::Url;
use zeroize::Zeroize as _;

use super::{
    State,
    perform::{Perform, SourceOfFunds, has_check_digit},
    processing::{self, Signals},
    sale::{Opening, Sale, Source, State as SaleState},
};
use crate::{
    config::{CheckTiming, RepeatedPerform},
    error::SandboxError,
    net::server::Connection,
    protocol::{
        answer::{Answer, INVALID_REQUEST},
        diagram::{Exchange, Party},
        fields::{Complaint, Fields},
        signature::same,
    },
    script::{Message, Script, fault, outcome::Outcome},
};

type Target = Path<(String, String)>;

const PERFORM: Exchange = Exchange {
    name: "perform sale",
    asks: Party::App,
    answers: Party::Gateway,
    step: Some(6),
};

/// `POST {base}/dapi/v1/sale/{endpointId}/{invoiceId}`.
pub(super) async fn perform(
    FromState(gateway): FromState<Arc<State>>,
    Path((endpoint_id, invoice_id)): Target,
    Extension(connection): Extension<Connection>,
    body: Bytes,
) -> Response {
    let stage = &gateway.stage;
    let fields = Fields::parse(&body);
    wipe(body);
    let peek = |path| {
        fields
            .as_ref()
            .ok()
            .and_then(|fields| fields.peek(path))
            .unwrap_or_default()
    };
    let serial = peek("consumer.device.serialNumber");
    let amount = fields
        .as_ref()
        .ok()
        .and_then(|fields| fields.peek_number("transaction.amountCentis"));
    stage.ledger.perform_received(
        &invoice_id,
        &serial,
        amount.unwrap_or_default(),
        &peek("transaction.currency"),
    );
    let script = stage.scripts.bind(&invoice_id, &serial);
    stage.saw_request(PERFORM, Some(&invoice_id), "");

    let fault = stage.next_fault(&invoice_id, Message::Perform);
    if let Some(fault) = &fault
        && let Some(instead) = fault.instead(Some(&invoice_id), &connection).await
    {
        return instead;
    }
    let (answer, begun) = match fields.and_then(|fields| Perform::read(&fields)) {
        Ok(request) => accept(&gateway, &endpoint_id, &invoice_id, request, script).await,
        Err(Complaint(rule)) => (Answer::invalid(&rule, Some(&invoice_id)), None),
    };
    let answer = gateway.finish(answer);
    stage.saw_answer(PERFORM, Some(&invoice_id), answer.summary());
    if let Some(answered) = begun {
        let _sale_ended = answered.send(());
    }
    fault::deliver(fault, answer, &connection).await
}

/// Begins the sale, if nothing stands against it. With it comes what tells the sale that its answer is under way.
async fn accept(
    gateway: &Arc<State>,
    endpoint_id: &str,
    invoice_id: &str,
    request: Perform,
    script: Option<Arc<Script>>,
) -> (Answer, Option<oneshot::Sender<()>>) {
    let config = &gateway.stage.config;
    let refused = |rule: &str| (Answer::invalid(rule, Some(invoice_id)), None);
    if endpoint_id != config.endpoint_id {
        let answer = Answer::error(400, "INVALID_CONFIGURATION", "no such endpoint", Some(invoice_id));
        return (answer, None);
    }
    if invoice_id.is_empty() || invoice_id.chars().count() > 64 {
        return refused("invoiceId: must be 1 to 64 characters");
    }
    if !gateway
        .stage
        .key
        .verify(&request.signed(endpoint_id, invoice_id), &request.signature)
    {
        return refused("session.signature: does not match the request");
    }
    if let Some(currency) = &config.endpoint_currency
        && *currency != request.currency
    {
        return refused(&format!("transaction.currency: this endpoint takes {currency} only"));
    }
    let session = (request.access_token.clone(), request.nonce.clone());
    let scripted = script.as_ref().and_then(|script| script.repeated_perform.clone());
    let begun = gateway.open_sale(invoice_id, request, script);
    let sale = match begun {
        Ok(Ok(sale)) => sale,
        Ok(Err(first)) => {
            let of_first = same(&session.0, &first.access_token) && same(&session.1, &first.nonce);
            let repeated = scripted.as_ref().unwrap_or(&config.repeated_perform);
            return (repeat(repeated, &first, of_first), None);
        }
        Err(_) => {
            return (
                Answer::failed("INTERNAL_ERROR", "the sale could not be opened", Some(invoice_id)),
                None,
            );
        }
    };
    let answer = Answer::ok(sale.perform_answer());
    let timing = sale.check_timing(config);
    let (answered, on_answered) = oneshot::channel();
    let (checked, on_checked) = oneshot::channel();
    processing::begin(
        Arc::clone(gateway),
        sale,
        Signals {
            answered: on_answered,
            checked,
        },
    );
    if timing == CheckTiming::BeforeAnswer {
        let _sale_ended = on_checked.await;
    }
    (answer, Some(answered))
}

/// What a perform request gets whose invoice has a sale, the `first`, already; `is_same` if it comes with its session.
fn repeat(answer: &RepeatedPerform, first: &Sale, is_same: bool) -> Answer {
    const WHY: &str = "invoiceId: this sale was performed already";
    match answer {
        RepeatedPerform::Replay if is_same => Answer::ok(first.perform_answer()),
        RepeatedPerform::Replay => Answer::invalid(WHY, Some(&first.invoice_id)),
        RepeatedPerform::Refuse { http_status, cause } => {
            Answer::error(*http_status, cause, WHY, Some(&first.invoice_id))
        }
    }
}

impl State {
    /// Puts the sale on record: from here on the card is a fingerprint, and the security code an outcome.
    fn open_sale(
        &self,
        invoice_id: &str,
        mut request: Perform,
        script: Option<Arc<Script>>,
    ) -> Result<Result<Arc<Sale>, Arc<Sale>>, SandboxError> {
        let scripted = script.as_ref().and_then(|script| script.outcome.clone());
        let mut outcome = scripted.unwrap_or_else(|| Outcome::of_security_code(&request.security_code));
        let source = match &mut request.source {
            SourceOfFunds::Card { number, expiry } => {
                if !has_check_digit(number) {
                    outcome = Outcome::decline(8, "Bad credit card number");
                } else if is_past(*expiry) {
                    outcome = Outcome::decline(101, "Expired card");
                }
                Source::Card(self.vault.fingerprint(number, *expiry))
            }
            SourceOfFunds::Reference { client_card_id } => Source::Reference {
                client_card_id: std::mem::take(client_card_id),
            },
        };
        let (invoice_id, order_id) = (invoice_id.to_owned(), self.next_order_id());
        let sale = Sale::open(Opening {
            invoice_id,
            order_id,
            request,
            source,
            outcome,
            script,
        })?;
        let opened = self.sales.insert(sale);
        if let Ok(sale) = &opened {
            self.advance(sale, SaleState::Processing);
        }
        Ok(opened)
    }

    /// The answer as it leaves: errors inside HTTP 200 if the gateway is so configured.
    fn finish(&self, answer: Answer) -> Answer {
        if self.stage.config.errors_in_ok {
            answer.inside_ok()
        } else {
            answer
        }
    }
}

/// `POST {base}/dapi/v1/sale/{endpointId}/{invoiceId}/status`.
pub(super) async fn status(
    FromState(gateway): FromState<Arc<State>>,
    Path((endpoint_id, invoice_id)): Target,
    Extension(connection): Extension<Connection>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let stage = &gateway.stage;
    stage.ledger.update(&invoice_id, |entry| {
        entry.status_requests = entry.status_requests.saturating_add(1)
    });
    let fault = stage.next_fault(&invoice_id, Message::Status);
    if let Some(fault) = &fault
        && let Some(instead) = fault.instead(Some(&invoice_id), &connection).await
    {
        return instead;
    }
    let host = headers.get(header::HOST).and_then(|host| host.to_str().ok());
    let answer = gateway.finish(answer_status(&gateway, &endpoint_id, &invoice_id, host, &body));
    fault::deliver(fault, answer, &connection).await
}

const STATUS: Exchange = Exchange {
    name: "sale status",
    asks: Party::App,
    answers: Party::Gateway,
    step: None,
};

fn answer_status(gateway: &State, endpoint_id: &str, invoice_id: &str, host: Option<&str>, body: &[u8]) -> Answer {
    let stage = &gateway.stage;
    let refuse = |answer: Answer| {
        stage.saw_request(STATUS, Some(invoice_id), "");
        stage.saw_answer(STATUS, Some(invoice_id), answer.summary());
        answer
    };
    let session = Fields::parse(body).and_then(|fields| {
        Ok((
            fields.text("session.accessToken", 32, 128)?,
            fields.text("session.token", 16, 36)?,
        ))
    });
    let (access_token, token) = match session {
        Ok(session) => session,
        Err(Complaint(rule)) => return refuse(Answer::invalid(&rule, Some(invoice_id))),
    };
    let of_sale = |sale: &Arc<Sale>| {
        same(&token, &sale.token)
            && (!stage.config.strict_status_access_token || same(&access_token, &sale.access_token))
    };
    let found = gateway
        .sales
        .find(invoice_id)
        .filter(of_sale)
        .filter(|_| endpoint_id == stage.config.endpoint_id);
    let Some(sale) = found else {
        return refuse(Answer::error(400, "ORDER_NOT_FOUND", "no such sale", Some(invoice_id)));
    };

    let mut progress = sale.progress();
    let step = match (&progress.state, progress.redirect_told) {
        (state, _) if state.is_final() => 21,
        (_, true) => 16,
        (_, false) => 11,
    };
    progress.redirect_told |= matches!(progress.state, SaleState::Redirect { .. });
    let exchange = Exchange {
        step: Some(step),
        ..STATUS
    };
    stage.saw_request(exchange, Some(invoice_id), "");
    stage.saw_answer(exchange, Some(invoice_id), progress.state.name());
    let with_currency = stage.config.status_currency;
    Answer::ok(sale.status_answer(&progress, with_currency, |page_id| page_url(gateway, host, page_id)))
}

/// The page's URL, under the host the app called us by if our certificate covers it: an emulator or a phone cannot
/// reach our loopback address.
fn page_url(gateway: &State, host: Option<&str>, page_id: &str) -> Url {
    let called = host
        .and_then(|host| Url::parse(&format!("https://{host}/")).ok())
        .filter(|url| {
            let name = url.host_str().unwrap_or_default().trim_matches(['[', ']']).to_owned();
            gateway.stage.authority.names().contains(&name)
        });
    let mut url = called.unwrap_or_else(|| gateway.url.clone());
    url.set_path(&format!("{}/3ds/{page_id}", gateway.url.path().trim_end_matches('/')));
    url
}

/// Any other path.
pub(super) async fn not_found() -> Response {
    Answer::error(404, INVALID_REQUEST, "no such path", None).into_response()
}

fn is_past((year, month): (i64, i64)) -> bool {
    let now = OffsetDateTime::now_utc();
    (year, month) < (i64::from(now.year()), i64::from(u8::from(now.month())))
}

/// Wipes a body that nobody else holds.
fn wipe(body: Bytes) {
    if let Ok(mut bytes) = body.try_into_mut() {
        bytes.as_mut().zeroize();
    }
}
