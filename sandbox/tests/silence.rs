//! A sale with every log turned up to the loudest: neither the logs of SaleKit nor those of its libraries, nor the
//! `Debug` of what an app holds in it, show the card number, the security code or a token. Refusals, declines and failures
//! are listened to where every scenario of the sandbox is run, in `scenarios.rs`.

use std::{
    sync::{Arc, Mutex},
    time::Duration,
};

use salekit_core::{
    Card, CardNumber, Challenge, Consumer, Expiry, Failure, Holder, HttpRequest, Pacing, PortFuture, Ports,
    RedirectPresenter, SaleClient, SaleClientConfig, SaleId, SaleRequest, SaleState, Secret, SecurityCode,
    SnapshotStore, StoreError, TlsSettings, Transport, wire::Reply,
};
use salekit_sandbox::{Cardholder, Conduct, Sandbox, SandboxConfig};
use salekit_testkit::{
    alone::alone,
    ear::{hear, heard, listen},
};
use url::Url;

const PAN: &str = "4012888888881881";
const CODE: &str = "321";

/// Notes what it is asked for.
struct Browser;

impl RedirectPresenter for Browser {
    fn show(&self, challenge: &Challenge) {
        hear(&format!("{challenge:?}"));
    }

    fn dismiss(&self, challenge: &Challenge) {
        hear(&format!("{challenge:?}"));
    }
}

/// Shows every request before it is sent.
struct Hearing(Arc<dyn Transport>);

impl Transport for Hearing {
    fn send(&self, request: HttpRequest) -> PortFuture<'_, Result<Reply, Failure>> {
        hear(&format!("{request:?}"));
        self.0.send(request)
    }

    fn preconnect<'a>(&'a self, url: &'a Url) -> PortFuture<'a, ()> {
        self.0.preconnect(url)
    }
}

/// Keeps every snapshot that was ever saved.
#[derive(Default)]
struct Keeping(Mutex<Vec<Vec<u8>>>);

impl SnapshotStore for Keeping {
    fn save(&self, _sale: &SaleId, snapshot: &[u8]) -> Result<(), StoreError> {
        self.0.lock().unwrap().push(snapshot.to_vec());
        Ok(())
    }

    fn load(&self, _sale: &SaleId) -> Result<Option<Vec<u8>>, StoreError> {
        Ok(self.0.lock().unwrap().last().cloned())
    }

    fn list(&self) -> Result<Vec<SaleId>, StoreError> {
        Ok(Vec::new())
    }

    fn remove(&self, _sale: &SaleId) -> Result<(), StoreError> {
        Ok(())
    }
}

#[test]
fn nothing_shows_a_card_or_a_token() {
    // The log is the process's.
    alone(|| {
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(2)
            .enable_all()
            .build();
        runtime.unwrap().block_on(sell_and_listen());
    });
}

