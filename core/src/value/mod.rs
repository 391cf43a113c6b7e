//! What a sale is about, without its card: money, the payer, the device, the place, ids, secrets and time. Every value is
//! checked when it is made, and an error names the field and the rule, never the value.
//!
//! `text` and `typed` are the rules for what people and devices write; other rooms use them for their own values.

mod consumer;
mod currency;
mod error;
mod location;
mod money;
mod parties;
mod sale_id;
mod secret;
pub(crate) mod text;
mod time;
pub(crate) mod typed;

pub(crate) use consumer::EMAIL;
pub use consumer::{Consumer, ConsumerParts};
pub use currency::Currency;
pub use error::{InputError, Rule};
pub use location::SaleLocation;
pub use money::Money;
pub use parties::{MerchantServer, Parties};
pub use sale_id::SaleId;
pub use secret::Secret;
pub use time::Timestamp;
