//! Two sales never take one invoice.

use super::*;

fn begun() -> Sale {
    let mut sale = Sale::new(Plan::default());
    sale.tell(Event::Start);
    sale
}

fn named(sale: &mut Sale) -> &mut Sale {
    let request = sale.last(support::initiate);
    let answer = r#"{"endpointId":"1144","invoiceId":"theirs","session":{"nonce":"n","signature":"s"}}"#;
    sale.tell(Event::Initiate(request, Ok(initiate::read(&Reply::new(200, answer)))))
}

fn taken() -> Claim {
    Claim::Taken {
        by: salekit_core::SaleId::from_random([9; 16]),
    }
}

#[test]
fn an_invoice_is_claimed_before_anything_else() {
    let mut sale = begun();
    named(&mut sale);
    assert!(
        matches!(&sale.effects[..], [Effect::ClaimInvoice { invoice_id, .. }] if invoice_id == "theirs"),
        "{:?}",
        sale.effects
    );
    assert_eq!(sale.state.invoice_id(), None, "it is not the sale's yet");
    sale.claimed(Claim::Granted);
    assert_eq!(sale.state.invoice_id(), Some("theirs"));
}

/// The answer to another sale's request, come twice, is not the last word.
#[test]
fn another_sales_invoice_is_asked_for_anew_and_never_performed() {
    let mut sale = begun();
    named(&mut sale).claimed(taken()).timer();
    sale.initiated().saved();
    assert_eq!(sale.count(|effect| perform(effect).is_some()), 1);
    assert_eq!(sale.state.invoice_id(), Some(INVOICE));
}

#[test]
fn a_merchants_server_that_names_an_invoice_again_is_told_apart_and_the_other_sale_is_named() {
    let mut sale = begun();
    named(&mut sale).claimed(taken()).timer();
    named(&mut sale).claimed(taken()).timer();
    named(&mut sale).claimed(taken());
    let Outcome::NotCharged(end) = outcome(&sale) else {
        panic!()
    };
    assert_eq!(end.reason, NotChargedReason::InvoiceInUse);
    assert!(end.detail.contains(&"09".repeat(16)), "{}", end.detail);
    assert_eq!(sale.count(|effect| perform(effect).is_some()), 0);
}

#[test]
fn a_store_that_cannot_say_whose_an_invoice_is_stops_the_sale_before_perform() {
    let mut sale = begun();
    named(&mut sale).claimed(Claim::Unclear);
    assert_eq!(not_charged(&sale), NotChargedReason::StorageFailed);
}

#[test]
fn while_an_invoice_is_claimed_nothing_is_sent_and_cancel_is_a_fact() {
    let mut sale = begun();
    named(&mut sale).tell(Event::Cancel);
    assert_eq!(not_charged(&sale), NotChargedReason::Cancelled);
    let mut sale = begun();
    named(&mut sale).tell(Event::Background);
    let Snapshot(state) = Snapshot::decode(&Snapshot(sale.state.clone()).encode()).unwrap();
    (sale.state, sale.history) = (state, Vec::new());
    sale.tell(Event::Resume);
    assert_eq!(not_charged(&sale), NotChargedReason::Interrupted);
}
