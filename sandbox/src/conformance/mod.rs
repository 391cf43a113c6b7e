//! A conformance run against a merchant's server: plays app and gateway, does what they do and what they must not get away with,
//! and reports what the server made of it. No gateway has to run, and no card data is sent.
//!
//! What is checked, and what the protocol says to it, is `rules`; in which order, `course`; how, `initiate`, `session_token`,
//! `check`, `mapping`, `stored_card` and `callback`.

mod callback;
mod caller;
mod check;
mod course;
mod initiate;
mod mapping;
mod one_order;
mod plan;
mod report;
mod rules;
mod run;
mod sale;
mod session_token;
mod stored_card;

pub use self::{
    plan::MerchantCheck,
    report::{CheckResult, ConformanceCheck, ConformanceReport},
};
