//! Points in time.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use serde::{Deserialize, Serialize};

use crate::json::{Stored, Value};

/// A wall-clock instant: milliseconds since 1970-01-01T00:00:00Z.
///
/// Deadlines use the wall clock because they must keep their meaning after the app was killed and restarted, and must
/// go on while a phone sleeps. The flow handles a clock that is set back (see `flow`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Timestamp(pub u64);

impl Timestamp {
    /// The time of the operating system's clock; 1970-01-01T00:00:00Z if it is set to an earlier time.
    pub fn now() -> Self {
        let since_1970 = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        Self(u64::try_from(since_1970.as_millis()).unwrap_or(u64::MAX))
    }

    /// This instant plus `milliseconds`.
    #[must_use]
    pub const fn plus(self, milliseconds: u64) -> Self {
        Self(self.0.saturating_add(milliseconds))
    }

    /// Moves this instant back by `milliseconds`, because the device's clock was set back by as much.
    pub(crate) const fn rewind(&mut self, milliseconds: u64) {
        self.0 = self.0.saturating_sub(milliseconds);
    }

    /// Milliseconds from `earlier` to this instant; 0 if `earlier` is later.
    pub const fn since(self, earlier: Self) -> u64 {
        self.0.saturating_sub(earlier.0)
    }

    /// How long to wait from `now` until this instant.
    pub const fn wait_from(self, now: Self) -> Duration {
        Duration::from_millis(self.since(now))
    }
}

impl Stored for Timestamp {
    fn read(value: Value<'_>) -> Option<Self> {
        u64::read(value).map(Self)
    }
}
