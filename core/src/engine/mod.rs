//! The engine: does what the flow asks, through ports. It decides nothing about money.

mod client;
mod documented_shop;
mod driver;
mod effects;
mod gateway;
mod pending;
mod registry;
mod request;
mod sale;
mod scrub;
mod storage;
mod stored_card;

pub use client::{ClientError, Ports, SaleClient};
pub use documented_shop::DocumentedShop;
pub use pending::{DamagedSnapshot, Pending, PendingSale, SnapshotProblem};
pub use request::SaleRequest;
pub use sale::{Sale, States};
