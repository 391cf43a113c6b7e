//! Which servers the default transport trusts.

use super::pin::PublicKeyPin;

/// TLS settings of the default transport.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TlsSettings {
    /// PEM text with certificates to trust besides Mozilla's roots: for a sandbox, or for a company's own CA.
    pub extra_roots_pem: Option<String>,
    /// Pinned public keys: the server's chain must contain one of its host's pins. None by default, because pins lock
    /// out old app versions when a key changes.
    pub pins: Vec<PublicKeyPin>,
}
