//! Records what a server is asked and answers, around its routes. The server answers as if nobody looked: bodies pass
//! piece by piece, and one that breaks off breaks off.

use std::{
    pin::Pin,
    task::{Context, Poll},
};

use axum::{
    Router,
    body::{Body, Bytes},
    extract::{Request, State},
    http::{HeaderMap, StatusCode, header},
    middleware::{self, Next},
    response::{IntoResponse as _, Response},
};
use hyper::body::{Body as _, Frame, SizeHint};

use super::{
    exchange::Role,
    pending::{PendingExchange, WireAnswer, WireRequest},
    recorder::{Recorder, Shared},
    redact::Secrets,
    report::CURRENT,
};

/// Longest request that is read, in bytes; what the handlers take, too.
const LONGEST_REQUEST: usize = 2 * 1024 * 1024;

/// As much of an answer is kept, in bytes.
const LONGEST_ANSWER: usize = 64 * 1024;

/// What a server's layer has to know.
#[derive(Clone)]
struct Server {
    recorder: Recorder,
    role: Role,
}

/// The routes of a server, with everything that passes through them on record.
pub(crate) fn recorded(router: Router, recorder: &Recorder, role: Role) -> Router {
    if !recorder.is_on() {
        return router;
    }
    let server = Server {
        recorder: recorder.clone(),
        role,
    };
    router.layer(middleware::from_fn_with_state(server, record))
}

/// Serves a request, and puts it on record.
async fn record(State(server): State<Server>, request: Request, next: Next) -> Response {
    let target = request
        .uri()
        .path_and_query()
        .map_or("/", |target| target.as_str())
        .to_owned();
    let is_recorded_by_caller =
        |shared: &Shared| server.role == Role::Merchant && shared.is_called(&Secrets::default().target(&target));
    if server
        .recorder
        .shared()
        .is_none_or(|shared| is_recorded_by_caller(shared))
    {
        return next.run(request).await;
    }
    let (head, body) = request.into_parts();
    let Ok(body) = axum::body::to_bytes(body, LONGEST_REQUEST).await else {
        return StatusCode::PAYLOAD_TOO_LARGE.into_response();
    };
    let host = head
        .headers
        .get(header::HOST)
        .and_then(|host| host.to_str().ok())
        .unwrap_or_default();
    let open = PendingExchange::begin(
        &server.recorder,
        &WireRequest {
            method: head.method.as_str(),
            origin: &format!("https://{host}"),
            target: &target,
            headers: &head.headers,
            body: &body,
            to: server.role,
        },
    );
    // The handler is to be the only one that holds the bytes: it wipes them.
    let request = Request::from_parts(head, Body::from(body));
    let Some(open) = open else {
        return next.run(request).await;
    };
    let response = CURRENT.scope(open.number(), next.run(request)).await;
    let (head, body) = response.into_parts();
    let told = Told {
        inner: body,
        open: Some(open),
        status: head.status,
        headers: head.headers.clone(),
        kept: Vec::new(),
    };
    Response::from_parts(head, Body::new(told))
}

/// The body of an answer on its way to the client.
struct Told {
    inner: Body,
    open: Option<PendingExchange>,
    status: StatusCode,
    headers: HeaderMap,
    kept: Vec<u8>,
}

impl Told {
    fn close(&mut self, cut_off: Option<&str>) {
        if let Some(open) = self.open.take() {
            open.answered(&WireAnswer {
                status: self.status.as_u16(),
                headers: &self.headers,
                body: &self.kept,
                cut_off,
            });
        }
    }
}

impl hyper::body::Body for Told {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Self::Data>, Self::Error>>> {
        let frame = Pin::new(&mut self.inner).poll_frame(context);
        match &frame {
            Poll::Ready(Some(Ok(piece))) => {
                let room = LONGEST_ANSWER.saturating_sub(self.kept.len());
                let piece = piece
                    .data_ref()
                    .map_or(&[][..], |piece| &piece[..piece.len().min(room)]);
                self.kept.extend_from_slice(piece);
            }
            Poll::Ready(Some(Err(_))) => self.close(Some("the answer broke off before its end")),
            Poll::Ready(None) => self.close(None),
            Poll::Pending => {}
        }
        frame
    }

    fn is_end_stream(&self) -> bool {
        self.inner.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.inner.size_hint()
    }
}

impl Drop for Told {
    fn drop(&mut self) {
        // A client that knows the length asks for no further piece after the last one.
        let cut_off = (!self.inner.is_end_stream()).then_some("the client left before the end of the answer");
        self.close(cut_off);
    }
}
