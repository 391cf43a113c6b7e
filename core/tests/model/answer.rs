//! The answers of the servers and the network to a request, as events of the machine.

use salekit_core::{
    Failure, FailureKind, Secret, Unanswered,
    flow::Event,
    wire::{
        Cause, ErrorObject, ErrorResponse,
        initiate::{InitiateAnswer, Initiated},
        merchant::SessionAnswer,
        perform::PerformAnswer,
        status::{GatewayState, SaleStatus, StatusAnswer},
    },
};

use super::{
    setup::RETRY_AFTER,
    world::{Asked, Order, Question, Verdict, World},
};

/// How a request ends for its sender.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum How {
    /// With the server's normal answer.
    Normal,
    /// The request or the answer was lost; the app cannot know which.
    Lost,
    /// Not one byte left the device this time.
    NotSent,
    /// Not one byte left the device, and none ever will: a certificate is wrong.
    NotTrusted,
    /// The answer is not the gateway's to this request: it comes from a proxy, or late from the request before. The
    /// request may arrive or not.
    ForeignAnswer,
    /// The server refuses the request.
    Refused,
    /// The merchant's server does not accept the access token.
    TokenRefused,
    /// The gateway names an unknown state.
    UnknownState,
    /// The gateway asks for a delay.
    RetryAfter,
    /// The gateway names a page that must not be opened.
    BadPage,
    /// A replica of the gateway that lags behind does not know the page yet.
    Lagging,
    /// The answer belongs to another sale and came twice, or the merchant's server returns another sale's invoice.
    OthersInvoice,
}

/// The invoice of another sale.
pub(crate) const OTHERS_INVOICE: &str = "other";

const LOST: Failure = Failure::after_sending(FailureKind::TimedOut);
const NOT_SENT: Failure = Failure::before_sending(FailureKind::NotConnected);
const NOT_TRUSTED: Failure = Failure::before_sending(FailureKind::CertificateNotPinned);

impl World {
    /// The event with which `asked` ends as `how` says; `None` if it cannot end so.
    pub(crate) fn ending(&self, asked: Asked, how: How) -> Option<Event> {
        let request = asked.request;
        Some(match asked.question {
            Question::AccessToken => Event::AccessToken(
                request,
                match how {
                    How::Normal => Ok(Secret::new("access")),
                    How::Lost => Err(Unanswered::Failed(LOST)),
                    How::Refused => Err(Unanswered::Refused(refusal(403, None))),
                    _ => return None,
                },
            ),
            Question::Initiate => Event::Initiate(
                request,
                match how {
                    How::Normal => Ok(initiated("invoice")),
                    How::OthersInvoice => Ok(initiated(OTHERS_INVOICE)),
                    How::Lost => Err(LOST),
                    How::Refused => Ok(InitiateAnswer::Refused(refusal(400, Some(Cause::Filtered)))),
                    How::TokenRefused => Ok(InitiateAnswer::AccessTokenRefused(refusal(403, None))),
                    How::RetryAfter => Ok(InitiateAnswer::Unavailable(retry_later(503))),
                    _ => return None,
                },
            ),
            Question::Perform => Event::Perform(request, self.performed(how)?),
            Question::Status => Event::Status(request, self.status(asked.made.unwrap_or(self.gateway.order), how)?),
            Question::SessionToken { void } => Event::SessionToken(request, self.session_token(how, void)?),
        })
    }

    fn session_token(&self, how: How, void: bool) -> Option<Result<SessionAnswer, Unanswered>> {
        let not_known = Err(Unanswered::Refused(refusal(404, None)));
        Some(match how {
            How::Normal if self.gateway.order != Order::None => Ok(SessionAnswer::Token(session_token())),
            // `act` changes the invoice.
            How::Normal if self.gateway.is_void || self.can_void(void) => Ok(SessionAnswer::Void),
            How::Normal => not_known,
            // The gateway has not sent check sale yet. After a refusal the merchant's server does know the sale: the
            // first of the two requests got that far, otherwise there would be no order.
            How::Refused if self.gateway.order != Order::None && !void => not_known,
            // The access token has expired.
            How::TokenRefused => Err(Unanswered::Refused(refusal(403, None))),
            How::Lost => Err(Unanswered::Failed(LOST)),
            _ => return None,
        })
    }

