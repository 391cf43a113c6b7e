//! A small app for the tests: every message of the protocol, sent as it is given. It never sleeps; it waits for what
//! the servers report.

use std::{sync::Arc, time::Duration};

use reqwest::{Client, Method, Response};
use rustls::{
    ClientConfig, RootCertStore,
    pki_types::{CertificateDer, pem::PemObject as _},
};
use salekit_sandbox::{Direction, Entry, Observation, Sandbox, SandboxConfig};
use serde_json::{Value, json};
use tokio::{sync::broadcast::Receiver, task::JoinHandle};

pub(crate) const SERIAL: &str = "device-0001";
pub(crate) const PAN: &str = "4111111111111111";

/// A sandbox and an app on one device.
pub(crate) struct App {
    pub(crate) sandbox: Sandbox,
    pub(crate) http: Client,
    pub(crate) serial: String,
    observations: Receiver<Observation>,
    seen: Vec<Observation>,
}

/// A sale as initiate answered it.
#[derive(Clone)]
pub(crate) struct Begun {
    pub(crate) access_token: String,
    pub(crate) endpoint_id: String,
    pub(crate) invoice_id: String,
    pub(crate) nonce: String,
    pub(crate) signature: String,
    pub(crate) token: String,
}

/// An answer taken apart.
#[derive(Debug)]
pub(crate) struct Got {
    pub(crate) status: u16,
    pub(crate) body: Value,
}

impl Got {
    pub(crate) async fn read(response: Response) -> Self {
        let status = response.status().as_u16();
        let text = response.text().await.unwrap();
        Self {
            status,
            body: serde_json::from_str(&text).unwrap_or(Value::String(text)),
        }
    }

    pub(crate) fn text(&self, pointer: &str) -> &str {
        self.body
            .pointer(pointer)
            .and_then(Value::as_str)
            .unwrap_or_else(|| panic!("no {pointer} in {self:?}"))
    }

    #[track_caller]
    pub(crate) fn assert_error(&self, status: u16, cause: &str) {
        assert_eq!((self.status, self.text("/error/cause")), (status, cause), "{self:?}");
        assert!(!self.text("/error/code").is_empty() && !self.text("/error/message").is_empty());
    }
}

pub(crate) fn card(security_code: &str) -> Value {
    json!({"card": {
        "number": PAN,
        "securityCode": security_code,
        "expiry": {"month": 12, "year": 2099},
        "holder": {"firstName": "JANE", "lastName": "DOE"},
    }})
}

pub(crate) fn trusting(ca_pem: &str) -> Client {
    let mut roots = RootCertStore::empty();
    roots
        .add(CertificateDer::from_pem_slice(ca_pem.as_bytes()).unwrap())
        .unwrap();
    let tls = ClientConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_root_certificates(roots)
        .with_no_client_auth();
    let redirects = reqwest::redirect::Policy::none();
    // No idle connections: a client may send again by itself what fails on a reused one, and a test counts requests.
    let client = Client::builder()
        .tls_backend_preconfigured(tls)
        .no_proxy()
        .redirect(redirects);
    client.pool_max_idle_per_host(0).build().unwrap()
}

/// Lets this time pass at once for the sandbox, which waits on the test's own thread. Call it when no request is under way.
pub(crate) async fn pass(time: Duration) {
    tokio::time::pause();
    tokio::time::advance(time).await;
    tokio::time::resume();
}

impl App {
    pub(crate) async fn start() -> Self {
        Self::with(SandboxConfig::default()).await
    }

    /// With this configuration and no waits.
    pub(crate) async fn with(config: SandboxConfig) -> Self {
        Self::with_waits(config.immediate()).await
    }

    pub(crate) async fn with_waits(config: SandboxConfig) -> Self {
        let sandbox = Sandbox::start(config).await.unwrap();
        let observations = sandbox.observe();
        let http = trusting(sandbox.ca_pem());
        Self {
            sandbox,
            http,
            serial: SERIAL.to_owned(),
            observations,
            seen: Vec::new(),
        }
    }

    pub(crate) async fn send(&self, method: Method, url: &str, body: Option<&Value>) -> reqwest::Result<Response> {
        let request = self.http.request(method, url);
        match body {
            Some(body) => request.json(body).send().await,
            None => request.send().await,
        }
    }

