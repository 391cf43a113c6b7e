//! Where browsers open the 3-D Secure pages and send their forms, and what those do to the sale. How the pages look is
//! `html`, which there are `pages`.

use std::sync::Arc;

use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::{
    Form,
    extract::{Path, Query, State as FromState},
    response::{Html, IntoResponse as _, Redirect, Response},
};
use serde::Deserialize;
use url::Url;
use zeroize::Zeroizing;

use super::{
    State,
    challenge::{Answered, Ask, End, Notice, PageKind},
    form::{Reply, Submitted},
    html,
    pages::Page,
    sale::Source,
    words::{self, Words},
};
use crate::protocol::{
    diagram::{Direction, Party},
    money,
};

/// Where the pages may lead back to.
#[derive(Deserialize)]
pub(super) struct Back {
    #[serde(rename = "return")]
    url: Option<String>,
}

impl Back {
    /// The URL if its scheme is allowed: anything else could run script or lead to an unknown app.
    fn allowed(self, gateway: &State) -> Option<Url> {
        let url = Url::parse(&self.url?).ok()?;
        let scheme = url.scheme();
        gateway
            .stage
            .config
            .return_schemes
            .iter()
            .any(|allowed| allowed == scheme)
            .then_some(url)
    }
}

/// `GET {base}/3ds/{page}`.
pub(super) async fn show(
    FromState(gateway): FromState<Arc<State>>,
    Path(page_id): Path<String>,
    Query(back): Query<Back>,
    headers: HeaderMap,
) -> Response {
    let (back, words) = (back.allowed(&gateway), words_for(&headers));
    let pages = gateway.pages.lock();
    let Some(page) = pages.get(&page_id) else {
        return unknown(words);
    };
    let saw = |step, from, to, what, direction| {
        let invoice_id = Some(page.sale.invoice_id.as_str());
        gateway
            .stage
            .observer
            .report(Some(step), (from, to), (what, direction), invoice_id, page.kind.name());
    };
    saw(13, Party::App, Party::Gateway, "open browser", Direction::Request);
    saw(14, Party::Gateway, Party::Consumer, "page", Direction::Response);
    match (&page.end, &page.kind) {
        (Some(end), _) => shown(StatusCode::OK, html::end(words, *end, back.as_ref())),
        (None, PageKind::Fingerprint { .. }) => {
            let next = address(&gateway, &format!("{page_id}/forward"), back.as_ref());
            shown(StatusCode::OK, html::fingerprint(words, &next))
        }
        (None, PageKind::Challenge { ask, .. }) => {
            let asked = (*ask, None, words);
            shown(
                StatusCode::OK,
                gateway.challenge_html(page, &page_id, back.as_ref(), asked),
            )
        }
    }
}

/// `GET {base}/3ds/{page}/forward`: the browser data is collected, the next page follows.
pub(super) async fn forward(
    FromState(gateway): FromState<Arc<State>>,
    Path(page_id): Path<String>,
    Query(back): Query<Back>,
    headers: HeaderMap,
) -> Response {
    let (back, words) = (back.allowed(&gateway), words_for(&headers));
    let mut pages = gateway.pages.lock();
    let Some(page) = pages.get_mut(&page_id) else {
        return unknown(words);
    };
    let PageKind::Fingerprint { next } = page.kind.clone() else {
        return unknown(words);
    };
    page.end_with(Answered::Passed);
    guarded(Redirect::to(&address(&gateway, &next, back.as_ref())).into_response())
}

