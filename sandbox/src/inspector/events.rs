//! `GET /events`: what changes in the record, as server-sent events. A client that comes back with `Last-Event-ID` gets
//! what changed since, each sale and exchange once, as it is now.

use std::{
    pin::Pin,
    sync::Arc,
    task::{Context as Waker, Poll},
    time::Duration,
};

use axum::{
    body::{Body, Bytes},
    extract::State,
    http::{HeaderMap, header},
    response::{IntoResponse as _, Response},
};
use hyper::body::Frame;
use serde_json::json;
use tokio::sync::mpsc;

use super::context::Context;
use crate::record::recorder::Change;

/// A comment is sent when nothing else was for as long, so that both sides notice a dead connection.
const QUIET: Duration = Duration::from_secs(15);

/// Events that may wait for a slow client; then the record is asked again later.
const WAITING: usize = 64;

pub(super) async fn events(State(context): State<Arc<Context>>, headers: HeaderMap) -> Response {
    let last = headers.get("last-event-id").and_then(|id| id.to_str().ok());
    let last = last.and_then(|id| {
        let (run, change) = id.split_once('-')?;
        (run == context.record.run).then(|| change.parse::<u64>().ok())?
    });
    let (sender, pieces) = mpsc::channel(WAITING);
    let shutdown = context.stage.shutdown.clone();
    let tasks = context.stage.tasks.clone();
    tasks.spawn(async move {
        tokio::select! {
            () = shutdown.cancelled() => {}
            // It ends when the client has gone.
            _gone = send(&context, last, &sender) => {}
        }
    });
    let headers = [(header::CONTENT_TYPE, "text/event-stream")];
    (headers, Body::new(Pieces(pieces))).into_response()
}

/// Sends until nobody listens any more.
async fn send(context: &Context, last: Option<u64>, sender: &mpsc::Sender<Bytes>) -> Option<()> {
    let mut changes = context.record.listen();
    let run = &context.record.run;
    if last.is_none() {
        // What the client had from another run is not there any more.
        let start = format!("retry: 1000\nevent: reset\nid: {run}-0\ndata: {{}}\n\n");
        sender.send(start.into()).await.ok()?;
    }
    let mut last = last.unwrap_or_default();
    loop {
        changes.borrow_and_update();
        let (found, now) = context.record.changed_after(last);
        for (change, what) in found {
            let (event, data) = match what {
                Change::Cleared => ("cleared", json!({})),
                Change::Sale(sale) => ("sale", json!(sale)),
                Change::Exchange(summary) => ("exchange", json!(summary)),
            };
            let text = format!("event: {event}\nid: {run}-{change}\ndata: {data}\n\n");
            sender.send(text.into()).await.ok()?;
        }
        last = now;
        tokio::select! {
            changed = changes.changed() => changed.ok()?,
            () = tokio::time::sleep(QUIET) => sender.send(": quiet\n\n".into()).await.ok()?,
        }
    }
}

/// A body of pieces as they come.
struct Pieces(mpsc::Receiver<Bytes>);

impl hyper::body::Body for Pieces {
    type Data = Bytes;
    type Error = std::convert::Infallible;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        waker: &mut Waker<'_>,
    ) -> Poll<Option<Result<Frame<Self::Data>, Self::Error>>> {
        self.0
            .poll_recv(waker)
            .map(|piece| piece.map(|piece| Ok(Frame::data(piece))))
    }
}
