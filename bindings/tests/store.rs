//! A store of the app's own: what it throws must reach the right place, and nothing must be charged without it.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, mpsc},
};

use salekit::{
    CallbackError, MerchantServer, NotChargedReason, Parties, SaleClient, SaleKitError, SaleOutcome, SaleState,
    SnapshotStore, StoreLock,
};

use crate::support::{Counterparty, Listener, TIMEOUT, form, options, wait};

#[derive(Default)]
struct Store {
    snapshots: Mutex<BTreeMap<String, Vec<u8>>>,
    fails: Option<CallbackError>,
}

impl Store {
    /// The sales that have a snapshot; what is kept of earlier sales' invoices is none.
    fn sales(&self) -> Vec<String> {
        let mut sales: Vec<_> = self.snapshots.lock().unwrap().keys().cloned().collect();
        sales.retain(|id| *id != "0".repeat(32));
        sales
    }

    fn answer<T>(&self, work: impl FnOnce(&mut BTreeMap<String, Vec<u8>>) -> T) -> Result<T, CallbackError> {
        match &self.fails {
            Some(error) => Err(error.clone()),
            None => Ok(work(&mut self.snapshots.lock().unwrap())),
        }
    }
}

impl SnapshotStore for Store {
    fn save(&self, sale_id: String, snapshot: Vec<u8>) -> Result<(), CallbackError> {
        self.answer(|all| drop(all.insert(sale_id, snapshot)))
    }

    fn load(&self, sale_id: String) -> Result<Option<Vec<u8>>, CallbackError> {
        self.answer(|all| all.get(&sale_id).cloned())
    }

    fn list(&self) -> Result<Vec<String>, CallbackError> {
        self.answer(|all| all.keys().cloned().chain(["something else".to_owned()]).collect())
    }

    fn remove(&self, sale_id: String) -> Result<(), CallbackError> {
        self.answer(|all| drop(all.remove(&sale_id)))
    }

    fn lock(&self, _: String) -> Result<StoreLock, CallbackError> {
        Ok(StoreLock::Unsupported)
    }

    fn unlock(&self, _: String) -> Result<(), CallbackError> {
        Ok(())
    }
}

fn client(counterparty: &Counterparty, store: &Arc<Store>) -> SaleClient {
    let store = Arc::clone(store) as Arc<dyn SnapshotStore>;
    SaleClient::new(counterparty.config(), None, Some(store), None, None).unwrap()
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
    assert_eq!(store.sales(), [] as [String; 0]);
}

#[test]
fn what_the_store_throws_is_told_and_stops_the_sale_before_any_charge() {
    let counterparty = Counterparty::start();
    let detail = "quota".to_owned();
    for (thrown, code) in [
        (CallbackError::StorageFull { detail: detail.clone() }, "storage_full"),
        (
            CallbackError::StorageDenied { detail: detail.clone() },
            "storage_denied",
        ),
        (CallbackError::Failed { detail: detail.clone() }, "storage_failed"),
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
        let SaleOutcome::NotCharged { not_charged } = wait(sale.outcome()).unwrap() else {
            panic!("sold without a snapshot")
        };
        assert_eq!(not_charged.reason, NotChargedReason::StorageFailed);
    }
    assert_eq!(counterparty.sandbox.ledger().total_charges(), 0);
}

#[test]
fn an_undeclared_exception_is_an_error_without_its_text() {
    let error = CallbackError::from(uniffi::UnexpectedUniFFICallbackError::new("4111111111111111"));
    assert!(matches!(&error, CallbackError::Failed { .. }), "{error:?}");
    assert!(!error.to_string().contains("4111"), "{error}");
}

#[test]
fn what_cannot_be_an_id_is_refused_before_the_store_is_asked() {
    let counterparty = Counterparty::start();
    let client = client(&counterparty, &Arc::default());
    let error = wait(client.resume("../../etc/passwd".to_owned())).err().unwrap();
    assert_eq!(error.code(), "invalid_input");
}

/// What a killed process leaves in a store: a sale in the middle of its challenge.
fn unfinished(counterparty: &Counterparty) -> (Arc<Store>, String) {
    let store = Arc::<Store>::default();
    let sale = client(counterparty, &store)
        .start(options("device-1"), form("321"))
        .unwrap();
    let (states, seen) = mpsc::channel();
    let _subscription = sale.observe(Arc::new(Listener(states))).unwrap();
    while !matches!(seen.recv_timeout(TIMEOUT).unwrap(), SaleState::Challenge { .. }) {}
    let snapshots = store.snapshots.lock().unwrap().clone();
    // In one process a sale that still runs is not another client's to resume.
    sale.cancel().unwrap();
    wait(sale.outcome()).unwrap();
    let kept = Arc::new(Store {
        snapshots: Mutex::new(snapshots),
        fails: None,
    });
    (kept, sale.id().unwrap())
}

