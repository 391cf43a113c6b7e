//! Answers that do not follow their documentation, byte by byte over real sockets, and what a sale does with each.
//!
//! Run with `--nocapture` to see the table.

mod cases;
mod server;

use std::{
    sync::{Arc, Mutex},
    time::Duration,
};

use salekit_core::{
    Challenge, Clock, DocumentedMerchant, HttpsTransport, MemoryStore, MerchantPaths, Pacing, PortFuture, Ports,
    RedirectPresenter, SaleClient, SaleClientConfig, SaleOutcome, SystemClock, Timestamp, Transport,
};
use salekit_testkit::request::request;
use tokio::time::Instant;

use cases::{Case, all};
use server::Server;

/// A clock that is ten times as fast as the real one. Not more: a store's ten seconds are a second then, which is enough on
/// a busy machine.
struct FastClock(Instant);

const SPEED: u32 = 10;

/// By that clock a status request comes 30 ms after the last one.
const PACING: Pacing = Pacing {
    challenge_gap: 500,
    processing_gap: 300,
    floor: 300,
    aim_after_perform: 150,
    aim_after_return: 150,
    longest_backoff: 3_000,
    ..Pacing::strict()
};

impl Clock for FastClock {
    fn now(&self) -> Timestamp {
        let elapsed = self.0.elapsed().as_millis() as u64;
        Timestamp(1_800_000_000_000).plus(elapsed * u64::from(SPEED))
    }

    fn sleep(&self, duration: Duration) -> PortFuture<'static, ()> {
        SystemClock.sleep(duration / SPEED)
    }
}

/// The addresses that were opened.
#[derive(Default)]
struct Opened(Mutex<Vec<String>>);

impl RedirectPresenter for Opened {
    fn show(&self, challenge: &Challenge) {
        self.0.lock().unwrap().push(challenge.url().to_owned());
    }

    fn dismiss(&self, _challenge: &Challenge) {}
}

/// Makes the sale of `case`, and describes its result in one line.
async fn run(case: &Case) -> String {
    let server = Server::start(case.scripts()).await;
    let day = Duration::from_secs(24 * 60 * 60);
    let config = SaleClientConfig::for_loopback(&format!("{}/paynet", server.url()), server.url())
        .unwrap()
        .with_merchant_paths(MerchantPaths {
            stored_card: None,
            ..MerchantPaths::default()
        })
        .with_pacing(PACING)
        // A slow machine must not end the sale.
        .with_processing_timeout(day)
        .with_challenge_timeout(day)
        .with_recovery_timeout(Duration::from_secs(1_000))
        .with_connection_timeouts(Duration::from_secs(300), Duration::from_secs(300));
    let transport: Arc<dyn Transport> = Arc::new(HttpsTransport::new(&config).unwrap());
    let opened = Arc::<Opened>::default();
    let ports = Ports {
        merchant: Arc::new(DocumentedMerchant::new(&config, Arc::clone(&transport))),
        transport,
        store: Arc::new(MemoryStore::new()),
        clock: Arc::new(FastClock(Instant::now())),
        presenter: Some(opened.clone()),
    };
    let client = SaleClient::with_ports(config, ports).unwrap();
    let sale = client.start(request()).unwrap();
    let outcome = sale.outcome().await;
    let mut shown: Vec<String> = opened
        .0
        .lock()
        .unwrap()
        .iter()
        .map(|url| format!("opened {url}"))
        .collect();
    shown.push(describe(&outcome));
    shown.join(", ")
}

fn describe(outcome: &SaleOutcome) -> String {
    match outcome {
        SaleOutcome::Approved(receipt) => {
            let confirmed = match &receipt.amount {
                Some(amount) if receipt.amount_differs() => format!("{amount} of {}", receipt.requested_amount),
                Some(amount) => amount.to_string(),
                None => "no amount confirmed".to_owned(),
            };
            let mut shown = format!("approved, {confirmed}");
            if let Some(order) = &receipt.order_id {
                let token = order.strip_prefix("backwards ");
                let order = token.map_or_else(|| order.clone(), |token| token.chars().rev().collect());
                shown += &format!(", order {order}");
            }
            if let Some(commission) = receipt.commission_minor_units {
                shown += &format!(", commission {commission}");
            }
            shown
        }
        SaleOutcome::Declined(decline) => {
            let code = decline.error_code.map(|code| format!(" {code}")).unwrap_or_default();
            format!(
                "declined{code}: {}",
                decline.gateway_message.as_deref().unwrap_or_default()
            )
        }
        SaleOutcome::NotCharged(end) => format!("not charged: {:?}", end.reason),
        SaleOutcome::Unknown(end) => format!("unknown: {:?}", end.reason),
    }
}

/// `body` in one line of limited length, in which every byte is visible.
fn shown(body: &[u8]) -> String {
    let text: String = body.escape_ascii().to_string().replace("\\\"", "\"");
    if text.len() > 110 {
        format!("{} … ({} bytes)", &text[..100], body.len())
    } else {
        text
    }
}

#[tokio::test]
async fn every_answer_is_read_for_what_it_says() {
    let mut wrong = Vec::new();
    for case in all() {
        let found = run(&case).await;
        println!("| {} | `{}` | {found} |", case.message(), shown(case.body()));
        if found != case.expected() {
            wrong.push(format!("{}: {found}, not {}", shown(case.body()), case.expected()));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
