//! The month in which a card expires. How it is read from what people write is in `expiry_digits`.

use std::fmt;

use super::calendar::{CalendarMonth, MONTH_RULE};
use crate::value::{InputError, Rule};

pub(crate) const FIELD: &str = "sourceOfFunds.card.expiry";
const MONTH: &str = "sourceOfFunds.card.expiry.month";
pub(super) const YEAR: &str = "sourceOfFunds.card.expiry.year";

/// The rule for a year with four digits.
pub(super) const YEAR_RULE: Rule = Rule::Range { min: 2000, max: 9999 };

/// How many years ahead a card can expire. Schemes stop at 20 years; more than this is a typing mistake.
const FARTHEST_YEARS: u16 = 50;

/// The month through whose last day a card is valid (`sourceOfFunds.card.expiry`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Expiry(CalendarMonth);

impl Expiry {
    /// `month` 1 to 12 and `year`, either full (2030) or with two digits, counted from 2000 (30).
    ///
    /// [`Expiry::check`] says whether it has passed.
    ///
    /// # Errors
    /// [`InputError`] for `sourceOfFunds.card.expiry.month` or `.year`, which is 2000 to 9999.
    pub const fn new(month: u8, year: u16) -> Result<Self, InputError> {
        if month < 1 || month > 12 {
            return Err(InputError::new(MONTH, MONTH_RULE));
        }
        match year {
            0..=99 => Ok(Self(CalendarMonth::of(2000 + year, month))),
            2000..=9999 => Ok(Self(CalendarMonth::of(year, month))),
            _ => Err(InputError::new(YEAR, YEAR_RULE)),
        }
    }

    /// Whether the card can be used in the month `today`: not expired, and not more than 50 years ahead.
    ///
    /// # Errors
    /// [`InputError`] for `sourceOfFunds.card.expiry` ([`Rule::Expired`]) or `.year` ([`Rule::Range`]).
    pub fn check(self, today: CalendarMonth) -> Result<(), InputError> {
        let farthest = farthest_year(today);
        if self.0 < today {
            Err(InputError::new(FIELD, Rule::Expired))
        } else if self.0.year() > farthest {
            Err(InputError::new(
                YEAR,
                Rule::Range {
                    min: i64::from(today.year()),
                    max: i64::from(farthest),
                },
            ))
        } else {
            Ok(())
        }
    }

    /// `sourceOfFunds.card.expiry.month`, 1 to 12.
    pub const fn month(self) -> u8 {
        self.0.month()
    }

    /// `sourceOfFunds.card.expiry.year`, four digits.
    pub const fn year(self) -> u16 {
        self.0.year()
    }
}

/// The last year in which a card can expire in the month `today`.
pub(super) const fn farthest_year(today: CalendarMonth) -> u16 {
    today.year().saturating_add(FARTHEST_YEARS)
}

impl fmt::Display for Expiry {
    /// As it is printed on the card: `12/30`; with the full year if two digits would mean another one.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0.year().checked_sub(2000) {
            Some(year @ 0..=99) => write!(formatter, "{:02}/{year:02}", self.0.month()),
            _ => write!(formatter, "{:02}/{}", self.0.month(), self.0.year()),
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::Expiry;
    use crate::card::CalendarMonth;
    use crate::value::Rule;

    const DAY: u64 = 86_400_000;

    fn month(year: u16, month: u8) -> CalendarMonth {
        CalendarMonth::new(year, month).unwrap()
    }

    #[test]
    fn written_in_any_usual_way() {
        let expiry = Expiry::new(12, 2030).unwrap();
        for text in [
            "12/30",
            "12/2030",
            "1230",
            "122030",
            " 12 / 30 ",
            "12 /2030",
            "12-30",
            "12-2030",
            "12.30",
            "12–30",
            "12 / 30",
            "2030-12",
            "2030/12",
            "2030.12",
            "203012",
            "１２／３０",
            "١٢/٣٠",
            "\u{200f}۱۲\u{2044}۲۰۳۰\u{200f}\n",
        ] {
            assert_eq!(Expiry::parse(text).unwrap(), expiry, "{text}");
        }
        for (text, month, year) in [
            ("1/30", 1, 30),
            ("2/30", 2, 30),
            ("329", 3, 29),
            ("230", 2, 30),
            ("2030-3", 3, 30),
        ] {
            assert_eq!(
                Expiry::parse(text).unwrap(),
                Expiry::new(month, year).unwrap(),
                "{text}"
            );
        }
        assert_eq!(expiry.to_string(), "12/30");
        assert_eq!(Expiry::new(7, 2105).unwrap().to_string(), "07/2105");
    }

