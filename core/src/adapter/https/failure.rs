//! Finds out from a `reqwest` error whether the request was sent, and what went wrong.

use std::{error::Error, io};

use rustls::{AlertDescription, CertificateError, Error as TlsError};

use super::verifier::Flaw;
use crate::outcome::{Failure, FailureKind, Sent};

/// Classifies `error`. Certainly not sent: the address was not accepted, the connector failed (DNS, TCP, TLS), or hyper
/// returned the request because the connection ended before it was used (a "canceled" request). Everything else counts
/// as possibly sent.
pub(super) fn classify(error: &reqwest::Error) -> Failure {
    let http = find::<hyper::Error>(error);
    let was_given_back = http.is_some_and(hyper::Error::is_canceled);
    let sent = if error.is_builder() || error.is_connect() || was_given_back {
        Sent::CertainlyNot
    } else {
        Sent::Possibly
    };
    let is_parse = http.is_some_and(hyper::Error::is_parse);
    let io = find::<io::Error>(error).map(io::Error::kind);
    let kind = match find::<TlsError>(error) {
        Some(tls) => tls_failure(tls),
        None if error.is_timeout() => FailureKind::TimedOut,
        None if error.is_builder() => FailureKind::TlsFailed,
        None if error.is_dns() => FailureKind::NameNotResolved,
        None if error.is_connect() => FailureKind::NotConnected,
        // hyper reports this only by its text.
        None if is_parse && http.is_some_and(|error| error.to_string().contains("too large")) => {
            FailureKind::AnswerTooLong
        }
        // `InvalidData` is a body that breaks the rules of chunked encoding.
        None if is_parse || io == Some(io::ErrorKind::InvalidData) => FailureKind::AnswerUnreadable,
        None => FailureKind::ConnectionLost,
    };
    Failure { sent, kind }
}

fn tls_failure(error: &TlsError) -> FailureKind {
    let certificate = match error {
        TlsError::InvalidCertificate(certificate) => certificate,
        TlsError::PeerIncompatible(_)
        | TlsError::AlertReceived(
            AlertDescription::HandshakeFailure
            | AlertDescription::InsufficientSecurity
            | AlertDescription::ProtocolVersion,
        ) => return FailureKind::TlsIncompatible,
        _ => return FailureKind::TlsFailed,
    };
    match certificate {
        CertificateError::Expired | CertificateError::ExpiredContext { .. } => FailureKind::CertificateExpired,
        CertificateError::NotValidYet | CertificateError::NotValidYetContext { .. } => {
            FailureKind::CertificateNotYetValid
        }
        CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. } => {
            FailureKind::CertificateWrongHost
        }
        CertificateError::UnsupportedSignatureAlgorithmContext { .. }
        | CertificateError::UnsupportedSignatureAlgorithmForPublicKeyContext { .. } => FailureKind::CertificateTooWeak,
        CertificateError::Other(other) => match other.0.downcast_ref::<Flaw>() {
            Some(Flaw::NotPinned) => FailureKind::CertificateNotPinned,
            Some(Flaw::Incomplete) => FailureKind::CertificateChainIncomplete,
            Some(Flaw::KeyTooSmall) => FailureKind::CertificateTooWeak,
            None => FailureKind::CertificateUntrusted,
        },
        _ => FailureKind::CertificateUntrusted,
    }
}

/// The first error of type `T` in the chain. Also looks inside `io::Error`, whose `source` skips the error that it
/// wraps.
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
