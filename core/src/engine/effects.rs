//! Carries out each effect.

use std::sync::Arc;

use tracing::debug;

use super::driver::Driver;
use crate::{
    flow::{Effect, Event, Invoice, Request, Unanswered},
    outcome::{Failure, FailureKind},
    port::{Blocking, Challenge, InitiateSaleRequest, InvoiceRequest, PortFuture, RedirectPresenter},
    value::Secret,
    wire::perform::Authorisation,
};

/// The failure if a request's task ended without an answer: it may have been sent.
const LOST: Failure = Failure::after_sending(FailureKind::CallbackFailed);
/// The failure if a request cannot be built because the sale's data is gone. The flow never asks for that.
const IMPOSSIBLE: Failure = Failure::before_sending(FailureKind::CallbackFailed);

impl Driver {
    /// Starts `effect`. Its answer comes as an event.
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
                let invoice_request = InvoiceRequest {
                    access_token,
                    serial_number: self.state.order().serial_number.clone(),
                    invoice,
                    sale_id: self.state.id().clone(),
                    merchant_order_id: self.state.order().merchant_order_id.clone(),
                };
                let merchant = Arc::clone(&self.instruments.ports.merchant);
                let work = Box::pin(async move {
                    let answer = merchant.session_token(invoice_request, void);
                    Event::SessionToken(request, answer.await)
                });
                self.spawn(
                    "session_token",
                    work,
                    Event::SessionToken(request, Err(Unanswered::Failed(LOST))),
                );
            }
            Effect::CloseBrowser => self.dismiss(),
            // The driver handles these.
            Effect::OpenBrowser { .. }
            | Effect::Save
            | Effect::Commit { .. }
            | Effect::SetTimer { .. }
            | Effect::Finish(_) => {}
        }
    }

    /// Shows the page at `url`.
    pub(super) fn show(&mut self, url: String) {
        debug!(sale = %self.state.id(), "show challenge");
        if self.instruments.ports.presenter.is_none() {
            // Without a presenter the app shows the page itself, by the sale's state.
            return;
        }
        let challenge = self.newest_page(url);
        self.shown = Some(challenge.clone());
        let showing = Showing(Some(challenge));
        self.present(move |presenter| showing.run(presenter));
    }

    /// Dismisses the page that was shown last, or one that an earlier run may have shown.
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

    /// Calls the presenter after all earlier calls, while the sale goes on: the app's code must not be able to hang or
    /// end it.
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

/// A page that is about to be shown. If the presenter does not return from `show`, because it panicked or could not be
/// called, the page counts as failed.
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
