//! What requests to the merchant's server contain besides the documented members: the ids of the order and the sale,
//! and the app's own headers. The gateway gets neither.

use std::{
    ops::RangeInclusive,
    sync::atomic::{AtomicUsize, Ordering},
};

use salekit_core::{Headers, MerchantHeaders};
use tokio::time::Instant;

use super::*;

const PERFORM: &str = "/paynet/dapi/v1/sale/1144/invoice-1";
/// The value of a header that must stay secret.
const SECRET: &str = "uWq3vK8nT2xLr9ZbY5";

/// A request as it was sent.
#[derive(Debug, Clone)]
struct Sent {
    path: String,
    headers: Vec<(String, String)>,
    body: String,
}

impl Sent {
    fn is_gateways(&self) -> bool {
        self.path.starts_with("/paynet")
    }
}

/// Servers that record their requests; one answers initiate sale with its own text, if it has one.
struct RecordingTransport {
    servers: Arc<Servers>,
    sent: Mutex<Vec<Sent>>,
    refusal: Option<String>,
}

impl RecordingTransport {
    fn new(answers: impl Fn(&str, usize) -> Answer + Send + Sync + 'static) -> Self {
        Self {
            servers: Servers::new(answers),
            sent: Mutex::default(),
            refusal: None,
        }
    }

    fn sent(&self) -> Vec<Sent> {
        self.sent.lock().unwrap().clone()
    }

    fn paths(&self) -> Vec<String> {
        self.sent().into_iter().map(|sent| sent.path).collect()
    }
}

impl Transport for RecordingTransport {
    fn send(&self, request: HttpRequest) -> PortFuture<'_, Result<Reply, Failure>> {
        let path = request.url.path().to_owned();
        self.sent.lock().unwrap().push(Sent {
            path: path.clone(),
            headers: request
                .headers
                .iter()
                .map(|(name, value)| (name.to_owned(), value.expose().to_owned()))
                .collect(),
            body: String::from_utf8(request.body.as_bytes().to_vec()).unwrap(),
        });
        match &self.refusal {
            Some(refusal) if path == "/sale/initiate-sale" => {
                Box::pin(std::future::ready(Ok(Reply::new(400, refusal.clone()))))
            }
            _ => self.servers.send(request),
        }
    }

    fn preconnect<'a>(&'a self, url: &'a Url) -> PortFuture<'a, ()> {
        self.servers.preconnect(url)
    }
}

fn recording_client(transport: &Arc<RecordingTransport>, headers: Option<Arc<dyn MerchantHeaders>>) -> SaleClient {
    let mut ports = Ports {
        clock: Arc::new(VirtualClock::new()),
        ..Ports::over(Arc::<RecordingTransport>::clone(transport), &config())
    };
    if let Some(headers) = headers {
        ports = ports.with_merchant_headers(&config(), headers);
    }
    client_here(config(), ports).unwrap()
}

/// A sale whose perform answer is lost, and which is recovered and approved.
fn lost(path: &str, before: usize) -> Answer {
    match path {
        PERFORM => Answer::Fail(Failure::after_sending(FailureKind::ConnectionLost)),
        "/sale/invoice-1/session-token" => Answer::Json(PERFORMED),
        _ => good(1)(path, before),
    }
}

#[tokio::test(start_paused = true)]
async fn every_question_about_a_sale_names_it_and_its_order_to_the_merchant_only() {
    let transport = Arc::new(RecordingTransport::new(lost));
    let client = recording_client(&transport, None);
    let sale = client.start(request()).unwrap();
    assert_eq!(sale.outcome().await.charge(), Charge::Charged);
    // Like another process.
    let again = client.resume(sale.id()).await.unwrap();
    assert!(again.stored_card().await.unwrap().is_some());
    let members = format!(r#""saleId":"{}","merchantOrderId":"order 7""#, sale.id());
    let mut asked = Vec::new();
    for sent in transport.sent() {
        if sent.is_gateways() {
            for id in [sale.id().as_str(), "order 7", "merchantOrderId", "saleId"] {
                assert!(!sent.body.contains(id) && !sent.path.contains(id), "{sent:?}");
            }
        } else if !sent.body.is_empty() {
            assert!(sent.body.contains(&members), "{sent:?}");
            asked.push(sent.path);
        }
    }
    assert_eq!(
        asked,
        [
            "/sale/initiate-sale",
            "/sale/invoice-1/session-token",
            "/sale/invoice-1/stored-card"
        ]
    );
}

#[tokio::test(start_paused = true)]
async fn a_sale_without_an_order_id_sends_none() {
    let transport = Arc::new(RecordingTransport::new(good(1)));
    let sale = recording_client(&transport, None).start(request::request()).unwrap();
    sale.outcome().await;
    let sent = transport.sent();
    assert!(sent.iter().any(|sent| sent.body.contains("saleId")));
    assert!(sent.iter().all(|sent| !sent.body.contains("merchantOrderId")));
}

/// Numbers the requests for which it is called.
#[derive(Default)]
struct Numbering(AtomicUsize);

impl MerchantHeaders for Numbering {
    fn headers(&self) -> PortFuture<'_, Result<Headers, FailureKind>> {
        let number = self.0.fetch_add(1, Ordering::SeqCst);
        let headers = [
            ("Authorization", format!("Bearer {SECRET}")),
            ("X-Number", number.to_string()),
        ];
        let headers = headers.map(|(name, value)| (name.to_owned(), Secret::new(value)));
        Box::pin(std::future::ready(Ok(Headers::new(headers).unwrap())))
    }
}

