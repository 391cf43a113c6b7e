//! The phases of a sale: one file each, and each a type that owns exactly what is known there.
//!
//! A phase takes an event and gives the next phase. None of them has a catch-all arm, so that one which forgets an
//! event does not compile. What several phases share stands beside them, in `flow`.

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
use crate::{
    message::json::Value,
    stored::{Stored, variant},
};

pub use self::finished::CardQuestion;
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

/// Where a sale stands. What it goes to from where is in the table of [`crate::flow`].
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Phase {
    /// Nothing has happened.
    New(New),
    /// The merchant's server is asked for an access token.
    Authorising(Authorising),
    /// The merchant's server is asked for an invoice.
    Initiating(Initiating),
    /// The invoice is there. Whether it is another sale's is being found out, and if it is not, the snapshot is being saved
    /// that says "perform sale may have been sent".
    Committing(Committing),
    /// Perform sale is on its way.
    Performing(Performing),
    /// Perform sale was not answered with a session token; the merchant's server is asked what it knows of the sale.
    Recovering(Recovering),
    /// The gateway is processing.
    Processing(Processing),
    /// The cardholder authenticates with the issuer.
    Challenge(Challenge),
    /// The end.
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

    /// Moves every stored time back: the device's clock was set back by as much, and neither a gap nor a deadline may
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
