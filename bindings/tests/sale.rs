//! Sales through the contract's functions, against the sandbox.

use std::sync::{Arc, mpsc};

use salekit::{
    CallbackError, CardField, Challenge, Money, PacingProfile, RedirectPresenter, Sale, SaleClient, SaleKitError,
    SaleOutcome, SaleRequest, SaleState,
};

use crate::support::{Counterparty, Listener, TIMEOUT, config, form, options, wait};

#[test]
fn an_approved_sale_gives_a_receipt_and_is_then_acknowledged() {
    let counterparty = Counterparty::start();
    let client = counterparty.client();
    wait(client.preconnect()).unwrap();
    let form = form("123");
    let sale = client.start(options("device-1"), Arc::clone(&form)).unwrap();
    assert_eq!(form.missing().unwrap().len(), 4, "the card is taken and the form empty");

    let outcome = wait(sale.outcome()).unwrap();
    assert!(matches!(outcome, SaleOutcome::Approved { .. }));
    let SaleOutcome::Approved { receipt } = outcome else {
        panic!("{outcome:?}")
    };
    let amount = Money {
        minor_units: 1050,
        currency: "EUR".to_owned(),
    };
    assert_eq!(receipt.requested_amount, amount);
    assert_eq!(receipt.amount, Some(amount));
    assert_eq!(Some(&receipt.invoice_id), sale.invoice_id().unwrap().as_ref());
    assert_eq!(receipt.card.unwrap().display, "Visa •••• 1111");
    assert_eq!(counterparty.sandbox.ledger().total_charges(), 1);

    let id = sale.id().unwrap();
    let pending = wait(client.pending()).unwrap();
    assert_eq!(pending.sales.len(), 1);
    assert_eq!(pending.sales[0].id, id);
    assert_eq!(pending.sales[0].merchant_order_id.as_deref(), Some("order 7"));
    assert!(matches!(pending.sales[0].state, SaleState::Finished { .. }));
    let again = wait(client.resume(id.clone())).unwrap();
    assert!(matches!(wait(again.outcome()).unwrap(), SaleOutcome::Approved { .. }));
    wait(client.acknowledge(id.clone())).unwrap();
    assert_eq!(wait(client.pending()).unwrap().sales, []);
    let error = wait(client.resume(id.clone())).err().unwrap();
    assert_eq!(error, SaleKitError::SaleNotFound { sale_id: id });
    assert_eq!(error.code(), "sale_not_found");
}

#[test]
fn a_second_sale_of_an_order_is_refused_and_its_card_stays_in_the_form() {
    let counterparty = Counterparty::start();
    let client = counterparty.client();
    let order = || SaleRequest {
        allows_duplicate: false,
        ..options("device-1")
    };
    let first = client.start(order(), form("123")).unwrap();
    let second = form("123");
    let refused = client.start(order(), Arc::clone(&second)).err().unwrap();
    let in_use = SaleKitError::OrderInUse {
        sale_id: first.id().unwrap(),
    };
    assert_eq!(refused, in_use);
    assert_eq!(refused.code(), "order_in_use");
    assert_eq!(second.missing().unwrap(), [], "nothing has to be typed again");
    wait(first.outcome()).unwrap();
    assert_eq!(counterparty.sandbox.ledger().total_charges(), 1);
}

#[test]
fn a_declined_sale_says_why_and_what_to_do() {
    let counterparty = Counterparty::start();
    let sale = counterparty.client().start(options("device-2"), form("116")).unwrap();
    let outcome = wait(sale.outcome()).unwrap();
    assert!(matches!(outcome, SaleOutcome::Declined { .. }));
    let SaleOutcome::Declined { decline } = outcome else {
        panic!("{outcome:?}")
    };
    assert_eq!(decline.error_code, Some(116));
    assert_eq!(decline.advice, salekit::DeclineAdvice::TryAnotherCard);
    assert_eq!(counterparty.sandbox.ledger().total_charges(), 0);
}

