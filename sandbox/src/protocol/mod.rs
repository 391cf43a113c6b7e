//! What both servers know of the protocol: how members are read and checked, errors are answered, amounts are written, and
//! messages are signed. Who says what is decided by `gateway` and `merchant`.

pub(crate) mod answer;
pub(crate) mod diagram;
pub(crate) mod fields;
pub(crate) mod money;
pub(crate) mod random;
pub(crate) mod signature;

pub use self::{
    diagram::{Direction, Party},
    signature::HexCase,
};
