//! What passed through the proxy: the account that tells whether a client could have had an answer. Holds no bodies.

use std::{
    collections::{BTreeMap, HashMap},
    sync::{Mutex, MutexGuard, PoisonError},
    time::Instant,
};

use serde_json::Value;

/// What kind of exchange it is, by its path.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Passing {
    /// App to merchant: an access token.
    AccessToken,
    /// App to merchant: initiate sale.
    Initiate,
    /// App to gateway: perform sale.
    Perform,
    /// App to gateway: sale status.
    Status,
    /// App to merchant: the session token of a sale.
    SessionToken,
    /// App to merchant: the stored card of a sale.
    StoredCard,
    /// The cardholder's browser on a 3-D Secure page.
    Page,
    /// Anything else, for example a request that only opens a connection.
    Other,
}

impl Passing {
    /// Whether an app sends it, by POST.
    pub(super) const fn is_post_of_an_app(self) -> bool {
        matches!(
            self,
            Self::Initiate | Self::Perform | Self::Status | Self::SessionToken | Self::StoredCard
        )
    }

    /// The kind of a request with this target, and the invoice in it.
    pub(super) fn of_target(target: &str) -> (Self, Option<String>) {
        let path = target.split('?').next().unwrap_or_default();
        let segments: Vec<&str> = path.split('/').filter(|segment| !segment.is_empty()).collect();
        let (passing, invoice) = match segments.as_slice() {
            ["auth", "request-access-token"] => (Self::AccessToken, None),
            ["sale", "initiate-sale"] => (Self::Initiate, None),
            ["sale", invoice, "session-token"] => (Self::SessionToken, Some(invoice)),
            ["sale", invoice, "stored-card"] => (Self::StoredCard, Some(invoice)),
            [.., "dapi", "v1", "sale", _, invoice, "status"] => (Self::Status, Some(invoice)),
            [.., "dapi", "v1", "sale", _, invoice] => (Self::Perform, Some(invoice)),
            [.., "3ds", _] | [.., "3ds", _, "forward"] => (Self::Page, None),
            _ => (Self::Other, None),
        };
        (passing, invoice.map(|invoice| (*invoice).to_owned()))
    }
}

/// One exchange.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Passage {
    /// Its kind.
    pub passing: Passing,
    /// When the request had come.
    pub arrived: Instant,
    /// The fault that was done to it.
    pub fault: Option<&'static str>,
    /// How often it was sent on to the server: once, unless a fault repeats it or keeps it from the server.
    pub passes: u32,
    /// When the server's own answer had been written to the client, whole; `None` if it never was.
    pub answered: Option<Instant>,
    /// What the server's answer says: `state`, or `token` where it carries a session token, or `void`, or the HTTP
    /// status. Empty if there is none (yet).
    pub says: String,
}

/// An exchange that goes on. What changes is written down by [`Record::note`].
pub(super) struct Entry {
    pub(super) invoice: Option<String>,
    pub(super) passage: Passage,
    /// Where it stands, if its invoice is known: some answers name it, not the request.
    index: Option<usize>,
}

/// All exchanges, by invoice.
#[derive(Debug, Default)]
pub(super) struct Record {
    inner: Mutex<Inner>,
}

#[derive(Debug, Default)]
struct Inner {
    by_invoice: HashMap<String, Vec<Passage>>,
    faults: BTreeMap<&'static str, u64>,
    exchanges: u64,
    connections: u64,
    redirects_followed: u64,
}

impl Record {
    pub(super) fn connection(&self) {
        self.lock().connections += 1;
    }

    pub(super) fn fault(&self, name: &'static str) {
        *self.lock().faults.entry(name).or_default() += 1;
    }

    pub(super) fn redirect_followed(&self) {
        self.lock().redirects_followed += 1;
    }

    /// A request has come, and this fault will be done to it.
    pub(super) fn arrived(&self, passing: Passing, invoice: Option<String>, fault: Option<&'static str>) -> Entry {
        {
            let mut inner = self.lock();
            inner.exchanges += 1;
            if let Some(fault) = fault {
                *inner.faults.entry(fault).or_default() += 1;
            }
        }
        let passage = Passage {
            passing,
            arrived: Instant::now(),
            fault,
            passes: 0,
            answered: None,
            says: String::new(),
        };
        let mut entry = Entry {
            invoice,
            passage,
            index: None,
        };
        self.note(&mut entry);
        entry
    }

    /// Writes down how far an exchange has come, as soon as its invoice is known.
    pub(super) fn note(&self, entry: &mut Entry) {
        let Some(invoice) = &entry.invoice else { return };
        let mut inner = self.lock();
        let passages = inner.by_invoice.entry(invoice.clone()).or_default();
        match entry.index.and_then(|index| passages.get_mut(index)) {
            Some(passage) => passage.clone_from(&entry.passage),
            None => {
                entry.index = Some(passages.len());
                passages.push(entry.passage.clone());
            }
        }
    }

    pub(super) fn passages(&self, invoice: &str) -> Vec<Passage> {
        self.lock().by_invoice.get(invoice).cloned().unwrap_or_default()
    }

    pub(super) fn totals(&self) -> Totals {
        let inner = self.lock();
        Totals {
            connections: inner.connections,
            exchanges: inner.exchanges,
            redirects_followed: inner.redirects_followed,
            faults: inner.faults.clone(),
        }
    }

    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What the proxy has done so far.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Totals {
    /// Connections that were accepted.
    pub connections: u64,
    /// Requests that came.
    pub exchanges: u64,
    /// Requests of an app to the address that a faulty redirect had named. Anything but 0 is a fault of the app.
    pub redirects_followed: u64,
    /// Faults, by name.
    pub faults: BTreeMap<&'static str, u64>,
}

/// What an answer says, in a word, and the invoice it names.
pub(super) fn gist(status: u16, body: &[u8]) -> (String, Option<String>) {
    let body: Value = serde_json::from_slice(body).unwrap_or_default();
    let text = |value: &Value| value.as_str().map(str::to_owned);
    let says = text(&body["state"])
        .or_else(|| body["session"]["token"].as_str().map(|_| "token".to_owned()))
        .or_else(|| (body["void"] == true).then(|| "void".to_owned()))
        .unwrap_or_else(|| status.to_string());
    (says, text(&body["invoiceId"]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_tells_the_message_and_the_invoice() {
        let of = |target| Passing::of_target(target);
        assert_eq!(of("/auth/request-access-token"), (Passing::AccessToken, None));
        assert_eq!(of("/sale/initiate-sale"), (Passing::Initiate, None));
        assert_eq!(of("/paynet/dapi/v1/sale/1/i"), (Passing::Perform, Some("i".to_owned())));
        assert_eq!(
            of("/dapi/v1/sale/1/i/status?x=1"),
            (Passing::Status, Some("i".to_owned()))
        );
        assert_eq!(
            of("/sale/i/session-token"),
            (Passing::SessionToken, Some("i".to_owned()))
        );
        assert_eq!(of("/paynet/3ds/ab/forward"), (Passing::Page, None));
        assert_eq!(of("/paynet"), (Passing::Other, None));
    }
}
