//! The record: the last sales and exchanges, and who is notified when one changes. What goes in is redacted; who puts it in
//! is `open` (exchanges) and `report` (what the servers say of themselves).

use std::{
    collections::VecDeque,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::{SystemTime, UNIX_EPOCH},
};

use tokio::sync::watch;

use super::{
    exchange::{Exchange, Kind, Progress, Role, Sale, SaleState, Summary},
    redact::Secrets,
};
use crate::protocol::random;

/// Sales that are kept.
pub(crate) const SALES: usize = 500;

/// Exchanges that are kept.
pub(crate) const EXCHANGES: usize = 5_000;

/// Where everything is recorded, or nowhere. Clones write to the same record.
#[derive(Clone, Default)]
pub(crate) struct Recorder(Option<Arc<Shared>>);

pub(crate) struct Shared {
    book: Mutex<Book>,
    changes: watch::Sender<u64>,
    /// Tells the changes of this run from those of another.
    pub(crate) run: String,
    pub(super) key_text: String,
    pub(super) endpoint_id: String,
}

/// A record, and the count of changes at its last one.
struct Kept<T> {
    changed: u64,
    it: T,
}

#[derive(Default)]
struct Book {
    exchanges: VecDeque<Kept<Exchange>>,
    sales: VecDeque<Kept<Sale>>,
    /// Digests of access tokens and the exchanges they were given in, to find the sale those belong to.
    tokens: VecDeque<(String, u64)>,
    number: u64,
    changes: u64,
    cleared: u64,
}

/// What happened to the record.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Change {
    /// Nothing of before is in it any more.
    Cleared,
    Sale(Sale),
    Exchange(Box<Summary>),
}

impl std::fmt::Debug for Recorder {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(if self.0.is_some() {
            "Recorder(on)"
        } else {
            "Recorder(off)"
        })
    }
}

/// Milliseconds since 1970.
pub(crate) fn now_ms() -> u64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    u64::try_from(since.as_millis()).unwrap_or(u64::MAX)
}

impl Recorder {
    /// A recorder that keeps what it is given, and explains signatures under this key.
    pub(crate) fn on(key_text: &str, endpoint_id: &str) -> Self {
        Self(Some(Arc::new(Shared {
            book: Mutex::default(),
            changes: watch::Sender::new(0),
            run: random::hex_id().unwrap_or_else(|_| now_ms().to_string()),
            key_text: key_text.to_owned(),
            endpoint_id: endpoint_id.to_owned(),
        })))
    }

    pub(crate) fn is_on(&self) -> bool {
        self.0.is_some()
    }

    pub(crate) fn shared(&self) -> Option<&Arc<Shared>> {
        self.0.as_ref()
    }

    /// Changes the exchange with this number, if it is still there.
    pub(crate) fn update(&self, number: u64, change: impl FnOnce(&mut Exchange)) {
        if let Some(shared) = &self.0 {
            shared.update(number, change);
        }
    }

    /// Puts in something that is complete: an event, a connection.
    pub(crate) fn add(&self, exchange: Exchange) {
        if let Some(shared) = &self.0 {
            shared.add(exchange);
        }
    }