async fn sell_and_listen() {
    listen();

    let sandbox = Sandbox::start(SandboxConfig::default().processing_delay(Duration::from_millis(50)))
        .await
        .unwrap();
    let cardholder = Cardholder::trusting(sandbox.ca_pem()).unwrap();
    let security = TlsSettings {
        extra_roots_pem: Some(sandbox.ca_pem().to_owned()),
        ..TlsSettings::default()
    };
    let pacing = Pacing {
        challenge_gap: 200,
        processing_gap: 100,
        floor: 50,
        aim_after_return: 50,
        ..Pacing::strict()
    };
    let config = SaleClientConfig::new(sandbox.gateway_url().as_str(), sandbox.merchant_url().as_str()).unwrap();
    let config = config.with_tls(security).with_pacing(pacing);
    let access_token = Secret::new(access_token(&sandbox).await);

    let (number, code) = (CardNumber::parse(PAN).unwrap(), SecurityCode::parse(CODE).unwrap());
    hear(&format!("{number:?} {number} {code:?}"));
    let card = Card::new(
        number,
        Expiry::parse("12/2040").unwrap(),
        Holder::printed("ADA").unwrap(),
        code,
    )
    .unwrap();
    hear(&format!("{card:?}"));
    let consumer = Consumer::new("device-0001")
        .unwrap()
        .with_email("ada@example.com")
        .unwrap();
    let request =
        SaleRequest::new("10.50 EUR".parse().unwrap(), consumer, card).with_access_token(access_token.clone());
    hear(&format!("{request:?} {config:?} {access_token:?}"));

    let mut ports = Ports::of(&config).unwrap();
    ports.transport = Arc::new(Hearing(ports.transport));
    ports.presenter = Some(Arc::new(Browser));
    let store = Arc::new(Keeping::default());
    ports.store = store.clone();
    let client = SaleClient::with_ports(config, ports).unwrap();
    let sale = client.start(request).unwrap();
    let mut states = sale.states();
    let mut tokens = vec![access_token.expose().to_owned()];
    while let Some(state) = states.next().await {
        hear(&format!("{state:?} {sale:?} {client:?}"));
        hear(&format!("{:?}", client.pending().await.unwrap()));
        if let SaleState::Challenge { url, .. } = &state {
            // The page's address is the cardholder's way in; logs must not hold it either.
            tokens.push(url.clone());
            let (cardholder, url) = (cardholder.clone(), url.clone());
            // The state may have moved on.
            let challenge = sale.challenge();
            hear(&format!("{challenge:?}"));
            tokio::spawn(async move {
                cardholder.visit(&url, Conduct::Authenticates).await.unwrap();
                if let Some(challenge) = challenge {
                    challenge.returned();
                }
            });
        }
    }
    let outcome = sale.outcome().await;
    hear(&format!("{outcome:?}"));
    assert_eq!(outcome.name(), "approved", "{outcome:?}");
    for snapshot in store.0.lock().unwrap().iter() {
        tokens.extend(secrets_of(snapshot));
        assert!(
            !String::from_utf8_lossy(snapshot).contains(PAN),
            "a snapshot has no place for a card number"
        );
        hear(&format!(
            "{:?}",
            salekit_core::flow::Snapshot::decode(snapshot).unwrap()
        ));
    }
    tokens.push("in-the-link".to_owned());
    tokens.sort_unstable();
    tokens.dedup();
    assert!(
        tokens.len() >= 6,
        "access token, session token, nonce, signature, page, link: {}",
        tokens.len()
    );

    let heard = heard();
    assert!(heard.contains("salekit_core::engine"), "SaleKit's own lines were heard");
    assert!(heard.contains("rustls::client"), "and those of its libraries");
    assert!(heard.contains("401288••••••1881"), "the masked number is shown");
    assert!(heard.contains("body: Body("), "requests are shown");
    assert!(!heard.contains(PAN), "card number");
    // The code has three digits, which stand in many places; as a value of its own it must not.
    for shown in [
        format!("\"{CODE}\""),
        format!("={CODE} "),
        format!("({CODE})"),
        format!("securityCode\":{CODE}"),
    ] {
        assert!(!heard.contains(&shown), "security code as {shown}");
    }
    for token in tokens {
        let line = heard.lines().find(|line| line.contains(&token));
        assert_eq!(line, None, "a secret of {} characters", token.len());
    }
}

/// Every text in a snapshot that is long enough to be a secret and is under a name that says so.
fn secrets_of(snapshot: &[u8]) -> Vec<String> {
    fn collect(value: &serde_json::Value, secrets: &mut Vec<String>) {
        let serde_json::Value::Object(members) = value else {
            return;
        };
        for (name, value) in members {
            match value {
                serde_json::Value::String(text)
                    if ["access_token", "session_token", "nonce", "signature"].contains(&name.as_str()) =>
                {
                    secrets.push(text.clone());
                }
                value => collect(value, secrets),
            }
        }
    }
    let mut secrets = Vec::new();
    collect(&serde_json::from_slice(snapshot).unwrap(), &mut secrets);
    secrets
}

async fn access_token(sandbox: &Sandbox) -> String {
    use salekit_core::{DocumentedMerchant, HttpsTransport, MerchantBackend};
    let security = TlsSettings {
        extra_roots_pem: Some(sandbox.ca_pem().to_owned()),
        ..TlsSettings::default()
    };
    let config = SaleClientConfig::new(sandbox.gateway_url().as_str(), sandbox.merchant_url().as_str()).unwrap();
    let config = config.with_tls(security);
    let transport = Arc::new(HttpsTransport::new(&config).unwrap());
    let token = DocumentedMerchant::new(&config, transport)
        .access_token("device-0001")
        .await
        .unwrap();
    token.expose().to_owned()
}
