//! Cancel, restarts and clocks.

use super::*;

#[test]
fn cancel_before_perform_is_a_fact() {
    let mut sale = Sale::new(Plan::default());
    sale.handle(Event::Start).handle(Event::Cancel);
    assert_eq!(not_charged(&sale), NotChargedReason::Cancelled);
    let mut sale = Sale::new(Plan::default());
    sale.handle(Event::Start).initiated().handle(Event::Cancel);
    assert_eq!(not_charged(&sale), NotChargedReason::Cancelled);
    sale.saved();
    assert_eq!(sale.count(|effect| perform(effect).is_some()), 0);
}

#[test]
fn cancel_after_perform_is_a_request_and_approved_wins() {
    let plan = Plan {
        wants_stored_card: false,
        ..Plan::default()
    };
    let mut sale = Sale::polling(plan);
    sale.handle(Event::Cancel);
    assert_eq!(
        sale.outcome(),
        None,
        "the request under way may bring the gateway's decision"
    );
    sale.status(APPROVED);
    assert_eq!(outcome(&sale).charge(), Charge::Charged);

    let mut sale = Sale::polling(plan);
    sale.status(&redirect_to("https://acs.example/1"))
        .wait(500)
        .handle(Event::Cancel);
    assert!(matches!(sale.effects[0], Effect::CloseBrowser));
    sale.handle(Event::BrowserClosed).timer();
    assert!(is_polling(&sale), "one last request");
    sale.status(&redirect_to("https://acs.example/1"));
    assert_eq!(unknown(&sale), UnknownReason::StoppedWaiting);

    let mut sale = Sale::performing(plan);
    sale.handle(Event::Cancel);
    assert_eq!(sale.outcome(), None);
    sale.performed(Ok(PerformAnswer::Accepted {
        session_token: Secret::new(TOKEN),
    }))
    .status(APPROVED);
    assert_eq!(outcome(&sale).charge(), Charge::Charged);

    let mut sale = Sale::performing(plan);
    sale.handle(Event::Cancel).performed(Err(UNREACHABLE));
    assert_eq!(
        not_charged(&sale),
        NotChargedReason::Cancelled,
        "certainly not sent, and not wanted any more"
    );
}

#[test]
fn a_killed_app_finds_its_sale_again_at_every_step() {
    let resume = |sale: &Sale| {
        let mut again = sale.clone();
        again.state = Snapshot::decode(&Snapshot(sale.state.clone()).encode()).unwrap().0;
        assert_eq!(again.state, sale.state);
        again.history.clear();
        again.wait(3_600_000).handle(Event::Resume);
        again
    };
    let plan = Plan {
        wants_stored_card: false,
        ..Plan::default()
    };
    let mut sale = Sale::new(plan);
    assert_eq!(
        not_charged(&resume(sale.handle(Event::Start))),
        NotChargedReason::Interrupted
    );
    for recovering in [Sale::performing(plan), sale.initiated().clone()] {
        let again = resume(&recovering);
        assert_eq!(again.shows(), "recovering");
        assert_eq!(again.count(|effect| perform(effect).is_some()), 0);
    }
    let mut sale = Sale::polling(plan);
    assert!(
        is_polling(&resume(&sale)),
        "an hour later the windows are over, and still the gateway is asked first"
    );
    sale.status(&redirect_to("https://acs.example/1"));
    let mut again = resume(&sale);
    assert_eq!(
        again.shows(),
        "processing",
        "no page is claimed before the gateway names one"
    );
    again.status(&redirect_to("https://acs.example/1"));
    assert_eq!(
        again.count(|effect| opened(effect).is_some()),
        1,
        "the page can be finished after a restart"
    );
    sale.timer().status(APPROVED);
    assert_eq!(
        outcome(&resume(&sale)),
        outcome(&sale),
        "an outcome is reported again until it is acknowledged"
    );
}

#[test]
fn an_unknown_outcome_is_asked_for_again_when_the_sale_is_resumed() {
    let mut sale = Sale::polling(Plan {
        processing_window: 1_000,
        wants_stored_card: false,
        ..Plan::default()
    });
    sale.wait(1_000).status(PROCESSING);
    assert_eq!(unknown(&sale), UnknownReason::StillProcessing);
    sale.wait(86_400_000).handle(Event::Resume);
    assert!(is_polling(&sale));
    sale.status(DECLINED);
    assert_eq!(outcome(&sale).charge(), Charge::NotCharged);
}

#[test]
fn a_clock_that_is_set_back_lengthens_nothing() {
    let mut sale = Sale::polling(Plan {
        processing_window: 10_000,
        ..Plan::default()
    });
    sale.status(PROCESSING);
    sale.now = salekit_core::Timestamp(START.0 - 86_400_000);
    let set_back = sale.now;
    sale.handle(Event::NetworkAvailable);
    let mut steps = 0;
    while sale.outcome().is_none() {
        steps += 1;
        assert!(steps < 20);
        if is_polling(&sale) {
            sale.status(PROCESSING);
        } else {
            sale.timer();
        }
    }
    assert!(sale.now.since(set_back) <= 10_000, "{}", sale.now.since(set_back));
}
