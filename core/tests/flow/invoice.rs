//! No two sales take the same invoice.

use super::*;

fn begun() -> Sale {
    let mut sale = Sale::new(Plan::default());
    sale.handle(Event::Start);
    sale
}

fn named(sale: &mut Sale) -> &mut Sale {
    let request = sale.last(sale::initiate);
    let answer = r#"{"endpointId":"1144","invoiceId":"theirs","session":{"nonce":"n","signature":"s"}}"#;
    sale.handle(Event::Initiate(request, Ok(initiate::read(&Reply::new(200, answer)))))
}

fn taken() -> Commit {
    Commit::InvoiceTaken {
        by: salekit_core::SaleId::from_random([9; 16]),
    }
}

#[test]
fn an_invoice_is_claimed_before_anything_else() {
    let mut sale = begun();
    named(&mut sale);
    assert!(
        matches!(&sale.effects[..], [Effect::Commit { invoice_id, .. }] if invoice_id == "theirs"),
        "{:?}",
        sale.effects
    );
    sale.committed(Commit::Done);
    assert!(
        matches!(&sale.effects[..], [Effect::Perform { .. }]),
        "{:?}",
        sale.effects
    );
    assert_eq!(sale.state.invoice_id(), Some("theirs"));
}

/// The answer may belong to another sale's request and have come twice, so SaleKit asks again.
#[test]
fn another_sales_invoice_is_asked_for_anew_and_never_performed() {
    let mut sale = begun();
    named(&mut sale).committed(taken()).timer();
    sale.initiated().saved();
    assert_eq!(sale.count(|effect| perform(effect).is_some()), 1);
    assert_eq!(sale.state.invoice_id(), Some(INVOICE));
}

#[test]
fn an_invoice_that_is_named_again_is_an_error_of_its_own_and_names_the_other_sale() {
    let mut sale = begun();
    named(&mut sale).committed(taken()).timer();
    named(&mut sale).committed(taken()).timer();
    named(&mut sale).committed(taken());
    let SaleOutcome::NotCharged(end) = outcome(&sale) else {
        panic!()
    };
    assert_eq!(end.reason, NotChargedReason::InvoiceInUse);
    assert!(end.detail.contains(&"09".repeat(16)), "{}", end.detail);
    assert_eq!(sale.count(|effect| perform(effect).is_some()), 0);
}

#[test]
fn a_store_that_cannot_say_whose_an_invoice_is_stops_the_sale_before_perform() {
    let mut sale = begun();
    named(&mut sale).committed(Commit::Failed);
    assert_eq!(not_charged(&sale), NotChargedReason::StorageFailed);
}

#[test]
fn while_an_invoice_is_claimed_nothing_is_sent_and_cancel_is_a_fact() {
    let mut sale = begun();
    named(&mut sale).handle(Event::Cancel);
    assert_eq!(not_charged(&sale), NotChargedReason::Cancelled);
}

/// Otherwise a resumed sale would ask about another sale's invoice.
#[test]
fn until_the_invoice_is_the_sales_own_nothing_is_stored_that_names_it() {
    let mut sale = begun();
    named(&mut sale).handle(Event::Background);
    assert_eq!(sale.effects, []);
}

/// The stored snapshot is the other run's. This run never sent perform sale, and the other one has no card to send.
#[test]
fn a_sale_that_another_run_has_taken_over_is_not_performed_and_not_stored() {
    let mut sale = begun();
    named(&mut sale).committed(Commit::Superseded);
    assert!(matches!(&sale.effects[..], [Effect::Finish(_)]), "{:?}", sale.effects);
    assert_eq!(not_charged(&sale), NotChargedReason::Interrupted);
    sale.saved().handle(Event::Resume);
    assert_eq!(sale.count(|effect| perform(effect).is_some()), 0);
}
