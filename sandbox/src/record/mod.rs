//! The record: every message that the servers see, redacted when it is put in, judged by the protocol's rules, its signature
//! explained. Who shows it is the inspector.
//!
//! The servers' own handlers know nothing of it; it sits around them (`layer`, `call`, `door`) and listens to what they report
//! (`report`).

mod call;
pub(crate) mod checks;
mod claim;
mod curl;
mod door;
pub(crate) mod exchange;
mod explain;
mod layer;
mod mistake;
mod open;
mod path;
pub(crate) mod recorder;
pub(crate) mod redact;
mod report;
mod signed;
mod variants;

pub(crate) use self::{
    call::Call,
    door::{Door, first_bytes},
    exchange::{Role, SaleState},
    layer::recorded,
    recorder::Recorder,
    report::Report,
    signed::{Claim, Part, Treatment},
};
