use crate::*;
use serde::{Deserialize, Serialize};
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Currency(String);
impl Currency {
    pub fn code(&self) -> &str {
        &self.0
    }
}
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Money {
    minor: i64,
    currency: Currency,
}
impl Money {
    pub fn from_minor_units(minor: i64, c: &str) -> Result<Self, InputError> {
        Ok(Self {
            minor,
            currency: Currency(c.to_owned()),
        })
    }
    pub fn minor_units(&self) -> i64 {
        self.minor
    }
    pub fn currency(&self) -> &Currency {
        &self.currency
    }
}
