//! The end of a sale if the answer to perform sale proves nothing: the merchant's server is asked, and may void the
//! invoice.

use super::*;

const REFUSAL: &str = r#"{"error":{"cause":"INVALID_REQUEST","code":"ref-1","message":"performed already"}}"#;

fn asks_to_void(sale: &Sale) -> bool {
    let asked = |effect: &Effect| match effect {
        Effect::AskSessionToken { void, .. } => Some(*void),
        _ => None,
    };
    sale.history
        .iter()
        .rev()
        .find_map(asked)
        .expect("the merchant's server is asked")
}

/// Something between app and gateway sent perform sale twice, and the answer to the second copy came back.
#[test]
fn a_refusal_of_perform_counts_only_if_the_merchants_server_does_not_know_the_sale() {
    let mut sale = Sale::performing(Plan::default());
    sale.perform_reply(400, REFUSAL);
    assert_eq!((sale.outcome(), sale.shows()), (None, "recovering"));
    assert!(asks_to_void(&sale), "there is nothing to wait for");
    sale.session(token());
    assert!(is_polling(&sale));
    sale.status(APPROVED);
    assert_eq!(outcome(&sale).charge(), Charge::Charged);

    for answer in [Err(merchant_says(404)), Ok(SessionAnswer::Void)] {
        let mut sale = Sale::performing(Plan::default());
        sale.perform_reply(400, REFUSAL).session(answer);
        let SaleOutcome::NotCharged(end) = outcome(&sale) else {
            panic!()
        };
        assert_eq!(end.reason, NotChargedReason::PerformRefused);
        assert_eq!(end.support_reference.as_deref(), Some("ref-1"));
        assert_eq!(end.invoice_id.as_deref(), Some(INVOICE));
    }
}

#[test]
fn an_unconfirmed_refusal_is_unknown() {
    // The last two are not the merchant's answers about the invoice: a proxy that asks for a password, and a path
    // without such a request.
    for answer in [
        Unanswered::Failed(LOST),
        merchant_says(503),
        merchant_says(429),
        merchant_says(403),
        merchant_says(407),
        merchant_says(405),
    ] {
        let mut sale = Sale::performing(Plan {
            // Otherwise a new access token would resolve a 403.
            can_request_access_token: false,
            ..Plan::default()
        });
        sale.perform_reply(400, REFUSAL);
        let mut asked = 0;
        while sale.outcome().is_none() {
            asked += 1;
            assert!(asked < 20);
            sale.session(Err(answer.clone()));
            if sale.outcome().is_none() {
                sale.timer();
            }
        }
        assert_eq!(unknown(&sale), UnknownReason::RefusalUnconfirmed, "{answer:?}");
        assert!(asked > 3, "{answer:?}");
        // When it is asked again, the outcome is known.
        sale.wait(60_000).handle(Event::Resume).session(Ok(SessionAnswer::Void));
        assert_eq!(not_charged(&sale), NotChargedReason::PerformRefused);
    }
}

#[test]
fn without_a_way_to_ask_a_refusal_is_believed() {
    let mut sale = Sale::performing(Plan {
        can_recover_session: false,
        ..Plan::default()
    });
    sale.perform_reply(400, REFUSAL);
    assert_eq!(not_charged(&sale), NotChargedReason::PerformRefused);
}

#[test]
fn a_lost_answer_is_given_its_time_and_then_the_invoice_is_voided() {
    let mut sale = Sale::performing(Plan::default());
    sale.performed(Err(LOST));
    let began = sale.now;
    while !asks_to_void(&sale) {
        sale.session(Err(merchant_says(404)));
        if !asks_to_void(&sale) {
            sale.timer();
        }
    }
    assert!(sale.now.since(began) >= 30_000);
    sale.session(Ok(SessionAnswer::Void));
    assert_eq!(not_charged(&sale), NotChargedReason::InvoiceVoided);
}

#[test]
fn a_merchants_server_that_cannot_void_leaves_a_lost_answer_unknown() {
    let mut sale = Sale::performing(Plan::default());
    sale.performed(Err(LOST));
    while sale.outcome().is_none() {
        sale.session(Err(merchant_says(404)));
        if sale.outcome().is_none() && !asks_to_void(&sale) {
            sale.timer();
        }
    }
    assert!(asks_to_void(&sale));
    assert_eq!(unknown(&sale), UnknownReason::PerformAnswerLost);
}

#[test]
fn a_sale_that_was_killed_before_perform_was_sent_is_proven_not_charged() {
    let mut sale = Sale::new(Plan::default());
    sale.handle(Event::Start).initiated();
    let Snapshot(state) = Snapshot::decode(&Snapshot(sale.state.clone()).encode()).unwrap();
    (sale.state, sale.history) = (state, Vec::new());
    sale.wait(3_600_000).handle(Event::Resume);
    assert!(!asks_to_void(&sale), "perform sale may be on its way still");
    sale.wait(30_000).session(Err(merchant_says(404)));
    assert!(asks_to_void(&sale));
    sale.session(Ok(SessionAnswer::Void));
    assert_eq!(not_charged(&sale), NotChargedReason::InvoiceVoided);
    assert_eq!(sale.count(|effect| perform(effect).is_some()), 0);
}

#[test]
fn cancelling_a_lost_sale_voids_it_at_once() {
    let mut sale = Sale::performing(Plan::default());
    sale.performed(Err(LOST))
        .session(Err(merchant_says(404)))
        .handle(Event::Cancel);
    assert!(asks_to_void(&sale));
    sale.session(Ok(SessionAnswer::Void));
    // Not "cancelled": that would mean that perform sale was never sent, and that its invoice may be used again.
    assert_eq!(not_charged(&sale), NotChargedReason::InvoiceVoided);
    assert!(sale.state.spent_invoice().is_some());

    // If the answer is not lost, cancelling only asks to stop.
    let mut sale = Sale::performing(Plan::default());
    sale.performed(Err(LOST))
        .session(Err(merchant_says(404)))
        .handle(Event::Cancel);
    sale.session(token()).status(APPROVED);
    assert_eq!(outcome(&sale).charge(), Charge::Charged);
}

#[test]
fn servers_that_ask_for_time_are_given_it() {
    let with_delay = |seconds| {
        let mut reply = Reply::new(503, "");
        reply.retry_after = Some(std::time::Duration::from_secs(seconds));
        reply
    };
    for (asked_for, given) in [(0, 1_000), (20, 20_000), (86_400, 30_000)] {
        let reply = with_delay(asked_for);
        let mut sale = Sale::new(Plan::default());
        sale.handle(Event::Start);
        let request = sale.last(sale::initiate);
        sale.handle(Event::Initiate(request, Ok(initiate::read(&reply))));
        assert_eq!(sale.timer_at().unwrap().since(START), given, "initiate sale");

        let mut sale = Sale::with_token(Plan::default(), None);
        sale.handle(Event::Start);
        let request = sale.last(access_token);
        let refusal = merchant::read_access_token(&reply).unwrap_err();
        sale.handle(Event::AccessToken(request, Err(Unanswered::Refused(refusal))));
        assert_eq!(sale.timer_at().unwrap().since(START), given, "access token");

        let mut sale = Sale::performing(Plan::default());
        let refusal = merchant::read_session_token(&reply, INVOICE).unwrap_err();
        sale.performed(Err(LOST)).session(Err(Unanswered::Refused(refusal)));
        assert_eq!(sale.timer_at().unwrap().since(START), given, "session token");
    }
}
