//! The record: every message that the servers see, redacted when it is put in, judged by the protocol's rules, its signature
//! explained. Who shows it is the inspector.
//!
//! The servers' own handlers know nothing of it; it sits around them (`layer`, `call`, `door`) and listens to what they report
//! (`report`).

mod call;
pub(crate) mod checks;
mod claim;
mod curl;
pub(crate) mod exchange;
mod explain;
mod failed_connection;
mod layer;
mod mistake;
mod path;
mod pending;
pub(crate) mod recorder;
pub(crate) mod redact;
mod report;
mod signed;
mod variants;

pub(crate) use self::{
    call::Call,
    exchange::{Role, SaleState},
    failed_connection::{FailedConnections, first_bytes},
    layer::recorded,
    recorder::Recorder,
    report::Report,
    signed::{Claim, Part, Treatment},
};
