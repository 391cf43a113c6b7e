//! A request that got no answer: whether it may have arrived, and what went wrong.

use serde::{Deserialize, Serialize};

use crate::json::stored_words;

/// Whether the server can have seen the request. This decides what may be sent again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Sent {
    /// It failed before the first byte of the request was sent (DNS, connection, TLS).
    CertainlyNot,
    /// Some of the request may have arrived, and the server may have acted on it.
    Possibly,
}

/// A request that got no answer.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Failure {
    /// Whether the server can have seen the request.
    pub sent: Sent,
    /// What went wrong.
    pub kind: FailureKind,
}

impl Failure {
    /// A failure before the first byte of the request was sent.
    pub const fn before_sending(kind: FailureKind) -> Self {
        Self {
            sent: Sent::CertainlyNot,
            kind,
        }
    }

    /// A failure after which the request may have arrived.
    pub const fn after_sending(kind: FailureKind) -> Self {
        Self {
            sent: Sent::Possibly,
            kind,
        }
    }
}

/// What went wrong with a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(not(feature = "exhaustive"), non_exhaustive)]
pub enum FailureKind {
    /// The host's name could not be resolved.
    NameNotResolved,
    /// No connection: refused, unreachable, or no network.
    NotConnected,
    /// No answer came in time.
    TimedOut,
    /// The connection broke.
    ConnectionLost,
    /// The certificate's authority is not trusted: an intercepting proxy, or a private authority that was not
    /// configured.
    CertificateUntrusted,
    /// The server sent its own certificate without the intermediate certificate of its public authority. The server's
    /// administrator has to install the whole chain. Browsers that fetch the missing certificate themselves hide this
    /// problem.
    CertificateChainIncomplete,
    /// A key or a signature in the chain is too weak: RSA under 2048 bits, or SHA-1.
    CertificateTooWeak,
    /// The certificate has expired (or this device's clock is ahead).
    CertificateExpired,
    /// The certificate is not valid yet (or this device's clock is behind).
    CertificateNotYetValid,
    /// The certificate is for another host.
    CertificateWrongHost,
    /// The chain is trusted, but it contains none of the pinned keys.
    CertificateNotPinned,
    /// The server and this device have no TLS version or no cipher suite in common. SaleKit supports TLS 1.2 and 1.3
    /// with forward secrecy.
    TlsIncompatible,
    /// The TLS handshake failed for another reason.
    TlsFailed,
    /// The answer was longer than any answer of the protocol can be.
    AnswerTooLong,
    /// The answer is not HTTP, or cannot be read.
    AnswerUnreadable,
    /// The app's own code (its transport or merchant backend) failed.
    CallbackFailed,
}

impl FailureKind {
    /// The failure as a sentence for a developer.
    pub const fn message(self) -> &'static str {
        match self {
            Self::NameNotResolved => "the host's name could not be resolved",
            Self::NotConnected => "no connection could be made",
            Self::TimedOut => "no answer in time",
            Self::ConnectionLost => "the connection broke",
            Self::CertificateUntrusted => {
                "the certificate is from an unknown authority: is a proxy intercepting the connection?"
            }
            Self::CertificateChainIncomplete => {
                "the server does not send its intermediate certificate; install the whole chain there"
            }
            Self::CertificateTooWeak => {
                "a key or signature in the certificate chain is too weak (RSA under 2048 bits, or SHA-1)"
            }
            Self::CertificateExpired => "the certificate has expired, or the device's clock is ahead",
            Self::CertificateNotYetValid => "the certificate is not valid yet, or the device's clock is behind",
            Self::CertificateWrongHost => "the certificate is for another host",
            Self::CertificateNotPinned => "the certificate chain holds none of the pinned keys",
            Self::TlsIncompatible => "the server and this device have no TLS version or cipher suite in common",
            Self::TlsFailed => "the TLS handshake failed",
            Self::AnswerTooLong => "the answer was too long",
            Self::AnswerUnreadable => "the answer was not readable",
            Self::CallbackFailed => "the app's own code failed",
        }
    }

    /// Whether trying again at once cannot help: a problem with a certificate does not go away by itself.
    pub const fn is_permanent(self) -> bool {
        matches!(
            self,
            Self::CertificateUntrusted
                | Self::CertificateChainIncomplete
                | Self::CertificateTooWeak
                | Self::CertificateExpired
                | Self::CertificateNotYetValid
                | Self::CertificateWrongHost
                | Self::CertificateNotPinned
                | Self::TlsIncompatible
                | Self::TlsFailed
                | Self::CallbackFailed
        )
    }
}

impl std::fmt::Display for FailureKind {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(self.message())
    }
}

stored_words!(FailureKind {
    NameNotResolved,
    NotConnected,
    TimedOut,
    ConnectionLost,
    CertificateUntrusted,
    CertificateChainIncomplete,
    CertificateTooWeak,
    CertificateExpired,
    CertificateNotYetValid,
    CertificateWrongHost,
    CertificateNotPinned,
    TlsIncompatible,
    TlsFailed,
    AnswerTooLong,
    AnswerUnreadable,
    CallbackFailed,
});
