//! The gateway's account of every sale: the truth a client's report is compared with.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use tokio::sync::watch;

use crate::script::Message;

/// Where a sale stands at the gateway.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EntryState {
    /// No sale yet: a perform request was refused or lost to a fault, or none arrived and the merchant voided the invoice.
    NotStarted,
    /// At the processor.
    Processing,
    /// Waiting for the cardholder on a page.
    Redirect,
    /// Charged.
    Approved,
    /// Not charged.
    Declined,
}

/// One sale, as the gateway knows it. Holds no card data.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// The sale.
    pub invoice_id: String,
    /// Serial number of the device that performed it; empty if the request had none.
    pub device_serial_number: String,
    /// Amount in minor units; 0 if the request had none.
    pub amount_minor: u64,
    /// ISO 4217 code; empty if the request had none.
    pub currency: String,
    /// Perform requests that arrived, of any outcome.
    pub performs_received: u32,
    /// Times the card was charged. Anything but 0 or 1 is a fault of the sandbox.
    pub charges: u32,
    /// Status requests that arrived.
    pub status_requests: u32,
    /// Where it stands.
    pub state: EntryState,
    /// It will never reach a final state.
    pub unresolvable: bool,
    /// The merchant's server voided the invoice, before any check sale for it was accepted. Anything but 0 charges is a
    /// fault of the sandbox then.
    pub is_void: bool,
    /// Why it was declined (`errorCode`).
    pub decline_code: Option<i64>,
    /// Faults that were applied to its messages, in order.
    pub faults: Vec<(Message, &'static str)>,
}

/// A handle on the account; clones see the same one.
#[derive(Debug, Clone, Default)]
pub struct Ledger {
    book: Arc<Mutex<Book>>,
    changed: watch::Sender<()>,
}

impl Entry {
    fn new(invoice_id: &str, serial: &str, amount_minor: u64, currency: &str) -> Self {
        Self {
            invoice_id: invoice_id.to_owned(),
            device_serial_number: serial.to_owned(),
            amount_minor,
            currency: currency.to_owned(),
            performs_received: 0,
            charges: 0,
            status_requests: 0,
            state: EntryState::NotStarted,
            unresolvable: false,
            is_void: false,
            decline_code: None,
            faults: Vec::new(),
        }
    }

    /// Whether the gateway has nothing left to do about it.
    fn is_settled(&self) -> bool {
        self.unresolvable || !matches!(self.state, EntryState::Processing | EntryState::Redirect)
    }
}

#[derive(Debug, Default)]
struct Book {
    order: Vec<String>,
    entries: HashMap<String, Entry>,
}

impl Ledger {
    /// The entry of one sale; `None` before its first perform request, if it was not voided.
    #[must_use]
    pub fn entry(&self, invoice_id: &str) -> Option<Entry> {
        self.lock().entries.get(invoice_id).cloned()
    }

    /// All entries, oldest first.
    #[must_use]
    pub fn entries(&self) -> Vec<Entry> {
        let book = self.lock();
        book.order
            .iter()
            .filter_map(|id| book.entries.get(id).cloned())
            .collect()
    }

    /// Times any card was charged.
    #[must_use]
    pub fn total_charges(&self) -> u64 {
        self.lock().entries.values().map(|entry| u64::from(entry.charges)).sum()
    }

    /// Returns once no sale is at the processor or with a cardholder any more, apart from those that stay there for ever.
    pub async fn settled(&self) {
        let mut changes = self.changed.subscribe();
        while !self.lock().entries.values().all(Entry::is_settled) {
            // The sender is this ledger's own, so there is always one.
            let _never_closed = changes.changed().await;
        }
    }

    /// A perform request arrived, whatever becomes of it.
    pub(crate) fn perform_received(&self, invoice_id: &str, serial: &str, amount_minor: u64, currency: &str) {
        let received = |entry: &mut Entry| entry.performs_received = entry.performs_received.saturating_add(1);
        self.record(Entry::new(invoice_id, serial, amount_minor, currency), received);
    }

    /// The merchant's server voided the invoice, performed or not.
    pub(crate) fn voided(&self, invoice_id: &str, serial: &str, amount_minor: u64, currency: &str) {
        self.record(Entry::new(invoice_id, serial, amount_minor, currency), |entry| {
            entry.is_void = true;
        });
    }

    /// Changes an entry that exists.
    pub(crate) fn update(&self, invoice_id: &str, change: impl FnOnce(&mut Entry)) {
        if let Some(entry) = self.lock().entries.get_mut(invoice_id) {
            change(entry);
        }
        self.changed.send_replace(());
    }

    /// Changes the entry of an invoice; `fresh` is the entry if there is none yet.
    fn record(&self, fresh: Entry, change: impl FnOnce(&mut Entry)) {
        let book = &mut *self.lock();
        let invoice_id = fresh.invoice_id.clone();
        change(book.entries.entry(invoice_id).or_insert_with(|| {
            book.order.push(fresh.invoice_id.clone());
            fresh
        }));
    }

    fn lock(&self) -> MutexGuard<'_, Book> {
        self.book.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
