//! The engine: it carries out what the flow decides, through ports. It decides nothing about money.

mod acknowledge;
mod challenge;
mod client;
mod documented_merchant;
mod driver;
mod effects;
mod gateway;
mod invoices;
mod lock;
mod orders;
mod pending;
mod ports;
mod request;
mod running;
mod sale;
mod saving;
mod scrub;
mod spent;
mod storage;
mod stored_card;

pub use challenge::Challenge;
pub use client::{ClientError, SaleClient};
pub use documented_merchant::DocumentedMerchant;
pub use pending::{DamagedSale, ForeignSale, PendingSale, PendingSales, SnapshotProblem};
pub use ports::Ports;
pub use request::SaleRequest;
pub use running::RunningSales;
pub use sale::{Sale, States};
