//! What the merchant remembers, in SQLite: access tokens, sales, cards of card mappings, callbacks. Never card data: it
//! gets none.

use std::{
    path::Path,
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use rusqlite::{Connection, OptionalExtension as _, Row, params};

use crate::{error::SandboxError, protocol::random, stage::store::Store};

const SCHEMA: &str = "
CREATE TABLE IF NOT EXISTS merchant_access_token (
    token TEXT PRIMARY KEY, serial_number TEXT, expires_at INTEGER NOT NULL);
CREATE INDEX IF NOT EXISTS merchant_access_token_by_end ON merchant_access_token (expires_at);
CREATE TABLE IF NOT EXISTS merchant_sale (
    invoice_id TEXT PRIMARY KEY, serial_number TEXT NOT NULL, access_token TEXT NOT NULL, nonce TEXT NOT NULL,
    signature TEXT NOT NULL, amount INTEGER NOT NULL, currency TEXT NOT NULL, email TEXT,
    session_token TEXT UNIQUE, used_client_card_id TEXT, client_card_id TEXT);
CREATE TABLE IF NOT EXISTS merchant_order (invoice_id TEXT PRIMARY KEY, sale_id TEXT, merchant_order_id TEXT);
CREATE TABLE IF NOT EXISTS merchant_void (invoice_id TEXT PRIMARY KEY);
CREATE TABLE IF NOT EXISTS merchant_card (
    client_card_id TEXT PRIMARY KEY, server_card_id TEXT NOT NULL, serial_number TEXT NOT NULL,
    unique_reference INTEGER, bin TEXT, email TEXT, UNIQUE (server_card_id, serial_number));
CREATE TABLE IF NOT EXISTS merchant_callback (
    status TEXT NOT NULL, type TEXT NOT NULL, order_id TEXT NOT NULL, client_order_id TEXT NOT NULL,
    PRIMARY KEY (status, type, order_id, client_order_id));
";

/// `saleId` and `merchantOrderId`: SaleKit's extension of the messages from the app, which others leave out.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct OrderReference {
    pub(super) sale_id: Option<String>,
    pub(super) merchant_order_id: Option<String>,
}

/// A sale the merchant began.
#[derive(Clone)]
pub(super) struct SaleRecord {
    pub(super) invoice_id: String,
    pub(super) serial_number: String,
    pub(super) access_token: String,
    pub(super) nonce: String,
    pub(super) signature: String,
    pub(super) amount_minor: u64,
    pub(super) currency: String,
    /// Whose the app says it is, in the messages' extension.
    pub(super) order: OrderReference,
    /// From the initiate request: no later message to the merchant carries one.
    pub(super) email: Option<String>,
    /// The gateway's, once check sale told it.
    pub(super) session_token: Option<String>,
    /// The stored card it is paid with, if it is.
    pub(super) used_client_card_id: Option<String>,
    /// The card reference that came of it.
    pub(super) client_card_id: Option<String>,
}

/// A card of a device.
#[derive(Clone)]
pub(super) struct CardRecord {
    pub(super) client_card_id: String,
    pub(super) server_card_id: String,
    pub(super) bin: Option<String>,
    /// Of the sale that brought the card.
    pub(super) email: Option<String>,
}

/// A card as a mapping notification tells it.
pub(super) struct MappedCard {
    pub(super) server_card_id: String,
    pub(super) unique_reference: Option<i64>,
    pub(super) bin: Option<String>,
}

/// What became of a check sale.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Checked {
    /// Accepted: from now on the invoice cannot be voided.
    Accepted,
    /// Refused, the sale has another session already.
    OtherSession,
    /// Refused, the invoice is void.
    Void,
}

/// What is known of the gateway's session for an invoice.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Session {
    /// Nothing: no check sale was accepted yet.
    NotYet,
    /// The token of the check sale that was accepted.
    Token(String),
    /// None was, and none will be.
    Void,
}

pub(super) struct Records {
    store: Store,
}

const SALE: &str = "SELECT invoice_id, serial_number, access_token, nonce, signature, amount, currency, email,
    session_token, used_client_card_id, client_card_id, sale_id, merchant_order_id
    FROM merchant_sale LEFT JOIN merchant_order USING (invoice_id)";

impl Records {
    pub(super) fn open(file: Option<&Path>) -> Result<Self, SandboxError> {
        Ok(Self {
            store: Store::open(file, SCHEMA)?,
        })
    }

    pub(super) fn add_access_token(
        &self,
        token: &str,
        serial: Option<&str>,
        life: Duration,
    ) -> Result<(), SandboxError> {
        let expires_at = millis(SystemTime::now() + life);
        let add = "INSERT INTO merchant_access_token (token, serial_number, expires_at) VALUES (?1, ?2, ?3)";
        Ok(self
            .store
            .with(|db| db.execute(add, params![token, serial, expires_at]).map(|_| ()))?)
    }

