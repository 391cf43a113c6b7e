//! Up to and including perform sale: what is sent, how often, and what follows from a lost answer.

use super::*;

#[test]
fn the_snapshot_is_saved_before_perform_is_sent_and_says_so() {
    let mut sale = Sale::new(Plan::default());
    sale.handle(Event::Start).initiated();
    assert!(
        matches!(sale.effects[..], [Effect::Commit { .. }]),
        "first the snapshot, nothing else: {:?}",
        sale.effects
    );
    let restored = Snapshot::decode(&Snapshot(sale.state.clone()).encode()).unwrap().0;
    let (after_crash, effects) = step(restored, Event::Resume, sale.now);
    assert_eq!(
        after_crash.view().name(),
        "recovering",
        "a sale that is resumed from this snapshot assumes that perform was sent"
    );
    assert!(!effects.iter().any(|effect| perform(effect).is_some()));
    sale.saved();
    assert_eq!(sale.count(|effect| perform(effect).is_some()), 1);
}

#[test]
fn a_snapshot_that_cannot_be_saved_stops_the_sale_before_perform() {
    let mut sale = Sale::new(Plan::default());
    sale.handle(Event::Start).initiated();
    sale.committed(Commit::Failed);
    assert_eq!(not_charged(&sale), NotChargedReason::StorageFailed);
    sale.saved();
    assert_eq!(sale.count(|effect| perform(effect).is_some()), 0);
}

#[test]
fn an_early_commit_is_not_taken_for_the_one_before_perform() {
    let mut sale = Sale::new(Plan::default());
    sale.handle(Event::Start).initiated();
    let early = sale.last(commit);
    let by = salekit_core::SaleId::from_random([9; 16]);
    sale.committed(Commit::InvoiceTaken { by }).timer().initiated();
    sale.handle(Event::Committed(early, Commit::Done));
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
        sale.handle(Event::SessionToken(request, Err(Unanswered::Failed(LOST))));
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

/// A network that comes and goes ten times a second.
#[test]
fn signals_hasten_a_try_and_neither_use_the_tries_up_nor_put_the_last_one_off() {
    let mut sale = Sale::performing(Plan::default());
    sale.performed(Err(UNREACHABLE));
    let due = sale.timer_at().unwrap();
    for _ in 0..9 {
        sale.wait(100)
            .handle(Event::NetworkAvailable)
            .performed(Err(UNREACHABLE));
        assert_eq!(sale.outcome(), None);
        assert_eq!(sale.timer_at().unwrap(), due, "the try that is due stays where it is");
    }
    assert_eq!(sale.count(|effect| perform(effect).is_some()), 10);
    sale.timer()
        .performed(Err(UNREACHABLE))
        .timer()
        .performed(Err(UNREACHABLE));
    assert_eq!(not_charged(&sale), NotChargedReason::GatewayUnreachable);
}

#[test]
fn a_bad_certificate_is_not_tried_again() {
    let mut sale = Sale::performing(Plan::default());
    sale.performed(Err(salekit_core::Failure::before_sending(
        FailureKind::CertificateUntrusted,
    )));
    let SaleOutcome::NotCharged(end) = outcome(&sale) else {
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
            sale.session(Err(merchant_says(404)));
            let SaleOutcome::NotCharged(end) = outcome(&sale) else {
                panic!()
            };
            assert_eq!(end.reason, NotChargedReason::PerformRefused);
            assert_eq!(end.support_reference.as_deref(), Some("ref-1"));
            assert!(end.detail.contains("why"), "{}", end.detail);
        }
    }
}

/// Such an answer may come from a proxy in front of the gateway, or late from an earlier request.
#[test]
fn an_answer_of_a_non_dapi_server_is_no_refusal_but_its_status_is_reported() {
    let mut sale = Sale::performing(Plan::default());
    sale.perform_reply(404, "<html>no such page</html>");
    assert_eq!(sale.shows(), "recovering");
    assert!(!sale.state.may_still_perform(), "the card is not needed any more");
    sale.handle(Event::Cancel);
    assert_eq!(sale.state.outcome(), None, "perform sale may have been processed");
    let request = sale.last(session_token);
    sale.handle(Event::SessionToken(request, Err(Unanswered::Failed(LOST))));
    let SaleOutcome::Unknown(end) = outcome(&sale) else {
        panic!()
    };
    assert!(
        end.detail.contains("404") && end.detail.contains("base URL"),
        "{}",
        end.detail
    );
    assert!(!end.detail.contains("html"), "{}", end.detail);
}

#[test]
fn a_non_dapi_server_that_repeats_the_request_puts_nothing_of_it_into_outcome_snapshot_or_debug() {
    let mut sale = Sale::performing(Plan::default());
    sale.perform_reply(
        400,
        r#"{"error":"no route for {securityCode: 987, number: 4111 1111 1111 1111}"}"#,
    );
    let snapshot = Snapshot(sale.state.clone()).encode();
    assert!(!String::from_utf8_lossy(&snapshot).contains("987"));
    assert!(!format!("{:?}", sale.state).contains("987"));
    sale.handle(Event::Cancel);
    let request = sale.last(session_token);
    sale.handle(Event::SessionToken(request, Err(Unanswered::Failed(LOST))));
    let end = outcome(&sale);
    assert!(!format!("{end:?}").contains("987"), "{end:?}");
}

