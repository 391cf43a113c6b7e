//! The phases of a sale: one file each, and one type each, which owns exactly the data of that phase.
//!
//! A phase takes an event and returns the next phase. No phase has a catch-all arm, so that forgetting an event does
//! not compile. What several phases share is in `flow`.

mod authorising;
mod challenge;
mod committing;
mod finished;
mod initiating;
mod new;
mod performing;
mod processing;
mod recovering;

use serde::Serialize;

use super::{context::Context, event::Event};
use crate::json::{Stored, Value, variant};

pub use self::finished::StoredCardRequest;
pub(super) use self::{
    authorising::Authorising,
    challenge::Challenge,
    committing::Committing,
    finished::{Finished, Reopening},
    initiating::Initiating,
    new::New,
    performing::Performing,
    processing::Processing,
    recovering::{Recovering, Trace},
};

/// The phase of a sale. The table of [`crate::flow`] lists all transitions.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Phase {
    /// Nothing has happened.
    New(New),
    /// SaleKit asks the merchant's server for an access token.
    Authorising(Authorising),
    /// SaleKit asks the merchant's server for an invoice.
    Initiating(Initiating),
    /// The invoice is known. SaleKit checks that no other sale has it, and saves the snapshot that says "perform sale
    /// may have been sent".
    Committing(Committing),
    /// Perform sale was sent and not answered yet.
    Performing(Performing),
    /// Perform sale was not answered with a session token. SaleKit asks the merchant's server what it knows of the
    /// sale.
    Recovering(Recovering),
    /// The gateway is processing.
    Processing(Processing),
    /// The cardholder authenticates with the issuer.
    Challenge(Challenge),
    /// The sale has ended.
    Finished(Finished),
}

impl Stored for Phase {
    fn read(value: Value<'_>) -> Option<Self> {
        let (name, held) = variant(value)?;
        Some(match name.as_str() {
            "new" => Self::New(Stored::read(held)?),
            "authorising" => Self::Authorising(Stored::read(held)?),
            "initiating" => Self::Initiating(Stored::read(held)?),
            "committing" => Self::Committing(Stored::read(held)?),
            "performing" => Self::Performing(Stored::read(held)?),
            "recovering" => Self::Recovering(Stored::read(held)?),
            "processing" => Self::Processing(Stored::read(held)?),
            "challenge" => Self::Challenge(Stored::read(held)?),
            "finished" => Self::Finished(Stored::read(held)?),
            _ => return None,
        })
    }
}

impl Phase {
    /// The phase after `event`.
    pub(super) fn on(self, event: Event, context: &mut Context) -> Self {
        match self {
            Self::New(phase) => phase.on(&event, context),
            Self::Authorising(phase) => phase.on(event, context),
            Self::Initiating(phase) => phase.on(event, context),
            Self::Committing(phase) => phase.on(event, context),
            Self::Performing(phase) => phase.on(event, context),
            Self::Recovering(phase) => phase.on(event, context),
            Self::Processing(phase) => phase.on(event, context),
            Self::Challenge(phase) => phase.on(event, context),
            Self::Finished(phase) => phase.on(event, context),
        }
    }

    /// The phase's name, for logs and for the table of [`crate::flow`].
    pub(super) const fn name(&self) -> &'static str {
        match self {
            Self::New(_) => "new",
            Self::Authorising(_) => "authorising",
            Self::Initiating(_) => "initiating",
            Self::Committing(_) => "committing",
            Self::Performing(_) => "performing",
            Self::Recovering(_) => "recovering",
            Self::Processing(_) => "processing",
            Self::Challenge(_) => "challenge",
            Self::Finished(_) => "finished",
        }
    }

    /// Moves every stored time back, because the device's clock was set back by as much: no gap and no deadline may
    /// grow by that.
    pub(super) fn rewind(&mut self, milliseconds: u64) {
        match self {
            Self::Authorising(phase) => phase.rewind(milliseconds),
            Self::Initiating(phase) => phase.rewind(milliseconds),
            Self::Performing(phase) => phase.rewind(milliseconds),
            Self::Recovering(phase) => phase.rewind(milliseconds),
            Self::Processing(phase) => phase.rewind(milliseconds),
            Self::Challenge(phase) => phase.rewind(milliseconds),
            Self::New(_) | Self::Committing(_) | Self::Finished(_) => {}
        }
    }
}
