//! A server in front of the sandbox's merchant that passes everything on, but for one mistake. Plain HTTP on loopback, as a backend
//! developer's server has it.

use std::{
    collections::{HashMap, HashSet},
    convert::Infallible,
    sync::{Arc, Mutex},
};

use axum::{
    body::{Body, to_bytes},
    http::{Request, Response, StatusCode, header},
};
use hyper::{server::conn::http1, service::service_fn};
use hyper_util::rt::TokioIo;
use ring::hmac;
use salekit_sandbox::{MerchantServer, Sandbox};
use serde_json::Value;
use tokio::net::TcpListener;

use crate::app::trusting;

/// A request, as it arrived. `body` is null if it is no JSON.
#[derive(Clone)]
pub(crate) struct Asked {
    pub(crate) message: &'static str,
    pub(crate) invoice_id: String,
    pub(crate) query: String,
    pub(crate) body: Value,
}

/// An answer.
#[derive(Clone)]
pub(crate) struct Told {
    pub(crate) status: u16,
    pub(crate) body: Value,
}

/// What the server in front remembers.
#[derive(Default)]
pub(crate) struct Known {
    /// Requests and answers of initiate sale, by invoice.
    pub(crate) sales: HashMap<String, (Value, Value)>,
    /// Session tokens of check sale requests that were accepted, by invoice.
    pub(crate) tokens: HashMap<String, Value>,
    /// Access tokens that were given out.
    pub(crate) issued: Vec<Value>,
    /// Invoices of which a check sale was refused.
    pub(crate) refused: HashSet<String>,
    /// Ids of stored cards that were given.
    pub(crate) cards: Vec<Value>,
    /// Ids of cards that the gateway told.
    pub(crate) server_cards: Vec<Value>,
    /// How often a request of this kind was accepted, by message, invoice and query.
    pub(crate) accepted: HashMap<(&'static str, String, String), u32>,
    pub(crate) first_initiate: Option<Told>,
}

impl Known {
    /// What initiate sale had at `pointer`, in its request or else in its answer.
    pub(crate) fn of(&self, invoice_id: &str, pointer: &str) -> Value {
        let Some((request, answer)) = self.sales.get(invoice_id) else {
            return Value::Null;
        };
        let found = request.pointer(pointer).or_else(|| answer.pointer(pointer));
        found.cloned().unwrap_or_default()
    }

    pub(crate) fn times(&self, asked: &Asked) -> u32 {
        let key = (asked.message, asked.invoice_id.clone(), asked.query.clone());
        self.accepted.get(&key).copied().unwrap_or_default()
    }
}

impl Asked {
    pub(crate) fn is(&self, message: &str) -> bool {
        self.message == message
    }

    pub(crate) fn set(&mut self, pointer: &str, value: Value) {
        if let Some(place) = self.body.pointer_mut(pointer) {
            *place = value;
        }
    }
}

impl Told {
    pub(crate) fn ok(body: Value) -> Self {
        Self { status: 200, body }
    }

    pub(crate) fn refusal() -> Self {
        Self {
            status: 403,
            body: Value::Null,
        }
    }

