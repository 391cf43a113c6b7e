//! Reads an answer, up to a length that no answer of the protocol reaches.

use std::time::{Duration, SystemTime};

use reqwest::{
    Response,
    header::{DATE, HeaderMap, RETRY_AFTER},
};

use super::failure::classify;
use crate::{
    outcome::{Failure, FailureKind},
    wire::Reply,
};

/// The longest answer that is read. Answers of the protocol have a few hundred bytes.
const LONGEST_ANSWER: usize = 64 * 1024;

/// Reads the whole body of `response`. If that fails, the request had certainly arrived.
pub(super) async fn read(mut response: Response) -> Result<Reply, Failure> {
    let too_long = Failure::after_sending(FailureKind::AnswerTooLong);
    if response.content_length() > Some(LONGEST_ANSWER as u64) {
        return Err(too_long);
    }
    let mut body = Vec::new();
    while let Some(bytes) = response.chunk().await.map_err(broken_off)? {
        if body.len() + bytes.len() > LONGEST_ANSWER {
            return Err(too_long);
        }
        body.extend_from_slice(&bytes);
    }
    Ok(Reply {
        status: response.status().as_u16(),
        body,
        retry_after: retry_after(response.headers()),
    })
}

fn broken_off(error: reqwest::Error) -> Failure {
    Failure::after_sending(classify(&error).kind)
}

/// `Retry-After` (RFC 9110, section 10.2.3): seconds, or a date. A date is compared with the answer's own date if it
/// has one, because the device's clock may be an hour slow.
fn retry_after(headers: &HeaderMap) -> Option<Duration> {
    let value = headers.get(RETRY_AFTER)?.to_str().ok()?.trim();
    if let Ok(seconds) = value.parse() {
        return Some(Duration::from_secs(seconds));
    }
    let until = httpdate::parse_http_date(value).ok()?;
    let now = date(headers).unwrap_or_else(SystemTime::now);
    Some(until.duration_since(now).unwrap_or_default())
}

/// The answer's date according to its server.
fn date(headers: &HeaderMap) -> Option<SystemTime> {
    let value = headers.get(DATE)?.to_str().ok()?;
    httpdate::parse_http_date(value.trim()).ok()
}
