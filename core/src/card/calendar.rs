//! The present month: the date, as far as a card needs it.

use serde::{Deserialize, Serialize};

use crate::value::{InputError, Rule, Timestamp};

/// The rule for a month.
pub(crate) const MONTH_RULE: Rule = Rule::Range { min: 1, max: 12 };

const MILLISECONDS_A_DAY: u64 = 24 * 60 * 60 * 1000;

/// A month of a year: the present date, as far as a card needs it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct CalendarMonth {
    year: u16,
    month: u8,
}

impl CalendarMonth {
    /// The month of a local date.
    ///
    /// # Errors
    /// [`InputError`] for `today` if `month` is not 1 to 12.
    pub const fn new(year: u16, month: u8) -> Result<Self, InputError> {
        match month {
            1..=12 => Ok(Self { year, month }),
            _ => Err(InputError::new("today", MONTH_RULE)),
        }
    }

    /// The month `month` of `year`; the caller has checked both.
    pub(super) const fn of(year: u16, month: u8) -> Self {
        Self { year, month }
    }

    /// The present month by the operating system's clock, for a card that is entered now: the earliest one anywhere on
    /// Earth, see [`CalendarMonth::from_unix_milliseconds`].
    pub fn now() -> Self {
        Self::from_unix_milliseconds(Timestamp::now().0)
    }

    /// The earliest present month anywhere on Earth at `milliseconds` since 1970-01-01T00:00:00Z: the month of one day
    /// earlier in UTC.
    ///
    /// A card is valid through the last day of its month where its holder is, and west of Greenwich that day ends up to
    /// 12 hours later. It is better if the issuer declines a card on its first expired day than if SaleKit refuses one
    /// on its last valid day.
    pub fn from_unix_milliseconds(milliseconds: u64) -> Self {
        // Computes the date from days since 0000-03-01, in eras of 400 years, so that leap days come at the end of a
        // year.
        let days = milliseconds.saturating_sub(MILLISECONDS_A_DAY) / MILLISECONDS_A_DAY + 719_468;
        let day_of_era = days % 146_097;
        let year_of_era = (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
        let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
        let months_since_march = (5 * day_of_year + 2) / 153;
        let (month, next_year) = if months_since_march < 10 {
            (months_since_march + 3, 0)
        } else {
            (months_since_march - 9, 1)
        };
        let year = days / 146_097 * 400 + year_of_era + next_year;
        Self {
            year: u16::try_from(year).unwrap_or(u16::MAX),
            month: u8::try_from(month).unwrap_or(12),
        }
    }

    /// The year, for example 2030.
    pub const fn year(self) -> u16 {
        self.year
    }

    /// The month, 1 to 12.
    pub const fn month(self) -> u8 {
        self.month
    }
}

#[cfg(test)]
mod tests {
    use super::{CalendarMonth, Timestamp};

    #[test]
    fn now_is_the_month_of_the_clock() {
        let month = || CalendarMonth::from_unix_milliseconds(Timestamp::now().0);
        let (before, now, after) = (month(), CalendarMonth::now(), month());
        assert!(before <= now && now <= after, "{before:?} {now:?} {after:?}");
    }
}