    /// Whether the merchant's server voids the invoice when asked.
    pub(crate) fn can_void(&self, void: bool) -> bool {
        void && self.setup.can_void && self.gateway.order == Order::None
    }

    fn performed(&self, how: How) -> Option<Result<PerformAnswer, Failure>> {
        let is_underway = self.gateway.on_the_way;
        Some(match how {
            How::Normal => match self.gateway.verdict {
                Some(Verdict::Accepted) => Ok(PerformAnswer::Accepted {
                    session_token: session_token(),
                }),
                Some(Verdict::Refused | Verdict::Repeated) => {
                    Ok(PerformAnswer::Refused(refusal(400, Some(Cause::Declined))))
                }
                Some(Verdict::AcceptedUnclear | Verdict::RefusedUnclear) => {
                    Ok(PerformAnswer::Ambiguous(refusal(500, Some(Cause::InternalError))))
                }
                // The request was lost, so it can only time out.
                None if !is_underway => Err(LOST),
                None => return None,
            },
            How::Lost => Err(LOST),
            How::NotSent if is_underway => Err(NOT_SENT),
            How::NotTrusted if is_underway => Err(NOT_TRUSTED),
            How::ForeignAnswer => Ok(PerformAnswer::Ambiguous(refusal(404, None))),
            _ => return None,
        })
    }

    fn status(&self, order: Order, how: How) -> Option<Result<StatusAnswer, Failure>> {
        let (state, redirect_url) = match how {
            How::Normal => match order {
                Order::None => return Some(Ok(StatusAnswer::NoAnswer(refusal(404, Some(Cause::OrderNotFound))))),
                Order::Processing => (GatewayState::Processing, None),
                Order::Challenge(page) => (GatewayState::RedirectRequest, Some(page.url())),
                Order::Approved => (GatewayState::Approved, None),
                Order::Declined => (GatewayState::Declined, None),
            },
            How::Lost => return Some(Err(LOST)),
            How::UnknownState => (GatewayState::Other("FEE_REQUEST".to_owned()), None),
            How::BadPage => (GatewayState::RedirectRequest, Some("http://acs.example/")),
            How::Lagging if matches!(order, Order::Challenge(_)) => (GatewayState::Processing, None),
            How::RetryAfter => return Some(Ok(StatusAnswer::NoAnswer(retry_later(429)))),
            _ => return None,
        };
        Some(Ok(StatusAnswer::Status(Box::new(SaleStatus {
            state,
            redirect_url: redirect_url.map(str::to_owned),
            order_id: None,
            bank_order_id: None,
            amount_minor: None,
            commission_minor_units: None,
            currency: None,
            order_created: None,
            transaction_created: None,
            error_code: None,
            error_message: None,
            three_d_secure: None,
        }))))
    }
}

fn initiated(invoice_id: &str) -> InitiateAnswer {
    InitiateAnswer::Initiated(Initiated {
        endpoint_id: "endpoint".to_owned(),
        invoice_id: invoice_id.to_owned(),
        nonce: Secret::new("nonce"),
        signature: Secret::new("signature"),
    })
}

fn session_token() -> Secret {
    Secret::new("session")
}

fn retry_later(status: u16) -> ErrorResponse {
    ErrorResponse {
        retry_after_ms: Some(RETRY_AFTER),
        ..refusal(status, None)
    }
}

fn refusal(status: u16, cause: Option<Cause>) -> ErrorResponse {
    ErrorResponse {
        status,
        error: cause.map(|cause| ErrorObject {
            cause,
            code: None,
            message: None,
        }),
        retry_after_ms: None,
    }
}
