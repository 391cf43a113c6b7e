//! A client of the API: follows the events, keeps everything that was ever sent, and compares each answer with the document.

use std::{
    collections::{BTreeMap, BTreeSet},
    time::Duration,
};

use reqwest::{Client, Method, Response};
use salekit_sandbox::{Inspector, InspectorPort, SandboxConfig};
use serde_json::Value;

use super::document;
use crate::app::App;

/// A client that follows the record.
pub(crate) struct Eye {
    pub(crate) base: String,
    pub(crate) http: Client,
    events: Response,
    pending: String,
    /// Everything that the API sent.
    pub(crate) sent: String,
    /// Method and path template of each call, and the status of its answer.
    pub(crate) called: BTreeSet<(String, String)>,
    pub(crate) exchanges: BTreeMap<u64, Value>,
    pub(crate) sales: BTreeMap<String, Value>,
    pub(crate) last_id: String,
}

pub(crate) fn inspected() -> SandboxConfig {
    SandboxConfig::default().inspector(InspectorPort::Exactly(0))
}

/// A sandbox with an inspector, an app, and a client of the inspector.
pub(crate) async fn start(config: SandboxConfig) -> (App, Eye) {
    let app = App::with(config.inspector(InspectorPort::Exactly(0))).await;
    let eye = Eye::of(app.sandbox.inspector().unwrap()).await;
    (app, eye)
}

impl Eye {
    pub(crate) async fn of(inspector: &Inspector) -> Self {
        Self::after(inspector.url().as_str(), None).await
    }

    /// Follows from an event on.
    pub(crate) async fn after(base: &str, last: Option<&str>) -> Self {
        let http = Client::builder()
            .no_proxy()
            .tls_backend_preconfigured(tls())
            .build()
            .unwrap();
        let mut asking = http.get(format!("{base}events"));
        if let Some(last) = last {
            asking = asking.header("last-event-id", last);
        }
        let events = asking.send().await.unwrap();
        assert_eq!(events.status(), 200);
        assert_eq!(events.headers()["content-type"], "text/event-stream");
        Self {
            base: base.to_owned(),
            http,
            events,
            pending: String::new(),
            sent: String::new(),
            called: BTreeSet::from([("GET".to_owned(), "/events".to_owned())]),
            exchanges: BTreeMap::new(),
            sales: BTreeMap::new(),
            last_id: String::new(),
        }
    }

    /// The next event: its name and data.
    pub(crate) async fn event(&mut self) -> (String, Value) {
        // Comments come all the time, so it is the event that is waited for.
        let next = tokio::time::timeout(Duration::from_secs(20), self.next_event()).await;
        if let Ok(event) = next {
            return event;
        }
        let url = format!("{}api/exchanges", self.base);
        let there = self.http.get(url).send().await.unwrap().text().await.unwrap();
        panic!(
            "no event came; known: {:?}\n{:?}\non record: {there}",
            self.exchanges, self.sales
        );
    }

    async fn next_event(&mut self) -> (String, Value) {
        loop {
            if let Some((event, rest)) = self.pending.split_once("\n\n") {
                let (event, rest) = (event.to_owned(), rest.to_owned());
                self.pending = rest;
                let line = |name: &str| event.lines().find_map(|line| line.strip_prefix(name)).map(str::trim);
                let (Some(name), Some(data)) = (line("event:"), line("data:")) else {
                    continue;
                };
                line("id:").unwrap().clone_into(&mut self.last_id);
                let data: Value = serde_json::from_str(data).unwrap();
                assert_eq!(document::objection_to_event(name, &data), None);
                match name {
                    "exchange" => drop(self.exchanges.insert(data["number"].as_u64().unwrap(), data.clone())),
                    "sale" => drop(
                        self.sales
                            .insert(data["invoice_id"].as_str().unwrap().to_owned(), data.clone()),
                    ),
                    "reset" | "cleared" => {
                        self.exchanges.clear();
                        self.sales.clear();
                    }
                    other => panic!("event {other}"),
                }
                return (name.to_owned(), data);
            }
            let piece = self.events.chunk().await.unwrap().expect("the events ended");
            let piece = std::str::from_utf8(&piece).unwrap();
            self.sent.push_str(piece);
            self.pending.push_str(piece);
        }
    }