    /// Whether the token is alive and belongs to the device; one that belongs to none yet is bound to it.
    pub(super) fn use_access_token(&self, token: &str, serial: &str) -> Result<bool, SandboxError> {
        let now = millis(SystemTime::now());
        let changed = self.store.with(|db| {
            db.execute("DELETE FROM merchant_access_token WHERE expires_at <= ?1", [now])?;
            db.execute(
                "UPDATE merchant_access_token SET serial_number = ?2
                 WHERE token = ?1 AND (serial_number IS NULL OR serial_number = ?2)",
                [token, serial],
            )
        })?;
        Ok(changed == 1)
    }

    pub(super) fn add_sale(&self, sale: &SaleRecord) -> Result<(), SandboxError> {
        let amount = i64::try_from(sale.amount_minor).unwrap_or(i64::MAX);
        let add = "INSERT INTO merchant_sale
            (invoice_id, serial_number, access_token, nonce, signature, amount, currency, email)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)";
        let SaleRecord {
            invoice_id,
            serial_number,
            access_token,
            nonce,
            signature,
            currency,
            email,
            order,
            ..
        } = sale;
        let values = params![
            invoice_id,
            serial_number,
            access_token,
            nonce,
            signature,
            amount,
            currency,
            email
        ];
        let add_order = "INSERT INTO merchant_order (invoice_id, sale_id, merchant_order_id) VALUES (?1, ?2, ?3)";
        Ok(self.store.with(|db| {
            db.execute(add, values)?;
            db.execute(add_order, params![invoice_id, order.sale_id, order.merchant_order_id])
                .map(|_| ())
        })?)
    }

    pub(super) fn sale(&self, invoice_id: &str) -> Result<Option<SaleRecord>, SandboxError> {
        let query = format!("{SALE} WHERE invoice_id = ?1");
        Ok(self
            .store
            .with(|db| db.query_row(&query, [invoice_id], read_sale).optional())?)
    }

    pub(super) fn sale_of_session(&self, session_token: &str) -> Result<Option<SaleRecord>, SandboxError> {
        let query = format!("{SALE} WHERE session_token = ?1");
        Ok(self
            .store
            .with(|db| db.query_row(&query, [session_token], read_sale).optional())?)
    }

    /// Accepts a check sale and keeps what it told, unless the invoice is void or has another session.
    pub(super) fn check(
        &self,
        invoice_id: &str,
        session_token: &str,
        used_client_card_id: Option<&str>,
    ) -> Result<Checked, SandboxError> {
        let accept = "UPDATE merchant_sale SET session_token = ?2, used_client_card_id = ?3
            WHERE invoice_id = ?1 AND (session_token IS NULL OR session_token = ?2)
            AND NOT EXISTS (SELECT 1 FROM merchant_void WHERE invoice_id = ?1)";
        Ok(self.store.with(|db| {
            Ok(
                if db.execute(accept, params![invoice_id, session_token, used_client_card_id])? == 1 {
                    Checked::Accepted
                } else if is_void(db, invoice_id)? {
                    Checked::Void
                } else {
                    Checked::OtherSession
                },
            )
        })?)
    }

    /// What is known of the gateway's session. With `void` the invoice is voided first, if no check sale was accepted:
    /// in one transaction, so that of a check sale and a request to void that come together exactly one succeeds.
    pub(super) fn session(&self, invoice_id: &str, void: bool) -> Result<Session, SandboxError> {
        let void_it = "INSERT INTO merchant_void (invoice_id)
            SELECT invoice_id FROM merchant_sale WHERE invoice_id = ?1 AND session_token IS NULL
            ON CONFLICT (invoice_id) DO NOTHING";
        let token_of = "SELECT session_token FROM merchant_sale WHERE invoice_id = ?1";
        Ok(self.store.with(|db| {
            if void {
                db.execute(void_it, [invoice_id])?;
            }
            let token = db.query_row(token_of, [invoice_id], |row| row.get(0)).optional()?;
            Ok(match token.flatten() {
                Some(token) => Session::Token(token),
                None if is_void(db, invoice_id)? => Session::Void,
                None => Session::NotYet,
            })
        })?)
    }

    /// The stored card of a device.
    pub(super) fn card(&self, client_card_id: &str, serial: &str) -> Result<Option<CardRecord>, SandboxError> {
        let query = "SELECT client_card_id, server_card_id, bin, email FROM merchant_card
            WHERE client_card_id = ?1 AND serial_number = ?2";
        Ok(self
            .store
            .with(|db| db.query_row(query, [client_card_id, serial], read_card).optional())?)
    }

    /// Keeps a card under a random id of ours; the same card of the same device keeps its id.
    pub(super) fn map_card(&self, sale: &SaleRecord, card: &MappedCard) -> Result<(), SandboxError> {
        let fresh = random::uuid()?;
        self.store.with(|db| {
            db.execute(
                "INSERT INTO merchant_card (client_card_id, server_card_id, serial_number, unique_reference, bin, email)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6) ON CONFLICT (server_card_id, serial_number) DO NOTHING",
                params![
                    fresh,
                    card.server_card_id,
                    sale.serial_number,
                    card.unique_reference,
                    card.bin,
                    sale.email
                ],
            )?;
            if sale.used_client_card_id.is_none() {
                // Only a sale with the full card maps it anew; a repeat keeps the e-mail of the mapping.
                db.execute(
                    "UPDATE merchant_card SET email = ?3 WHERE server_card_id = ?1 AND serial_number = ?2",
                    params![card.server_card_id, sale.serial_number, sale.email],
                )?;
            }
            link_card(db, sale, &card.server_card_id)
        })?;
        Ok(())
    }

    /// Notes a callback. False if the same one was noted before.
    pub(super) fn add_callback(
        &self,
        status: &str,
        kind: &str,
        order_id: &str,
        client_order_id: &str,
    ) -> Result<bool, SandboxError> {
        let add =
            "INSERT OR IGNORE INTO merchant_callback (status, type, order_id, client_order_id) VALUES (?1, ?2, ?3, ?4)";
        Ok(self
            .store
            .with(|db| db.execute(add, [status, kind, order_id, client_order_id]))?
            == 1)
    }
}

