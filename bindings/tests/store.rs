//! A store of the app's own: what it throws must reach the right place, and nothing must be charged without it.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test says what it expects by unwrapping it"
)]

mod support;

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex},
};

use salekit::{HostError, NotChargedReason, Outcome, SaleClient, SnapshotStore, StoreLock};
use support::{Counterparty, form, options, wait};

#[derive(Default)]
struct Store {
    snapshots: Mutex<BTreeMap<String, Vec<u8>>>,
    fails: Option<HostError>,
}

impl Store {
    fn answer<T>(&self, work: impl FnOnce(&mut BTreeMap<String, Vec<u8>>) -> T) -> Result<T, HostError> {
        match &self.fails {
            Some(error) => Err(error.clone()),
            None => Ok(work(&mut self.snapshots.lock().unwrap())),
        }
    }
}

impl SnapshotStore for Store {
    fn save(&self, sale_id: String, snapshot: Vec<u8>) -> Result<(), HostError> {
        self.answer(|all| drop(all.insert(sale_id, snapshot)))
    }

    fn load(&self, sale_id: String) -> Result<Option<Vec<u8>>, HostError> {
        self.answer(|all| all.get(&sale_id).cloned())
    }

    fn list(&self) -> Result<Vec<String>, HostError> {
        self.answer(|all| all.keys().cloned().chain(["something else".to_owned()]).collect())
    }

    fn remove(&self, sale_id: String) -> Result<(), HostError> {
        self.answer(|all| drop(all.remove(&sale_id)))
    }

    fn lock(&self, _: String) -> Result<StoreLock, HostError> {
        Ok(StoreLock::Unsupported)
    }

    fn unlock(&self, _: String) -> Result<(), HostError> {
        Ok(())
    }
}

fn client(counterparty: &Counterparty, store: &Arc<Store>) -> SaleClient {
    let store = Arc::clone(store) as Arc<dyn SnapshotStore>;
    SaleClient::new(counterparty.config(), None, Some(store), None).unwrap()
}

#[test]
fn a_sale_is_found_again_in_the_apps_store_by_another_client() {
    let counterparty = Counterparty::start();
    let store = Arc::<Store>::default();
    let sale = client(&counterparty, &store)
        .start(options("device-1"), form("123"))
        .unwrap();
    wait(sale.outcome()).unwrap();
    let snapshot = String::from_utf8(store.snapshots.lock().unwrap()[&sale.id().unwrap()].clone()).unwrap();
    assert!(!snapshot.contains("4111111111111111"), "{snapshot}");

    let later = client(&counterparty, &store);
    let pending = wait(later.pending()).unwrap();
    assert_eq!(
        pending.sales.iter().map(|sale| &sale.id).collect::<Vec<_>>(),
        [&sale.id().unwrap()]
    );
    wait(later.acknowledge(sale.id().unwrap())).unwrap();
    assert!(store.snapshots.lock().unwrap().is_empty());
}

#[test]
fn what_the_store_throws_is_told_and_stops_the_sale_before_any_charge() {
    let counterparty = Counterparty::start();
    let detail = "quota".to_owned();
    for (thrown, code) in [
        (HostError::StorageFull { detail: detail.clone() }, "storage_full"),
        (HostError::StorageDenied { detail: detail.clone() }, "storage_denied"),
        (HostError::Failed { detail: detail.clone() }, "storage_failed"),
    ] {
        let store = Arc::new(Store {
            fails: Some(thrown),
            ..Store::default()
        });
        let client = client(&counterparty, &store);
        let error = wait(client.pending()).unwrap_err();
        assert_eq!(error.code(), code);
        assert!(error.sentence().contains("quota"), "{error}");
        let sale = client.start(options("device-1"), form("123")).unwrap();
        let Outcome::NotCharged { not_charged } = wait(sale.outcome()).unwrap() else {
            panic!("sold without a snapshot")
        };
        assert_eq!(not_charged.reason, NotChargedReason::StorageFailed);
    }
    assert_eq!(counterparty.sandbox.ledger().total_charges(), 0);
}

#[test]
fn an_undeclared_exception_is_an_error_without_its_text() {
    let error = HostError::from(uniffi::UnexpectedUniFFICallbackError::new("4111111111111111"));
    assert!(matches!(&error, HostError::Failed { .. }), "{error:?}");
    assert!(!error.to_string().contains("4111"), "{error}");
}

#[test]
fn what_cannot_be_an_id_is_refused_before_the_store_is_asked() {
    let counterparty = Counterparty::start();
    let client = client(&counterparty, &Arc::default());
    let error = wait(client.resume("../../etc/passwd".to_owned())).err().unwrap();
    assert_eq!(error.code(), "invalid_input");
}
