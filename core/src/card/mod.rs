//! Cards: the number, its brand, the expiry, the holder, the security code, and the form in which they are typed.
//!
//! Card data exists only in this module and in the body of perform sale. Nothing here is `Clone` or `Serialize` unless
//! it may be shown and stored.

mod brand;
mod calendar;
mod complete;
mod digits;
mod expiry;
mod expiry_digits;
mod form;
mod holder;
mod number;
mod profiles;
mod ranges;
mod security_code;
mod source_of_funds;
mod summary;

pub use brand::CardBrand;
pub use calendar::CalendarMonth;
pub use complete::Card;
pub use expiry::Expiry;
pub use form::{CardField, CardForm, FieldState, HolderFields, Masking, Validity};
pub use holder::{Holder, HolderName};
pub use number::CardNumber;
pub(crate) use number::{is_shown, luhn};
pub use security_code::SecurityCode;
pub(crate) use source_of_funds::check_client_card_id;
pub use source_of_funds::{SourceOfFunds, StoredCardPayment};
pub use summary::{CardSummary, CardSummaryParts};
