//! A page of the issuer's that a running sale wants shown, and the way back from it to the sale.
//!
//! Which events count is decided here: those of the newest page of a sale that runs. What they mean is in the flow.

use std::sync::{
    Arc,
    atomic::{AtomicU32, Ordering},
};

use tokio::sync::mpsc;

use crate::{SaleId, flow::Event};

/// Counts the pages of one run of a sale; 0 before the first.
pub(super) type PageNumber = u32;

/// What reaches a running sale from outside.
#[derive(Debug)]
pub(super) enum Signal {
    /// Something that concerns the whole sale.
    Sale(Event),
    /// Something that happened to one of its pages.
    Page(PageNumber, Event),
}

/// The pages of one run of a sale, counted. The driver counts, everybody else reads.
#[derive(Debug, Clone)]
pub(super) struct PageCounter(Arc<AtomicU32>);

impl PageCounter {
    pub(super) fn new() -> Self {
        Self(Arc::default())
    }

    pub(super) fn newest(&self) -> PageNumber {
        self.0.load(Ordering::Acquire)
    }

    /// Another page takes the place of the one before.
    pub(super) fn advance(&self) {
        self.0.fetch_add(1, Ordering::AcqRel);
    }
}

/// One page of a challenge, bound to the sale that runs: its address, and what is reported about it.
///
/// It never starts or resumes a sale. Once the sale has ended, or another page has taken this one's place, its calls do
/// nothing: a page that the gateway asks for again is another page, even with the same address. So a challenge may be
/// kept, and called late, twice or from any thread. A sale that was resumed has challenges of its own.
///
/// None of its calls says anything about the payment: the gateway is asked.
#[derive(Clone)]
pub struct Challenge {
    sale_id: SaleId,
    url: String,
    number: PageNumber,
    pages: PageCounter,
    signals: mpsc::UnboundedSender<Signal>,
}

impl Challenge {
    /// The newest of `pages`.
    pub(super) fn newest(
        sale_id: SaleId,
        url: String,
        pages: &PageCounter,
        signals: &mpsc::UnboundedSender<Signal>,
    ) -> Self {
        Self {
            sale_id,
            url,
            number: pages.newest(),
            pages: pages.clone(),
            signals: signals.clone(),
        }
    }

    /// The id of the sale.
    pub const fn sale_id(&self) -> &SaleId {
        &self.sale_id
    }

    /// The page's address: at most 8192 characters, and `https` (or `http` on a loopback address, where that was
    /// allowed). It is the cardholder's way into the challenge, so do not log it.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// The browser came back to the app by the return link. The link proves nothing, whatever it says.
    pub fn returned(&self) {
        self.report(Event::BrowserReturned);
    }

    /// The page was closed: by the cardholder, the app or the system.
    pub fn closed(&self) {
        self.report(Event::BrowserClosed);
    }

    /// The page could not be shown. The sale goes on: the cardholder may authenticate in another way.
    pub fn failed(&self) {
        self.report(Event::BrowserFailed);
    }

    /// Whether the sale has ended, or another page has taken this one's place. There is nothing to show then.
    pub fn is_over(&self) -> bool {
        self.signals.is_closed() || self.pages.newest() != self.number
    }

    fn report(&self, event: Event) {
        // A sale that has ended does not listen any more, and need not.
        let _ = self.signals.send(Signal::Page(self.number, event));
    }
}

/// Without the address, which is the cardholder's way into the challenge.
impl std::fmt::Debug for Challenge {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_struct("Challenge")
            .field("sale_id", &self.sale_id)
            .field("number", &self.number)
            .finish_non_exhaustive()
    }
}
