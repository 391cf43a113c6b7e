//! What the errors of TCP, TLS and HTTP say about whether a request was sent, and about what went wrong.

use std::{error::Error, io};

use rustls::{CertificateError, Error as TlsError};

use super::tls::NotPinned;
use crate::{Failure, FailureKind};

/// Why there is no TCP connection.
pub(super) fn tcp_failure(error: &io::Error) -> FailureKind {
    match error.kind() {
        io::ErrorKind::TimedOut => FailureKind::TimedOut,
        _ => FailureKind::NotConnected,
    }
}

/// Why the TLS handshake failed: for what it found, or for the connection under it.
pub(super) fn handshake_failure(error: &io::Error) -> FailureKind {
    tls_error(error).map_or_else(|| tcp_failure(error), tls_failure)
}

/// Why a request that was handed to a connection has no answer. It may have been sent, all or some of it.
pub(super) fn classify(error: &hyper::Error) -> Failure {
    let io = error.source().and_then(|source| source.downcast_ref::<io::Error>());
    Failure::after_sending(match io {
        // A client of the library is told this by its words only.
        _ if error.is_parse() && error.to_string().contains("too large") => FailureKind::AnswerTooLong,
        _ if error.is_parse() => FailureKind::AnswerUnreadable,
        Some(error) => lost(error),
        None => FailureKind::ConnectionLost,
    })
}

fn lost(error: &io::Error) -> FailureKind {
    match (tls_error(error), error.kind()) {
        (Some(error), _) => tls_failure(error),
        (None, io::ErrorKind::TimedOut) => FailureKind::TimedOut,
        // A body that breaks the rules of chunks.
        (None, io::ErrorKind::InvalidData) => FailureKind::AnswerUnreadable,
        (None, _) => FailureKind::ConnectionLost,
    }
}

/// The TLS library's own error in one of a stream.
fn tls_error(error: &io::Error) -> Option<&TlsError> {
    error.get_ref()?.downcast_ref()
}

fn tls_failure(error: &TlsError) -> FailureKind {
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
