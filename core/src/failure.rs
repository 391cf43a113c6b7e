//! A request that got no answer: whether it can have arrived, and what went wrong.

use serde::{Deserialize, Serialize};

/// Whether the other side can have seen the request. The one question that decides what may be sent again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Sent {
    /// It failed before the first byte of the request (name, connection, TLS).
    CertainlyNot,
    /// Some of it may have arrived, and may have been acted on.
    Possibly,
}

/// A request without an answer.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Failure {
    /// Whether the other side can have seen the request.
    pub sent: Sent,
    /// What went wrong.
    pub kind: FailureKind,
}

impl Failure {
    /// A failure before the first byte of the request.
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
pub enum FailureKind {
    /// The host's name could not be resolved.
    NameNotResolved,
    /// No connection: refused, unreachable, or no network at all.
    NotConnected,
    /// The time was over.
    TimedOut,
    /// The connection broke.
    ConnectionLost,
    /// The certificate comes from an authority that is not trusted: an intercepting proxy, or a private authority
    /// that was not configured.
    CertificateUntrusted,
    /// The server sent its own certificate without the intermediate one that a public authority signed it with: its
    /// administrator has to install the whole chain. Browsers that find the missing one elsewhere hide this.
    CertificateChainIncomplete,
    /// A key or a signature in the chain is of a kind that is not accepted any more: RSA under 2048 bits, SHA-1.
    CertificateTooWeak,
    /// The certificate has expired (or this device's clock is ahead).
    CertificateExpired,
    /// The certificate is not valid yet (or this device's clock is behind).
    CertificateNotYetValid,
    /// The certificate is for another host.
    CertificateWrongHost,
    /// The chain is trusted but holds none of the pinned keys.
    CertificateNotPinned,
    /// The server and this device have no TLS version or no cipher suite in common (TLS 1.2 and 1.3 are spoken here,
    /// with forward secrecy).
    TlsIncompatible,
    /// The TLS handshake failed for another reason.
    TlsFailed,
    /// The answer was longer than any answer of the protocol.
    AnswerTooLong,
    /// What came back is not HTTP, or not readable.
    AnswerUnreadable,
    /// The app's own code (a transport or a merchant backend that it brought) failed.
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
                "the server does not send the intermediate certificate of its authority; it has to be installed there"
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

    /// Whether trying again at once cannot help: what is wrong with a certificate stays wrong.
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
