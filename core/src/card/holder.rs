//! The cardholder's name.

use std::fmt;

use zeroize::Zeroizing;

use crate::value::{InputError, Rule, text, typed};

pub(crate) const FIRST_FIELD: &str = "sourceOfFunds.card.holder.firstName";
pub(crate) const LAST_FIELD: &str = "sourceOfFunds.card.holder.lastName";
pub(crate) const PRINTED_FIELD: &str = "sourceOfFunds.card.holder.printedName";

/// The longest name, in characters (`sourceOfFunds.card.holder.*`, 1 to 50).
pub(crate) const LONGEST: usize = 50;

/// The cardholder: first and last name, or the name as printed on the card.
///
/// Names may have letters of any script. White space and invisible characters around them are removed, and they are
/// wiped when dropped. `Debug` hides them.
pub struct Holder(Name);

enum Name {
    FirstLast {
        first: Zeroizing<String>,
        last: Zeroizing<String>,
    },
    Printed(Zeroizing<String>),
}

/// The name of a [`Holder`], in exactly one of the protocol's two forms.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum HolderName<'a> {
    /// `sourceOfFunds.card.holder.firstName` and `.lastName`.
    FirstLast {
        /// First name, 1 to 50 characters.
        first: &'a str,
        /// Last name, 1 to 50 characters.
        last: &'a str,
    },
    /// `sourceOfFunds.card.holder.printedName`, 1 to 50 characters.
    Printed(&'a str),
}

impl Holder {
    /// A cardholder by first and last name. Invisible characters around the names are removed.
    ///
    /// # Errors
    /// [`InputError`] for `sourceOfFunds.card.holder.firstName` or `.lastName`: [`Rule::Missing`], [`Rule::Length`] (1
    /// to 50 characters) or [`Rule::Characters`] (control characters, line breaks).
    pub fn first_last(first: &str, last: &str) -> Result<Self, InputError> {
        Ok(Self(Name::FirstLast {
            first: name(FIRST_FIELD, first)?,
            last: name(LAST_FIELD, last)?,
        }))
    }

    /// A cardholder by the name printed on the card. Invisible characters around it are removed.
    ///
    /// # Errors
    /// [`InputError`] for `sourceOfFunds.card.holder.printedName`, as [`Holder::first_last`].
    pub fn printed(printed: &str) -> Result<Self, InputError> {
        name(PRINTED_FIELD, printed).map(|printed| Self(Name::Printed(printed)))
    }

    /// The name, in the form in which it was given.
    pub fn name(&self) -> HolderName<'_> {
        match &self.0 {
            Name::FirstLast { first, last } => HolderName::FirstLast { first, last },
            Name::Printed(printed) => HolderName::Printed(printed),
        }
    }
}

fn name(field: &'static str, text: &str) -> Result<Zeroizing<String>, InputError> {
    check(text).map_err(|rule| InputError::new(field, rule))?;
    Ok(Zeroizing::new(typed::trim(text).to_owned()))
}

/// The rule for each of the names.
pub(crate) fn check(text: &str) -> Result<(), Rule> {
    text::check_line(typed::trim(text), LONGEST)
}

impl fmt::Debug for Holder {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Holder(…)")
    }
}

impl fmt::Debug for HolderName<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::FirstLast { .. } => "FirstLast(…)",
            Self::Printed(_) => "Printed(…)",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::{Holder, HolderName};

    #[test]
    fn names_of_any_script_without_the_space_around_them() {
        for (given, kept) in [
            ("  Ada ", "Ada"),
            ("Łukasz", "Łukasz"),
            ("محمد", "محمد"),
            ("李", "李"),
            ("O'Neill-Smith Jr.", "O'Neill-Smith Jr."),
            ("\u{202b}محمد\u{202c}\u{200f}", "محمد"),
            ("\u{feff}Ada\u{200b}\n", "Ada"),
        ] {
            assert_eq!(Holder::printed(given).unwrap().name(), HolderName::Printed(kept));
            assert_eq!(
                Holder::first_last(given, "L").unwrap().name(),
                HolderName::FirstLast { first: kept, last: "L" }
            );
        }
        assert!(Holder::printed(&"é".repeat(50)).is_ok(), "characters count, not bytes");
        assert!(Holder::printed(&format!(" {} ", "x".repeat(50))).is_ok());
    }

    #[test]
    fn errors_name_the_part() {
        let long = "x".repeat(51);
        for (text, code) in [
            ("", "missing"),
            (" \t", "missing"),
            ("\u{200b}\u{202e} \u{2060}\u{ad}\u{3164}", "missing"),
            (long.as_str(), "length"),
            ("a\nb", "characters"),
            ("a\0b", "characters"),
            ("a\u{85}b", "characters"),
            ("a\u{2028}b", "characters"),
        ] {
            for (result, field) in [
                (Holder::first_last(text, "b"), "sourceOfFunds.card.holder.firstName"),
                (Holder::first_last("a", text), "sourceOfFunds.card.holder.lastName"),
                (Holder::printed(text), "sourceOfFunds.card.holder.printedName"),
            ] {
                let error = result.unwrap_err();
                assert_eq!((error.field, error.rule.code()), (field, code), "{text:?}");
            }
        }
    }

    #[test]
    fn debug_hides_the_name() {
        let holder = Holder::first_last("Ada", "Lovelace").unwrap();
        assert_eq!(format!("{holder:?} {:?}", holder.name()), "Holder(…) FirstLast(…)");
    }
}
