//! What the tests with faults share: an app's configuration, its requests, watching a sale to its end, and (in `verdicts`)
//! the comparison with the ledger.

mod verdicts;

use std::time::Duration;

use salekit_core::{
    Challenge, Consumer, Money, Pacing, Sale, SaleClientConfig, SaleOutcome, SaleRequest, SaleState, SourceOfFunds,
    StoredCardPayment, TlsSettings,
};
use salekit_sandbox::{Cardholder, Conduct};
use salekit_testkit::request::card;
use tokio::sync::RwLock;
use url::Url;

pub(crate) use verdicts::{Truth, Verdicts, lie, untruth};

/// The machine. Who sells much has it alone, and the others share it with each other: otherwise the sales would be too slow
/// for their own time limits.
pub(crate) static MACHINE: RwLock<()> = RwLock::const_new(());

/// No time limit of a campaign's sale is longer than this, and none is so short that a busy machine breaks it.
pub(crate) const ANSWER_LIMIT: Duration = Duration::from_millis(2_500);
pub(crate) const PROCESSING_WINDOW: Duration = Duration::from_millis(3_000);
pub(crate) const CHALLENGE_WINDOW: Duration = Duration::from_millis(4_000);
pub(crate) const RECOVERY_WINDOW: Duration = Duration::from_millis(4_000);

/// The sandbox takes far more requests than a gateway, so that a thousand sales take a minute and not an hour.
pub(crate) const HASTE: Pacing = Pacing {
    challenge_gap: 60,
    processing_gap: 40,
    floor: 20,
    aim_after_return: 20,
    longest_backoff: 400,
    ..Pacing::strict()
};

pub(crate) const EMAIL: &str = "ada@example.com";
pub(crate) const AMOUNT_MINOR: i64 = 1_050;

pub(crate) fn config(gateway: &Url, merchant: &Url, ca_pem: &str) -> SaleClientConfig {
    SaleClientConfig::new(gateway.as_str(), merchant.as_str())
        .unwrap()
        .with_tls(TlsSettings {
            extra_roots_pem: Some(ca_pem.to_owned()),
            ..TlsSettings::default()
        })
        .with_pacing(HASTE)
        .with_processing_timeout(PROCESSING_WINDOW)
        .with_challenge_timeout(CHALLENGE_WINDOW)
        .with_recovery_timeout(RECOVERY_WINDOW)
        .with_connection_timeouts(ANSWER_LIMIT, ANSWER_LIMIT)
}

/// A sale of one device with a card.
pub(crate) fn request(serial: &str, security_code: &str) -> SaleRequest {
    request_of(AMOUNT_MINOR, serial, security_code, None)
}

/// A sale of this amount with a card, or with a stored one.
pub(crate) fn request_of(
    amount_minor: i64,
    serial: &str,
    security_code: &str,
    stored_card: Option<&str>,
) -> SaleRequest {
    let consumer = Consumer::new(serial).unwrap().with_email(EMAIL).unwrap();
    let source: SourceOfFunds = match stored_card {
        Some(id) => StoredCardPayment::new(id, security_code.as_bytes(), true)
            .unwrap()
            .into(),
        None => card(security_code).into(),
    };
    SaleRequest::new(Money::from_minor_units(amount_minor, "EUR").unwrap(), consumer, source)
}

/// Watches a sale to its end. `on_page` gets each of its pages once.
pub(crate) async fn watch(sale: &Sale, mut on_page: impl FnMut(Challenge)) -> SaleOutcome {
    let mut states = sale.states();
    let mut shown = String::new();
    while let Some(state) = states.next().await {
        if let SaleState::Challenge { is_open: true, .. } = state
            && let Some(challenge) = sale.challenge()
            && challenge.url() != shown
        {
            challenge.url().clone_into(&mut shown);
            on_page(challenge);
        }
    }
    sale.outcome().await
}

/// Watches a sale to its end with a cardholder who does what is asked.
pub(crate) async fn finish(sale: &Sale, cardholder: &Cardholder) -> SaleOutcome {
    let visit = |challenge: Challenge| {
        let cardholder = cardholder.clone();
        tokio::spawn(async move {
            let _ = cardholder.visit(challenge.url(), Conduct::Authenticates).await;
            challenge.returned();
        });
    };
    watch(sale, visit).await
}

/// The seed of a run: `SALEKIT_SEED`, or a new one. Printed, so that it can be given again.
pub(crate) fn seed() -> u64 {
    let given = std::env::var("SALEKIT_SEED").ok().and_then(|seed| seed.parse().ok());
    let fresh = || {
        let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
        since.map_or(1, |since| since.as_nanos() as u64)
    };
    let seed = given.unwrap_or_else(fresh);
    println!("SALEKIT_SEED={seed}");
    seed
}

/// `normal`, or `long` if `SALEKIT_PROFILE` says so; `variable` overrides both.
pub(crate) fn count(variable: &str, normal: usize, long: usize) -> usize {
    let given = std::env::var(variable).ok().and_then(|count| count.parse().ok());
    let is_long = std::env::var("SALEKIT_PROFILE").is_ok_and(|profile| profile == "long");
    given.unwrap_or(if is_long { long } else { normal })
}