    #[test]
    fn errors_name_the_part() {
        for (text, field, code) in [
            ("", "sourceOfFunds.card.expiry", "missing"),
            ("13/30", "sourceOfFunds.card.expiry.month", "range"),
            ("00/30", "sourceOfFunds.card.expiry.month", "range"),
            ("12/1999", "sourceOfFunds.card.expiry.year", "range"),
            ("12/0030", "sourceOfFunds.card.expiry.year", "range"),
            ("12", "sourceOfFunds.card.expiry", "format"),
            ("12/", "sourceOfFunds.card.expiry", "format"),
            ("12/3", "sourceOfFunds.card.expiry", "format"),
            ("12/030", "sourceOfFunds.card.expiry", "format"),
            ("130", "sourceOfFunds.card.expiry", "format"),
            ("ab/cd", "sourceOfFunds.card.expiry", "characters"),
            ("+1/30", "sourceOfFunds.card.expiry", "characters"),
            ("é/30", "sourceOfFunds.card.expiry", "characters"),
            ("30-12", "sourceOfFunds.card.expiry", "format"),
            ("20/30", "sourceOfFunds.card.expiry", "range"),
            ("2030", "sourceOfFunds.card.expiry", "format"),
            ("2030-1", "sourceOfFunds.card.expiry", "format"),
            ("2030-13", "sourceOfFunds.card.expiry.month", "range"),
            ("2030-12-01", "sourceOfFunds.card.expiry", "format"),
            ("01/12/2030", "sourceOfFunds.card.expiry", "format"),
            ("\u{200b}", "sourceOfFunds.card.expiry", "missing"),
        ] {
            let error = Expiry::parse(text).unwrap_err();
            assert_eq!((error.field, error.rule.code()), (field, code), "{text}");
        }
    }

    #[test]
    fn a_card_is_good_through_the_last_day_of_its_month() {
        let expiry = Expiry::new(2, 2028).unwrap();
        assert!(expiry.check(month(2028, 1)).is_ok());
        assert!(expiry.check(month(2028, 2)).is_ok());
        assert_eq!(expiry.check(month(2028, 3)).unwrap_err().rule, Rule::Expired);
        assert_eq!(expiry.check(month(2029, 1)).unwrap_err().rule, Rule::Expired);
    }

    #[test]
    fn an_absurdly_far_year_is_refused() {
        let today = month(2026, 11);
        assert!(Expiry::new(12, 2076).unwrap().check(today).is_ok());
        let error = Expiry::new(1, 2077).unwrap().check(today).unwrap_err();
        assert_eq!(error.field, "sourceOfFunds.card.expiry.year");
        assert_eq!(error.rule, Rule::Range { min: 2026, max: 2076 });
    }

    #[test]
    fn the_clock_is_read_a_day_late() {
        // 2028-03-01T00:00:00Z: in Honolulu it is still 29 February.
        let march = 1_835_481_600_000;
        for (milliseconds, expected) in [
            (march - 1, month(2028, 2)),
            (march, month(2028, 2)),
            (march + DAY - 1, month(2028, 2)),
            (march + DAY, month(2028, 3)),
            (0, month(1970, 1)),
            (946_684_800_000 + DAY, month(2000, 1)),
            (946_684_800_000 + DAY - 1, month(1999, 12)),
        ] {
            assert_eq!(
                CalendarMonth::from_unix_milliseconds(milliseconds),
                expected,
                "{milliseconds}"
            );
        }
    }

    #[test]
    fn the_calendar_is_right_for_two_centuries() {
        let mut milliseconds = DAY;
        for year in 1970_u16..2170 {
            for (index, days) in [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31].into_iter().enumerate() {
                let leap = year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
                let expected = month(year, u8::try_from(index).unwrap() + 1);
                assert_eq!(CalendarMonth::from_unix_milliseconds(milliseconds), expected);
                milliseconds += DAY * (days + u64::from(leap && index == 1));
                assert_eq!(CalendarMonth::from_unix_milliseconds(milliseconds - 1), expected);
            }
        }
    }

    proptest! {
        #[test]
        fn writing_and_reading_gives_the_same(month in 1..=12_u8, year in 2000..=9999_u16) {
            let expiry = Expiry::new(month, year).unwrap();
            prop_assert_eq!(Expiry::parse(&expiry.to_string()).unwrap(), expiry);
        }

        #[test]
        fn no_clock_and_no_text_panics(milliseconds in any::<u64>(), text in "\\PC{0,12}") {
            let _ = CalendarMonth::from_unix_milliseconds(milliseconds);
            let _ = Expiry::parse(&text);
        }
    }
}
