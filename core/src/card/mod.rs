use serde::{Deserialize, Serialize};
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct CardSummary(String);
#[derive(Debug)]
pub struct CardNumber;
impl CardNumber {
    pub fn expose(&self) -> &str {
        ""
    }
}
#[derive(Debug)]
pub struct SecurityCode;
impl SecurityCode {
    pub fn expose(&self) -> &str {
        ""
    }
}
#[derive(Debug)]
pub struct Expiry;
impl Expiry {
    pub fn month(&self) -> u8 {
        1
    }
    pub fn year(&self) -> u16 {
        1
    }
}
#[derive(Debug)]
pub enum HolderName {
    FirstLast { first: String, last: String },
    Printed(String),
}
#[derive(Debug)]
pub struct Holder(HolderName);
impl Holder {
    pub fn name(&self) -> &HolderName {
        &self.0
    }
}
#[derive(Debug)]
pub struct Card {
    n: CardNumber,
    e: Expiry,
    h: Holder,
    s: SecurityCode,
}
impl Card {
    pub fn number(&self) -> &CardNumber {
        &self.n
    }
    pub fn expiry(&self) -> &Expiry {
        &self.e
    }
    pub fn holder(&self) -> &Holder {
        &self.h
    }
    pub fn security_code(&self) -> &SecurityCode {
        &self.s
    }
}
