//! Replays payments in virtual time with the real pacing code: how soon the app learns a decision, and how many requests
//! that costs.
//!
//! 20,000 challenges are drawn from the distributions of the measurements behind the goals (challenge log-normal, median 25
//! s, p95 90 s; the bank's answer after the return log-normal, median 1.5 s, p95 8 s; round trip 0.1 s; the return is
//! noticed in nine of ten cases; 180 s in all), and as many payments without a challenge.

use crate::sale::Sale;
use salekit_core::flow::{Effect, Event, Pacing, Plan};

const PAYMENTS: usize = 20_000;
const ROUND_TRIP: u64 = 100;

/// A small random generator for the distributions, with the same numbers in every run.
struct Random(u64);

impl Random {
    fn uniform(&mut self) -> f64 {
        // splitmix64
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((mixed ^ (mixed >> 31)) >> 11) as f64 / (1_u64 << 53) as f64
    }

    /// Milliseconds, log-normal with this median and 95th percentile in seconds.
    fn log_normal(&mut self, median: f64, p95: f64) -> u64 {
        let normal = (-2.0 * (1.0 - self.uniform()).ln()).sqrt() * (std::f64::consts::TAU * self.uniform()).cos();
        let sigma = (p95 / median).ln() / 1.644_853_6;
        (median * (sigma * normal).exp() * 1_000.0) as u64
    }
}

/// One payment: the delay between the bank's answer and the app's knowledge of it (`None` if the timeout came first),
/// the number of status requests after the first, and all gaps between requests.
struct Payment {
    delay: Option<u64>,
    requests: u64,
    gaps: Vec<u64>,
}

fn pay(pacing: Pacing, challenge: u64, bank: u64, notices: bool) -> Payment {
    let window = 180_000;
    let plan = Plan {
        pacing,
        processing_window: window,
        challenge_window: window,
        ..Plan::default()
    };
    let mut sale = Sale::polling(plan);
    let start = sale.now;
    let returned = ROUND_TRIP + challenge;
    let decided = returned + bank;
    let mut must_tell_return = notices;
    let (mut requests, mut gaps, mut last_sent) = (0, Vec::new(), 0);
    loop {
        // A request is under way: it was sent at `last_sent`, and its answer comes a round trip later.
        let seen_at = last_sent + ROUND_TRIP / 2;
        let arrives = last_sent + ROUND_TRIP;
        if must_tell_return && returned <= arrives {
            sale.now = start.plus(returned.max(last_sent));
            sale.handle(Event::BrowserReturned);
            must_tell_return = false;
        }
        sale.now = start.plus(arrives);
        if seen_at >= decided {
            sale.status(r#"{"state":"APPROVED"}"#);
            return Payment {
                delay: Some(arrives.saturating_sub(decided)),
                requests,
                gaps,
            };
        }
        if seen_at < returned {
            sale.status(r#"{"state":"REDIRECT_REQUEST","redirectUrl":"https://acs.example/1"}"#);
        } else {
            sale.status(r#"{"state":"PROCESSING"}"#);
        }
        // Between two requests the browser may return and change the time of the next one.
        loop {
            if sale.outcome().is_some() {
                return Payment {
                    delay: None,
                    requests,
                    gaps,
                };
            }
            let due = sale.timer_at().unwrap().since(start);
            if must_tell_return && returned <= due {
                sale.now = start.plus(returned.max(arrives));
                sale.handle(Event::BrowserReturned);
                must_tell_return = false;
                continue;
            }
            sale.timer();
            if sale
                .effects
                .iter()
                .any(|effect| matches!(effect, Effect::PollStatus { .. }))
            {
                requests += 1;
                gaps.push(due - last_sent);
                last_sent = due;
                break;
            }
        }
    }
}

/// One payment without a challenge: the bank decides `bank` milliseconds after perform sale is answered.
fn pay_without_challenge(pacing: Pacing, bank: u64) -> Payment {
    let mut sale = Sale::performing(Plan {
        pacing,
        ..Plan::default()
    });
    sale.accepted();
    let start = sale.now;
    let (mut gaps, mut last_sent) = (Vec::new(), None);
    loop {
        sale.timer();
        let sent = sale.now.since(start);
        gaps.extend(last_sent.replace(sent).map(|last| sent - last));
        sale.wait(ROUND_TRIP);
        if sent + ROUND_TRIP / 2 >= bank {
            sale.status(r#"{"state":"APPROVED"}"#);
            return Payment {
                delay: Some(sale.now.since(start) - bank),
                requests: gaps.len() as u64 + 1,
                gaps,
            };
        }
        sale.status(r#"{"state":"PROCESSING"}"#);
    }
}

/// What all payments of a replay showed.
#[derive(Debug)]
pub struct Summary {
    /// The mean delay between the bank's decision and the app's knowledge of it, in seconds.
    pub mean: f64,
    /// 95 of 100 delays are not longer, in seconds.
    pub p95: f64,
    /// Status requests a payment.
    pub requests: f64,
    /// Between two status requests of a payment, in milliseconds.
    pub shortest_gap: u64,
    /// The same, the longest.
    pub longest_gap: u64,
}

/// Replays payments with a challenge. `name` stands before the figures that are printed.
pub fn simulate(name: &str, pacing: Pacing) -> Summary {
    let payment = |random: &mut Random| {
        let challenge = random.log_normal(25.0, 90.0);
        let bank = random.log_normal(1.5, 8.0);
        let notices = random.uniform() < 0.9;
        pay(pacing, challenge, bank, notices)
    };
    summarise(name, payment)
}

/// Replays payments without a challenge. The bank's median is `median` seconds, with the same skew as with a challenge.
pub fn simulate_without_challenge(pacing: Pacing, median: f64) -> Summary {
    summarise(&format!("{median} s"), |random| {
        pay_without_challenge(pacing, random.log_normal(median, median * 5.3))
    })
}

#[allow(clippy::print_stdout, reason = "who runs a replay wants to see its figures")]
fn summarise(name: &str, mut payment: impl FnMut(&mut Random) -> Payment) -> Summary {
    let mut random = Random(42);
    let (mut delays, mut requests, mut shortest_gap, mut longest_gap) = (Vec::new(), 0, u64::MAX, 0);
    for _ in 0..PAYMENTS {
        let payment = payment(&mut random);
        delays.extend(payment.delay);
        requests += payment.requests;
        for gap in payment.gaps {
            shortest_gap = shortest_gap.min(gap);
            longest_gap = longest_gap.max(gap);
        }
    }
    delays.sort_unstable();
    let mean = delays.iter().sum::<u64>() as f64 / delays.len() as f64 / 1_000.0;
    let p95 = delays[delays.len() * 95 / 100] as f64 / 1_000.0;
    let requests = requests as f64 / PAYMENTS as f64;
    println!(
        "{name:<7} mean {mean:.2} s, p95 {p95:.2} s, {requests:.2} requests, gaps {shortest_gap}–{longest_gap} ms, \
         {} of {PAYMENTS} decided within the window",
        delays.len()
    );
    Summary {
        mean,
        p95,
        requests,
        shortest_gap,
        longest_gap,
    }
}
