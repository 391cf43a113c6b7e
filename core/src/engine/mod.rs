//! The engine: does what the flow asks, through ports. It decides nothing about money.

mod acknowledge;
mod client;
mod documented_shop;
mod driver;
mod effects;
mod gateway;
mod invoices;
mod lock;
mod orders;
mod pending;
mod request;
mod running;
mod sale;
mod saving;
mod scrub;
mod spent;
mod storage;
mod stored_card;

pub use client::{ClientError, Ports, SaleClient};
pub use documented_shop::DocumentedShop;
pub use pending::{DamagedSnapshot, ForeignSale, Pending, PendingSale, SnapshotProblem};
pub use request::SaleRequest;
pub use running::RunningSales;
pub use sale::{Sale, States};
