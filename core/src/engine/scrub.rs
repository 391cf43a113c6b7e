//! Cleans every event before the flow sees it: secrets are removed from the texts of servers and of the app's code
//! while the engine still knows those secrets.
//!
//! Every answer is destructured completely, so that adding a text to one does not compile until it is cleaned here.

use std::iter;

use zeroize::Zeroize;

use super::request::SaleRequest;
use crate::{
    flow::{self, Effect, Event, State, Unanswered},
    outcome::Failure,
    port::{Headers, StoreError},
    value::Timestamp,
    wire::{
        Cause, ErrorObject, ErrorResponse, ThreeDSecureStatus,
        initiate::{InitiateAnswer, Initiated},
        merchant::SessionAnswer,
        perform::PerformAnswer,
        redaction::Redaction,
        status::{GatewayState, SaleStatus, StatusAnswer},
    },
};

/// [`flow::step`], after the secrets in `state` and `request` are removed from the texts of `event`.
pub(super) fn step(state: State, request: Option<&SaleRequest>, event: Event, now: Timestamp) -> (State, Vec<Effect>) {
    let event = if has_texts(&event) {
        Scrubber(redaction(&state, request)).event(event)
    } else {
        event
    };
    flow::step(state, event, now)
}

/// `error` of the app's store, without the secrets that it may repeat from `state`.
pub(super) fn store_error(error: StoreError, state: &State, request: Option<&SaleRequest>) -> StoreError {
    cleaned(error, &redaction(state, request))
}

/// `error` of the app's store, cleaned so that it may be shown.
pub(super) fn any_store_error(error: StoreError) -> StoreError {
    cleaned(error, &Redaction::default())
}

/// `problem` without secrets of the session, for requests after the end of a sale.
pub(super) fn unanswered(problem: Unanswered, redaction: Redaction<'_>) -> Unanswered {
    Scrubber(redaction).unanswered(problem)
}

/// `refusal` without the values of the request's headers. Only the sender of the request knows them.
pub(crate) fn refusal(refusal: ErrorResponse, headers: &Headers) -> ErrorResponse {
    // Many values begin with a scheme such as `Bearer`, and a server may repeat only the part after it.
    let values = headers.iter().flat_map(|(_, value)| {
        let behind = value.expose().split_once(' ').map(|(_, behind)| behind);
        iter::once(value.expose()).chain(behind)
    });
    Scrubber(values.fold(Redaction::default(), Redaction::with_secret_text)).refusal(refusal)
}

/// All known secrets of a sale.
fn redaction<'a>(state: &'a State, request: Option<&'a SaleRequest>) -> Redaction<'a> {
    let order = state.order();
    let mut redaction = Redaction::default()
        .with_summary(order.card)
        .with_word(&order.serial_number);
    if let Some(request) = request {
        redaction = redaction.with_source(&request.source).with_consumer(&request.consumer);
    }
    state.secrets().into_iter().fold(redaction, Redaction::with_secret)
}

fn cleaned(error: StoreError, redaction: &Redaction<'_>) -> StoreError {
    let clean = |mut detail: String| taken(&mut detail, |detail| redaction.text(detail));
    match error {
        StoreError::Full { detail } => StoreError::Full { detail: clean(detail) },
        StoreError::Denied { detail } => StoreError::Denied { detail: clean(detail) },
        StoreError::Failed { detail } => StoreError::Failed { detail: clean(detail) },
    }
}

/// The result of `clean` for `text`, which is wiped.
fn taken<T>(text: &mut String, clean: impl FnOnce(&str) -> T) -> T {
    let cleaned = clean(text);
    text.zeroize();
    cleaned
}

/// Whether `event` contains text from a server or from the app's code.
const fn has_texts(event: &Event) -> bool {
    match event {
        Event::AccessToken(..)
        | Event::Initiate(..)
        | Event::Perform(..)
        | Event::Status(..)
        | Event::SessionToken(..) => true,
        Event::Start
        | Event::Resume
        | Event::Cancel
        | Event::Timer
        | Event::Committed(..)
        | Event::BrowserFailed
        | Event::BrowserReturned
        | Event::BrowserClosed
        | Event::Foreground
        | Event::Background
        | Event::NetworkAvailable => false,
    }
}

struct Scrubber<'a>(Redaction<'a>);

