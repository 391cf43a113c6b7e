//! What is known of a sale at a moment. It is also what is stored, so it holds no card data, by its types.

use serde::{Deserialize, Serialize};

use super::{Jitter, Plan, event::Request};
use crate::{
    CardSummary, Money, Outcome, Receipt, SaleId, SaleState, Secret, Timestamp, message::perform::Authorisation,
};

/// What the sale is about.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Order {
    /// The amount to be charged.
    pub amount: Money,
    /// `consumer.device.serialNumber`: needed to ask the shop's server after a restart.
    pub serial_number: String,
    /// Brand and last digits, where the sale is made with a card number; `None` for a stored card.
    pub card: Option<CardSummary>,
    /// The app's own name for what is paid, to recognise the sale after a restart.
    pub label: Option<String>,
}

/// Where the gateway knows the sale.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Invoice {
    /// `endpointId`.
    pub endpoint_id: String,
    /// `invoiceId`.
    pub invoice_id: String,
}

/// The state of one sale. Made by [`State::new`] or by restoring a snapshot, changed by [`super::step`] alone.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct State {
    pub(super) id: SaleId,
    pub(super) order: Order,
    pub(super) plan: Plan,
    pub(super) started: Timestamp,
    /// When the last event came, to notice a clock that is set back.
    pub(super) seen: Timestamp,
    pub(super) access_token: Option<Secret>,
    /// A newer one, for the shop's server alone: the gateway has seen the first with perform sale.
    #[serde(default)]
    pub(super) renewed_token: Option<Secret>,
    pub(super) token_refreshed: bool,
    pub(super) invoice: Option<Invoice>,
    /// HTTP status of an answer to perform sale that is neither a session token nor a refusal, for whoever reads of the
    /// end. Not its words: who is no gateway may repeat the request, and with it the card.
    #[serde(default)]
    pub(super) unclear_status: Option<u16>,
    pub(super) session_token: Option<Secret>,
    pub(super) browser: Browser,
    pub(super) cancelled: bool,
    pub(super) last_request: Request,
    pub(super) jitter: Jitter,
    pub(super) phase: Phase,
}

/// The page that was shown to the cardholder.
#[derive(Clone, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
pub(super) struct Browser {
    /// Whether it is shown, as far as is known.
    pub(super) is_open: bool,
    /// Whether it must be taken away in the end. Only taking it away ends that: a word that it is closed may be about
    /// the page before it, and a page may outlive the process that knew of it.
    pub(super) may_be_open: bool,
    /// The last address that was opened.
    pub(super) last_url: Option<String>,
    /// How many addresses were opened.
    pub(super) opened: u8,
}

/// Without the address, which is the cardholder's way into the challenge.
impl std::fmt::Debug for Browser {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_struct("Browser")
            .field("is_open", &self.is_open)
            .field("may_be_open", &self.may_be_open)
            .field("opened", &self.opened)
            .finish_non_exhaustive()
    }
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub(super) enum Phase {
    /// Nothing has happened.
    New,
    /// The shop's server is asked for an access token.
    Authorising(Attempt),
    /// The shop's server is asked for an invoice.
    Initiating(Attempt),
    /// The snapshot that says "perform sale may have been sent" is being saved; it is not sent yet.
    Committing {
        save: Request,
        authorisation: Authorisation,
    },
    /// Perform sale is on its way.
    Performing {
        attempt: Attempt,
        authorisation: Authorisation,
    },
    /// The answer to perform sale was lost; the shop's server is asked for the session token.
    Recovering { attempt: Attempt, deadline: Timestamp },
    /// The gateway is asked for the status.
    Polling(Polling),
    /// Approved; the shop's server is asked for the stored card.
    AskingStoredCard {
        request: Request,
        deadline: Timestamp,
        receipt: Box<Receipt>,
    },
    /// The end.
    Finished(Box<Outcome>),
}

