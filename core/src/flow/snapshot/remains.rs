//! What can still be read of a snapshot that is incomplete, damaged or of a later version.

use super::Snapshot;
use crate::{
    json::{Stored, first_text, first_value},
    value::Money,
};

/// The longest invoice id that a damaged snapshot can have.
const LONGEST_INVOICE_ID: usize = 128;
/// The longest merchant order id that a sale can have.
const LONGEST_MERCHANT_ORDER_ID: usize = 256;

/// Identifies the sale of a damaged snapshot to people and to the merchant's server. Each part is there if its name and
/// its value are complete. Use it only to ask the merchant's server, because it may be damaged too.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Remains {
    /// `invoiceId`.
    pub invoice_id: Option<String>,
    /// The merchant's id of the order.
    pub merchant_order_id: Option<String>,
    /// The amount that was to be charged.
    pub amount: Option<Money>,
}

impl Snapshot {
    /// Reads what can still be read of `bytes`, whatever is wrong with them.
    pub fn remains_in(bytes: &[u8]) -> Remains {
        Remains {
            invoice_id: Self::invoice_id_in(bytes),
            // Version 1 called it a label.
            merchant_order_id: ["merchant_order_id", "label"]
                .iter()
                .find_map(|name| text_in(bytes, name, LONGEST_MERCHANT_ORDER_ID)),
            amount: values_in(bytes, "amount").find_map(|value| Money::read(first_value(value)?)),
        }
    }

    /// `invoiceId` of the sale in `bytes`, as in [`Remains`].
    pub fn invoice_id_in(bytes: &[u8]) -> Option<String> {
        text_in(bytes, "invoice_id", LONGEST_INVOICE_ID)
    }
}

fn text_in(bytes: &[u8], name: &str, longest: usize) -> Option<String> {
    let text = values_in(bytes, name).find_map(first_text)?;
    let is_plausible = (1..=longest).contains(&text.chars().count()) && !text.chars().any(char::is_control);
    is_plausible.then_some(text)
}

/// The bytes after each member with this name. Inside a text every quotation mark has a backslash, so a text cannot
/// look like a name.
fn values_in<'a>(bytes: &'a [u8], name: &str) -> impl Iterator<Item = &'a [u8]> {
    let name = format!("\"{name}\"").into_bytes();
    (0..bytes.len()).filter_map(move |place| {
        let value = bytes.get(place..)?.strip_prefix(name.as_slice())?;
        value.trim_ascii_start().strip_prefix(b":")
    })
}
