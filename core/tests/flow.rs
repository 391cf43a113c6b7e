//! What the state machine does when things go wrong. Every test drives the public `step` and looks at what it asks for.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "a test says what it expects by unwrapping it"
)]

mod support;

use salekit_core::{
    Charge, FailureKind, NotChargedReason, Outcome, Secret, UnknownAdvice, UnknownReason,
    flow::{Effect, Event, Plan, Snapshot, Unanswered, step},
    message::{Reply, initiate, perform::PerformAnswer, shop, status::StatusAnswer},
};
use support::*;

fn outcome(sale: &Sale) -> Outcome {
    sale.outcome().expect("the sale has ended")
}

fn not_charged(sale: &Sale) -> NotChargedReason {
    match outcome(sale) {
        Outcome::NotCharged(end) => end.reason,
        other => panic!("{other:?}"),
    }
}

fn unknown(sale: &Sale) -> UnknownReason {
    match outcome(sale) {
        Outcome::Unknown(end) => end.reason,
        other => panic!("{other:?}"),
    }
}

fn is_polling(sale: &Sale) -> bool {
    sale.effects.iter().any(|effect| poll(effect).is_some())
}

const PROCESSING: &str = r#"{"state":"PROCESSING"}"#;
const APPROVED: &str = r#"{"state":"APPROVED","orderId":9876543,"bankOrderId":"b1","transaction":{"amountCentis":"1050","currency":"EUR","commissionCentis":5}}"#;
const DECLINED: &str = r#"{"state":"DECLINED","errorCode":116,"errorMessage":"Insufficient funds"}"#;

