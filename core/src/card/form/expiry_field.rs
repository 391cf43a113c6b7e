//! The expiry while it is typed. The slash is added automatically.

use super::{
    field::Validity,
    grouping::{Edit, Grouping},
};
use crate::{
    card::{
        calendar::{CalendarMonth, MONTH_RULE},
        expiry::{self, Expiry},
        expiry_digits::{ExpiryDigits, LONGEST, SHORT},
    },
    value::{InputError, Rule},
};

const MONTH_FIRST: Grouping = Grouping {
    gaps: &[2],
    separator: '/',
    is_eager: true,
};
const YEAR_FIRST: Grouping = Grouping {
    gaps: &[4],
    ..MONTH_FIRST
};

/// The digits typed so far.
pub(super) struct ExpiryField(ExpiryDigits);

impl ExpiryField {
    pub(super) fn new() -> Self {
        Self(ExpiryDigits::new())
    }

    fn grouping(&self) -> Grouping {
        if self.0.begins_with_year() {
            YEAR_FIRST
        } else {
            MONTH_FIRST
        }
    }

    /// Applies `edit`; returns the caret's new position.
    ///
    /// # Errors
    /// The rule that the text or the resulting expiry breaks; then nothing is changed.
    pub(super) fn replace(&mut self, edit: &Edit<'_>, today: CalendarMonth) -> Result<usize, Rule> {
        let range = self.grouping().digits(self.0.len(), edit)?;
        let end = self.0.replace(range, edit.text, centuries(today))?;
        Ok(self.grouping().caret(self.0.len(), end))
    }

    pub(super) fn display(&self) -> String {
        self.grouping().display(self.0.len(), |place| {
            self.0.as_bytes().get(place).copied().map_or(' ', char::from)
        })
    }

    pub(super) fn width(&self) -> usize {
        self.grouping().width(self.0.len())
    }

    /// The expiry, if it is complete and valid in the month `today`.
    pub(super) fn read(&self, today: CalendarMonth) -> Result<Expiry, InputError> {
        let expiry = self.0.read()?;
        expiry.check(today)?;
        Ok(expiry)
    }

    /// How complete the field is. `is_typed` says whether the cardholder is in the field: until they leave it, `12/20`
    /// may become `12/2030`.
    pub(super) fn validity(&self, today: CalendarMonth, is_typed: bool) -> Validity {
        let has_wrong_month = self.0.month().is_some_and(|month| !(1..=12).contains(&month));
        let may_go_on = is_typed && self.0.len() < self.0.longest(centuries(today));
        match (self.0.len(), self.read(today)) {
            (0, _) => Validity::Empty,
            (_, Ok(_)) => Validity::Valid,
            // The month is wrong, and more digits cannot correct it.
            (_, Err(_)) if has_wrong_month => Validity::Invalid(MONTH_RULE),
            (LONGEST, Err(error)) => Validity::Invalid(error.rule),
            (SHORT, Err(error)) if !self.0.begins_with_year() && !may_go_on => Validity::Invalid(error.rule),
            _ => Validity::Incomplete,
        }
    }
}

/// The centuries in which a card that is valid in the month `today` can expire.
fn centuries(today: CalendarMonth) -> impl Fn(u8) -> bool {
    let last = expiry::farthest_year(today) / 100;
    move |century| (20..=last).contains(&u16::from(century))
}
