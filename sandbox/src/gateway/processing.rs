//! The life of a sale after perform: check with the merchant, authentication, the processor's word, card mapping, the
//! final status, the callback; in that order.

use std::{sync::Arc, time::Duration};

use tokio::{sync::oneshot, time};

use super::{
    State, by_hand,
    challenge::{Answered, Ask, PageKind},
    check,
    ending::{charge, finish},
    mapping,
    sale::{Sale, State as SaleState},
};
use crate::{
    config::CheckTiming,
    protocol::diagram::{Direction, Party},
    script::outcome::{Authentication, Decline, Verdict},
};

/// What keeps a sale and its perform answer in the configured order.
pub(super) struct Signals {
    /// The perform answer is under way.
    pub(super) answered: oneshot::Receiver<()>,
    /// Fires when the check is done.
    pub(super) checked: oneshot::Sender<()>,
}

/// Starts the sale's own task; it ends with the sale or with the gateway.
pub(super) fn begin(gateway: Arc<State>, sale: Arc<Sale>, signals: Signals) {
    let tasks = gateway.stage.tasks.clone();
    tasks.spawn(async move {
        let shutdown = gateway.stage.shutdown.clone();
        tokio::select! {
            () = shutdown.cancelled() => {}
            end = by_hand::asked(&sale) => by_hand::end(&gateway, &sale, end).await,
            () = run_and_wait(&gateway, &sale, signals) => {}
        }
    });
}

/// A sale without an end is left to a person, if there is an inspector for one.
async fn run_and_wait(gateway: &State, sale: &Arc<Sale>, signals: Signals) {
    run(gateway, sale, signals).await;
    if gateway.stage.recorder.is_on() && !sale.progress().state.is_final() {
        std::future::pending().await
    }
}

async fn run(gateway: &State, sale: &Arc<Sale>, Signals { answered, checked }: Signals) {
    // A perform request whose client went away is a sale all the same, so a lost signal holds nothing up.
    let verdict = match sale.check_timing(&gateway.stage.config) {
        CheckTiming::AfterAnswer => {
            let _client_left = answered.await;
            check::check_sale(gateway, sale).await
        }
        CheckTiming::Late(delay) => {
            let _client_left = answered.await;
            pause(delay).await;
            check::check_sale(gateway, sale).await
        }
        CheckTiming::Never => {
            let _client_left = answered.await;
            return stay_in_processing(gateway, sale);
        }
        CheckTiming::BeforeAnswer => {
            let verdict = check::check_sale(gateway, sale).await;
            let _client_left = checked.send(());
            let _client_left = answered.await;
            verdict
        }
    };
    match verdict {
        Ok(()) => process(gateway, sale).await,
        Err(decline) => finish(gateway, sale, SaleState::Declined(decline)).await,
    }
}

async fn process(gateway: &State, sale: &Arc<Sale>) {
    let config = &gateway.stage.config;
    let scripted = sale.script.as_ref().and_then(|script| script.processing_delay);
    let usual = if sale.outcome.slow {
        config.slow_processing_delay
    } else {
        config.processing_delay
    };
    let delay = scripted.unwrap_or(usual);
    inside(gateway, sale, 10, "start processing");
    pause(delay).await;

    match sale.outcome.authentication {
        Authentication::NotUsed => {}
        Authentication::NotEnrolled => sale.progress().authentication = Some("UNSUPPORTED"),
        Authentication::Challenge {
            fingerprint_first,
            one_time_code,
            answered,
        } => {
            let ask = match one_time_code {
                true => Ask::OneTimeCode,
                false => Ask::Password,
            };
            if let Err(decline) = challenge(gateway, sale, fingerprint_first, (ask, answered)).await {
                sale.progress().authentication = Some("NOT_AUTHENTICATED");
                return finish(gateway, sale, SaleState::Declined(decline)).await;
            }
            sale.progress().authentication = Some("AUTHENTICATED");
            gateway.advance(sale, SaleState::Processing);
            pause(delay).await;
        }
    }

    inside(gateway, sale, 18, "process sale");
    let charge = || charge(gateway, sale);
    match sale.outcome.verdict.clone() {
        Verdict::Approve => {
            charge();
            mapping::notify(gateway, sale).await;
            finish(gateway, sale, SaleState::Approved).await;
        }
        Verdict::Decline(decline) => finish(gateway, sale, SaleState::Declined(decline)).await,
        Verdict::NeverFinal { charged } => {
            if charged {
                charge();
            }
            stay_in_processing(gateway, sale);
        }
    }
}

/// The end of a sale that has none.
fn stay_in_processing(gateway: &State, sale: &Sale) {
    let ledger = &gateway.stage.ledger;
    ledger.update(&sale.invoice_id, |entry| entry.unresolvable = true);
}

/// Waits for the cardholder on one page or two.
async fn challenge(
    gateway: &State,
    sale: &Arc<Sale>,
    fingerprint_first: bool,
    (ask, answered): (Ask, bool),
) -> Result<(), Decline> {
    let config = &gateway.stage.config;
    let usual = if answered {
        config.challenge_timeout
    } else {
        config.short_challenge_timeout
    };
    let limit = sale
        .script
        .as_ref()
        .and_then(|script| script.challenge_timeout)
        .unwrap_or(usual);
    let failed = || Decline::new(1008, "3-D Secure authentication failed");
    let late = || Decline::new(1015, "3-D Secure authentication timed out");
    let broken = |_| Decline::new(102, "Internal error");

    let challenge = gateway
        .pages
        .open(
            sale,
            PageKind::Challenge {
                ask,
                answered,
                wrong: 0,
            },
        )
        .map_err(broken)?;
    let mut pages = vec![challenge.id.clone()];
    let passed = async {
        if fingerprint_first {
            let kind = PageKind::Fingerprint {
                next: challenge.id.clone(),
            };
            let fingerprint = gateway.pages.open(sale, kind).map_err(broken)?;
            pages.push(fingerprint.id.clone());
            gateway.advance(
                sale,
                SaleState::Redirect {
                    page_id: fingerprint.id,
                },
            );
            match fingerprint.answer.await {
                Ok(Answered::Passed) => {}
                Ok(Answered::Late) => return Err(late()),
                Ok(Answered::Failed | Answered::Cancelled) | Err(_) => return Err(failed()),
            }
        }
        gateway.advance(
            sale,
            SaleState::Redirect {
                page_id: challenge.id.clone(),
            },
        );
        match challenge.answer.await {
            Ok(Answered::Passed) => Ok(()),
            Ok(Answered::Late) => Err(late()),
            Ok(Answered::Failed | Answered::Cancelled) | Err(_) => Err(failed()),
        }
    };
    let result = time::timeout(limit, passed).await;
    for page in &pages {
        gateway.pages.expire(page);
    }
    result.unwrap_or_else(|_| Err(late()))
}

fn inside(gateway: &State, sale: &Sale, step: u8, what: &'static str) {
    let gateway_itself = (Party::Gateway, Party::Gateway);
    let event = (what, Direction::Internal);
    gateway
        .stage
        .observer
        .report(Some(step), gateway_itself, event, Some(&sale.invoice_id), "");
}

async fn pause(delay: Duration) {
    if !delay.is_zero() {
        time::sleep(delay).await;
    }
}