fn redirect_to(url: &str) -> String {
    format!(r#"{{"state":"REDIRECT_REQUEST","redirectUrl":"{url}"}}"#)
}

#[test]
fn the_snapshot_is_saved_before_perform_is_sent_and_says_so() {
    let mut sale = Sale::new(Plan::default());
    sale.tell(Event::Start).initiated();
    assert!(
        matches!(sale.effects[..], [Effect::Save(_)]),
        "first the snapshot, nothing else: {:?}",
        sale.effects
    );
    let restored = Snapshot::decode(&Snapshot(sale.state.clone()).encode()).unwrap().0;
    let (after_crash, effects) = step(restored, Event::Resume, sale.now);
    assert_eq!(
        after_crash.view().name(),
        "recovering",
        "whoever finds this snapshot assumes that perform was sent"
    );
    assert!(!effects.iter().any(|effect| perform(effect).is_some()));
    sale.saved();
    assert_eq!(sale.count(|effect| perform(effect).is_some()), 1);
}

#[test]
fn a_snapshot_that_cannot_be_saved_stops_the_sale_before_perform() {
    let mut sale = Sale::new(Plan::default());
    sale.tell(Event::Start).initiated();
    let request = sale.last(save);
    sale.tell(Event::SaveFailed(request));
    assert_eq!(not_charged(&sale), NotChargedReason::StorageFailed);
    sale.tell(Event::Saved(request));
    assert_eq!(sale.count(|effect| perform(effect).is_some()), 0);
}

#[test]
fn an_early_save_is_not_taken_for_the_one_before_perform() {
    let mut sale = Sale::new(Plan::default());
    sale.tell(Event::Start);
    let early = sale.last(save);
    sale.initiated();
    sale.tell(Event::Saved(early));
    assert_eq!(sale.count(|effect| perform(effect).is_some()), 0);
    sale.saved();
    assert_eq!(sale.count(|effect| perform(effect).is_some()), 1);
}

#[test]
fn perform_is_tried_again_only_if_it_certainly_was_not_sent_and_not_for_ever() {
    let mut sale = Sale::performing(Plan::default());
    sale.performed(Err(UNREACHABLE)).timer();
    sale.performed(Err(UNREACHABLE)).timer();
    assert_eq!(sale.count(|effect| perform(effect).is_some()), 3);
    sale.performed(Err(UNREACHABLE));
    assert_eq!(not_charged(&sale), NotChargedReason::GatewayUnreachable);

    let mut sale = Sale::performing(Plan::default());
    sale.performed(Err(UNREACHABLE)).timer();
    sale.performed(Err(LOST));
    assert_eq!(sale.shows(), "recovering");
    for _ in 0..50 {
        if sale.outcome().is_some() {
            break;
        }
        let request = sale.last(session_token);
        sale.tell(Event::SessionToken(request, Err(Unanswered::Failed(LOST))));
        if sale.outcome().is_none() {
            sale.timer();
        }
    }
    assert_eq!(unknown(&sale), UnknownReason::PerformAnswerLost);
    assert_eq!(
        sale.count(|effect| perform(effect).is_some()),
        2,
        "never again once it may have been sent"
    );
}

#[test]
fn a_bad_certificate_is_not_tried_again() {
    let mut sale = Sale::performing(Plan::default());
    sale.performed(Err(salekit_core::Failure::before_sending(
        FailureKind::CertificateUntrusted,
    )));
    let Outcome::NotCharged(end) = outcome(&sale) else {
        panic!()
    };
    assert_eq!(end.failure, Some(FailureKind::CertificateUntrusted));
}

#[test]
fn every_unclear_answer_to_perform_leads_to_a_question_never_to_failed() {
    let unclear: &[(u16, &str)] = &[
        (200, ""),
        (200, "<html>"),
        (200, "{}"),
        (200, r#"{"session":{"token":null}}"#),
        (200, r#"{"error":{"cause":"INTERNAL_ERROR"}}"#),
        (200, r#"{"error":{"cause":"PROCESSING_FAILED"}}"#),
        (200, r#"{"error":{"cause":"SOMETHING_NEW"}}"#),
        (200, r#"{"error":"text"}"#),
        (302, ""),
        (408, ""),
        (409, r#"{"error":{"cause":"INVALID_REQUEST"}}"#),
        (409, ""),
        (500, ""),
        (500, "<html>"),
        (502, "Bad Gateway"),
        (503, r#"{"error":{"cause":"SERVER_UNAVAILABLE"}}"#),
        (504, ""),
        (
            500,
            r#"{"error":{"type":"java.lang.Exception","message":"m","trace":"t"}}"#,
        ),
    ];
    for (status, body) in unclear {
        let mut sale = Sale::performing(Plan::default());
        sale.perform_reply(*status, body);
        assert_eq!(sale.shows(), "recovering", "{status} {body}");
        assert_eq!(
            sale.count(|effect| session_token(effect).is_some()),
            1,
            "{status} {body}"
        );
    }
}

#[test]
fn a_refusal_of_perform_is_not_charged_and_says_why() {
    for cause in ["FILTERED", "INVALID_REQUEST", "INVALID_CONFIGURATION", "DECLINED"] {
        for status in [200, 400, 500] {
            let mut sale = Sale::performing(Plan::default());
            sale.perform_reply(
                status,
                &format!(r#"{{"error":{{"cause":"{cause}","code":"ref-1","message":"why"}}}}"#),
            );
            let Outcome::NotCharged(end) = outcome(&sale) else {
                panic!()
            };
            assert_eq!(end.reason, NotChargedReason::PerformRefused);
            assert_eq!(end.support_reference.as_deref(), Some("ref-1"));
            assert!(end.detail.contains("why"), "{}", end.detail);
        }
    }
    let mut sale = Sale::performing(Plan::default());
    sale.perform_reply(404, "<html>no such page</html>");
    let Outcome::NotCharged(end) = outcome(&sale) else {
        panic!()
    };
    assert_eq!(end.reason, NotChargedReason::WrongGatewayAddress);
    assert!(end.detail.contains("base URL"), "{}", end.detail);
}

#[test]
fn a_token_beside_an_error_is_used_to_ask() {
    let mut sale = Sale::performing(Plan::default());
    sale.perform_reply(
        500,
        r#"{"session":{"token":"abcdefghijklmnop"},"error":{"cause":"INTERNAL_ERROR"}}"#,
    );
    assert!(is_polling(&sale));
}

#[test]
fn without_a_way_to_recover_a_lost_answer_is_unknown_and_says_whom_to_ask() {
    let mut sale = Sale::performing(Plan {
        can_recover_session: false,
        ..Plan::default()
    });
    sale.performed(Err(LOST));
    let Outcome::Unknown(end) = outcome(&sale) else {
        panic!()
    };
    assert_eq!(
        (end.reason, end.advice),
        (UnknownReason::PerformAnswerLost, UnknownAdvice::AskShop)
    );
    assert_eq!(end.invoice_id, INVOICE);
    assert_eq!(outcome(&sale).charge(), Charge::Unknown);
}

#[test]
fn a_recovered_session_token_leads_to_the_gateways_word() {
    let mut sale = Sale::performing(Plan {
        wants_stored_card: false,
        ..Plan::default()
    });
    sale.performed(Err(LOST));
    let request = sale.last(session_token);
    let not_yet =
        shop::read_session_token(&Reply::new(404, r#"{"error":{"cause":"INVALID_REQUEST"}}"#), INVOICE).unwrap_err();
    sale.tell(Event::SessionToken(request, Err(Unanswered::Refused(not_yet))))
        .timer();
    let request = sale.last(session_token);
    sale.tell(Event::SessionToken(request, Ok(Secret::new(TOKEN))));
    sale.status(APPROVED);
    assert_eq!(outcome(&sale).charge(), Charge::Charged);
}

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
        // A new sale each time, or the back-off would reach the window's end.
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

#[test]
fn retry_after_is_honoured_even_when_the_app_is_in_a_hurry() {
    let mut sale = Sale::polling(Plan::default());
    let mut reply = Reply::new(429, "");
    reply.retry_after = Some(std::time::Duration::from_secs(20));
    sale.status_answer(Ok(read_status(&reply)));
    sale.wait(4_000).tell(Event::Foreground);
    assert!(!is_polling(&sale));
    sale.timer();
    assert_eq!(sale.now.since(START), 20_000);
    assert!(is_polling(&sale));
}

#[test]
fn a_sale_that_stays_processing_ends_as_unknown_after_one_last_question() {
    let mut sale = Sale::polling(Plan {
        processing_window: 10_000,
        ..Plan::default()
    });
    let mut asked_at = vec![0];
    while sale.outcome().is_none() {
        sale.status(PROCESSING);
        if sale.outcome().is_none() {
            sale.timer();
            asked_at.push(sale.now.since(START));
        }
    }
    let Outcome::Unknown(end) = outcome(&sale) else {
        panic!()
    };
    assert_eq!(
        (end.reason, end.advice),
        (UnknownReason::StillProcessing, UnknownAdvice::ResumeOrAskShop)
    );
    assert_eq!(
        asked_at,
        [0, 3_000, 6_000, 9_000, 10_000],
        "the last timer gives up: the last question is a second old"
    );
}

#[test]
fn the_challenge_has_a_window_of_its_own_that_no_new_page_extends() {
    let plan = Plan {
        challenge_window: 12_000,
        processing_window: 5_000,
        ..Plan::default()
    };
    let mut sale = Sale::polling(plan);
    let mut page = 0;
    while sale.outcome().is_none() {
        page += 1;
        sale.status(&redirect_to(&format!("https://acs.example/{page}")));
        if sale.outcome().is_none() {
            sale.timer();
        }
    }
    assert_eq!(unknown(&sale), UnknownReason::ChallengeUnfinished);
    assert_eq!(sale.now.since(START), 12_000);
    assert!(matches!(sale.effects[0], Effect::CloseBrowser), "{:?}", sale.effects);
}

#[test]
fn going_back_and_forth_between_states_does_not_keep_a_sale_alive_for_ever() {
    let mut sale = Sale::polling(Plan::default());
    let mut flips = 0;
    while sale.outcome().is_none() {
        flips += 1;
        assert!(flips < 1_000);
        match flips % 2 {
            0 => sale.status(PROCESSING),
            _ => sale.status(&redirect_to(&format!("https://acs.example/{flips}"))),
        };
        if sale.outcome().is_none() {
            sale.timer();
        }
    }
    assert!(sale.now.since(START) <= 13 * 60_000);
    assert!(
        sale.count(|effect| opened(effect).is_some()) <= 10,
        "the browser is not kept busy either"
    );
}

#[test]
fn each_page_is_opened_once_and_taken_away_when_the_gateway_goes_on() {
    let mut sale = Sale::polling(Plan::default());
    sale.status(&redirect_to("https://acs.example/1"));
    assert!(matches!(&sale.effects[0], Effect::OpenBrowser { url } if url == "https://acs.example/1"));
    sale.timer().status(&redirect_to("https://acs.example/1"));
    sale.timer().status(&redirect_to("https://acs.example/2"));
    assert_eq!(sale.count(|effect| opened(effect).is_some()), 2);
    sale.timer().status(PROCESSING);
    assert_eq!(
        sale.effects
            .iter()
            .filter(|effect| matches!(effect, Effect::CloseBrowser))
            .count(),
        1
    );
    sale.timer().status(DECLINED);
    assert_eq!(sale.count(|effect| matches!(effect, Effect::CloseBrowser)), 1);
}

#[test]
fn a_direct_end_takes_the_page_away_before_the_end_is_told() {
    let mut sale = Sale::polling(Plan::default());
    sale.status(&redirect_to("https://acs.example/1"))
        .timer()
        .status(DECLINED);
    assert!(
        matches!(
            sale.effects[..],
            [Effect::CloseBrowser, Effect::Save(_), Effect::Finish(_)]
        ),
        "{:?}",
        sale.effects
    );
}

#[test]
fn the_browsers_return_is_only_a_reason_to_ask_at_the_right_moment() {
    for signal in [Event::BrowserReturned, Event::BrowserClosed] {
        let mut sale = Sale::polling(Plan::default());
        sale.status(&redirect_to("https://acs.example/1"));
        sale.wait(60_000 - 3_400);
        sale.now = START.plus(60_000);
        sale.tell(Event::Timer).status(&redirect_to("https://acs.example/1"));
        sale.now = START.plus(62_200);
        sale.tell(signal.clone());
        assert_eq!(sale.outcome(), None);
        assert_eq!(sale.timer_at().unwrap().since(START), 63_700, "1.5 s after the return");
        // A second signal of the same return does not push it off.
        sale.wait(500).tell(Event::BrowserClosed);
        assert!(sale.timer_at().unwrap().since(START) <= 63_700);
    }
    let mut sale = Sale::polling(Plan::default());
    sale.status(&redirect_to("https://acs.example/1"))
        .wait(100)
        .tell(Event::BrowserReturned);
    assert_eq!(
        sale.timer_at().unwrap().since(START),
        3_000,
        "never sooner than 3 s after the last one"
    );
}

#[test]
fn coming_to_the_foreground_asks_at_once_or_as_soon_as_allowed() {
    for signal in [Event::Foreground, Event::NetworkAvailable] {
        let mut sale = Sale::polling(Plan::default());
        sale.status(&redirect_to("https://acs.example/1"))
            .wait(1_000)
            .tell(signal.clone());
        assert!(!is_polling(&sale));
        assert_eq!(sale.timer_at().unwrap().since(START), 3_000);
        let mut sale = Sale::polling(Plan::default());
        sale.status(&redirect_to("https://acs.example/1"))
            .wait(3_500)
            .tell(signal);
        assert!(is_polling(&sale));
    }
}

#[test]
fn a_question_that_hangs_on_a_dead_connection_is_asked_anew_in_the_foreground() {
    let mut sale = Sale::polling(Plan {
        wants_stored_card: false,
        ..Plan::default()
    });
    let old = sale.last(poll);
    sale.wait(60_000).tell(Event::Foreground);
    assert!(is_polling(&sale));
    sale.tell(Event::Status(old, Err(LOST)));
    assert!(sale.effects.is_empty(), "the dead one's failure means nothing any more");
    sale.status(APPROVED);
    assert_eq!(outcome(&sale).charge(), Charge::Charged);
}

#[test]
fn cancel_before_perform_is_a_fact() {
    let mut sale = Sale::new(Plan::default());
    sale.tell(Event::Start).tell(Event::Cancel);
    assert_eq!(not_charged(&sale), NotChargedReason::Cancelled);
    let mut sale = Sale::new(Plan::default());
    sale.tell(Event::Start).initiated().tell(Event::Cancel);
    assert_eq!(not_charged(&sale), NotChargedReason::Cancelled);
    let request = sale.last(save);
    sale.tell(Event::Saved(request));
    assert_eq!(sale.count(|effect| perform(effect).is_some()), 0);
}

#[test]
fn cancel_after_perform_is_a_request_and_approved_wins() {
    let plan = Plan {
        wants_stored_card: false,
        ..Plan::default()
    };
    let mut sale = Sale::polling(plan);
    sale.tell(Event::Cancel);
    assert_eq!(
        sale.outcome(),
        None,
        "the question under way may bring the gateway's word"
    );
    sale.status(APPROVED);
    assert_eq!(outcome(&sale).charge(), Charge::Charged);

    let mut sale = Sale::polling(plan);
    sale.status(&redirect_to("https://acs.example/1"))
        .wait(500)
        .tell(Event::Cancel);
    assert!(matches!(sale.effects[0], Effect::CloseBrowser));
    sale.tell(Event::BrowserClosed).timer();
    assert!(is_polling(&sale), "one last question");
    sale.status(&redirect_to("https://acs.example/1"));
    assert_eq!(unknown(&sale), UnknownReason::StoppedWaiting);

    let mut sale = Sale::performing(plan);
    sale.tell(Event::Cancel);
    assert_eq!(sale.outcome(), None);
    sale.performed(Ok(PerformAnswer::Accepted {
        session_token: Secret::new(TOKEN),
    }))
    .status(APPROVED);
    assert_eq!(outcome(&sale).charge(), Charge::Charged);

    let mut sale = Sale::performing(plan);
    sale.tell(Event::Cancel).performed(Err(UNREACHABLE));
    assert_eq!(
        not_charged(&sale),
        NotChargedReason::Cancelled,
        "certainly not sent, and not wanted any more"
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
    sale.tell(Event::Status(
        first,
        Ok(read_status(&Reply::new(200, redirect_to("https://acs.example/1")))),
    ));
    assert!(sale.effects.is_empty());
    sale.tell(Event::Status(first, Ok(read_status(&Reply::new(200, APPROVED)))));
    assert_eq!(
        outcome(&sale).charge(),
        Charge::Charged,
        "a final state is final in whatever order it comes"
    );
    let told = sale.history.len();
    let answer: StatusAnswer = read_status(&Reply::new(200, DECLINED));
    sale.tell(Event::Status(first, Ok(answer)))
        .tell(Event::Timer)
        .tell(Event::Cancel)
        .tell(Event::BrowserClosed);
    assert_eq!(sale.history.len(), told);
}

#[test]
fn an_old_access_token_is_renewed_once() {
    let refused = || Ok(initiate::read(&Reply::new(403, "")));
    let mut sale = Sale::new(Plan::default());
    sale.tell(Event::Start);
    let request = sale.last(support::initiate);
    sale.tell(Event::Initiate(request, refused()));
    let request = sale.last(access_token);
    sale.tell(Event::AccessToken(request, Ok(Secret::new("u".repeat(64)))));
    let request = sale.last(support::initiate);
    sale.tell(Event::Initiate(request, refused()));
    assert_eq!(not_charged(&sale), NotChargedReason::AccessTokenRefused);
    assert_eq!(sale.count(|effect| access_token(effect).is_some()), 1);
}

#[test]
fn a_shop_that_fails_is_asked_three_times_and_one_that_refuses_only_once() {
    let mut sale = Sale::with_token(Plan::default(), None);
    sale.tell(Event::Start);
    let request = sale.last(access_token);
    sale.tell(Event::AccessToken(request, Ok(Secret::new("u".repeat(64)))));
    for _ in 0..2 {
        let request = sale.last(support::initiate);
        sale.tell(Event::Initiate(request, Ok(initiate::read(&Reply::new(500, "")))))
            .timer();
    }
    let request = sale.last(support::initiate);
    sale.tell(Event::Initiate(request, Err(LOST)));
    assert_eq!(not_charged(&sale), NotChargedReason::ShopUnavailable);
    assert_eq!(sale.count(|effect| support::initiate(effect).is_some()), 3);

    let mut sale = Sale::new(Plan::default());
    sale.tell(Event::Start);
    let request = sale.last(support::initiate);
    sale.tell(Event::Initiate(
        request,
        Ok(initiate::read(&Reply::new(400, r#"{"error":{"cause":"FILTERED"}}"#))),
    ));
    assert_eq!(not_charged(&sale), NotChargedReason::InitiateRefused);
}

#[test]
fn a_killed_app_finds_its_sale_again_at_every_step() {
    let resume = |sale: &Sale| {
        let mut again = sale.clone();
        again.state = Snapshot::decode(&Snapshot(sale.state.clone()).encode()).unwrap().0;
        assert_eq!(again.state, sale.state);
        again.history.clear();
        again.wait(3_600_000).tell(Event::Resume);
        again
    };
    let plan = Plan {
        wants_stored_card: false,
        ..Plan::default()
    };
    let mut sale = Sale::new(plan);
    assert_eq!(
        not_charged(&resume(sale.tell(Event::Start))),
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
        "an outcome is told again until it is acknowledged"
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
    sale.wait(86_400_000).tell(Event::Resume);
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
    sale.tell(Event::NetworkAvailable);
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

#[test]
fn a_receipt_holds_what_the_gateway_told_and_survives_what_it_left_out() {
    let mut sale = Sale::polling(Plan {
        wants_stored_card: false,
        ..Plan::default()
    });
    sale.status(APPROVED);
    let Outcome::Approved(receipt) = outcome(&sale) else {
        panic!()
    };
    assert_eq!(
        receipt.order_id.as_deref(),
        Some("9876543"),
        "a number where text is documented"
    );
    assert_eq!(receipt.amount.minor_units(), 1_050, "text where a number is documented");
    assert_eq!(receipt.commission_minor, Some(5));

    let mut sale = Sale::polling(Plan {
        wants_stored_card: false,
        ..Plan::default()
    });
    sale.status(r#"{"state":"APPROVED","transaction":"odd","orderId":{},"errorCode":[1]}"#);
    let Outcome::Approved(receipt) = outcome(&sale) else {
        panic!()
    };
    assert_eq!((receipt.amount.minor_units(), receipt.order_id), (1_050, None));
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