    /// An exchange of the record that `is` what is waited for, now or as soon as there is one.
    pub(crate) async fn exchange(&mut self, is: impl Fn(&Value) -> bool) -> Value {
        loop {
            if let Some(found) = self.exchanges.values().find(|it| is(it)) {
                return found.clone();
            }
            self.event().await;
        }
    }

    /// The exchange in full, once it is done.
    pub(crate) async fn full(&mut self, is: impl Fn(&Value) -> bool) -> Value {
        let found = self.exchange(|it| it["progress"] == "done" && is(it)).await;
        let (status, body) = self.get(&format!("/api/exchanges/{}", found["number"])).await;
        assert_eq!(status, 200);
        body
    }

    /// The sale, as soon as it is in this state.
    pub(crate) async fn sale(&mut self, invoice_id: &str, state: &str) -> Value {
        loop {
            if let Some(sale) = self.sales.get(invoice_id).filter(|sale| sale["state"] == state) {
                return sale.clone();
            }
            self.event().await;
        }
    }

    pub(crate) async fn get(&mut self, path: &str) -> (u16, Value) {
        self.call(Method::GET, path, None).await
    }

    pub(crate) async fn post(&mut self, path: &str, body: &Value) -> (u16, Value) {
        self.call(Method::POST, path, Some(body)).await
    }

    /// A call with the header that changing ones need.
    pub(crate) async fn call(&mut self, method: Method, path: &str, body: Option<&Value>) -> (u16, Value) {
        let url = format!("{}{}", self.base, path.trim_start_matches('/'));
        let mut asking = self
            .http
            .request(method.clone(), url)
            .header("x-salekit-inspector", "1");
        if let Some(body) = body {
            asking = asking.json(body);
        }
        let answer = asking.send().await.unwrap();
        let status = answer.status().as_u16();
        let is_json = answer
            .headers()
            .get("content-type")
            .is_some_and(|of| of == "application/json");
        let text = answer.text().await.unwrap();
        self.sent.push_str(&text);
        let body: Option<Value> = is_json.then(|| serde_json::from_str(&text).unwrap());
        assert_eq!(document::objection(method.as_str(), path, status, body.as_ref()), None);
        if let Some(template) = document::template(path) {
            self.called.insert((method.to_string(), template.to_owned()));
        }
        (status, body.unwrap_or(Value::String(text)))
    }

    /// Asks for everything that can be asked for.
    pub(crate) async fn read_all(&mut self) {
        for path in [
            "/api/state",
            "/api/sales",
            "/api/exchanges",
            "/api/scripts",
            "/api/export",
        ] {
            assert_eq!(self.get(path).await.0, 200);
        }
        let (_, exchanges) = self.get("/api/exchanges").await;
        for it in exchanges["exchanges"].as_array().unwrap() {
            assert_eq!(self.get(&format!("/api/exchanges/{}", it["number"])).await.0, 200);
        }
        let (_, sales) = self.get("/api/sales").await;
        for sale in sales["sales"].as_array().unwrap() {
            assert_eq!(
                self.get(&format!("/api/sales/{}", sale["invoice_id"].as_str().unwrap()))
                    .await
                    .0,
                200
            );
        }
    }
}

/// Settings for a client that never speaks TLS; the library has no default of its own.
fn tls() -> rustls::ClientConfig {
    rustls::ClientConfig::builder_with_provider(std::sync::Arc::new(rustls::crypto::ring::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_root_certificates(rustls::RootCertStore::empty())
        .with_no_client_auth()
}