    pub(crate) async fn get(&self, url: &str) -> Got {
        Got::read(self.send(Method::GET, url, None).await.unwrap()).await
    }

    pub(crate) async fn post(&self, url: &str, body: &Value) -> Got {
        Got::read(self.send(Method::POST, url, Some(body)).await.unwrap()).await
    }

    pub(crate) fn merchant(&self, path: &str) -> String {
        format!("{}{path}", self.sandbox.merchant_url())
    }

    pub(crate) fn perform_url(&self, sale: &Begun) -> String {
        let base = self.sandbox.gateway_url().as_str().trim_end_matches('/');
        format!("{base}/dapi/v1/sale/{}/{}", sale.endpoint_id, sale.invoice_id)
    }

    pub(crate) async fn access_token(&self) -> String {
        self.get(&self.merchant("auth/request-access-token"))
            .await
            .text("/session/accessToken")
            .to_owned()
    }

    pub(crate) fn initiate_body(&self, access_token: &str) -> Value {
        json!({
            "consumer": {"device": {"serialNumber": self.serial}},
            "transaction": {"amountCentis": 1050, "currency": "EUR"},
            "session": {"accessToken": access_token},
        })
    }

    pub(crate) async fn initiate_with(&self, body: &Value) -> Got {
        self.post(&self.merchant("sale/initiate-sale"), body).await
    }

    /// A sale begun at the merchant, with an e-mail if there is one.
    pub(crate) async fn begin(&self, email: Option<&str>) -> Begun {
        let access_token = self.access_token().await;
        let mut body = self.initiate_body(&access_token);
        if let Some(email) = email {
            body["consumer"]["email"] = email.into();
        }
        let got = self.initiate_with(&body).await;
        assert_eq!(got.status, 200, "{got:?}");
        Begun {
            access_token,
            endpoint_id: got.text("/endpointId").to_owned(),
            invoice_id: got.text("/invoiceId").to_owned(),
            nonce: got.text("/session/nonce").to_owned(),
            signature: got.text("/session/signature").to_owned(),
            token: String::new(),
        }
    }

    pub(crate) fn perform_body(&self, sale: &Begun, source: Value) -> Value {
        json!({
            "consumer": {"device": {"serialNumber": self.serial}},
            "session": {"accessToken": sale.access_token, "nonce": sale.nonce, "signature": sale.signature},
            "sourceOfFunds": source,
            "transaction": {"amountCentis": 1050, "currency": "EUR"},
        })
    }

    pub(crate) async fn perform(&self, sale: &Begun, body: &Value) -> Got {
        self.post(&self.perform_url(sale), body).await
    }

    /// Performs on a task of its own, for an answer that is late.
    pub(crate) fn performing(&self, sale: &Begun, source: Value) -> JoinHandle<reqwest::Result<Response>> {
        let (http, url, body) = (
            self.http.clone(),
            self.perform_url(sale),
            self.perform_body(sale, source),
        );
        tokio::spawn(async move { http.post(url).json(&body).send().await })
    }

    /// A sale performed with this source of funds; the answer must be good.
    pub(crate) async fn sell(&self, source: Value) -> Begun {
        self.sell_with(source, None, None).await
    }

    /// The same with the e-mails of initiate and perform.
    pub(crate) async fn sell_with(&self, source: Value, initiate: Option<&str>, perform: Option<&str>) -> Begun {
        let mut sale = self.begin(initiate).await;
        let mut body = self.perform_body(&sale, source);
        if let Some(email) = perform {
            body["consumer"]["email"] = email.into();
        }
        let got = self.perform(&sale, &body).await;
        assert_eq!(
            (got.status, got.text("/invoiceId")),
            (200, sale.invoice_id.as_str()),
            "{got:?}"
        );
        got.text("/session/token").clone_into(&mut sale.token);
        sale
    }

    pub(crate) fn status_body(sale: &Begun) -> Value {
        json!({"session": {"accessToken": sale.access_token, "token": sale.token}})
    }

    pub(crate) fn status_url(&self, sale: &Begun) -> String {
        format!("{}/status", self.perform_url(sale))
    }