#[test]
fn a_token_beside_an_error_is_used_to_ask() {
    let mut sale = Sale::performing(Plan::default());
    sale.perform_reply(
        500,
        r#"{"session":{"token":"abcdefghijklmnop"},"error":{"cause":"INTERNAL_ERROR"}}"#,
    );
    assert_eq!(sale.shows(), "processing");
    assert!(is_polling(sale.timer()));
}

#[test]
fn without_a_way_to_recover_a_lost_answer_is_unknown_and_says_whom_to_ask() {
    let mut sale = Sale::performing(Plan {
        can_recover_session: false,
        ..Plan::default()
    });
    sale.performed(Err(LOST));
    let SaleOutcome::Unknown(end) = outcome(&sale) else {
        panic!()
    };
    assert_eq!(
        (end.reason, end.advice),
        (UnknownReason::PerformAnswerLost, UnknownAdvice::AskMerchant)
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
    sale.handle(Event::SessionToken(request, Err(merchant_says(404))))
        .timer();
    let request = sale.last(session_token);
    sale.handle(Event::SessionToken(
        request,
        Ok(SessionAnswer::Token(Secret::new(TOKEN))),
    ));
    sale.status(APPROVED);
    assert_eq!(outcome(&sale).charge(), Charge::Charged);
}

#[test]
fn a_sale_that_is_resumed_after_its_access_token_ran_out_is_found_with_a_new_one() {
    let refused = |status| Err(merchant_says(status));
    let mut sale = Sale::performing(Plan::default());
    sale.performed(Err(LOST)).handle(Event::Resume);
    let request = sale.last(session_token);
    sale.handle(Event::SessionToken(request, refused(403)));
    let request = sale.last(access_token);
    sale.handle(Event::AccessToken(request, Ok(Secret::new("u".repeat(64)))));
    let asked_with = |sale: &Sale| match sale.effects.last() {
        Some(Effect::AskSessionToken { access_token, .. } | Effect::PollStatus { access_token, .. }) => {
            access_token.expose().chars().next()
        }
        other => panic!("{other:?}"),
    };
    assert_eq!(asked_with(&sale), Some('u'));
    let request = sale.last(session_token);
    // One new token is enough: if it is refused too, another one will not help.
    sale.handle(Event::SessionToken(request, refused(403)));
    assert_eq!(sale.count(|effect| access_token(effect).is_some()), 1);
    sale.timer();
    let request = sale.last(session_token);
    sale.handle(Event::SessionToken(
        request,
        Ok(SessionAnswer::Token(Secret::new(TOKEN))),
    ));
    let polled = |effect: &&Effect| poll(effect).is_some();
    let Some(Effect::PollStatus { access_token, .. }) = sale.effects.iter().find(polled) else {
        panic!("{:?}", sale.effects)
    };
    assert!(
        access_token.expose().starts_with('t'),
        "the gateway has seen the first one"
    );
}

#[test]
fn an_old_access_token_is_renewed_once() {
    let refused = || Ok(initiate::read(&Reply::new(403, "")));
    let mut sale = Sale::new(Plan::default());
    sale.handle(Event::Start);
    let request = sale.last(sale::initiate);
    sale.handle(Event::Initiate(request, refused()));
    let request = sale.last(access_token);
    sale.handle(Event::AccessToken(request, Ok(Secret::new("u".repeat(64)))));
    let request = sale.last(sale::initiate);
    sale.handle(Event::Initiate(request, refused()));
    assert_eq!(not_charged(&sale), NotChargedReason::AccessTokenRefused);
    assert_eq!(sale.count(|effect| access_token(effect).is_some()), 1);
}

#[test]
fn a_merchant_that_fails_is_asked_three_times_and_one_that_refuses_only_once() {
    let mut sale = Sale::with_token(Plan::default(), None);
    sale.handle(Event::Start);
    let request = sale.last(access_token);
    sale.handle(Event::AccessToken(request, Ok(Secret::new("u".repeat(64)))));
    for _ in 0..2 {
        let request = sale.last(sale::initiate);
        sale.handle(Event::Initiate(request, Ok(initiate::read(&Reply::new(500, "")))))
            .timer();
    }
    let request = sale.last(sale::initiate);
    sale.handle(Event::Initiate(request, Err(LOST)));
    assert_eq!(not_charged(&sale), NotChargedReason::MerchantUnavailable);
    assert_eq!(sale.count(|effect| sale::initiate(effect).is_some()), 3);

    let mut sale = Sale::new(Plan::default());
    sale.handle(Event::Start);
    let request = sale.last(sale::initiate);
    sale.handle(Event::Initiate(
        request,
        Ok(initiate::read(&Reply::new(400, r#"{"error":{"cause":"FILTERED"}}"#))),
    ));
    assert_eq!(not_charged(&sale), NotChargedReason::InitiateRefused);
}