/// A request that may be tried several times.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub(super) struct Attempt {
    pub(super) tries: u8,
    pub(super) waiting_for: WaitingFor,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub(super) enum WaitingFor {
    Answer(Request),
    NextTry(Timestamp),
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub(super) struct Polling {
    pub(super) mode: Mode,
    /// The newest request that is under way.
    pub(super) outstanding: Option<Request>,
    pub(super) last_sent: Timestamp,
    /// When to ask next, as long as nothing is under way.
    pub(super) next: Timestamp,
    /// When to stop asking.
    pub(super) deadline: Timestamp,
    /// The end of the time for all challenges together, once there was one.
    pub(super) challenge_deadline: Option<Timestamp>,
    /// When the browser came back from the page that was opened last.
    pub(super) returned: Option<Timestamp>,
    pub(super) burst_left: u8,
    /// Something outside asked for a request as soon as it is allowed.
    pub(super) hurry: bool,
    /// Answers in a row that told nothing.
    pub(super) failures: u8,
    /// Not before this time: the server asked for it.
    pub(super) hold: Option<Timestamp>,
    /// `orderId`, once the gateway has told it.
    pub(super) order_id: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub(super) enum Mode {
    Processing,
    Challenge,
}

impl State {
    /// A sale that has not begun. Without an access token the shop's server is asked for one.
    pub fn new(
        id: SaleId,
        order: Order,
        plan: Plan,
        access_token: Option<Secret>,
        jitter: Jitter,
        now: Timestamp,
    ) -> Self {
        Self {
            id,
            order,
            plan,
            started: now,
            seen: now,
            access_token,
            renewed_token: None,
            token_refreshed: false,
            unclear_status: None,
            invoice: None,
            session_token: None,
            browser: Browser::default(),
            cancelled: false,
            last_request: 0,
            jitter,
            phase: Phase::New,
        }
    }

    /// The sale's own id, made on this device.
    pub const fn id(&self) -> &SaleId {
        &self.id
    }

    /// What the sale is about.
    pub const fn order(&self) -> &Order {
        &self.order
    }

    /// When the sale was started.
    pub const fn started(&self) -> Timestamp {
        self.started
    }

    /// Where the gateway knows the sale, once it is initiated.
    pub const fn invoice(&self) -> Option<&Invoice> {
        self.invoice.as_ref()
    }

    /// The end, once there is one.
    pub const fn outcome(&self) -> Option<&Outcome> {
        match &self.phase {
            Phase::Finished(outcome) => Some(outcome),
            _ => None,
        }
    }

    /// Whether perform sale is still to be sent, or may have to be sent again: as long as that is so, the card is needed.
    pub const fn may_still_perform(&self) -> bool {
        matches!(
            self.phase,
            Phase::New
                | Phase::Authorising(_)
                | Phase::Initiating(_)
                | Phase::Committing { .. }
                | Phase::Performing { .. }
        )
    }

    /// The access token that the shop's server is asked with.
    pub(super) fn shop_token(&self) -> Option<Secret> {
        self.renewed_token.as_ref().or(self.access_token.as_ref()).cloned()
    }

    /// The phase's name, for logs.
    pub const fn phase_name(&self) -> &'static str {
        match &self.phase {
            Phase::New => "new",
            Phase::Authorising(_) => "authorising",
            Phase::Initiating(_) => "initiating",
            Phase::Committing { .. } => "committing",
            Phase::Performing { .. } => "performing",
            Phase::Recovering { .. } => "recovering",
            Phase::Polling(Polling {
                mode: Mode::Processing, ..
            }) => "processing",
            Phase::Polling(Polling {
                mode: Mode::Challenge, ..
            }) => "challenge",
            Phase::AskingStoredCard { .. } => "asking_stored_card",
            Phase::Finished(_) => "finished",
        }
    }

    /// The state as an observer sees it.
    pub fn view(&self) -> SaleState {
        match &self.phase {
            Phase::New | Phase::Authorising(_) | Phase::Initiating(_) => SaleState::Preparing,
            Phase::Committing { .. } | Phase::Performing { .. } => SaleState::Submitting,
            Phase::Recovering { .. } => SaleState::Recovering,
            Phase::Polling(Polling {
                mode: Mode::Challenge, ..
            }) => match &self.browser.last_url {
                Some(url) => SaleState::Challenge {
                    url: url.clone(),
                    is_open: self.browser.is_open,
                },
                // Resumed: whether there still is a page, the gateway's next answer tells.
                None => SaleState::Processing,
            },
            Phase::Polling(_) | Phase::AskingStoredCard { .. } => SaleState::Processing,
            Phase::Finished(outcome) => SaleState::Finished(outcome.clone()),
        }
    }

    /// Moves every stored time back by `milliseconds`: the device's clock was set back by as much, and neither a
    /// gap nor a deadline may grow by that.
    pub(super) fn rewind(&mut self, milliseconds: u64) {
        let back = |time: &mut Timestamp| time.0 = time.0.saturating_sub(milliseconds);
        let attempt = match &mut self.phase {
            Phase::Authorising(attempt) | Phase::Initiating(attempt) | Phase::Performing { attempt, .. } => attempt,
            Phase::Recovering { attempt, deadline } => {
                back(deadline);
                attempt
            }
            Phase::Polling(polling) => {
                [&mut polling.last_sent, &mut polling.next, &mut polling.deadline]
                    .into_iter()
                    .for_each(back);
                [
                    &mut polling.challenge_deadline,
                    &mut polling.returned,
                    &mut polling.hold,
                ]
                .into_iter()
                .flatten()
                .for_each(back);
                return;
            }
            Phase::AskingStoredCard { deadline, .. } => return back(deadline),
            Phase::New | Phase::Committing { .. } | Phase::Finished(_) => return,
        };
        if let WaitingFor::NextTry(time) = &mut attempt.waiting_for {
            back(time);
        }
    }
}
