//! The app's requests, counted, and told where somebody wants to see them: method, address, answer, time. Never a body, which may hold
//! card data.

use std::{
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Instant,
};

use salekit_core::{
    Failure, HttpRequest, HttpsTransport, InputError, Method, PortFuture, SaleClientConfig, Transport, wire::Reply,
};
use url::Url;

/// HTTPS that counts.
pub(crate) struct Wire {
    https: HttpsTransport,
    sent: AtomicUsize,
    is_verbose: bool,
}

impl Wire {
    pub(crate) fn new(config: &SaleClientConfig, is_verbose: bool) -> Result<Arc<Self>, InputError> {
        Ok(Arc::new(Self {
            https: HttpsTransport::new(config)?,
            sent: AtomicUsize::new(0),
            is_verbose,
        }))
    }

    /// Requests since this was asked last.
    pub(crate) fn take_requests(&self) -> usize {
        self.sent.swap(0, Ordering::Relaxed)
    }
}

impl Transport for Wire {
    fn send(&self, request: HttpRequest) -> PortFuture<'_, Result<Reply, Failure>> {
        self.sent.fetch_add(1, Ordering::Relaxed);
        let method = match request.method {
            Method::Get => "GET",
            Method::Post => "POST",
        };
        let (url, begin) = (request.url.clone(), Instant::now());
        Box::pin(async move {
            let answer = self.https.send(request).await;
            if self.is_verbose {
                let said = match &answer {
                    Ok(reply) => format!("HTTP {}", reply.status),
                    Err(failure) => format!("no answer: {:?}", failure.kind),
                };
                let took = begin.elapsed().as_millis();
                // To where errors go, so that JSON stays alone.
                eprintln!("{method} {url}  {said}, {took} ms");
            }
            answer
        })
    }

    fn preconnect<'a>(&'a self, url: &'a Url) -> PortFuture<'a, ()> {
        self.https.preconnect(url)
    }

    fn forget_idle(&self) {
        self.https.forget_idle();
    }
}
