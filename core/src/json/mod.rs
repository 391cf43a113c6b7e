//! JSON as servers and stores hand it over: found member by member, because an unusual member must not hide the others.
//!
//! `bounds` finds where a value ends, `scalar` decodes texts and numbers, `reader` finds members and values by their path,
//! and `stored` turns the values of a snapshot into types. What an answer *means* is decided in `wire`; each type beside
//! its own definition says how it is read from a snapshot.

mod bounds;
mod former_names;
mod reader;
mod scalar;
mod stored;

pub(crate) use reader::{Contradiction, Members, Value, first_text, first_value};
pub(crate) use stored::{Parts, Stored, stored_struct, stored_words, text, variant, word};
