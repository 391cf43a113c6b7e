//! What a person may do to a sale from the inspector: answer its challenge, end it now, send a message to the merchant's
//! server again. The rules hold all the same: nothing is charged twice, after a final status, or without an accepted check.

use std::sync::Arc;

use super::{
    State,
    callback::{self, Kind},
    challenge::Answered,
    check,
    ending::{charge, finish},
    mapping,
    sale::{End, Sale, Source, State as SaleState},
};
use crate::script::outcome::{Decline, Outcome};

/// What the cardholder is to have done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ChallengeEnd {
    Approve,
    Fail,
    Cancel,
    Expire,
}

/// A message that can be sent again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Again {
    Check,
    Mapping,
    Callback(Kind),
}

/// Why something cannot be done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Refused {
    /// This gateway has no such sale.
    NoSuchSale,
    /// The sale is not in a state for it; the text says so.
    NotNow(&'static str),
}

/// The end that a person asks for.
pub(super) async fn asked(sale: &Sale) -> End {
    let mut asked = sale.by_hand.subscribe();
    match asked.wait_for(Option::is_some).await.map(|end| *end) {
        Ok(Some(end)) => end,
        // The sender is the sale's own.
        Ok(None) | Err(_) => std::future::pending().await,
    }
}

/// Ends the sale as asked, in its own task, whose ordinary course is over.
pub(super) async fn end(gateway: &State, sale: &Arc<Sale>, end: End) {
    if sale.progress().state.is_final() {
        return callback_of(gateway, sale).await;
    }
    let ledger = &gateway.stage.ledger;
    let is_charged = ledger.entry(&sale.invoice_id).is_some_and(|entry| entry.charges > 0);
    let checked = if end == End::Approve && !sale.progress().is_checked {
        check::check_sale(gateway, sale).await
    } else {
        Ok(())
    };
    ledger.update(&sale.invoice_id, |entry| entry.unresolvable = false);
    let state = match (checked, end) {
        (Err(decline), _) => SaleState::Declined(decline),
        // What is charged is approved, whatever was asked.
        (Ok(()), End::Decline) if !is_charged => SaleState::Declined(Decline::new(100, "Do not honour")),
        (Ok(()), _) => {
            if !is_charged {
                charge(gateway, sale);
            }
            mapping::notify(gateway, sale).await;
            SaleState::Approved
        }
    };
    finish(gateway, sale, state).await;
}

/// The ordinary course was left while it told the final status.
async fn callback_of(gateway: &State, sale: &Sale) {
    if gateway.stage.config.callbacks {
        callback::deliver(gateway, sale, Kind::Sale).await;
    }
}

impl State {
    fn sale(&self, invoice_id: &str) -> Result<Arc<Sale>, Refused> {
        self.sales.find(invoice_id).ok_or(Refused::NoSuchSale)
    }

    /// Ends a pending sale now.
    pub(crate) fn end_now(&self, invoice_id: &str, end: End) -> Result<(), Refused> {
        let sale = self.sale(invoice_id)?;
        if sale.progress().state.is_final() {
            return Err(Refused::NotNow("the sale has its final status"));
        }
        sale.by_hand.send_replace(Some(end));
        Ok(())
    }

    /// Ends the challenge in the cardholder's place.
    pub(crate) fn end_challenge(&self, invoice_id: &str, end: ChallengeEnd) -> Result<(), Refused> {
        let sale = self.sale(invoice_id)?;
        let SaleState::Redirect { page_id } = sale.progress().state.clone() else {
            return Err(Refused::NotNow("the sale is not in a challenge"));
        };
        let answered = match end {
            ChallengeEnd::Approve => Answered::Passed,
            ChallengeEnd::Fail => Answered::Failed,
            ChallengeEnd::Cancel => Answered::Cancelled,
            ChallengeEnd::Expire => Answered::Late,
        };
        match self.pages.answer(&page_id, answered) {
            true => Ok(()),
            false => Err(Refused::NotNow("the challenge has ended")),
        }
    }

    /// Sends a message to the merchant's server again. What comes of it changes nothing, and is on record.
    pub(crate) fn send_again(self: &Arc<Self>, invoice_id: &str, again: Again) -> Result<(), Refused> {
        let sale = self.sale(invoice_id)?;
        let state = sale.progress().state.clone();
        match again {
            Again::Check => {}
            Again::Mapping if state != SaleState::Approved => {
                return Err(Refused::NotNow("only an approved sale has a card to tell of"));
            }
            Again::Callback(Kind::Sale) if !state.is_final() => {
                return Err(Refused::NotNow("the sale has no final status to tell"));
            }
            Again::Callback(Kind::Reversal | Kind::Chargeback) if state != SaleState::Approved => {
                return Err(Refused::NotNow("only an approved sale can be reversed or charged back"));
            }
            Again::Mapping | Again::Callback(_) => {}
        }
        let gateway = Arc::clone(self);
        self.stage.tasks.spawn(async move {
            let sending = async {
                match again {
                    Again::Check => {
                        let _on_record = check::check_sale(&gateway, &sale).await;
                    }
                    Again::Mapping => mapping::notify(&gateway, &sale).await,
                    Again::Callback(kind) => callback::deliver(&gateway, &sale, kind).await,
                }
            };
            let shutdown = gateway.stage.shutdown.clone();
            tokio::select! {
                () = shutdown.cancelled() => {}
                () = sending => {}
            }
        });
        Ok(())
    }

    /// How a sale of this gateway was meant to end, to make it again.
    pub(crate) fn outcome_of(&self, invoice_id: &str) -> Option<Outcome> {
        self.sales.find(invoice_id).map(|sale| sale.outcome.clone())
    }

    /// The stored card and the e-mail a sale was made with, to make it again.
    pub(crate) fn consumer_of(&self, invoice_id: &str) -> Option<(Option<String>, Option<String>)> {
        let sale = self.sales.find(invoice_id)?;
        let client_card_id = match &sale.source {
            Source::Reference { client_card_id } => Some(client_card_id.clone()),
            Source::Card(_) => None,
        };
        Some((client_card_id, sale.email.clone()))
    }
}