#[test]
fn a_listener_sees_every_state_to_the_end_and_none_after_stopping() {
    let counterparty = Counterparty::start();
    let client = counterparty.client();
    let sale = client.start(options("device-3"), form("123")).unwrap();
    let (sender, states) = mpsc::channel();
    let (stopped_sender, stopped_states) = mpsc::channel();
    sale.observe(Arc::new(Listener(sender))).unwrap();
    let stopped = sale.observe(Arc::new(Listener(stopped_sender))).unwrap();
    stopped.stop().unwrap();
    stopped.stop().unwrap();
    let seen: Vec<SaleState> = states.iter().collect();
    assert!(matches!(seen.last(), Some(SaleState::Finished { .. })), "{seen:?}");
    assert!(seen.windows(2).all(|pair| pair[0] != pair[1]), "{seen:?}");
    assert!(
        stopped_states
            .iter()
            .all(|state| !matches!(state, SaleState::Finished { .. })),
        "a stopped subscription saw the end"
    );
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Fault {
    None,
    Throws,
    Panics,
}

/// Gives the test what it is to show, and fails as it is to.
struct Presenter {
    shown: mpsc::Sender<Arc<Challenge>>,
    fault: Fault,
}

impl RedirectPresenter for Presenter {
    fn show(&self, challenge: Arc<Challenge>) -> Result<(), CallbackError> {
        let _ = self.shown.send(challenge);
        assert_ne!(self.fault, Fault::Panics, "the app's own mistake");
        if self.fault == Fault::Throws {
            return Err(CallbackError::Failed {
                detail: "no browser".to_owned(),
            });
        }
        Ok(())
    }

    fn dismiss(&self, _: Arc<Challenge>) -> Result<(), CallbackError> {
        Ok(())
    }

    fn dismiss_leftover(&self, _: String) -> Result<(), CallbackError> {
        Ok(())
    }
}

/// A sale with a challenge, and what its presenter is given.
fn challenged(counterparty: &Counterparty, fault: Fault) -> (SaleClient, Arc<Sale>, mpsc::Receiver<Arc<Challenge>>) {
    let (shown, challenges) = mpsc::channel();
    let presenter = Presenter { shown, fault };
    let client = SaleClient::new(counterparty.config(), Some(Arc::new(presenter)), None, None, None).unwrap();
    let sale = client.start(options("device-4"), form("321")).unwrap();
    (client, sale, challenges)
}

#[test]
fn a_return_without_a_visit_shows_the_page_again() {
    let counterparty = Counterparty::start();
    let (_client, sale, challenges) = challenged(&counterparty, Fault::None);
    let first = challenges.recv_timeout(TIMEOUT).unwrap();
    // The link by which the browser returns can be forged: the gateway still asks for the challenge.
    first.returned().unwrap();
    let again = challenges.recv_timeout(TIMEOUT).unwrap();
    assert_eq!(again.url().unwrap(), first.url().unwrap());
    sale.cancel().unwrap();
    assert!(matches!(wait(sale.outcome()).unwrap(), SaleOutcome::Unknown { .. }));
}

const fn is_gone(state: &SaleState) -> bool {
    matches!(state, SaleState::Challenge { is_open: false, .. })
}

#[test]
fn the_presenter_shows_the_page_that_the_state_names_and_reports_its_end() {
    let counterparty = Counterparty::start();
    let reports = [Challenge::closed, Challenge::failed];
    let sales = reports.map(|report| (challenged(&counterparty, Fault::None), report));
    for ((client, sale, challenges), report) in sales {
        let challenge = challenges.recv_timeout(TIMEOUT).unwrap();
        let id = sale.id().unwrap();
        assert_eq!(challenge.sale_id().unwrap(), id);
        let (sender, states) = mpsc::channel();
        sale.observe(Arc::new(Listener(sender))).unwrap();
        let shown = SaleState::Challenge {
            url: challenge.url().unwrap(),
            is_open: true,
        };
        while states.recv_timeout(TIMEOUT).unwrap() != shown {}
        let of_sale = sale.challenge().unwrap().unwrap();
        assert_eq!(of_sale.url().unwrap(), challenge.url().unwrap());
        assert_eq!(client.running(&id).unwrap().unwrap().id().unwrap(), id);
        report(&challenge).unwrap();
        while !is_gone(&states.recv_timeout(TIMEOUT).unwrap()) {}
        sale.cancel().unwrap();
        assert!(matches!(wait(sale.outcome()).unwrap(), SaleOutcome::Unknown { .. }));
        assert!(client.running(&id).unwrap().is_none() && sale.challenge().unwrap().is_none());
    }
}

#[test]
fn a_presenter_that_throws_or_panics_is_like_a_page_that_failed() {
    let counterparty = Counterparty::start();
    let sales = [Fault::Throws, Fault::Panics].map(|fault| challenged(&counterparty, fault));
    for (_client, sale, challenges) in sales {
        let (sender, states) = mpsc::channel();
        sale.observe(Arc::new(Listener(sender))).unwrap();
        challenges.recv_timeout(TIMEOUT).unwrap();
        while !is_gone(&states.recv_timeout(TIMEOUT).unwrap()) {}
        sale.cancel().unwrap();
        wait(sale.outcome()).unwrap();
    }
}

#[test]
fn a_mistake_leaves_the_form_as_it_is_and_names_the_field() {
    let counterparty = Counterparty::start();
    let client = counterparty.client();
    let form = form("123");
    let mut wrong_token = options("device-5");
    wrong_token.access_token = Some("short".to_owned());
    let mut wrong_amount = options("device-5");
    wrong_amount.amount.minor_units = 0;
    for (options, field, rule) in [
        (wrong_token, "session.accessToken", "length"),
        (wrong_amount, "transaction.amountCentis", "range"),
    ] {
        match client.start(options, Arc::clone(&form)).err().unwrap() {
            SaleKitError::InvalidInput {
                field: named,
                rule: broken,
                ..
            } => assert_eq!((named.as_str(), broken.as_str()), (field, rule)),
            other => panic!("{other:?}"),
        }
        assert_eq!(form.missing().unwrap(), [], "nothing is lost");
    }
    form.clear(CardField::Number).unwrap();
    let error = client.start(options("device-5"), Arc::clone(&form)).err().unwrap();
    assert_eq!(error.to_string(), "sourceOfFunds.card.number: is missing; give a value");
    assert_eq!(form.missing().unwrap(), [CardField::Number]);
}

#[test]
fn a_configuration_is_checked_before_anything_is_sent() {
    let new = |gateway: &str| SaleClient::new(config(gateway, "https://shop.example"), None, None, None, None).err();
    let Some(SaleKitError::InvalidInput { field, rule, .. }) = new("http://gateway.example") else {
        panic!("http was accepted")
    };
    assert_eq!((field.as_str(), rule.as_str()), ("gatewayUrl", "address"));
    assert_eq!(new("https://gateway.example/paynet"), None);
}

#[test]
fn the_test_pace_is_refused_for_a_gateway_that_is_not_on_this_machine() {
    let paced = |gateway: &str| {
        let mut config = config(gateway, "https://shop.example");
        config.pacing = PacingProfile::Test;
        SaleClient::new(config, None, None, None, None).err()
    };
    let Some(error @ SaleKitError::InvalidInput { .. }) = paced("https://gateway.example") else {
        panic!("a gateway of others would be asked five times a second")
    };
    assert_eq!(
        error.to_string(),
        "gatewayUrl: is not an allowed address; the test pace is only for a sandbox on this machine, like https://127.0.0.1:8443"
    );
    assert_eq!(paced("https://127.0.0.1:8443/paynet"), None);
}
