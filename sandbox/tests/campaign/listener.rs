//! Listens between the engine and the real transport: what the engine was truly told, and when. Changes nothing.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex},
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

/// What reached all apps of a campaign, by invoice.
#[derive(Default, Clone)]
pub(crate) struct Told(Arc<Mutex<HashMap<String, Vec<Asked>>>>);

impl Told {
    pub(crate) fn about(&self, invoice_id: &str) -> Vec<Asked> {
        self.0.lock().unwrap().get(invoice_id).cloned().unwrap_or_default()
    }
}

pub(crate) struct Listener {
    pub(crate) transport: HttpsTransport,
    pub(crate) told: Told,
}

impl Transport for Listener {
    fn send(&self, request: HttpRequest) -> PortFuture<'_, Result<Reply, Failure>> {
        Box::pin(async move {
            let subject = subject(&request.url);
            let began = Instant::now();
            let answer = self.transport.send(request).await;
            if let Some((passing, invoice)) = subject {
                let told = match &answer {
                    Ok(reply) => Ok(gist(reply, &invoice)),
                    Err(failure) => Err(failure.kind),
                };
                let asked = Asked {
                    passing,
                    began,
                    ended: Instant::now(),
                    told,
                };
                self.told.0.lock().unwrap().entry(invoice).or_default().push(asked);
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
