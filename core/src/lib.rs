//! The app's side of a Mobile Device API (DAPI) sale.
//!
//! Three layers, each usable without the next: **values and messages** (what is said), the **flow** (a pure state
//! machine that decides what happens next) and the **engine** (which does what the flow asks, through ports for
//! HTTP, storage and the clock). Nothing here knows of UniFFI, Kotlin or Swift.

mod card;
mod consumer;
mod error;
mod location;
mod money;
mod secret;
mod source_of_funds;
mod text;

pub use card::{
    Brand, CalendarMonth, Card, CardField, CardForm, CardNumber, CardSummary, Expiry, FieldState, Holder, HolderFields,
    HolderName, Masking, SecurityCode, Validity,
};
pub use consumer::Consumer;
pub use error::{InputError, Rule};
pub use location::Location;
pub use money::{Currency, Money};
pub use secret::Secret;
pub use source_of_funds::{SourceOfFunds, StoredCard};