    pub(crate) fn set(&mut self, pointer: &str, value: impl Into<Value>) {
        if let Some(place) = self.body.pointer_mut(pointer) {
            *place = value.into();
        }
    }
}

/// The mistake.
#[derive(Clone, Copy)]
pub(crate) enum Bend {
    /// The request is read as another one.
    Request(fn(&mut Asked, &Known)),
    /// This is answered, where it is something, and the request is not looked at.
    Instead(fn(&Asked, &Known) -> Option<Told>),
    /// The answer is another one.
    Answer(fn(&mut Told, &Asked, &Known)),
    /// The second time a request is accepted its answer never comes.
    SilentAgain(&'static str),
}

/// Starts a server with this mistake. It ends with the test.
pub(crate) async fn bent(sandbox: &Sandbox, bend: Bend) -> MerchantServer {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let (http, base) = (trusting(sandbox.ca_pem()), sandbox.merchant_url().clone());
    let known = Arc::new(Mutex::new(Known::default()));
    tokio::spawn(async move {
        loop {
            let (stream, _) = listener.accept().await.unwrap();
            let (http, base, known) = (http.clone(), base.clone(), Arc::clone(&known));
            let service = service_fn(move |request: Request<hyper::body::Incoming>| {
                let (http, base, known) = (http.clone(), base.clone(), Arc::clone(&known));
                async move { Ok::<_, Infallible>(pass(request.map(Body::new), bend, &http, &base, &known).await) }
            });
            tokio::spawn(http1::Builder::new().serve_connection(TokioIo::new(stream), service));
        }
    });
    MerchantServer::new(url.parse().unwrap(), "").unwrap()
}

async fn pass(
    request: Request<Body>,
    bend: Bend,
    http: &reqwest::Client,
    base: &url::Url,
    known: &Mutex<Known>,
) -> Response<Body> {
    let (head, body) = request.into_parts();
    let bytes = to_bytes(body, 1 << 20).await.unwrap();
    let mut asked = read(head.uri.path(), head.uri.query(), &bytes);
    let instead = match bend {
        Bend::Instead(instead) => instead(&asked, &known.lock().unwrap()),
        _ => None,
    };
    if let Some(told) = instead {
        count(&asked, &told, known);
        return respond(&told);
    }
    if let Bend::Request(change) = bend {
        change(&mut asked, &known.lock().unwrap());
    }
    let mut url = base.join(head.uri.path()).unwrap();
    url.set_query(head.uri.query());
    let body = match asked.body {
        Value::Null => bytes.to_vec(),
        ref json => json.to_string().into_bytes(),
    };
    let answer = http.request(head.method, url).body(body).send().await.unwrap();
    let status = answer.status().as_u16();
    let text = answer.text().await.unwrap();
    let mut told = Told {
        status,
        body: serde_json::from_str(&text).unwrap_or_default(),
    };
    if asked.is("initiate") && status == 200 {
        let invoice_id = told.body["invoiceId"].as_str().unwrap().to_owned();
        let pair = (asked.body.clone(), told.body.clone());
        let mut known = known.lock().unwrap();
        known.sales.insert(invoice_id, pair);
        known.first_initiate.get_or_insert(told.clone());
    }
    if let Bend::SilentAgain(message) = bend
        && asked.is(message)
        && status == 200
        && known.lock().unwrap().times(&asked) > 0
    {
        return std::future::pending().await;
    }
    if let Bend::Answer(change) = bend {
        change(&mut told, &asked, &known.lock().unwrap());
    }
    count(&asked, &told, known);
    respond(&told)
}

fn count(asked: &Asked, told: &Told, known: &Mutex<Known>) {
    let mut known = known.lock().unwrap();
    if told.status != 200 {
        if asked.is("check") {
            known.refused.insert(asked.invoice_id.clone());
        }
        return;
    }
    let key = (asked.message, asked.invoice_id.clone(), asked.query.clone());
    *known.accepted.entry(key).or_default() += 1;
    if asked.is("check") {
        let token = asked.body["session"]["token"].clone();
        known.tokens.entry(asked.invoice_id.clone()).or_insert(token);
    }
    if asked.is("access") {
        known.issued.push(told.body["session"]["accessToken"].clone());
    }
    if asked.is("mapping") {
        let card = asked.body["sourceCard"]["reference"]["serverCardId"].clone();
        known.server_cards.push(card);
    }
    if asked.is("card") {
        let card = told.body["sourceOfFunds"]["reference"]["clientCardId"].clone();
        known.cards.push(card);
    }
}

fn read(path: &str, query: Option<&str>, bytes: &[u8]) -> Asked {
    let parts: Vec<&str> = path.trim_matches('/').split('/').collect();
    let (message, invoice_id) = match parts[..] {
        ["auth", _] => ("access", ""),
        ["sale", "initiate-sale"] => ("initiate", ""),
        ["sale", "notification"] => ("mapping", ""),
        ["sale", invoice, "notification"] => ("mapping", invoice),
        ["sale", invoice, "check"] => ("check", invoice),
        ["sale", invoice, "session-token"] => ("token", invoice),
        ["sale", invoice, "stored-card"] => ("card", invoice),
        ["callback"] => ("callback", ""),
        _ => panic!("no message has the path {path}"),
    };
    let body: Value = serde_json::from_slice(bytes).unwrap_or_default();
    let query = query.unwrap_or_default().to_owned();
    Asked {
        message,
        invoice_id: invoice_id.to_owned(),
        query,
        body,
    }
}

fn respond(told: &Told) -> Response<Body> {
    let body = match &told.body {
        Value::Null => String::new(),
        json => json.to_string(),
    };
    let mut response = Response::new(Body::from(body));
    *response.status_mut() = StatusCode::from_u16(told.status).unwrap();
    let json = header::HeaderValue::from_static("application/json");
    response.headers_mut().insert(header::CONTENT_TYPE, json);
    response
}

/// Upper-case hex of HMAC-SHA1.
pub(crate) fn mac(key: &[u8], parts: &[&str]) -> String {
    let key = hmac::Key::new(hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY, key);
    let tag = hmac::sign(&key, parts.concat().as_bytes());
    tag.as_ref().iter().map(|byte| format!("{byte:02X}")).collect()
}
