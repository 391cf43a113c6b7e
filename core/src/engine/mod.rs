//! The engine: it carries out what the flow decides, through ports. It never decides charged or not charged.

mod acknowledge;
mod client;
mod driver;
mod effects;
mod error;
mod gateway;
mod instruments;
mod invoices;
mod lock;
mod orders;
mod pending;
mod request;
mod resuming;
mod running;
mod sale;
mod saving;
pub(crate) mod scrub;
mod spent;
mod states;
mod storage;
mod stored_card;
mod writing;

pub use client::SaleClient;
pub use error::ClientError;
pub use pending::{DamagedSale, ForeignSale, PendingSale, PendingSales, SnapshotProblem};
pub use request::SaleRequest;
pub use running::RunningSales;
pub use sale::Sale;
pub use states::States;