    /// A sale has another state.
    pub(crate) fn advance(&self, invoice_id: &str, state: SaleState, reason: Option<String>) {
        if let Some(shared) = &self.0 {
            shared.sale(&Secrets::default().text(invoice_id), |sale| {
                sale.state = state;
                sale.reason = reason;
            });
        }
    }
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, Book> {
        self.book.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn tell(&self, book: MutexGuard<'_, Book>) {
        let changes = book.changes;
        drop(book);
        self.changes.send_replace(changes);
    }

    /// Puts in an exchange; the answer is its number.
    pub(crate) fn add(&self, mut exchange: Exchange) -> u64 {
        let mut book = self.lock();
        book.number += 1;
        let number = book.number;
        exchange.summary.number = number;
        let changed = book.next_change();
        let (invoice_id, has_problem) = (exchange.summary.invoice_id.clone(), exchange.summary.problem.is_some());
        book.exchanges.push_back(Kept { changed, it: exchange });
        if book.exchanges.len() > EXCHANGES {
            book.exchanges.pop_front();
        }
        if let Some(invoice_id) = invoice_id {
            book.count(&invoice_id, 1, u64::from(has_problem));
        }
        self.tell(book);
        number
    }

    pub(crate) fn update(&self, number: u64, change: impl FnOnce(&mut Exchange)) {
        let mut book = self.lock();
        let changed = book.changes + 1;
        let Some(kept) = book.find(number) else { return };
        let before = (kept.it.summary.invoice_id.clone(), kept.it.summary.problem.is_some());
        change(&mut kept.it);
        kept.changed = changed;
        let after = (kept.it.summary.invoice_id.clone(), kept.it.summary.problem.is_some());
        book.changes = changed;
        if let Some(invoice_id) = &after.0 {
            let is_new = before.0 != after.0;
            book.count(
                invoice_id,
                u64::from(is_new),
                u64::from(after.1 && (is_new || !before.1)),
            );
        }
        self.tell(book);
    }

    /// Changes a sale; one that is not there begins with this.
    pub(crate) fn sale(&self, invoice_id: &str, change: impl FnOnce(&mut Sale)) {
        let mut book = self.lock();
        let changed = book.next_change();
        let place = match book.sales.iter().position(|kept| kept.it.invoice_id == invoice_id) {
            Some(place) => place,
            None => {
                if book.sales.len() >= SALES {
                    book.sales.pop_front();
                }
                let of_it = book
                    .exchanges
                    .iter()
                    .filter(|kept| kept.it.summary.invoice_id.as_deref() == Some(invoice_id));
                let mut it = Sale::new(invoice_id, now_ms());
                for kept in of_it {
                    it.exchanges += 1;
                    it.problems += u64::from(kept.it.summary.problem.is_some());
                    it.started_at_millis = it.started_at_millis.min(kept.it.summary.at_ms);
                }
                book.sales.push_back(Kept { changed, it });
                book.sales.len() - 1
            }
        };
        if let Some(kept) = book.sales.get_mut(place) {
            change(&mut kept.it);
            kept.it.changed_ms = now_ms();
            kept.changed = changed;
        }
        self.tell(book);
    }

    pub(crate) fn find_sale(&self, invoice_id: &str) -> Option<Sale> {
        let book = self.lock();
        let mut sales = book.sales.iter().rev();
        sales
            .find(|kept| kept.it.invoice_id == invoice_id)
            .map(|kept| kept.it.clone())
    }

    /// The latest exchange that `is` what is looked for.
    pub(crate) fn latest(&self, is: impl Fn(&Exchange) -> bool) -> Option<u64> {
        let book = self.lock();
        let mut exchanges = book.exchanges.iter().rev();
        exchanges.find(|kept| is(&kept.it)).map(|kept| kept.it.summary.number)
    }

    /// Whether the gateway beside us is waiting for an answer to this very request, which it records itself.
    pub(crate) fn is_called(&self, target: &str) -> bool {
        let is = |it: &Exchange| {
            it.summary.from == Role::Gateway
                && it.summary.progress == Progress::Open
                && it.summary.path.as_deref().is_some_and(|path| path == target)
        };
        self.latest(is).is_some()
    }

    /// An access token was given in this exchange.
    pub(crate) fn token_given(&self, digest: String, number: u64) {
        let mut book = self.lock();
        book.tokens.push_back((digest, number));
        if book.tokens.len() > SALES {
            book.tokens.pop_front();
        }
    }

    /// The exchange an access token was given in. It belongs to the first sale that uses the token.
    pub(crate) fn token_used(&self, digest: &str) -> Option<u64> {
        let mut book = self.lock();
        let place = book.tokens.iter().position(|(of, _)| of == digest)?;
        book.tokens.remove(place).map(|(_, number)| number)
    }

    pub(crate) fn sales(&self) -> Vec<Sale> {
        self.lock().sales.iter().map(|kept| kept.it.clone()).collect()
    }

    pub(crate) fn exchange(&self, number: u64) -> Option<Exchange> {
        self.lock().find(number).map(|kept| kept.it.clone())
    }

    pub(crate) fn exchanges(&self) -> Vec<Exchange> {
        self.lock().exchanges.iter().map(|kept| kept.it.clone()).collect()
    }

    pub(crate) fn summaries(&self, invoice_id: Option<&str>) -> Vec<Summary> {
        let book = self.lock();
        let summaries = book.exchanges.iter().map(|kept| &kept.it.summary);
        let wanted = summaries.filter(|it| invoice_id.is_none() || it.invoice_id.as_deref() == invoice_id);
        wanted.cloned().collect()
    }

    /// Takes in sales and exchanges of an exported file. They get numbers of this run.
    pub(crate) fn import(&self, sales: Vec<Sale>, exchanges: Vec<Exchange>) {
        for exchange in exchanges {
            self.add(exchange);
        }
        for sale in sales {
            self.sale(&sale.invoice_id.clone(), |place| {
                let counted = (place.exchanges, place.problems);
                *place = sale;
                (place.exchanges, place.problems) = counted;
            });
        }
    }

    pub(crate) fn clear(&self) {
        let mut book = self.lock();
        book.exchanges.clear();
        book.sales.clear();
        book.tokens.clear();
        book.cleared = book.next_change();
        self.tell(book);
    }

    pub(crate) fn listen(&self) -> watch::Receiver<u64> {
        self.changes.subscribe()
    }

    /// Everything that changed after `last`, oldest change first, and the count of changes now.
    pub(crate) fn changed_after(&self, last: u64) -> (Vec<(u64, Change)>, u64) {
        let book = self.lock();
        let sales = book.sales.iter().filter(|kept| kept.changed > last);
        let exchanges = book.exchanges.iter().filter(|kept| kept.changed > last);
        let mut changes: Vec<(u64, Change)> = sales
            .map(|kept| (kept.changed, Change::Sale(kept.it.clone())))
            .chain(exchanges.map(|kept| (kept.changed, Change::Exchange(Box::new(kept.it.summary.clone())))))
            .collect();
        if book.cleared > last {
            changes.push((book.cleared, Change::Cleared));
        }
        changes.sort_by_key(|(changed, _)| *changed);
        (changes, book.changes)
    }
}

impl Book {
    fn next_change(&mut self) -> u64 {
        self.changes += 1;
        self.changes
    }

