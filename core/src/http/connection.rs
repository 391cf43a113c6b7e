//! One HTTP/1.1 connection: a request out, its answer in, and whether it can take another one.

use std::{
    future::poll_fn,
    pin::{Pin, pin},
    task::Context,
    time::{Duration, SystemTime},
};

use http_body_util::{BodyExt, Full};
use hyper::{
    Request, Response,
    body::{Body as _, Bytes, Incoming},
    client::conn::http1,
    header,
};

use super::{connect::Stream, failure::classify};
use crate::{Failure, FailureKind, message::Reply};

/// Longest answer that is read. Answers of the protocol have a few hundred bytes.
const LONGEST_ANSWER: usize = 64 * 1024;

/// A request as it goes out. The owner of its body's bytes is wiped when the HTTP library lets go of them.
pub(super) type Outgoing = Request<Full<Bytes>>;

/// A connection.
///
/// It moves only while somebody waits for it here: nothing else holds it, so dropping the future of an exchange closes
/// it there and then, and one with half an answer in it can never be mistaken for an idle one.
pub(super) struct Connection {
    requests: http1::SendRequest<Full<Bytes>>,
    /// What reads and writes. `None` when the connection has ended.
    driver: Option<http1::Connection<Box<dyn Stream>, Full<Bytes>>>,
}

/// Why there is no answer.
pub(super) enum Unanswered {
    /// The connection ended before anything of the request was written. Here it is again.
    Unsent(Box<Outgoing>),
    /// Anything else.
    Failed(Failure),
}

impl Connection {
    pub(super) async fn over(stream: Box<dyn Stream>) -> Result<Self, Failure> {
        let made = http1::handshake(stream).await;
        let (requests, driver) = made.map_err(|_| Failure::before_sending(FailureKind::NotConnected))?;
        Ok(Self {
            requests,
            driver: Some(driver),
        })
    }

    /// Whether it can take a request: its last answer is read to the end, and the server has neither closed it nor said
    /// anything unasked. Does not wait.
    pub(super) async fn is_ready(&mut self) -> bool {
        poll_fn(|context| {
            drive(&mut self.driver, context);
            (self.driver.is_some() && self.requests.is_ready()).into()
        })
        .await
    }

    /// Sends `request` and reads the whole answer.
    pub(super) async fn exchange(&mut self, request: Outgoing) -> Result<Reply, Unanswered> {
        let Self { requests, driver } = self;
        let mut exchange = pin!(async {
            let response = requests.try_send_request(request).await;
            let response = response.map_err(|mut error| match error.take_message() {
                Some(request) => Unanswered::Unsent(Box::new(request)),
                None => Unanswered::Failed(classify(&error.into_error())),
            })?;
            read(response).await.map_err(Unanswered::Failed)
        });
        poll_fn(|context| {
            drive(driver, context);
            exchange.as_mut().poll(context)
        })
        .await
    }
}

/// Lets the connection read and write what it can. What became of it is told to whoever waits for an answer; dropping
/// it when it has ended hands back a request that it did not take.
fn drive(driver: &mut Option<http1::Connection<Box<dyn Stream>, Full<Bytes>>>, context: &mut Context<'_>) {
    if let Some(moving) = driver
        && Pin::new(moving).poll(context).is_ready()
    {
        *driver = None;
    }
}

async fn read(response: Response<Incoming>) -> Result<Reply, Failure> {
    let too_long = Failure::after_sending(FailureKind::AnswerTooLong);
    let (head, mut incoming) = response.into_parts();
    if incoming.size_hint().lower() > LONGEST_ANSWER as u64 {
        return Err(too_long);
    }
    let mut body = Vec::new();
    while let Some(frame) = incoming.frame().await {
        let frame = frame.map_err(|error| classify(&error))?;
        // Trailers mean nothing in this protocol.
        let Some(bytes) = frame.data_ref() else { continue };
        if body.len() + bytes.len() > LONGEST_ANSWER {
            return Err(too_long);
        }
        body.extend_from_slice(bytes);
    }
    let retry_after = head.headers.get(header::RETRY_AFTER);
    let retry_after = retry_after.and_then(|value| value.to_str().ok());
    Ok(Reply {
        status: head.status.as_u16(),
        body,
        retry_after: retry_after.and_then(delay),
    })
}

/// `Retry-After` (RFC 9110, section 10.2.3): seconds, or a date.
fn delay(value: &str) -> Option<Duration> {
    if let Ok(seconds) = value.trim().parse() {
        return Some(Duration::from_secs(seconds));
    }
    let date = httpdate::parse_http_date(value).ok()?;
    Some(date.duration_since(SystemTime::now()).unwrap_or_default())
}