impl Scrubber<'_> {
    fn event(&self, event: Event) -> Event {
        match event {
            Event::AccessToken(request, answer) => {
                Event::AccessToken(request, answer.map_err(|problem| self.unanswered(problem)))
            }
            Event::Initiate(request, answer) => Event::Initiate(request, answer.map(|answer| self.initiate(answer))),
            Event::Perform(request, answer) => Event::Perform(request, answer.map(|answer| self.perform(answer))),
            Event::Status(request, answer) => Event::Status(request, answer.map(|answer| self.status(answer))),
            Event::SessionToken(request, answer) => {
                let answer = answer.map(|answer| match answer {
                    answer @ (SessionAnswer::Token(_) | SessionAnswer::Void) => answer,
                });
                Event::SessionToken(request, answer.map_err(|problem| self.unanswered(problem)))
            }
            event => event,
        }
    }

    fn unanswered(&self, problem: Unanswered) -> Unanswered {
        match problem {
            Unanswered::Failed(Failure { sent, kind }) => Unanswered::Failed(Failure { sent, kind }),
            Unanswered::Refused(refusal) => Unanswered::Refused(self.refusal(refusal)),
        }
    }

    fn initiate(&self, answer: InitiateAnswer) -> InitiateAnswer {
        match answer {
            InitiateAnswer::Initiated(initiated) => self.initiated(initiated),
            InitiateAnswer::AccessTokenRefused(refusal) => InitiateAnswer::AccessTokenRefused(self.refusal(refusal)),
            InitiateAnswer::Refused(refusal) => InitiateAnswer::Refused(self.refusal(refusal)),
            InitiateAnswer::Unavailable(refusal) => InitiateAnswer::Unavailable(self.refusal(refusal)),
        }
    }

    /// Ids are used in addresses as they are, and addresses are logged. So an id that contains the card number is
    /// refused.
    fn initiated(&self, initiated: Initiated) -> InitiateAnswer {
        let Initiated {
            mut endpoint_id,
            mut invoice_id,
            nonce,
            signature,
        } = initiated;
        if self.0.holds_card(&endpoint_id) || self.0.holds_card(&invoice_id) {
            endpoint_id.zeroize();
            invoice_id.zeroize();
            return InitiateAnswer::Unavailable(ErrorResponse {
                status: 200,
                error: None,
                retry_after_ms: None,
            });
        }
        InitiateAnswer::Initiated(Initiated {
            endpoint_id,
            invoice_id,
            nonce,
            signature,
        })
    }

    fn perform(&self, answer: PerformAnswer) -> PerformAnswer {
        match answer {
            PerformAnswer::Accepted { session_token } => PerformAnswer::Accepted { session_token },
            PerformAnswer::Refused(refusal) => PerformAnswer::Refused(self.refusal(refusal)),
            PerformAnswer::Ambiguous(refusal) => PerformAnswer::Ambiguous(self.refusal(refusal)),
        }
    }

    fn status(&self, answer: StatusAnswer) -> StatusAnswer {
        match answer {
            StatusAnswer::Status(status) => StatusAnswer::Status(Box::new(self.sale_status(*status))),
            StatusAnswer::NoAnswer(refusal) => StatusAnswer::NoAnswer(self.refusal(refusal)),
        }
    }

    fn sale_status(&self, status: SaleStatus) -> SaleStatus {
        let SaleStatus {
            state,
            redirect_url,
            order_id,
            bank_order_id,
            amount_minor,
            commission_minor_units,
            currency,
            order_created,
            transaction_created,
            error_code,
            error_message,
            three_d_secure,
        } = status;
        let integer = |number: Option<i64>| number.and_then(|number| self.0.integer(number));
        SaleStatus {
            state: match state {
                GatewayState::Other(mut word) => GatewayState::Other(self.text(&mut word)),
                state @ (GatewayState::Processing
                | GatewayState::RedirectRequest
                | GatewayState::Approved
                | GatewayState::Declined) => state,
            },
            // The browser needs the address unchanged. It is checked where it is used, and never logged.
            redirect_url,
            order_id: self.id(order_id),
            bank_order_id: self.id(bank_order_id),
            amount_minor: integer(amount_minor),
            commission_minor_units: integer(commission_minor_units),
            currency: self.optional(currency),
            order_created: self.id(order_created),
            transaction_created: self.id(transaction_created),
            error_code: integer(error_code),
            error_message: self.optional(error_message),
            three_d_secure: three_d_secure.map(|status| match status {
                ThreeDSecureStatus::Other(mut word) => ThreeDSecureStatus::Other(self.text(&mut word)),
                status @ (ThreeDSecureStatus::Authenticated
                | ThreeDSecureStatus::NotAuthenticated
                | ThreeDSecureStatus::Unsupported) => status,
            }),
        }
    }

    fn refusal(&self, refusal: ErrorResponse) -> ErrorResponse {
        let ErrorResponse {
            status,
            error,
            retry_after_ms,
        } = refusal;
        ErrorResponse {
            status,
            error: error.map(|error| {
                let ErrorObject { cause, code, message } = error;
                ErrorObject {
                    cause: self.cause(cause),
                    code: code.map(|mut code| taken(&mut code, |code| self.0.reference(code))),
                    message: self.optional(message),
                }
            }),
            retry_after_ms,
        }
    }

    fn cause(&self, cause: Cause) -> Cause {
        match cause {
            Cause::Other(mut word) => Cause::Other(self.text(&mut word)),
            cause @ (Cause::Filtered
            | Cause::InvalidRequest
            | Cause::InvalidConfiguration
            | Cause::Declined
            | Cause::ServerFailed
            | Cause::ServerUnavailable
            | Cause::InternalError
            | Cause::ProcessingFailed
            | Cause::OrderNotFound) => cause,
        }
    }

    fn text(&self, text: &mut String) -> String {
        taken(text, |text| self.0.text(text))
    }

    fn optional(&self, text: Option<String>) -> Option<String> {
        text.map(|mut text| self.text(&mut text))
    }

    fn id(&self, id: Option<String>) -> Option<String> {
        id.map(|mut id| taken(&mut id, |id| self.0.id(id)))
    }
}