    /// Numbers count up by one, so a number tells the place.
    fn find(&mut self, number: u64) -> Option<&mut Kept<Exchange>> {
        let first = self.exchanges.front()?.it.summary.number;
        let place = usize::try_from(number.checked_sub(first)?).ok()?;
        self.exchanges.get_mut(place)
    }

    fn count(&mut self, invoice_id: &str, exchanges: u64, problems: u64) {
        if exchanges + problems == 0 {
            return;
        }
        let changed = self.next_change();
        if let Some(kept) = self
            .sales
            .iter_mut()
            .rev()
            .find(|kept| kept.it.invoice_id == invoice_id)
        {
            kept.it.exchanges += exchanges;
            kept.it.problems += problems;
            kept.it.changed_ms = now_ms();
            kept.changed = changed;
        }
    }
}

/// A connection that brought no request.
pub(crate) fn refused(from: Role, to: Role, message: &str, problem: String) -> Exchange {
    let mut exchange = Exchange::new(Kind::Connection, (from, to), message, now_ms());
    exchange.summary.problem = Some(problem);
    exchange.verdict.accepted = Some(false);
    exchange
}

#[cfg(test)]
mod tests {
    use super::*;

    fn event(invoice_id: &str) -> Exchange {
        let mut event = Exchange::new(Kind::Event, (Role::Gateway, Role::Gateway), "x", 1);
        event.summary.invoice_id = Some(invoice_id.to_owned());
        event
    }

    #[test]
    fn the_last_ones_are_kept_and_found_by_number() {
        let recorder = Recorder::on("00", "1144");
        let shared = recorder.shared().unwrap();
        for count in 0..EXCHANGES + 10 {
            shared.add(event(&count.to_string()));
        }
        assert_eq!(shared.exchanges().len(), EXCHANGES);
        assert!(shared.exchange(10).is_none());
        assert_eq!(shared.exchange(11).unwrap().summary.invoice_id.as_deref(), Some("10"));
        for count in 0..SALES + 3 {
            shared.sale(&format!("s{count}"), |_| {});
        }
        let sales = shared.sales();
        assert_eq!((sales.len(), sales[0].invoice_id.as_str()), (SALES, "s3"));
    }

    #[test]
    fn a_listener_gets_what_changed_since_and_each_thing_once() {
        let recorder = Recorder::on("00", "1144");
        let shared = recorder.shared().unwrap();
        let number = shared.add(event("a"));
        shared.sale("a", |_| {});
        let (first, last) = shared.changed_after(0);
        assert_eq!(first.len(), 2);
        shared.update(number, |it| it.summary.problem = Some("bad".to_owned()));
        shared.update(number, |it| it.summary.says = Some("worse".to_owned()));
        let (then, last) = shared.changed_after(last);
        assert_eq!(then.len(), 2, "the exchange and its sale: {then:?}");
        assert!(matches!(then.last(), Some((_, Change::Exchange(it))) if it.says.as_deref() == Some("worse")));
        assert_eq!(
            shared.find_sale("a").map(|sale| (sale.exchanges, sale.problems)),
            Some((1, 1))
        );
        shared.clear();
        assert_eq!(shared.changed_after(last).0, [(shared.lock().cleared, Change::Cleared)]);
    }
}
