//! What every test of a whole sale needs: an app's request, virtual time, and a folder on the disk.

#![allow(
    dead_code,
    unreachable_pub,
    reason = "every test is a crate of its own and uses a part of it"
)]

use std::{
    path::{Path, PathBuf},
    time::Duration,
};

use salekit_core::{
    Card, CardNumber, Clock, Consumer, Expiry, Holder, PortFuture, SaleRequest, SecurityCode, Timestamp,
};
use tokio::time::Instant;

/// The card number of every sale; a well-known test number.
pub const PAN: &str = "4111111111111111";

/// A sale of 10.50 EUR by card.
pub fn request() -> SaleRequest {
    let number = CardNumber::parse(PAN).unwrap();
    let (expiry, holder) = (
        Expiry::parse("12/2040").unwrap(),
        Holder::printed("ADA LOVELACE").unwrap(),
    );
    let card = Card::new(number, expiry, holder, SecurityCode::parse("123").unwrap()).unwrap();
    let consumer = Consumer::new("device-0001").unwrap();
    SaleRequest::new("10.50 EUR".parse().unwrap(), consumer, card)
}

/// The test runtime's virtual time as a wall clock.
pub struct VirtualClock(Instant);

impl VirtualClock {
    pub fn new() -> Self {
        Self(Instant::now())
    }
}

impl Clock for VirtualClock {
    fn now(&self) -> Timestamp {
        Timestamp(1_800_000_000_000).plus(self.0.elapsed().as_millis() as u64)
    }

    fn sleep(&self, duration: Duration) -> PortFuture<'static, ()> {
        Box::pin(tokio::time::sleep(duration))
    }
}

/// A new folder that is removed when dropped.
pub struct Folder(PathBuf);

impl Folder {
    pub fn new() -> Self {
        let mut random = [0; 8];
        getrandom::fill(&mut random).unwrap();
        let path = std::env::temp_dir().join(format!("salekit-test-{:016x}", u64::from_ne_bytes(random)));
        std::fs::create_dir_all(&path).unwrap();
        Self(path)
    }

    pub fn path(&self) -> &Path {
        &self.0
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}
