//! What each effect is, done.

use std::sync::Arc;

use tokio::sync::oneshot;
use tracing::debug;

use super::driver::Driver;
use crate::{
    Failure, FailureKind, PortFuture, Secret, Unanswered,
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
            Effect::OpenBrowser { url } => {
                debug!(sale = %self.state.id(), "open browser");
                self.present(Some(url));
            }
            Effect::CloseBrowser => {
                debug!(sale = %self.state.id(), "close browser");
                self.present(None);
            }
            // The driver's own.
            Effect::Save | Effect::Commit { .. } | Effect::SetTimer { .. } | Effect::Finish(_) => {}
        }
    }

    /// Has the page at `url` shown, or the present one taken away, after all earlier calls and beside the sale: what the
    /// app does there must not be able to hang or end it.
    fn present(&mut self, url: Option<String>) {
        let Some(presenter) = self.instruments.ports.presenter.clone() else {
            return;
        };
        let device = Arc::clone(&self.instruments.device);
        let (id, before) = (self.state.id().clone(), self.presenting.take());
        let (came_back, has_come_back) = oneshot::channel();
        if url.is_some() {
            self.tell_unless(has_come_back, Event::BrowserFailed);
        }
        let call = move || {
            match url {
                Some(url) => presenter.open(&id, &url),
                None => presenter.close(&id),
            }
            // Whoever panics does not come here. A sale that has ended does not listen any more.
            let _ = came_back.send(());
        };
        let calling: PortFuture<'static, ()> = Box::pin(async move {
            if let Some(before) = before {
                let _ = before.await;
            }
            device.present(Box::new(call)).await;
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
