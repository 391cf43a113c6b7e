//! The messages that an app exchanges with the gateway and with the merchant's server: one file for each message.
//!
//! Requests are written exactly as documented. Answers are read member by member (`json`), because an unusual member or
//! byte must not hide that money moved: unknown members are ignored, numbers are accepted as text and text as numbers,
//! and dates stay text. If a member occurs twice with different values, the last one counts; but in a state, an id or a
//! token that is a contradiction, and the answer is not usable. Each file also decides what an answer *means* for the
//! sale. The flow decides what to do about it.

mod body;
mod error;
pub mod initiate;
pub mod merchant;
mod order_reference;
mod part;
pub mod perform;
pub(crate) mod redaction;
pub mod redirect;
mod reply;
pub mod status;
mod stored_card;
mod text;
mod token;

pub use body::Body;
pub use error::{Cause, ErrorObject, ErrorResponse};
pub use order_reference::OrderReference;
pub use reply::Reply;
pub use status::ThreeDSecureStatus;
pub use stored_card::{CardExpiry, StoredCard};
pub use text::plain;
pub use token::check_token;