    pub(crate) async fn status(&self, sale: &Begun) -> Got {
        self.post(&self.status_url(sale), &Self::status_body(sale)).await
    }

    /// The status once the sale is final.
    pub(crate) async fn outcome(&mut self, sale: &Begun) -> Got {
        self.wait(sale, "final status", Direction::Internal).await;
        self.status(sale).await
    }

    pub(crate) async fn assert_declined(&mut self, sale: &Begun, code: i64) {
        let got = self.outcome(sale).await;
        assert_eq!(
            (got.text("/state"), got.body["errorCode"].as_i64()),
            ("DECLINED", Some(code)),
            "{got:?}"
        );
        assert!((1..=128).contains(&got.text("/errorMessage").len()));
        assert!(got.body["bankOrderId"].is_string());
        let entry = self.entry(sale);
        assert_eq!((entry.charges, entry.decline_code), (0, Some(code)));
    }

    pub(crate) fn entry(&self, sale: &Begun) -> Entry {
        self.sandbox.ledger().entry(&sale.invoice_id).unwrap()
    }

    /// Body of the merchant's two extensions.
    pub(crate) fn owner_body(&self, access_token: &str) -> Value {
        json!({"session": {"accessToken": access_token}, "consumer": {"device": {"serialNumber": self.serial}}})
    }

    pub(crate) async fn stored_card(&self, sale: &Begun) -> Got {
        let url = self.merchant(&format!("sale/{}/stored-card", sale.invoice_id));
        self.post(&url, &self.owner_body(&sale.access_token)).await
    }

    pub(crate) async fn session_token(&self, sale: &Begun) -> Got {
        let url = self.merchant(&format!("sale/{}/session-token", sale.invoice_id));
        self.post(&url, &self.owner_body(&sale.access_token)).await
    }

    /// The same question with the request to void the invoice.
    pub(crate) async fn void(&self, sale: &Begun) -> Got {
        let url = self.merchant(&format!("sale/{}/session-token", sale.invoice_id));
        let mut body = self.owner_body(&sale.access_token);
        body["void"] = true.into();
        self.post(&url, &body).await
    }

    /// Check sale, as the gateway would ask, with this session token.
    pub(crate) async fn check_sale(&self, sale: &Begun, token: &str) -> Got {
        let url = self.merchant(&format!("sale/{}/check", sale.invoice_id));
        let session = json!({
            "accessToken": sale.access_token, "nonce": sale.nonce, "signature": sale.signature, "token": token,
        });
        let body = json!({"consumer": {"device": {"serialNumber": self.serial}}, "session": session});
        self.post(&url, &body).await
    }

    /// Waits until the servers report this about the sale.
    pub(crate) async fn wait(&mut self, sale: &Begun, message: &str, direction: Direction) -> Observation {
        self.wait_nth(sale, message, direction, 1).await
    }

    /// Waits until the servers have reported it `count` times, and gives the last.
    pub(crate) async fn wait_nth(
        &mut self,
        sale: &Begun,
        message: &str,
        direction: Direction,
        count: usize,
    ) -> Observation {
        let wanted = |seen: &&Observation| {
            seen.invoice_id.as_deref() == Some(&sale.invoice_id)
                && seen.message == message
                && seen.direction == direction
        };
        let limit = Duration::from_secs(20);
        loop {
            if let Some(found) = self.seen.iter().filter(wanted).nth(count - 1) {
                return found.clone();
            }
            let next = tokio::time::timeout(limit, self.observations.recv()).await;
            self.seen
                .push(next.unwrap_or_else(|_| panic!("no {message} {direction:?}")).unwrap());
        }
    }

    /// Everything seen of a sale, in order, up to what was waited for.
    pub(crate) fn steps(&mut self, sale: &Begun) -> Vec<u8> {
        while let Ok(next) = self.observations.try_recv() {
            self.seen.push(next);
        }
        let of_sale = |seen: &&Observation| seen.invoice_id.as_deref() == Some(&sale.invoice_id);
        self.seen.iter().filter(of_sale).filter_map(|seen| seen.step).collect()
    }

    pub(crate) fn everything_seen(&mut self) -> String {
        while let Ok(next) = self.observations.try_recv() {
            self.seen.push(next);
        }
        format!("{:?}", self.seen)
    }
}