#[tokio::test(start_paused = true)]
async fn each_request_to_the_merchant_has_its_own_headers_and_none_to_the_gateway_has_any() {
    let transport = Arc::new(RecordingTransport::new(lost));
    let client = recording_client(&transport, Some(Arc::new(Numbering::default())));
    let sale = client.start(request()).unwrap();
    assert_eq!(sale.outcome().await.charge(), Charge::Charged);
    assert!(sale.stored_card().await.unwrap().is_some());
    let (gateways, merchants): (Vec<_>, Vec<_>) = transport.sent().into_iter().partition(Sent::is_gateways);
    assert!(gateways.len() >= 2 && gateways.iter().all(|sent| sent.headers.is_empty()));
    let bearer = ("Authorization".to_owned(), format!("Bearer {SECRET}"));
    let expected: Vec<_> = (0..4)
        .map(|number: usize| vec![bearer.clone(), ("X-Number".to_owned(), number.to_string())])
        .collect();
    assert_eq!(
        merchants.into_iter().map(|sent| sent.headers).collect::<Vec<_>>(),
        expected
    );
}

/// A provider that fails, in each possible way.
enum Broken {
    Fails(FailureKind),
    Panics,
    Hangs,
}

impl MerchantHeaders for Broken {
    fn headers(&self) -> PortFuture<'_, Result<Headers, FailureKind>> {
        match self {
            Self::Fails(kind) => Box::pin(std::future::ready(Err(*kind))),
            Self::Panics => panic!("the app's own mistake"),
            Self::Hangs => Box::pin(std::future::pending()),
        }
    }
}

#[tokio::test(start_paused = true)]
async fn without_headers_nothing_is_sent_and_nothing_is_charged() {
    for (broken, kind) in [
        (Broken::Fails(FailureKind::CallbackFailed), FailureKind::CallbackFailed),
        (Broken::Fails(FailureKind::NotConnected), FailureKind::NotConnected),
        (Broken::Panics, FailureKind::CallbackFailed),
        (Broken::Hangs, FailureKind::CallbackFailed),
    ] {
        let transport = Arc::new(RecordingTransport::new(good(1)));
        let hangs = matches!(broken, Broken::Hangs);
        let begin = Instant::now();
        let sale = recording_client(&transport, Some(Arc::new(broken)))
            .start(request())
            .unwrap();
        let outcome = tokio::time::timeout(Duration::from_secs(24 * 60 * 60), sale.outcome()).await;
        let SaleOutcome::NotCharged(end) = outcome.expect("the sale hangs") else {
            panic!("nothing was performed")
        };
        assert_eq!(
            (end.reason, end.failure),
            (NotChargedReason::MerchantUnavailable, Some(kind))
        );
        assert_eq!(transport.paths(), [""; 0], "{kind:?}");
        // After the limits of a request, like every other port of the app.
        const GIVEN_UP: RangeInclusive<Duration> = Duration::from_secs(40)..=Duration::from_secs(50);
        assert!(!hangs || GIVEN_UP.contains(&begin.elapsed()), "{:?}", begin.elapsed());
    }
}

#[tokio::test(start_paused = true)]
async fn a_header_that_the_merchants_server_repeats_is_not_shown() {
    for text in [format!("no user for Bearer {SECRET}"), format!("bad token {SECRET}!")] {
        let transport = Arc::new(RecordingTransport {
            refusal: Some(format!(
                r#"{{"error":{{"cause":"FILTERED","code":"{SECRET}","message":"{text}"}}}}"#
            )),
            ..RecordingTransport::new(good(1))
        });
        let client = recording_client(&transport, Some(Arc::new(Numbering::default())));
        let outcome = client.start(request()).unwrap().outcome().await;
        let shown = format!("{outcome:?}");
        assert_eq!(not_charged(outcome), NotChargedReason::InitiateRefused);
        assert!(!shown.contains(SECRET), "{shown}");
        assert!(shown.contains("no user for") || shown.contains("bad token"), "{shown}");
    }
}
