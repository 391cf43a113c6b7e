//! What processing and challenge share: asking the gateway for the status, and what its answer means.
//!
//! `pace` decides when to ask.

use serde::Serialize;

use super::{
    Effect, Invoice,
    context::Context,
    event::Request,
    pace::{NextStep, Pace},
    page::Pages,
};
use crate::{
    json::stored_struct,
    outcome::Failure,
    value::{Secret, Timestamp},
    wire::{
        redirect,
        status::{GatewayState, SaleStatus, StatusAnswer},
    },
};

/// What is needed to ask the gateway, known once perform sale was accepted.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize)]
pub(super) struct Session {
    pub(super) invoice: Invoice,
    /// `session.accessToken` of perform sale.
    pub(super) access_token: Secret,
    /// `session.token`.
    pub(super) session_token: Secret,
    /// A newer access token, only for the merchant's server.
    pub(super) renewed_token: Option<Secret>,
}

stored_struct!(Session {
    invoice,
    access_token,
    session_token,
    renewed_token
});

/// A sale whose status SaleKit asks for.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize)]
pub(super) struct Polling {
    pub(super) session: Session,
    pub(super) pace: Pace,
    pub(super) pages: Pages,
    /// `orderId`, once the gateway has sent it.
    pub(super) order_id: Option<String>,
    /// When the timeout for all challenges together ends, once there was a challenge.
    pub(super) challenge_end: Option<Timestamp>,
    /// The app does not want to wait any longer.
    pub(super) is_cancelled: bool,
}

stored_struct!(Polling {
    session,
    pace,
    pages,
    order_id,
    challenge_end,
    is_cancelled
});

/// What an answer to a status request means.
#[derive(Debug)]
pub(super) enum Meaning {
    /// Nothing: the answer is late or unexpected.
    Stray,
    /// The gateway approved the sale. A final state counts whenever its answer comes, even after the app cancelled.
    Approved(Box<SaleStatus>),
    /// The gateway declined the sale. It counts in the same way.
    Declined(Box<SaleStatus>),
    /// The gateway is processing.
    Processing,
    /// The cardholder must visit this page, whose address was checked.
    Redirect(String),
    /// Not usable. It says nothing about the sale.
    Unclear,
}

impl Polling {
    pub(super) const fn new(session: Session, pace: Pace, pages: Pages, is_cancelled: bool) -> Self {
        Self {
            session,
            pace,
            pages,
            order_id: None,
            challenge_end: None,
            is_cancelled,
        }
    }

    /// Asks the gateway now.
    pub(super) fn ask(&mut self, context: &mut Context) {
        let request = context.request();
        self.pace.sent(request, context.now);
        let Session {
            invoice,
            access_token,
            session_token,
            ..
        } = self.session.clone();
        context.effect(Effect::PollStatus {
            request,
            invoice,
            access_token,
            session_token,
        });
    }

    /// Carries out `step`. Returns whether it is to give up.
    pub(super) fn carry_out(&mut self, step: NextStep, context: &mut Context) -> bool {
        if step == NextStep::Ask {
            self.ask(context);
        }
        step == NextStep::GiveUp
    }

    /// Reads the answer to `request`.
    pub(super) fn read(
        &mut self,
        request: Request,
        answer: Result<StatusAnswer, Failure>,
        context: &Context,
    ) -> Meaning {
        let is_newest = self.pace.takes(request);
        match answer {
            Ok(StatusAnswer::Status(status)) if status.state == GatewayState::Approved => Meaning::Approved(status),
            Ok(StatusAnswer::Status(status)) if status.state == GatewayState::Declined => Meaning::Declined(status),
            _ if !is_newest => Meaning::Stray,
            Ok(StatusAnswer::Status(status)) => self.read_open(*status, context),
            Ok(StatusAnswer::NoAnswer(refusal)) => self.unclear(refusal.retry_after_ms, context),
            Err(_) => self.unclear(None, context),
        }
    }

    fn read_open(&mut self, status: SaleStatus, context: &Context) -> Meaning {
        if status.order_id.is_some() {
            self.order_id = status.order_id;
        }
        let allows_http = context.plan().allows_loopback_http;
        let page = status
            .redirect_url
            .and_then(|url| redirect::check(&url, allows_http).ok());
        let meaning = match (status.state, page) {
            (GatewayState::Processing, _) => Meaning::Processing,
            (GatewayState::RedirectRequest, Some(url)) => Meaning::Redirect(url),
            // No usable page, or a state that SaleKit does not know. Neither ends the sale.
            _ => return self.unclear(None, context),
        };
        self.pace.answered();
        meaning
    }

    fn unclear(&mut self, retry_after_ms: Option<u64>, context: &Context) -> Meaning {
        self.pace.unanswered(retry_after_ms, context.now);
        Meaning::Unclear
    }

    pub(super) fn rewind(&mut self, milliseconds: u64) {
        self.pace.rewind(milliseconds);
        if let Some(end) = &mut self.challenge_end {
            end.rewind(milliseconds);
        }
    }
}
