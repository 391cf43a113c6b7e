//! What each effect is, done.

use std::sync::Arc;

use tracing::debug;

use super::{challenge::Challenge, driver::Driver};
use crate::{
    Blocking, Failure, FailureKind, PortFuture, RedirectPresenter, Secret, Unanswered,
    flow::{Effect, Event, Invoice, Request},
    message::perform::Authorisation,
    port::{InitiateSaleRequest, InvoiceRequest},
};

/// What is assumed of a request whose task ended without a word: it may have been sent.
const LOST: Failure = Failure::after_sending(FailureKind::CallbackFailed);
/// A request that cannot even be written, because what it is made of is gone. The flow never asks for one.
const IMPOSSIBLE: Failure = Failure::before_sending(FailureKind::CallbackFailed);

impl Driver {
    /// Begins `effect`. Its answer comes as an event.
    pub(super) fn execute(&mut self, effect: Effect) {
        match effect {
            Effect::RequestAccessToken(request) => self.request_access_token(request),
            Effect::Initiate { request, access_token } => self.initiate(request, access_token),
            Effect::Perform {
                request,
                invoice,
                authorisation,
            } => self.perform(request, &invoice, &authorisation),
            Effect::PollStatus {
                request,
                invoice,
                access_token,
                session_token,
            } => {
                let instruments = Arc::clone(&self.instruments);
                let work = Box::pin(async move {
                    let transport = &*instruments.ports.transport;
                    let answer = instruments
                        .gateway
                        .status(transport, &invoice, &access_token, &session_token);
                    Event::Status(request, answer.await)
                });
                self.spawn("sale_status", work, Event::Status(request, Err(LOST)));
            }
            Effect::AskSessionToken {
                request,
                invoice,
                access_token,
                void,
            } => {
                let question = InvoiceRequest {
                    access_token,
                    serial_number: self.state.order().serial_number.clone(),
                    invoice,
                    sale_id: self.state.id().clone(),
                    merchant_order_id: self.state.order().merchant_order_id.clone(),
                };
                let merchant = Arc::clone(&self.instruments.ports.merchant);
                let work = Box::pin(async move {
                    let answer = merchant.session_token(question, void);
                    Event::SessionToken(request, answer.await)
                });
                self.spawn(
                    "session_token",
                    work,
                    Event::SessionToken(request, Err(Unanswered::Failed(LOST))),
                );
            }
            Effect::CloseBrowser => self.dismiss(),
            // The driver's own.
            Effect::OpenBrowser { .. }
            | Effect::Save
            | Effect::Commit { .. }
            | Effect::SetTimer { .. }
            | Effect::Finish(_) => {}
        }
    }

    /// Has the page at `url` shown.
    pub(super) fn show(&mut self, url: String) {
        debug!(sale = %self.state.id(), "show challenge");
        if self.instruments.ports.presenter.is_none() {
            // The app shows it, by the sale's state.
            return;
        }
        let challenge = self.newest_page(url);
        self.shown = Some(challenge.clone());
        let showing = Showing(Some(challenge));
        self.present(move |presenter| showing.run(presenter));
    }

    /// Has the page taken away: the one that was shown last, or one that was there before this run.
    fn dismiss(&mut self) {
        debug!(sale = %self.state.id(), "dismiss challenge");
        match self.shown.take() {
            Some(challenge) => self.present(move |presenter| presenter.dismiss(&challenge)),
            None => {
                let id = self.state.id().clone();
                self.present(move |presenter| presenter.dismiss_leftover(&id));
            }
        }
    }

    /// Calls the presenter, after all earlier calls and beside the sale: what the app does there must not be able to hang
    /// or end it.
    fn present(&mut self, call: impl FnOnce(&dyn RedirectPresenter) + Send + 'static) {
        let Some(presenter) = self.instruments.ports.presenter.clone() else {
            return;
        };
        let device = Arc::clone(&self.instruments.device);
        let before = self.presenting.take();
        let call: Blocking = Box::new(move || call(&*presenter));
        let calling: PortFuture<'static, ()> = Box::pin(async move {
            if let Some(before) = before {
                let _ = before.await;
            }
            device.present(call).await;
        });
        self.presenting = Some(tokio::spawn(calling));
    }

    fn request_access_token(&mut self, request: Request) {
        let merchant = Arc::clone(&self.instruments.ports.merchant);
        let serial_number = self.state.order().serial_number.clone();
        let work = Box::pin(async move { Event::AccessToken(request, merchant.access_token(&serial_number).await) });
        self.spawn(
            "access_token",
            work,
            Event::AccessToken(request, Err(Unanswered::Failed(LOST))),
        );
    }

    fn initiate(&mut self, request: Request, access_token: Secret) {
        let Some(sale) = &self.request else {
            return self.queue(Event::Initiate(request, Err(IMPOSSIBLE)));
        };
        let merchant = Arc::clone(&self.instruments.ports.merchant);
        let initiate = InitiateSaleRequest {
            access_token,
            consumer: sale.consumer.clone(),
            amount: sale.amount.clone(),
            location: sale.location,
            sale_id: self.state.id().clone(),
            merchant_order_id: self.state.order().merchant_order_id.clone(),
        };
        let work = Box::pin(async move { Event::Initiate(request, merchant.initiate(initiate).await) });
        self.spawn("initiate_sale", work, Event::Initiate(request, Err(LOST)));
    }

    fn perform(&mut self, request: Request, invoice: &Invoice, authorisation: &Authorisation) {
        let instruments = Arc::clone(&self.instruments);
        let Some(sale) = &self.request else {
            return self.queue(Event::Perform(request, Err(IMPOSSIBLE)));
        };
        let perform =
            instruments
                .gateway
                .perform_request(invoice, &sale.consumer, &sale.amount, &sale.source, authorisation);
        let invoice = invoice.clone();
        let work = Box::pin(async move {
            let transport = &*instruments.ports.transport;
            Event::Perform(request, instruments.gateway.perform(transport, perform, &invoice).await)
        });
        self.spawn("perform_sale", work, Event::Perform(request, Err(LOST)));
    }
}

/// A page that is about to be shown. It counts as failed if the presenter does not come back from showing it, because it
/// panicked or could not even be called.
struct Showing(Option<Challenge>);

impl Showing {
    fn run(mut self, presenter: &dyn RedirectPresenter) {
        if let Some(challenge) = &self.0 {
            presenter.show(challenge);
        }
        self.0 = None;
    }
}

impl Drop for Showing {
    fn drop(&mut self) {
        if let Some(challenge) = &self.0 {
            challenge.failed();
        }
    }
}
