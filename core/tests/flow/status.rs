//! Status requests: which answers end a sale, and which only delay the next request.

use super::*;

#[test]
fn nothing_but_the_gateways_word_ends_a_processing_sale() {
    let mut sale = Sale::polling(Plan::default());
    let nothings: &[(u16, &str)] = &[
        (200, PROCESSING),
        (200, r#"{"state":"TRANSFER_FEE_REQUEST"}"#),
        (200, r#"{"state":"approved"}"#),
        (200, r#"{"state":null}"#),
        (200, r#"{"state":"APPROVED","state":"DECLINED"}"#),
        (200, r#"{"state":"APPROVED","error":{"cause":"INTERNAL_ERROR"}}"#),
        (200, r#"{"state":"APPROVED","invoiceId":"another-invoice"}"#),
        (
            200,
            r#"{"state":"DECLINED","session":{"token":"another-session-token"}}"#,
        ),
        (500, APPROVED),
        (404, DECLINED),
        (200, ""),
        (200, "<html>"),
        (200, "[]"),
        (200, r#"{"error":{"cause":"ORDER_NOT_FOUND"}}"#),
        (401, r#"{"error":{"cause":"INVALID_REQUEST"}}"#),
        (403, ""),
        (500, ""),
        (503, ""),
        (200, r#"{"state":"REDIRECT_REQUEST"}"#),
        (
            200,
            r#"{"state":"REDIRECT_REQUEST","redirectUrl":"javascript:alert(1)"}"#,
        ),
    ];
    for (status, body) in nothings {
        sale.status_reply(*status, body);
        assert_eq!(sale.outcome(), None, "{status} {body}");
        // A new sale each time, because the back-off would reach the timeout.
        if !sale.state.view().is_finished() {
            sale.timer();
            assert!(is_polling(&sale), "{status} {body}");
        }
        sale.status(PROCESSING).timer();
    }
    sale.status_answer(Err(LOST));
    assert_eq!(sale.outcome(), None);
}

#[test]
fn the_first_status_request_waits_until_a_bank_can_have_decided_unless_the_app_asks_for_it() {
    let mut sale = Sale::performing(Plan::default());
    sale.accepted();
    assert!(!is_polling(&sale));
    assert_eq!(sale.timer_at().unwrap().since(START), 1_500);
    sale.timer();
    assert!(is_polling(&sale));
    let sent = sale.now;
    sale.status(PROCESSING).timer();
    assert_eq!(sale.now.since(sent), 3_000);

    for (signal, asks) in [
        (Event::Foreground, true),
        (Event::Cancel, true),
        (Event::Background, false),
    ] {
        let mut sale = Sale::performing(Plan::default());
        sale.accepted().wait(100).handle(signal.clone());
        assert_eq!(is_polling(&sale), asks, "{signal:?}");
    }
}

#[test]
fn failures_make_the_questions_rarer_and_a_good_answer_makes_them_usual_again() {
    let mut sale = Sale::polling(Plan::default());
    let mut gaps = Vec::new();
    for _ in 0..7 {
        let sent = sale.now;
        sale.status_answer(Err(LOST)).timer();
        gaps.push(sale.now.since(sent));
    }
    assert_eq!(gaps, [3_000, 4_800, 7_800, 12_600, 20_400, 30_000, 30_000]);
    let sent = sale.now;
    sale.status(PROCESSING).timer();
    assert_eq!(sale.now.since(sent), 3_000);
}

fn held_off(seconds: u64) -> Reply {
    let mut reply = Reply::new(429, "");
    reply.retry_after = Some(std::time::Duration::from_secs(seconds));
    reply
}

#[test]
fn retry_after_is_honoured_but_for_one_question_of_an_app_in_a_hurry() {
    let mut sale = Sale::polling(Plan::default());
    sale.status_answer(Ok(read_status(&held_off(20)))).timer();
    assert_eq!(sale.now.since(START), 20_000);
    assert!(is_polling(&sale));

    let mut sale = Sale::polling(Plan::default());
    sale.status_answer(Ok(read_status(&held_off(20))));
    sale.wait(4_000).handle(Event::Foreground);
    assert!(is_polling(&sale), "the payer is waiting");
    sale.status_answer(Ok(read_status(&held_off(20))));
    sale.wait(4_000).handle(Event::Foreground);
    assert!(!is_polling(&sale), "once is enough");
    sale.timer();
    assert_eq!(sale.now.since(START), 24_000);
    assert!(is_polling(&sale));
}

#[test]
fn no_server_silences_a_sale_for_longer_than_half_a_minute_or_for_its_last_question() {
    let mut sale = Sale::polling(Plan::default());
    sale.status_answer(Ok(read_status(&held_off(86_400)))).timer();
    assert_eq!(sale.now.since(START), 30_000);

    let mut sale = Sale::polling(Plan {
        processing_window: 20_000,
        ..Plan::default()
    });
    let accepted = START.0 - 1_500;
    sale.status_answer(Ok(read_status(&held_off(86_400)))).timer();
    assert_eq!(sale.now.0 - accepted, 20_000, "at the end of its window");
    assert!(is_polling(&sale));
    sale.status(APPROVED);
    assert_eq!(outcome(&sale).charge(), Charge::Charged);
}

#[test]
fn a_sale_that_stays_processing_ends_as_unknown_after_one_last_question() {
    let plan = Plan::default();
    let mut sale = Sale::polling(Plan {
        // The timeout begins when perform sale is accepted, the times below with the first status request.
        processing_window: plan.pacing.aim_after_perform + 10_000,
        ..plan
    });
    let mut asked_at = vec![0];
    while sale.outcome().is_none() {
        sale.status(PROCESSING);
        if sale.outcome().is_none() {
            sale.timer();
            asked_at.push(sale.now.since(START));
        }
    }
    let SaleOutcome::Unknown(end) = outcome(&sale) else {
        panic!()
    };
    assert_eq!(
        (end.reason, end.advice),
        (UnknownReason::StillProcessing, UnknownAdvice::ResumeOrAskMerchant)
    );
    assert_eq!(
        asked_at,
        [0, 3_000, 6_000, 9_000, 10_000],
        "the last timer gives up: the last request is a second old"
    );
}

#[test]
fn late_and_stray_answers_change_nothing_unless_they_are_final() {
    let plan = Plan {
        wants_stored_card: false,
        ..Plan::default()
    };
    let mut sale = Sale::polling(plan);
    let first = sale.last(poll);
    sale.status(PROCESSING).timer();
    sale.handle(Event::Status(
        first,
        Ok(read_status(&Reply::new(200, redirect_to("https://acs.example/1")))),
    ));
    assert!(sale.effects.is_empty());
    sale.handle(Event::Status(first, Ok(read_status(&Reply::new(200, APPROVED)))));
    assert_eq!(
        outcome(&sale).charge(),
        Charge::Charged,
        "a final state is final in whatever order it comes"
    );
    let effects = sale.history.len();
    let answer: StatusAnswer = read_status(&Reply::new(200, DECLINED));
    sale.handle(Event::Status(first, Ok(answer)))
        .handle(Event::Timer)
        .handle(Event::Cancel)
        .handle(Event::BrowserClosed);
    assert_eq!(sale.history.len(), effects);
}

#[test]
fn a_receipt_holds_what_the_gateway_sent_and_survives_what_it_left_out() {
    let mut sale = Sale::polling(Plan {
        wants_stored_card: false,
        ..Plan::default()
    });
    sale.status(APPROVED);
    let SaleOutcome::Approved(receipt) = outcome(&sale) else {
        panic!()
    };
    assert_eq!(
        receipt.order_id.as_deref(),
        Some("9876543"),
        "a number where text is documented"
    );
    let amount = receipt.amount.clone().unwrap();
    assert_eq!(amount.minor_units(), 1_050, "text where a number is documented");
    assert!(!receipt.amount_differs());
    assert_eq!(receipt.commission_minor_units, Some(5));

    let mut sale = Sale::polling(Plan {
        wants_stored_card: false,
        ..Plan::default()
    });
    sale.status(r#"{"state":"APPROVED","transaction":"odd","orderId":{},"errorCode":[1]}"#);
    let SaleOutcome::Approved(receipt) = outcome(&sale) else {
        panic!()
    };
    assert_eq!(
        (&receipt.amount, &receipt.order_id),
        (&None, &None),
        "nothing was confirmed"
    );
    assert_eq!(receipt.amount_to_show().to_string(), "10.50 EUR");
}

#[test]
fn no_state_and_no_effect_shows_a_token() {
    let mut sale = Sale::polling(Plan::default());
    sale.status(&redirect_to("https://acs.example/1"));
    let shown = format!("{:?}{:?}", sale.state, sale.history);
    for secret in [TOKEN, &"t".repeat(64), &"n".repeat(64), &"s".repeat(40)] {
        assert!(!shown.contains(secret));
    }
}
