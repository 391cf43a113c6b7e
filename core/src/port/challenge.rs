//! One page of the issuer that a running sale wants shown, and the calls by which the app reports what happened to it.
//!
//! Here is decided which reports count: those about the newest page of a running sale. Their effect is decided in the
//! flow.

use std::sync::{
    Arc,
    atomic::{AtomicU32, Ordering},
};

use tokio::sync::mpsc;

use crate::{flow::Event, value::SaleId};

/// The number of a page within one run of a sale; 0 before the first page.
pub(crate) type PageNumber = u32;

/// A signal from outside for a running sale.
#[derive(Debug)]
pub(crate) enum Signal {
    /// It concerns the whole sale.
    Sale(Event),
    /// It concerns one of the sale's pages.
    Page(PageNumber, Event),
}

/// Counts the pages of one run of a sale. Only the driver advances it.
#[derive(Debug, Clone)]
pub(crate) struct PageCounter(Arc<AtomicU32>);

impl PageCounter {
    pub(crate) fn new() -> Self {
        Self(Arc::default())
    }

    pub(crate) fn newest(&self) -> PageNumber {
        self.0.load(Ordering::Acquire)
    }

    /// A new page replaces the one before.
    pub(crate) fn advance(&self) {
        self.0.fetch_add(1, Ordering::AcqRel);
    }
}

/// One page of a challenge, bound to the running sale: its address, and calls to report what happened to it.
///
/// It never starts or resumes a sale. Once the sale has ended or another page has replaced this one, its calls do
/// nothing. A page that the gateway asks for again is another page, even if the address is the same. So you may keep a
/// challenge and call it late, twice or from any thread. A resumed sale creates new challenges.
///
/// No call decides anything about the payment: SaleKit asks the gateway.
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
    pub(crate) fn newest(
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

    /// The page's address: at most 8192 characters, and `https` (or `http` on a loopback address, if that is allowed).
    /// It gives access to the challenge, so do not log it.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// The browser returned to the app by the return link. The link proves nothing, whatever it contains.
    pub fn returned(&self) {
        self.report(Event::BrowserReturned);
    }

    /// The page was closed: by the cardholder, the app or the system.
    pub fn closed(&self) {
        self.report(Event::BrowserClosed);
    }

    /// The page could not be shown. The sale goes on, because the cardholder may authenticate in another way.
    pub fn failed(&self) {
        self.report(Event::BrowserFailed);
    }

    /// Whether the sale has ended or another page has replaced this one. Then there is nothing to show.
    pub fn is_over(&self) -> bool {
        self.signals.is_closed() || self.pages.newest() != self.number
    }

    fn report(&self, event: Event) {
        // Sending fails once the sale has ended, which is fine: the report has no effect then.
        let _ = self.signals.send(Signal::Page(self.number, event));
    }
}

/// Hides the address, which gives access to the challenge.
impl std::fmt::Debug for Challenge {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_struct("Challenge")
            .field("sale_id", &self.sale_id)
            .field("number", &self.number)
            .finish_non_exhaustive()
    }
}