/// Two brands share one store: no token of one reaches the other.
#[test]
fn a_sale_of_another_gateway_is_named_and_nothing_of_it_is_sent() {
    let (brand_a, brand_b) = (Counterparty::start(), Counterparty::start());
    let (store, id) = unfinished(&brand_a);
    let mut seen_by_b = brand_b.sandbox.observe();
    let other = client(&brand_b, &store);
    let pending = wait(other.pending()).unwrap();
    assert!(pending.sales.is_empty() && pending.damaged.is_empty(), "{pending:?}");
    let [foreign] = pending.foreign.as_slice() else {
        panic!("{pending:?}")
    };
    let parties = |counterparty: &Counterparty| Parties {
        gateway_url: counterparty
            .sandbox
            .gateway_url()
            .as_str()
            .trim_end_matches('/')
            .to_owned(),
        merchant: MerchantServer::At {
            url: counterparty
                .sandbox
                .merchant_url()
                .as_str()
                .trim_end_matches('/')
                .to_owned(),
        },
    };
    assert_eq!((&foreign.id, &foreign.parties), (&id, &parties(&brand_a)));
    assert_eq!(
        (foreign.merchant_order_id.as_deref(), foreign.amount.minor_units),
        (Some("order 7"), 1050)
    );
    let refused = SaleKitError::SaleForeign {
        sale_id: id.clone(),
        sale_parties: parties(&brand_a),
        client_parties: parties(&brand_b),
    };
    assert_eq!(wait(other.resume(id.clone())).err().unwrap(), refused);
    assert_eq!(wait(other.acknowledge(id.clone())).unwrap_err(), refused);
    assert_eq!(wait(other.forget(id.clone())).unwrap_err(), refused);
    assert_eq!(refused.code(), "sale_foreign");
    assert!(seen_by_b.try_recv().is_err(), "nothing was sent");
    let own = wait(client(&brand_a, &store).pending()).unwrap();
    assert_eq!((own.sales.len(), own.foreign.len()), (1, 0));
}

#[test]
fn only_a_final_outcome_is_acknowledged_and_only_an_unknown_one_forgotten() {
    let counterparty = Counterparty::start();
    let (store, id) = unfinished(&counterparty);
    let later = client(&counterparty, &store);
    let unfinished = SaleKitError::SaleUnfinished { sale_id: id.clone() };
    assert_eq!(wait(later.acknowledge(id.clone())).unwrap_err(), unfinished);
    assert_eq!(wait(later.forget(id.clone())).unwrap_err(), unfinished);

    let sale = wait(later.resume(id.clone())).unwrap();
    let running = SaleKitError::SaleStillRunning { sale_id: id.clone() };
    assert_eq!(wait(later.acknowledge(id.clone())).unwrap_err(), running);
    sale.cancel().unwrap();
    assert!(matches!(wait(sale.outcome()).unwrap(), SaleOutcome::Unknown { .. }));
    let unknown = SaleKitError::SaleOutcomeUnknown { sale_id: id.clone() };
    assert_eq!(wait(later.acknowledge(id.clone())).unwrap_err(), unknown);
    wait(later.forget(id.clone())).unwrap();
    wait(later.forget(id)).unwrap();
    assert_eq!(store.sales(), [] as [String; 0]);

    let charged = later.start(options("device-2"), form("123")).unwrap();
    wait(charged.outcome()).unwrap();
    let id = charged.id().unwrap();
    let refused = SaleKitError::SaleOutcomeFinal { sale_id: id.clone() };
    assert_eq!(wait(later.forget(id.clone())).unwrap_err(), refused);
    wait(later.acknowledge(id)).unwrap();
}

#[test]
fn a_damaged_sale_tells_what_is_left_of_it_and_can_be_forgotten() {
    let counterparty = Counterparty::start();
    let (store, id) = unfinished(&counterparty);
    for snapshot in store.snapshots.lock().unwrap().values_mut() {
        snapshot.truncate(snapshot.len() - 5);
    }
    let later = client(&counterparty, &store);
    let damaged = wait(later.pending()).unwrap().damaged.remove(0);
    assert_eq!(
        (&damaged.id, damaged.merchant_order_id.as_deref()),
        (&id, Some("order 7"))
    );
    assert_eq!(damaged.amount.unwrap().minor_units, 1050);
    assert!(damaged.invoice_id.is_some());
    assert_eq!(wait(later.acknowledge(id.clone())).unwrap_err().code(), "sale_damaged");
    wait(later.forget(id)).unwrap();
    assert_eq!(store.sales(), [] as [String; 0]);
}
