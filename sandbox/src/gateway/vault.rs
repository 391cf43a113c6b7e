//! Cards the gateway gave references for. Holds a keyed hash of each PAN, its first six and last four digits; never
//! the PAN, and nothing at all of a security code. The hash's key lies in the same database, which would not do for
//! cards that are worth something.

use std::path::Path;

use ring::hmac;
use rusqlite::{OptionalExtension as _, params};

use crate::{error::SandboxError, protocol::random, stage::store::Store};

const SCHEMA: &str = "
CREATE TABLE IF NOT EXISTS gateway_key (id INTEGER PRIMARY KEY CHECK (id = 1), bytes BLOB NOT NULL);
CREATE TABLE IF NOT EXISTS gateway_card (
    card_mac TEXT PRIMARY KEY, pan_mac TEXT NOT NULL, server_card_id TEXT NOT NULL UNIQUE,
    unique_reference INTEGER NOT NULL, bin TEXT NOT NULL, last_four TEXT NOT NULL);
CREATE INDEX IF NOT EXISTS gateway_card_by_pan ON gateway_card (pan_mac);
CREATE TABLE IF NOT EXISTS gateway_mapping (
    server_card_id TEXT NOT NULL, serial_number TEXT NOT NULL, email TEXT,
    PRIMARY KEY (server_card_id, serial_number));
";

/// A card without its number.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Fingerprint {
    card_mac: String,
    pan_mac: String,
    pub(crate) bin: String,
    pub(crate) last_four: String,
}

/// The references of a card.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct CardReference {
    /// The same for the same PAN and expiry.
    pub(crate) server_card_id: String,
    /// The same for the same PAN.
    pub(crate) unique_reference: i64,
    pub(crate) bin: String,
    pub(crate) last_four: String,
}

pub(crate) struct Vault {
    store: Store,
    key: hmac::Key,
}

impl Vault {
    pub(crate) fn open(file: Option<&Path>) -> Result<Self, SandboxError> {
        let store = Store::open(file, SCHEMA)?;
        let fresh = random::bytes::<32>()?;
        let bytes: Vec<u8> = store.with(|db| {
            db.execute(
                "INSERT OR IGNORE INTO gateway_key (id, bytes) VALUES (1, ?1)",
                params![fresh.as_slice()],
            )?;
            db.query_row("SELECT bytes FROM gateway_key", [], |row| row.get(0))
        })?;
        Ok(Self {
            store,
            key: hmac::Key::new(hmac::HMAC_SHA256, &bytes),
        })
    }

    /// What stands for a card from here on. `number` is 9 to 19 digits.
    pub(crate) fn fingerprint(&self, number: &str, expiry: (i64, i64)) -> Fingerprint {
        let mut context = hmac::Context::with_key(&self.key);
        context.update(number.as_bytes());
        let pan_mac = random::hex(context.clone().sign().as_ref());
        context.update(format!("|{:04}-{:02}", expiry.0, expiry.1).as_bytes());
        Fingerprint {
            card_mac: random::hex(context.sign().as_ref()),
            pan_mac,
            bin: number.chars().take(6).collect(),
            last_four: number.chars().skip(number.len().saturating_sub(4)).collect(),
        }
    }

    /// References for a card, new or as given before; remembers the e-mail its device used with it, or that it used
    /// none.
    pub(crate) fn issue(
        &self,
        card: &Fingerprint,
        serial_number: &str,
        email: Option<&str>,
    ) -> Result<CardReference, SandboxError> {
        let (server_card_id, unique_reference) = (random::number()?.to_string(), random::reference()?);
        let reference = self.store.with(|db| {
            db.execute(
                "INSERT OR IGNORE INTO gateway_card
                     (card_mac, pan_mac, server_card_id, unique_reference, bin, last_four)
                 VALUES (?1, ?2, ?3,
                     coalesce((SELECT unique_reference FROM gateway_card WHERE pan_mac = ?2 LIMIT 1), ?4), ?5, ?6)",
                params![
                    card.card_mac,
                    card.pan_mac,
                    server_card_id,
                    unique_reference,
                    card.bin,
                    card.last_four
                ],
            )?;
            let reference = db.query_row(
                "SELECT server_card_id, unique_reference, bin, last_four FROM gateway_card WHERE card_mac = ?1",
                [&card.card_mac],
                read_reference,
            )?;
            db.execute(
                "INSERT INTO gateway_mapping (server_card_id, serial_number, email) VALUES (?1, ?2, ?3)
                 ON CONFLICT DO UPDATE SET email = excluded.email",
                params![reference.server_card_id, serial_number, email],
            )?;
            Ok(reference)
        })?;
        Ok(reference)
    }

