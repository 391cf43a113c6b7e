//! What a `reqwest` error says about whether the request was sent, and about what went wrong.

use std::{error::Error, io};

use rustls::{CertificateError, Error as TlsError};

use super::tls::NotPinned;
use crate::{Failure, FailureKind, Sent};

/// Classifies `error`. Only a failure of the connector (name, TCP, TLS) is certainly before the first byte of a
/// request: those come before a request is handed to a connection. All else counts as possibly sent.
pub(super) fn classify(error: &reqwest::Error) -> Failure {
    let sent = if error.is_connect() {
        Sent::CertainlyNot
    } else {
        Sent::Possibly
    };
    Failure {
        sent,
        kind: kind(error, sent),
    }
}

fn kind(error: &reqwest::Error, sent: Sent) -> FailureKind {
    if let Some(tls) = find::<TlsError>(error) {
        return tls_kind(tls);
    }
    if error.is_timeout() || find::<io::Error>(error).is_some_and(|error| error.kind() == io::ErrorKind::TimedOut) {
        return FailureKind::TimedOut;
    }
    match sent {
        Sent::CertainlyNot if mentions(error, "dns error") => FailureKind::NameNotResolved,
        Sent::CertainlyNot => FailureKind::NotConnected,
        Sent::Possibly if mentions(error, "too large") => FailureKind::AnswerTooLong,
        Sent::Possibly if error.is_decode() || mentions(error, "parse") => FailureKind::AnswerUnreadable,
        Sent::Possibly => FailureKind::ConnectionLost,
    }
}

fn tls_kind(error: &TlsError) -> FailureKind {
    let TlsError::InvalidCertificate(certificate) = error else {
        return FailureKind::TlsFailed;
    };
    match certificate {
        CertificateError::Expired | CertificateError::ExpiredContext { .. } => FailureKind::CertificateExpired,
        CertificateError::NotValidYet | CertificateError::NotValidYetContext { .. } => {
            FailureKind::CertificateNotYetValid
        }
        CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. } => {
            FailureKind::CertificateWrongHost
        }
        CertificateError::Other(other) if other.0.is::<NotPinned>() => FailureKind::CertificateNotPinned,
        _ => FailureKind::CertificateUntrusted,
    }
}

/// The first error of type `T` in the chain, also inside `io::Error`, whose `source` skips what it wraps.
fn find<'a, T: Error + 'static>(error: &'a (dyn Error + 'static)) -> Option<&'a T> {
    let mut next = Some(error);
    while let Some(error) = next {
        if let Some(found) = error.downcast_ref::<T>() {
            return Some(found);
        }
        let wrapped = error.downcast_ref::<io::Error>().and_then(io::Error::get_ref);
        next = match wrapped {
            Some(wrapped) => Some(wrapped),
            None => error.source(),
        };
    }
    None
}

/// Whether an error of the chain says `words`: the connector's own types are private.
fn mentions(error: &(dyn Error + 'static), words: &str) -> bool {
    let mut next = Some(error);
    while let Some(error) = next {
        if error.to_string().contains(words) {
            return true;
        }
        next = error.source();
    }
    false
}
