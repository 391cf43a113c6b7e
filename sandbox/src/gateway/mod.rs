//! The payment gateway: its two DAPI messages, its 3-D Secure pages, and its calls to the merchant's server.

mod app;
pub(crate) mod by_hand;
pub(crate) mod callback;
mod challenge;
mod check;
mod ending;
mod form;
mod guide;
mod html;
mod mapping;
mod merchant_call;
mod page;
mod pages;
mod perform;
mod processing;
mod sale;
mod server;
mod state;
mod vault;
mod words;

pub(crate) use self::{
    sale::End,
    server::{Served, serve},
    state::State,
};
