//! The request for the card that the merchant's server stores for repeat sales. It is not part of the sale: only its
//! caller waits for it.

use std::{sync::Arc, time::Duration};

use tokio::{runtime::Handle, sync::oneshot};

use super::scrub;
use crate::{
    flow::{Order, StoredCardRequest, Unanswered},
    outcome::{Failure, FailureKind},
    port::{InvoiceRequest, PortFuture, Ports, Transport},
    value::{Parties, SaleId, Secret},
    wire::{StoredCard, redaction::Redaction},
};

/// How often the merchant's server is asked. It may learn of the card a little later than the app learns of the
/// approval.
const TRIES: u32 = 3;

/// The merchant's server, for requests after a sale's end.
#[derive(Clone)]
pub(super) struct Merchant {
    pub(super) ports: Ports,
    /// The parties of the client, which asks for its own sales only.
    pub(super) parties: Parties,
    /// How long a call of a port may take.
    pub(super) limit: Duration,
    /// Whether the merchant's server can be asked for another access token.
    pub(super) may_renew: bool,
    pub(super) sale_id: SaleId,
    pub(super) order: Order,
    pub(super) runtime: Handle,
}

impl Merchant {
    pub(super) const fn parties(&self) -> &Parties {
        &self.parties
    }

    pub(super) const fn transport(&self) -> &Arc<dyn Transport> {
        &self.ports.transport
    }

    /// Asks for the card. The caller may be outside of the engine's runtime.
    pub(super) async fn stored_card(&self, request: StoredCardRequest) -> Result<Option<StoredCard>, Unanswered> {
        let (sender, answer) = oneshot::channel();
        let asking = self.clone().ask(request);
        // Boxed to the type that other tasks have, because each type adds a kilobyte or two of code.
        let asking: PortFuture<'static, ()> = Box::pin(async move {
            let _ = sender.send(asking.await);
        });
        self.runtime.spawn(asking);
        answer.await.unwrap_or(Err(LOST))
    }

    async fn ask(self, request: StoredCardRequest) -> Result<Option<StoredCard>, Unanswered> {
        let StoredCardRequest {
            invoice,
            mut access_token,
        } = request;
        let mut may_renew = self.may_renew;
        let mut tries = 0;
        loop {
            tries += 1;
            let invoice_request = InvoiceRequest {
                access_token: access_token.clone(),
                serial_number: self.order.serial_number.clone(),
                invoice: invoice.clone(),
                sale_id: self.sale_id.clone(),
                merchant_order_id: self.order.merchant_order_id.clone(),
            };
            let answer = self.limited(self.ports.merchant.stored_card(invoice_request)).await;
            let answer = answer.map_err(|problem| self.cleaned(problem, &access_token));
            match answer {
                Ok(card) => return Ok(Some(card)),
                // The sale may have ended long ago, so the access token may have expired.
                Err(problem) if problem.is_token_refused() && may_renew => {
                    may_renew = false;
                    let renewed = self.renewed().await;
                    access_token = renewed.map_err(|problem| self.cleaned(problem, &access_token))?;
                }
                Err(problem) if tries == TRIES && problem.is_no() => return Ok(None),
                Err(problem) if tries == TRIES => return Err(problem),
                Err(_) => {
                    let pause = Duration::from_secs(u64::from(tries));
                    self.ports.clock.sleep(pause).await;
                }
            }
        }
    }

    async fn renewed(&self) -> Result<Secret, Unanswered> {
        self.limited(self.ports.merchant.access_token(&self.order.serial_number))
            .await
    }

    /// `problem` without secrets of the request.
    fn cleaned(&self, problem: Unanswered, access_token: &Secret) -> Unanswered {
        let redaction = Redaction::default().with_secret(access_token);
        scrub::unanswered(problem, redaction.with_word(&self.order.serial_number))
    }

    /// Limits the time of a port of the app, so that it cannot hang.
    async fn limited<T>(&self, work: impl Future<Output = Result<T, Unanswered>>) -> Result<T, Unanswered> {
        tokio::select! {
            // Polled in this order, so that a run can be repeated.
            biased;
            done = work => done,
            () = self.ports.clock.sleep(self.limit) => Err(LOST),
        }
    }
}

const LOST: Unanswered = Unanswered::Failed(Failure::after_sending(FailureKind::CallbackFailed));

impl std::fmt::Debug for Merchant {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("Merchant").finish_non_exhaustive()
    }
}
