//! The id of a sale on this device.

use serde::{Deserialize, Serialize};

use super::error::{InputError, Rule};
use crate::json::{Stored, Value, text};

/// SaleKit's own id of a sale: 32 random lower-case hexadecimal digits, created before the merchant or the gateway
/// knows the sale.
///
/// Stores may use it as a file name: it contains nothing else, and ids from servers never become one.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct SaleId(String);

impl SaleId {
    /// The id made of 16 random bytes.
    pub fn from_random(bytes: [u8; 16]) -> Self {
        Self(format!("{:032x}", u128::from_be_bytes(bytes)))
    }

    /// The key under which the store keeps the invoices of removed sales. No sale has this id.
    pub(crate) fn of_spent_invoices() -> Self {
        Self::from_random([0; 16])
    }

    /// Whether a sale can have this id.
    pub(crate) fn is_of_a_sale(&self) -> bool {
        // Without making the other id: this is asked of every stored sale at every commit.
        self.0.bytes().any(|digit| digit != b'0')
    }

    /// Parses an id that SaleKit created earlier.
    ///
    /// # Errors
    /// [`InputError`] for `saleId` if `text` is not such an id.
    pub fn parse(text: &str) -> Result<Self, InputError> {
        let is_id = text.len() == 32 && text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
        if is_id {
            Ok(Self(text.to_owned()))
        } else {
            Err(InputError::new(
                "saleId",
                Rule::Format {
                    example: "0123456789abcdef0123456789abcdef",
                },
            ))
        }
    }

    /// The 32 digits.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Display for SaleId {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(&self.0)
    }
}

impl TryFrom<String> for SaleId {
    type Error = InputError;

    fn try_from(text: String) -> Result<Self, InputError> {
        Self::parse(&text)
    }
}

impl From<SaleId> for String {
    fn from(id: SaleId) -> Self {
        id.0
    }
}

impl Stored for SaleId {
    fn read(value: Value<'_>) -> Option<Self> {
        Self::parse(&text(value)?).ok()
    }
}

#[cfg(test)]
mod tests {
    use super::SaleId;

    #[test]
    fn an_id_is_never_a_path() {
        let id = SaleId::from_random([0xab; 16]);
        assert_eq!(SaleId::parse(id.as_str()).unwrap(), id);
        for text in [
            "",
            "..",
            "../../../../etc/passwd",
            &"A".repeat(32),
            &"a".repeat(31),
            &format!("{id}/"),
        ] {
            assert!(SaleId::parse(text).is_err(), "{text}");
        }
    }

    #[test]
    fn the_spent_invoices_are_no_sale() {
        assert!(!SaleId::of_spent_invoices().is_of_a_sale());
        assert!(SaleId::from_random([0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1]).is_of_a_sale());
    }
}
