//! The timing of a sale: gaps between status requests, timeouts and numbers of tries. It is plain data and stored with
//! the sale.

use serde::Serialize;

use crate::json::{Parts, Stored, Value, stored_struct};

/// When to ask the gateway for the status. All times in milliseconds.
///
/// The protocol recommends 3–5 s between status requests (`docs/protocol.md`, "Polling"). [`Pacing::strict`] keeps every
/// gap within that; [`Pacing::burst`] does not, and may be used only if the gateway's operator agrees. For a sandbox on
/// the same machine, `SaleClientConfig::with_test_pacing` is quicker.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
pub struct Pacing {
    /// The gap during a challenge.
    pub challenge_gap: u64,
    /// The gap at all other times.
    pub processing_gap: u64,
    /// The shortest gap before a request that is sent early because the app comes to the foreground, the network comes
    /// back or the browser returns.
    pub floor: u64,
    /// When to send the first request after perform sale was accepted, because no bank decides sooner. The recommended
    /// gaps do not apply to it, because they are between two requests.
    pub aim_after_perform: u64,
    /// When to send the next request after the browser's return, because issuers seldom answer sooner.
    pub aim_after_return: u64,
    /// The number of quick requests after the browser's return; 0 in the strict schedule.
    pub burst: u8,
    /// The gap between quick requests.
    pub burst_gap: u64,
    /// The longest gap when requests fail one after the other.
    pub longest_backoff: u64,
}

impl Stored for Pacing {
    fn read(value: Value<'_>) -> Option<Self> {
        let parts = Parts::of(value)?;
        Some(Self {
            challenge_gap: parts.part("challenge_gap")?,
            processing_gap: parts.part("processing_gap")?,
            floor: parts.part("floor")?,
            // Snapshots of version 1 do not have it.
            aim_after_perform: parts
                .part::<Option<_>>("aim_after_perform")?
                .unwrap_or(Self::strict().aim_after_perform),
            aim_after_return: parts.part("aim_after_return")?,
            burst: parts.part("burst")?,
            burst_gap: parts.part("burst_gap")?,
            longest_backoff: parts.part("longest_backoff")?,
        })
    }
}

impl Pacing {
    /// Every gap within the recommended 3–5 s: 5 s in the challenge; after the browser's return the next request after
    /// 1.5 s, but not sooner than 3 s after the last one; then 3 s.
    pub const fn strict() -> Self {
        Self {
            challenge_gap: 5_000,
            processing_gap: 3_000,
            floor: 3_000,
            aim_after_perform: 1_500,
            aim_after_return: 1_500,
            burst: 0,
            burst_gap: 1_000,
            longest_backoff: 30_000,
        }
    }

    /// 6 s in the challenge, six times 1 s after the return, then 3 s. Needs the consent of the gateway's operator.
    pub const fn burst() -> Self {
        Self {
            challenge_gap: 6_000,
            burst: 6,
            ..Self::strict()
        }
    }

    /// 0.4 s in the challenge, 0.2 s otherwise. For a sandbox on the same machine.
    pub(crate) const fn test() -> Self {
        Self {
            challenge_gap: 400,
            processing_gap: 200,
            floor: 100,
            aim_after_perform: 100,
            aim_after_return: 100,
            burst: 0,
            burst_gap: 100,
            longest_backoff: 2_000,
        }
    }
}

impl Default for Pacing {
    fn default() -> Self {
        Self::strict()
    }
}

/// The timeouts of a sale. They are part of the snapshot, so that a resumed sale keeps the ones that it began with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
pub struct Plan {
    /// Pace of status requests.
    pub pacing: Pacing,
    /// How long the gateway may be processing before the outcome counts as unknown, in milliseconds. Starts again when
    /// a challenge ends.
    pub processing_window: u64,
    /// How long the cardholder may take for all challenges of the sale together, in milliseconds.
    pub challenge_window: u64,
    /// How long SaleKit asks the merchant's server for a lost session token, in milliseconds.
    pub recovery_window: u64,
    /// How often SaleKit asks for an access token and for initiate sale at most, each.
    pub initiate_tries: u8,
    /// How often SaleKit tries perform sale at most, as long as it was certainly not sent.
    pub perform_tries: u8,
    /// Whether the merchant's server can be asked for an access token.
    pub can_request_access_token: bool,
    /// Whether the merchant's server can be asked for the session token of an invoice.
    pub can_recover_session: bool,
    /// Whether to ask the merchant's server for the stored card once the sale is approved.
    pub wants_stored_card: bool,
    /// Whether a redirect to `http://` on a loopback address is allowed, for tests on one machine.
    pub allows_loopback_http: bool,
}

stored_struct!(Plan {
    pacing,
    processing_window,
    challenge_window,
    recovery_window,
    initiate_tries,
    perform_tries,
    can_request_access_token,
    can_recover_session,
    wants_stored_card,
    allows_loopback_http
});

impl Default for Plan {
    fn default() -> Self {
        Self {
            pacing: Pacing::strict(),
            processing_window: 180_000,
            challenge_window: 600_000,
            recovery_window: 30_000,
            initiate_tries: 3,
            perform_tries: 3,
            can_request_access_token: true,
            can_recover_session: true,
            wants_stored_card: true,
            allows_loopback_http: false,
        }
    }
}

/// The longest timeout, in milliseconds: a day.
const LONGEST_WINDOW: u64 = 86_400_000;

impl Plan {
    /// The plan with timeouts that are short enough for a sale to end.
    #[must_use]
    pub(crate) fn bounded(mut self) -> Self {
        for window in [
            &mut self.processing_window,
            &mut self.challenge_window,
            &mut self.recovery_window,
        ] {
            *window = (*window).min(LONGEST_WINDOW);
        }
        self
    }
}

/// Adds jitter to repeated requests, so that many devices do not send them at once. A seed of 0 means none, for tests
/// and for model checking.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(transparent)]
pub struct Jitter(pub u64);

impl Stored for Jitter {
    fn read(value: Value<'_>) -> Option<Self> {
        u64::read(value).map(Self)
    }
}

impl Jitter {
    /// `milliseconds`, lengthened by up to a fifth.
    pub(super) fn lengthen(&mut self, milliseconds: u64) -> u64 {
        if self.0 == 0 {
            return milliseconds;
        }
        // xorshift64: a pure function of the seed, so that a sale can be replayed.
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        milliseconds.saturating_add(milliseconds.saturating_mul(self.0 % 201) / 1_000)
    }
}
