//! A sale that was made, and in which way.

use std::time::Duration;

use serde::{Deserialize, Serialize};

/// A way of selling.
#[derive(Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Way {
    /// SaleKit, connections warmed, with an access token.
    Warmed,
    /// SaleKit, nothing warm, with an access token.
    Cold,
    /// SaleKit, nothing warm, without an access token.
    ColdWithoutToken,
    /// A `reqwest` client a call.
    ReqwestEachCall,
    /// One `reqwest` client.
    ReqwestOne,
    /// One OkHttp client on the JVM, with Android's TLS.
    OkHttp,
}

/// A sale that was approved.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct Sold {
    pub(crate) way: Way,
    /// From the tap to the outcome.
    pub(crate) took: Duration,
    /// What was waited on purpose between requests.
    pub(crate) waited: Duration,
    /// In how many waits.
    pub(crate) waits: usize,
    pub(crate) invoice_id: String,
}
