//! The invoices of removed sales for which perform sale may have been sent. They ensure that it is never sent for them
//! again, even after a restart or in another process. They are one record next to the snapshots.
//!
//! The invoices of stored and running sales are in `invoices.rs`.

use crate::{
    port::{SnapshotStore, StoreError},
    value::{MerchantServer, Parties, SaleId},
};

/// How many invoices are kept, the newest ones: 25 kilobytes.
const MOST: usize = 512;
/// The first line of the record.
const TITLE: &str = "spent invoices, version 1";

/// Oldest first.
pub(super) struct SpentInvoices(Vec<Spent>);

struct Spent {
    mark: u64,
    sale: SaleId,
}

impl SpentInvoices {
    /// Loads the record. A record that is not readable as such is replaced by the next one that is written, for example
    /// if a store has lost its key.
    ///
    /// # Errors
    /// [`StoreError`] if the store cannot read the record. Until it can, no sale is performed and none is removed, and
    /// the app sees the record as a damaged sale.
    pub(super) fn in_store(store: &dyn SnapshotStore) -> Result<Self, StoreError> {
        let bytes = store.load(&SaleId::of_spent_invoices())?;
        let text = bytes.and_then(|bytes| String::from_utf8(bytes).ok());
        let spent = match text.as_deref().and_then(|text| text.strip_prefix(TITLE)) {
            Some(lines) => lines.lines().filter_map(Spent::read).collect(),
            None => Vec::new(),
        };
        Ok(Self(spent))
    }

    /// The sale that had this invoice.
    pub(super) fn owner(&self, parties: &Parties, invoice_id: &str) -> Option<&SaleId> {
        let mark = mark(parties, invoice_id);
        let spent = self.0.iter().rfind(|spent| spent.mark == mark);
        spent.map(|spent| &spent.sale)
    }

    /// Adds the invoice of a sale that is about to be removed, and drops the oldest one if there are too many.
    pub(super) fn keep(
        mut self,
        store: &dyn SnapshotStore,
        parties: &Parties,
        invoice_id: &str,
        sale: &SaleId,
    ) -> Result<(), StoreError> {
        if self.owner(parties, invoice_id).is_some() {
            return Ok(());
        }
        self.0.push(Spent {
            mark: mark(parties, invoice_id),
            sale: sale.clone(),
        });
        let kept = &self.0[self.0.len().saturating_sub(MOST)..];
        let mut text = TITLE.to_owned();
        for Spent { mark, sale } in kept {
            text.push_str(&format!("\n{mark:016x} {sale}"));
        }
        store.save(&SaleId::of_spent_invoices(), text.as_bytes())
    }
}

impl Spent {
    fn read(line: &str) -> Option<Self> {
        let (mark, sale) = line.split_once(' ')?;
        Some(Self {
            mark: u64::from_str_radix(mark, 16).ok()?,
            sale: SaleId::parse(sale).ok()?,
        })
    }
}

/// FNV-1a of the invoice and of the server that issued it, so that no order data stays on the device. It is the same in
/// every version. If two invoices collide, a sale is refused, and nothing is charged.
fn mark(parties: &Parties, invoice_id: &str) -> u64 {
    let numbered_by = match &parties.merchant {
        MerchantServer::At { url } => url,
        // An app's own backend has no address.
        MerchantServer::AppBackend => &parties.gateway_url,
    };
    let bytes = numbered_by.bytes().chain([0]).chain(invoice_id.bytes());
    bytes.fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::adapter::MemoryStore;

    fn parties(merchant: &str) -> Parties {
        Parties {
            gateway_url: "https://gate.example".to_owned(),
            merchant: MerchantServer::At {
                url: merchant.to_owned(),
            },
        }
    }

    fn sale(number: u8) -> SaleId {
        SaleId::from_random([number; 16])
    }

    #[test]
    fn the_newest_are_kept_and_each_merchant_has_its_own() {
        let (store, own) = (MemoryStore::new(), parties("https://merchant.example"));
        for number in 0..MOST + 1 {
            let spent = SpentInvoices::in_store(&store).unwrap();
            spent.keep(&store, &own, &number.to_string(), &sale(1)).unwrap();
        }
        let spent = SpentInvoices::in_store(&store).unwrap();
        assert_eq!(spent.owner(&own, "0"), None);
        assert_eq!(spent.owner(&own, "1"), Some(&sale(1)));
        assert_eq!(spent.owner(&own, &MOST.to_string()), Some(&sale(1)));
        assert_eq!(spent.owner(&parties("https://another.example"), "1"), None);
    }

    #[test]
    fn who_had_an_invoice_first_keeps_it() {
        let (store, own) = (MemoryStore::new(), parties("https://merchant.example"));
        for number in [1, 2] {
            let spent = SpentInvoices::in_store(&store).unwrap();
            spent.keep(&store, &own, "invoice", &sale(number)).unwrap();
        }
        let spent = SpentInvoices::in_store(&store).unwrap();
        assert_eq!(spent.owner(&own, "invoice"), Some(&sale(1)));
    }

    #[test]
    fn a_mark_is_the_same_in_every_version() {
        assert_eq!(
            mark(&parties("https://merchant.example"), "invoice-1"),
            11_060_554_712_172_628_595
        );
    }

    #[test]
    fn what_cannot_be_read_holds_none_and_is_written_anew() {
        let (store, own) = (MemoryStore::new(), parties("https://merchant.example"));
        for bytes in [&b"\xff\xfe"[..], b"{}", b"spent invoices, version 1\nxyz\n\n0 0"] {
            store.save(&SaleId::of_spent_invoices(), bytes).unwrap();
            let spent = SpentInvoices::in_store(&store).unwrap();
            assert_eq!(spent.owner(&own, "invoice"), None);
            spent.keep(&store, &own, "invoice", &sale(1)).unwrap();
            let spent = SpentInvoices::in_store(&store).unwrap();
            assert_eq!(spent.owner(&own, "invoice"), Some(&sale(1)));
        }
    }
}
