//! Why the sandbox could not start. Errors of the protocol are answers, not these.

use std::io;

/// The sandbox did not start.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SandboxError {
    /// The control key is not hex of an even length once its dashes are gone.
    #[error("the control key must be an even number of hex digits, with or without dashes")]
    ControlKey,
    /// The endpoint id would not fit the protocol.
    #[error("the endpoint id must be 1 to 20 digits")]
    EndpointId,
    /// A port could not be taken.
    #[error("cannot listen on {address}")]
    Listen {
        /// The address asked for.
        address: String,
        /// What the system said.
        source: io::Error,
    },
    /// A URL built from the configuration is none.
    #[error("{what} does not make a url: {source}")]
    Url {
        /// Which part of the configuration.
        what: &'static str,
        /// What is wrong with it.
        source: url::ParseError,
    },
    /// The throw-away authority or its certificate could not be made.
    #[error("cannot make a certificate")]
    Certificate(#[from] rcgen::Error),
    /// A certificate to trust could not be read, or TLS could not be set up.
    #[error("cannot set up tls: {reason}")]
    Tls {
        /// What is wrong.
        reason: String,
    },
    /// The client for calls between the parties could not be made.
    #[error("cannot make an http client")]
    Client(#[from] reqwest::Error),
    /// The database could not be opened.
    #[error("cannot open the database")]
    Database(#[from] rusqlite::Error),
    /// The system gave no random bytes.
    #[error("the system gave no random bytes")]
    Random,
    /// The authority's certificate could not be written.
    #[error("cannot write {path}")]
    WriteCertificate {
        /// The file asked for.
        path: String,
        /// What the system said.
        source: io::Error,
    },
    /// The authority in a folder could not be used.
    #[error("{path}: {reason}")]
    Authority {
        /// The folder or the file.
        path: String,
        /// What is wrong, and what to do.
        reason: String,
    },
    /// A script could not be read.
    #[error("cannot read the script: {reason}")]
    Script {
        /// What is wrong.
        reason: String,
    },
    /// The address of a merchant's server cannot be used.
    #[error("{url}: {reason}")]
    MerchantUrl {
        /// The address.
        url: String,
        /// What is wrong, and what to do.
        reason: &'static str,
    },
    /// A header cannot be sent.
    #[error("the header {name} has a name or a value that cannot be sent")]
    Header {
        /// Its name.
        name: String,
    },
    /// A page of the challenge could not be used.
    #[error("cannot use the challenge's page: {reason}")]
    Page {
        /// What is wrong.
        reason: String,
    },
}
