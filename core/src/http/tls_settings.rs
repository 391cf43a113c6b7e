//! Whom the default transport trusts.

use super::PublicKeyPin;

/// Trust of the default transport.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TlsSettings {
    /// PEM text with certificates that are trusted besides Mozilla's roots: for a sandbox, or a company's own CA.
    pub extra_roots_pem: Option<String>,
    /// Public keys of which each server's chain must hold one. None by default: pins lock out old app versions when
    /// a key changes.
    pub pins: Vec<PublicKeyPin>,
}
