//! How soon the app learns a decision, and how many requests that costs: the goals that the replay must meet. Only means are
//! asserted, never wall-clock time.

use salekit_core::flow::Pacing;
use salekit_testkit::pacing::{simulate, simulate_without_challenge};

#[test]
fn the_strict_schedule_meets_its_goals_within_the_documented_gaps() {
    let strict = simulate("strict", Pacing::strict());
    assert!(strict.mean <= 1.6, "mean {}", strict.mean);
    assert!(strict.p95 <= 3.1, "p95 {}", strict.p95);
    assert!(strict.requests <= 8.0, "requests {}", strict.requests);
    assert!(strict.shortest_gap >= 3_000, "the protocol recommends 3–5 s");
    assert!(strict.longest_gap <= 5_000, "the protocol recommends 3–5 s");
}

#[test]
fn the_burst_schedule_meets_its_goals() {
    let burst = simulate("burst", Pacing::burst());
    assert!(burst.mean <= 0.95, "mean {}", burst.mean);
    assert!(burst.p95 <= 3.1, "p95 {}", burst.p95);
    assert!(burst.requests <= 7.7, "requests {}", burst.requests);
}

/// Without a challenge the first status request matters most. If it were sent at once, it would come before any bank
/// has decided, and the next one 3 s later (1.85 s and 2.4 requests at a median of 1.5 s).
#[test]
fn a_payment_without_a_challenge_is_seen_soon_and_with_few_requests() {
    for (median, most_seconds, most_requests) in [(0.5, 1.3, 1.3), (1.5, 1.35, 1.8), (3.0, 1.5, 2.7)] {
        let seen = simulate_without_challenge(Pacing::strict(), median);
        assert!(seen.mean <= most_seconds, "mean {}", seen.mean);
        assert!(seen.requests <= most_requests, "requests {}", seen.requests);
        assert!(seen.shortest_gap >= 3_000 && seen.longest_gap <= 5_000);
    }
}
