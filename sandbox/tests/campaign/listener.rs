//! Listens between the engine and the real transport: what the engine was truly told, and when. Changes nothing.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
    time::Instant,
};

use salekit_core::{Failure, FailureKind, HttpRequest, HttpsTransport, PortFuture, Transport, wire::Reply};
use salekit_sandbox::Passing;
use serde_json::Value;
use url::Url;

/// A request of the engine about an invoice, and what it came to.
#[derive(Debug, Clone)]
pub(crate) struct Asked {
    pub(crate) passing: Passing,
    pub(crate) began: Instant,
    pub(crate) ended: Instant,
    /// `state`, or `token`, or `void`, or the HTTP status, where the answer does not name another invoice.
    pub(crate) told: Result<String, FailureKind>,
}

/// A request of the engine about an invoice that it gave up before an answer: at the end of a time limit of the sale, or
/// with the sale.
#[derive(Debug, Clone)]
pub(crate) struct GivenUp {
    pub(crate) passing: Passing,
    pub(crate) began: Instant,
    pub(crate) ended: Instant,
}

/// What reached all apps of a campaign, by invoice.
#[derive(Default, Clone)]
pub(crate) struct Told {
    asked: Arc<Mutex<HashMap<String, Vec<Asked>>>>,
    given_up: Arc<Mutex<HashMap<String, Vec<GivenUp>>>>,
}

impl Told {
    pub(crate) fn about(&self, invoice_id: &str) -> Vec<Asked> {
        self.asked.lock().unwrap().get(invoice_id).cloned().unwrap_or_default()
    }

    pub(crate) fn given_up(&self, invoice_id: &str) -> Vec<GivenUp> {
        self.given_up
            .lock()
            .unwrap()
            .get(invoice_id)
            .cloned()
            .unwrap_or_default()
    }
}

/// A request that has no answer yet.
struct Open {
    told: Told,
    passing: Passing,
    invoice: String,
    began: Instant,
    is_answered: bool,
}

impl Open {
    fn answered(mut self, answer: &Result<Reply, Failure>) {
        self.is_answered = true;
        let asked = Asked {
            passing: self.passing,
            began: self.began,
            ended: Instant::now(),
            told: match answer {
                Ok(reply) => Ok(gist(reply, &self.invoice)),
                Err(failure) => Err(failure.kind),
            },
        };
        let mut all = self.told.asked.lock().unwrap();
        all.entry(self.invoice.clone()).or_default().push(asked);
    }
}

impl Drop for Open {
    fn drop(&mut self) {
        if self.is_answered {
            return;
        }
        let given_up = GivenUp {
            passing: self.passing,
            began: self.began,
            ended: Instant::now(),
        };
        let mut all = self.told.given_up.lock().unwrap_or_else(PoisonError::into_inner);
        all.entry(std::mem::take(&mut self.invoice)).or_default().push(given_up);
    }
}

pub(crate) struct Listener {
    pub(crate) transport: HttpsTransport,
    pub(crate) told: Told,
}

impl Transport for Listener {
    fn send(&self, request: HttpRequest) -> PortFuture<'_, Result<Reply, Failure>> {
        Box::pin(async move {
            let open = subject(&request.url).map(|(passing, invoice)| Open {
                told: self.told.clone(),
                passing,
                invoice,
                began: Instant::now(),
                is_answered: false,
            });
            let answer = self.transport.send(request).await;
            if let Some(open) = open {
                open.answered(&answer);
            }
            answer
        })
    }

    fn preconnect<'a>(&'a self, url: &'a Url) -> PortFuture<'a, ()> {
        self.transport.preconnect(url)
    }
}

/// Which message about which invoice a request is.
fn subject(url: &Url) -> Option<(Passing, String)> {
    let segments: Vec<&str> = url.path_segments()?.collect();
    let (passing, invoice) = match segments.as_slice() {
        ["sale", invoice, "session-token"] => (Passing::SessionToken, invoice),
        [.., "dapi", "v1", "sale", _, invoice, "status"] => (Passing::Status, invoice),
        [.., "dapi", "v1", "sale", _, invoice] => (Passing::Perform, invoice),
        _ => return None,
    };
    Some((passing, (*invoice).to_owned()))
}

fn gist(reply: &Reply, invoice: &str) -> String {
    let body: Value = serde_json::from_slice(&reply.body).unwrap_or_default();
    let is_success = (200..300).contains(&reply.status) && body["error"].is_null();
    let is_ours = body["invoiceId"].as_str().is_none_or(|named| named == invoice);
    match (body["state"].as_str(), body["session"]["token"].as_str()) {
        (Some(state), _) if is_success && is_ours => state.to_owned(),
        (None, Some(_)) if is_success && is_ours => "token".to_owned(),
        (None, None) if is_success && is_ours && body["void"] == true => "void".to_owned(),
        _ => reply.status.to_string(),
    }
}