/// `POST {base}/3ds/{page}`.
pub(super) async fn submit(
    FromState(gateway): FromState<Arc<State>>,
    Path(page_id): Path<String>,
    Query(back): Query<Back>,
    headers: HeaderMap,
    Form(mut form): Form<Submitted>,
) -> Response {
    let (back, words) = (back.allowed(&gateway), words_for(&headers));
    let password = form.password.take().map(Zeroizing::new);
    let mut pages = gateway.pages.lock();
    let Some(page) = pages.get_mut(&page_id) else {
        return unknown(words);
    };
    let PageKind::Challenge { ask, .. } = page.kind else {
        return unknown(words);
    };
    if let Some(end) = page.end {
        return shown(StatusCode::OK, html::end(words, end, back.as_ref()));
    }
    let Some(reply) = form.reply(&mut page.kind, password.as_ref().map(|password| password.as_str())) else {
        return unknown(words);
    };
    let detail = match (form.end.is_some(), &reply) {
        (_, Reply::AskAgain(Notice::Silent)) => "no reaction of the issuer",
        (_, Reply::AskAgain(Notice::Empty)) => "nothing entered",
        (_, Reply::AskAgain(Notice::Wrong(_))) => "wrong password, asked again",
        (false, Reply::End(Answered::Passed)) => "right password",
        (false, Reply::End(Answered::Failed)) => "wrong password",
        (false, Reply::End(Answered::Cancelled)) => "cancelled",
        (false, Reply::End(Answered::Late)) => "too late",
        (true, Reply::End(Answered::Passed)) => "approved by a tester",
        (true, Reply::End(Answered::Failed)) => "failed by a tester",
        (true, Reply::End(Answered::Cancelled)) => "cancelled by a tester",
        (true, Reply::End(Answered::Late)) => "expired by a tester",
    };
    let (between, event) = (
        (Party::Consumer, Party::Gateway),
        ("authentication data", Direction::Request),
    );
    gateway
        .stage
        .observer
        .report(Some(15), between, event, Some(&page.sale.invoice_id), detail);
    match reply {
        Reply::End(answered) => {
            page.end_with(answered);
            shown(StatusCode::OK, html::end(words, End::Answered(answered), back.as_ref()))
        }
        Reply::AskAgain(notice) => {
            let asked = (ask, Some(notice), words);
            shown(
                StatusCode::OK,
                gateway.challenge_html(page, &page_id, back.as_ref(), asked),
            )
        }
    }
}

impl State {
    fn challenge_html(
        &self,
        page: &Page,
        page_id: &str,
        back: Option<&Url>,
        (ask, notice, words): (Ask, Option<Notice>, &'static Words),
    ) -> String {
        let sale = &page.sale;
        let last_four = match &sale.source {
            Source::Card(card) => Some(card.last_four.clone()),
            Source::Reference { .. } => {
                let id = sale.progress().server_card_id.clone();
                id.and_then(|id| self.vault.find(&id).ok().flatten())
                    .map(|card| card.last_four)
            }
        };
        html::challenge(&html::Challenge {
            merchant: &self.stage.config.merchant_name,
            amount: &format!("{} {}", money::major(sale.amount_minor, &sale.currency), sale.currency),
            last_four: last_four.as_deref().unwrap_or("????"),
            // As the console shows it.
            invoice: sale.invoice_id.get(..8).unwrap_or(&sale.invoice_id),
            action: &address(self, page_id, back),
            words,
            ask,
            notice,
        })
    }
}

/// The path of a page, with the way back it was given.
fn address(gateway: &State, page: &str, back: Option<&Url>) -> String {
    let path = format!("{}/3ds/{page}", gateway.url.path().trim_end_matches('/'));
    match back {
        Some(back) => {
            let query = url::form_urlencoded::Serializer::new(String::new())
                .append_pair("return", back.as_str())
                .finish();
            format!("{path}?{query}")
        }
        None => path,
    }
}

/// The words for the browser that asks.
fn words_for(headers: &HeaderMap) -> &'static Words {
    words::of(
        headers
            .get(header::ACCEPT_LANGUAGE)
            .and_then(|value| value.to_str().ok()),
    )
}

fn unknown(words: &'static Words) -> Response {
    shown(StatusCode::NOT_FOUND, html::unknown(words))
}

fn shown(status: StatusCode, page: String) -> Response {
    guarded((status, Html(page)).into_response())
}

/// Nothing of these pages is kept, framed, fetched from elsewhere or told to the next site.
fn guarded(mut response: Response) -> Response {
    const POLICY: &str =
        "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";
    let headers: [(HeaderName, &'static str); 4] = [
        (header::CACHE_CONTROL, "no-store"),
        (header::CONTENT_SECURITY_POLICY, POLICY),
        (header::REFERRER_POLICY, "no-referrer"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    ];
    for (name, value) in headers {
        response.headers_mut().insert(name, HeaderValue::from_static(value));
    }
    response
}