fn is_void(db: &Connection, invoice_id: &str) -> rusqlite::Result<bool> {
    let query = "SELECT EXISTS (SELECT 1 FROM merchant_void WHERE invoice_id = ?1)";
    db.query_row(query, [invoice_id], |row| row.get(0))
}

fn link_card(db: &Connection, sale: &SaleRecord, server_card_id: &str) -> rusqlite::Result<usize> {
    db.execute(
        "UPDATE merchant_sale SET client_card_id =
             (SELECT client_card_id FROM merchant_card WHERE server_card_id = ?2 AND serial_number = ?3)
         WHERE invoice_id = ?1",
        [&sale.invoice_id, server_card_id, &sale.serial_number],
    )
}

fn read_sale(row: &Row<'_>) -> rusqlite::Result<SaleRecord> {
    let amount: i64 = row.get(5)?;
    Ok(SaleRecord {
        invoice_id: row.get(0)?,
        serial_number: row.get(1)?,
        access_token: row.get(2)?,
        nonce: row.get(3)?,
        signature: row.get(4)?,
        amount_minor: amount.unsigned_abs(),
        currency: row.get(6)?,
        email: row.get(7)?,
        session_token: row.get(8)?,
        used_client_card_id: row.get(9)?,
        client_card_id: row.get(10)?,
        order: OrderReference {
            sale_id: row.get(11)?,
            merchant_order_id: row.get(12)?,
        },
    })
}

fn read_card(row: &Row<'_>) -> rusqlite::Result<CardRecord> {
    Ok(CardRecord {
        client_card_id: row.get(0)?,
        server_card_id: row.get(1)?,
        bin: row.get(2)?,
        email: row.get(3)?,
    })
}

fn millis(at: SystemTime) -> i64 {
    let since = at.duration_since(UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since.as_millis()).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use std::{path::PathBuf, sync::Barrier, thread};

    use super::*;

    fn sale(invoice_id: &str) -> SaleRecord {
        SaleRecord {
            invoice_id: invoice_id.to_owned(),
            serial_number: "device".to_owned(),
            access_token: String::new(),
            order: OrderReference::default(),
            nonce: String::new(),
            signature: String::new(),
            amount_minor: 1,
            currency: "EUR".to_owned(),
            email: None,
            session_token: None,
            used_client_card_id: None,
            client_card_id: None,
        }
    }

    fn file() -> PathBuf {
        std::env::temp_dir().join(format!("sandbox-records-{}.sqlite", std::process::id()))
    }

    #[test]
    fn of_a_check_sale_and_a_void_at_once_exactly_one_succeeds() {
        let file = file();
        // As two processes have it: a connection each, so that only the file stands between them.
        let (gateways, apps) = (Records::open(Some(&file)).unwrap(), Records::open(Some(&file)).unwrap());
        for round in 0..40 {
            let invoice = format!("invoice-{round}");
            gateways.add_sale(&sale(&invoice)).unwrap();
            let token = format!("token-{round}");
            let start = Barrier::new(2);
            let (checked, session) = thread::scope(|scope| {
                let checked = scope.spawn(|| {
                    start.wait();
                    gateways.check(&invoice, &token, None).unwrap()
                });
                let session = scope.spawn(|| {
                    start.wait();
                    apps.session(&invoice, true).unwrap()
                });
                (checked.join().unwrap(), session.join().unwrap())
            });
            match checked {
                Checked::Accepted => assert_eq!(session, Session::Token(token)),
                Checked::Void => assert_eq!(session, Session::Void),
                Checked::OtherSession => panic!("there is one token only"),
            }
            assert_eq!(apps.session(&invoice, true).unwrap(), session, "and it stays so");
        }
        std::fs::remove_file(&file).unwrap();
    }
}
