//! The card that the merchant keeps of a sale: there, not there, and not to be had just now.

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
fn there_is_none_of_a_declined_sale_nor_of_a_merchant_that_keeps_none() {
    let counterparty = Counterparty::start();
    let client = counterparty.client();
    let declined = client.start(options("device-1"), form("116")).unwrap();
    assert_eq!(wait(declined.stored_card()).unwrap(), None);

    scripted(&counterparty, "device-2", http(404));
    let sale = client.start(options("device-2"), form("123")).unwrap();
    assert_eq!(wait(sale.stored_card()).unwrap(), None);

    let mut config = counterparty.config();
    config.merchant_paths = Some(MerchantPaths {
        stored_card: None,
        ..salekit::documented_merchant_paths()
    });
    let client = SaleClient::new(config, None, None, None, None).unwrap();
    let sale = client.start(options("device-3"), form("123")).unwrap();
    assert_eq!(wait(sale.stored_card()).unwrap(), None);
    assert_eq!(counterparty.sandbox.ledger().total_charges(), 2);
}

#[test]
fn a_merchant_that_cannot_be_asked_is_an_error_and_can_be_asked_again() {
    let counterparty = Counterparty::start();
    let client = counterparty.client();
    for (device, fault, failure, detail) in [
        ("device-1", http(503), None, "HTTP status 503"),
        (
            "device-2",
            Fault::CloseAfterProcessing,
            Some(FailureKind::ConnectionLost),
            "connection",
        ),
    ] {
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
    }
}