    /// The card of a reference; `None` if this gateway never gave it.
    pub(crate) fn find(&self, server_card_id: &str) -> Result<Option<CardReference>, SandboxError> {
        let found = self.store.with(|db| {
            db.query_row(
                "SELECT server_card_id, unique_reference, bin, last_four FROM gateway_card WHERE server_card_id = ?1",
                [server_card_id],
                read_reference,
            )
            .optional()
        })?;
        Ok(found)
    }

    /// The e-mail the device's mapping transaction of this card carried.
    pub(crate) fn mapped_email(
        &self,
        server_card_id: &str,
        serial_number: &str,
    ) -> Result<Option<String>, SandboxError> {
        let email = self.store.with(|db| {
            db.query_row(
                "SELECT email FROM gateway_mapping WHERE server_card_id = ?1 AND serial_number = ?2",
                [server_card_id, serial_number],
                |row| row.get(0),
            )
            .optional()
        })?;
        Ok(email.flatten())
    }
}

fn read_reference(row: &rusqlite::Row<'_>) -> rusqlite::Result<CardReference> {
    Ok(CardReference {
        server_card_id: row.get(0)?,
        unique_reference: row.get(1)?,
        bin: row.get(2)?,
        last_four: row.get(3)?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn references_follow_pan_and_expiry_and_no_pan_is_kept() {
        let vault = Vault::open(None).unwrap();
        let card = |expiry| vault.fingerprint("4111111111111111", expiry);
        let first = vault.issue(&card((2030, 1)), "device", Some("a@example.com")).unwrap();
        assert_eq!(vault.issue(&card((2030, 1)), "device", None).unwrap(), first);
        let renewed = vault.issue(&card((2031, 1)), "device", None).unwrap();
        assert_ne!(renewed.server_card_id, first.server_card_id);
        assert_eq!(renewed.unique_reference, first.unique_reference);
        let other = vault
            .issue(&vault.fingerprint("5555555555554444", (2030, 1)), "device", None)
            .unwrap();
        assert_ne!(other.unique_reference, first.unique_reference);
        assert_eq!((first.bin.as_str(), first.last_four.as_str()), ("411111", "1111"));
        assert!(!format!("{:?}", card((2030, 1))).contains("4111111111111111"));
        assert_eq!(vault.find(&first.server_card_id).unwrap(), Some(first));
        assert_eq!(vault.find("805112").unwrap(), None);
    }

    #[test]
    fn a_unique_reference_fits_an_integer_of_32_bits() {
        let vault = Vault::open(None).unwrap();
        for last in 0..200 {
            let card = vault.fingerprint(&format!("411111111111{last:04}"), (2030, 1));
            let reference = vault.issue(&card, "device", None).unwrap().unique_reference;
            assert!(
                i32::try_from(reference).is_ok_and(|reference| reference > 0),
                "{reference}"
            );
        }
    }

    #[test]
    fn the_e_mail_of_the_latest_mapping_of_a_device_counts() {
        let vault = Vault::open(None).unwrap();
        let card = vault.fingerprint("4111111111111111", (2030, 1));
        let id = vault.issue(&card, "one", Some("a@example.com")).unwrap().server_card_id;
        assert_eq!(
            vault.mapped_email(&id, "one").unwrap().as_deref(),
            Some("a@example.com")
        );
        assert_eq!(vault.mapped_email(&id, "two").unwrap(), None);
        vault.issue(&card, "one", None).unwrap();
        assert_eq!(vault.mapped_email(&id, "one").unwrap(), None);
    }
}
