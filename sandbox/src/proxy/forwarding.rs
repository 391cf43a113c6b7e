//! What all connections share, and how a request is passed on to the server behind the proxy.

use std::{io, sync::Arc, time::Duration};

use rustls::ServerConfig;
use tokio::sync::watch;

use super::{
    fault::ExchangeFault,
    plan::Planner,
    record::{Entry, Record, gist},
    upstream::Upstream,
    wire::Message,
};
use crate::{record::FailedConnections, stage::Stage};

/// The proxy, as its connections know it.
pub(super) struct Proxy {
    pub(super) planner: Planner,
    pub(super) record: Record,
    pub(super) upstream: Upstream,
    pub(super) tls: Arc<ServerConfig>,
    pub(super) stage: Stage,
    pub(super) failures: FailedConnections,
    /// Requests that are still to be passed on, after their clients got something else.
    pub(super) late: watch::Sender<usize>,
}

/// A request that has come, and what is to become of it.
pub(super) struct Request {
    pub(super) message: Message,
    pub(super) is_head: bool,
    pub(super) target: String,
    pub(super) fault: Option<ExchangeFault>,
    pub(super) entry: Entry,
}

impl Proxy {
    /// Sends a request to the server and reads the answer. On record before it is sent, so that the server never has
    /// more than the record.
    pub(super) async fn send_on(&self, request: &mut Request) -> io::Result<Message> {
        request.entry.passage.passes += 1;
        self.record.note(&mut request.entry);
        self.upstream.exchange(&request.message, request.is_head).await
    }

    /// The same after a while, for a client that has gone.
    pub(super) fn send_on_late(this: &Arc<Self>, mut request: Request, after: Duration) {
        let proxy = Arc::clone(this);
        proxy.late.send_modify(|late| *late += 1);
        this.stage.tasks.spawn(async move {
            let sending = async {
                tokio::time::sleep(after).await;
                if let Ok(answer) = proxy.send_on(&mut request).await {
                    proxy.says(&mut request.entry, &answer);
                }
            };
            tokio::select! {
                () = proxy.stage.shutdown.cancelled() => {}
                () = sending => {}
            }
            proxy.late.send_modify(|late| *late -= 1);
        });
    }

    /// Notes what the server said.
    pub(super) fn says(&self, entry: &mut Entry, answer: &Message) {
        let (says, named) = gist(answer.status(), answer.body());
        entry.passage.says = says;
        entry.invoice = entry.invoice.take().or(named);
        self.record.note(entry);
    }
}
