//! A proxy in front of a server of the sandbox that breaks connections, requests and answers, and keeps account of
//! it. It ends TLS with a certificate of the sandbox's authority, so that it knows where a request begins and an answer
//! ends; what it breaks is broken on the client's side of it, in real bytes.

mod bomb;
mod connection;
mod fault;
mod forwarding;
mod plan;
mod record;
mod reply;
mod server;
mod upstream;
mod wire;

pub use self::{
    fault::{ConnectionFault, ExchangeFault, Pass},
    plan::FaultPlan,
    record::{Passage, Passing, Totals},
    server::FaultProxy,
};
