//! The card that the merchant keeps of a sale: there, not there, and not to be had just now. When there is one is tested in
//! the core.

use std::thread;

use salekit::{FailureKind, MerchantPaths, SaleClient, SaleKitError, SaleOutcome};
use salekit_sandbox::{Fault, Message, Script};
use salekit_testkit::folder::Folder;

use crate::support::{Counterparty, form, options, wait};

fn http(status: u16) -> Fault {
    Fault::Http {
        status,
        body: String::new(),
        content_type: "text/plain".to_owned(),
    }
}

/// The next three questions of `device` for a card go like this: as many as are asked before SaleKit gives up.
fn scripted(counterparty: &Counterparty, device: &str, fault: Fault) {
    let script = (1..=3).fold(Script::new(), |script, nth| {
        script.fault_nth(Message::StoredCard, nth, fault.clone())
    });
    counterparty.sandbox.script(device, script);
}

#[test]
fn an_approved_sale_has_one_at_once_and_after_a_restart() {
    let counterparty = Counterparty::start();
    let folder = Folder::new();
    let mut config = counterparty.config();
    config.store_directory = Some(folder.path().to_string_lossy().into_owned());
    let client = SaleClient::new(config.clone(), None, None, None, None).unwrap();
    let sale = client.start(options("device-1"), form("123")).unwrap();
    let card = wait(sale.stored_card()).unwrap().unwrap();
    assert_eq!((card.bin.as_deref(), card.mapped_with_email), (Some("411111"), true));
    let id = sale.id().unwrap();
    drop((sale, client));

    let client = SaleClient::new(config, None, None, None, None).unwrap();
    let sale = wait(client.resume(id.clone())).unwrap();
    assert!(matches!(wait(sale.outcome()).unwrap(), SaleOutcome::Approved { .. }));
    assert_eq!(wait(sale.stored_card()).unwrap(), Some(card.clone()));
    wait(client.acknowledge(id)).unwrap();

    let again = client
        .start_with_stored_card(options("device-1"), card, b"123")
        .unwrap();
    assert_eq!(
        wait(again.stored_card()).unwrap(),
        None,
        "a stored card is not stored again"
    );
    assert_eq!(counterparty.sandbox.ledger().total_charges(), 2);
}

#[test]
fn a_merchant_without_a_path_for_it_is_not_asked() {
    let counterparty = Counterparty::start();
    let mut config = counterparty.config();
    config.merchant_paths = Some(MerchantPaths {
        stored_card: None,
        ..salekit::documented_merchant_paths()
    });
    let client = SaleClient::new(config, None, None, None, None).unwrap();
    let sale = client.start(options("device-3"), form("123")).unwrap();
    assert_eq!(wait(sale.stored_card()).unwrap(), None);
    assert!(matches!(wait(sale.outcome()).unwrap(), SaleOutcome::Approved { .. }));
}

#[test]
fn a_merchant_that_cannot_be_asked_is_an_error_and_can_be_asked_again() {
    let counterparty = Counterparty::start();
    let client = counterparty.client();
    let faults = [
        ("device-1", http(503), None, "HTTP status 503"),
        (
            "device-2",
            Fault::CloseAfterProcessing,
            Some(FailureKind::ConnectionLost),
            "connection",
        ),
    ];
    let ask = &|(device, fault, failure, detail): (&str, Fault, Option<FailureKind>, &str)| {
        scripted(&counterparty, device, fault);
        let sale = client.start(options(device), form("123")).unwrap();
        let error = wait(sale.stored_card()).unwrap_err();
        let SaleKitError::MerchantUnavailable {
            failure: told,
            detail: text,
        } = &error
        else {
            panic!("{error:?}")
        };
        assert_eq!(*told, failure);
        assert!(text.contains(detail), "{text}");
        assert_eq!(error.code(), "merchant_unavailable");
        assert!(error.sentence().ends_with("ask again later"), "{error}");
        assert!(matches!(wait(sale.outcome()).unwrap(), SaleOutcome::Approved { .. }));
        let card = wait(sale.stored_card()).unwrap().unwrap();
        assert_eq!(card.bin.as_deref(), Some("411111"));
    };
    // Each waits for its merchant: both at the same time.
    thread::scope(|scope| {
        faults
            .map(|fault| scope.spawn(move || ask(fault)))
            .map(|asking| asking.join().unwrap())
    });
}
