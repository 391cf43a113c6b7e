//! The challenge: pages, the browser's return, and signals that bring a status request forward.

use super::*;

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
        sale.shows(),
        "challenge",
        "one answer may come from a replica that lags behind"
    );
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
fn a_direct_end_dismisses_the_page_before_it_is_reported() {
    let mut sale = Sale::polling(Plan::default());
    sale.status(&redirect_to("https://acs.example/1"))
        .timer()
        .status(DECLINED);
    assert!(
        matches!(
            sale.effects[..],
            [Effect::CloseBrowser, Effect::Save, Effect::Finish(_)]
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
        sale.handle(Event::Timer).status(&redirect_to("https://acs.example/1"));
        sale.now = START.plus(62_200);
        sale.handle(signal.clone());
        assert_eq!(sale.outcome(), None);
        assert_eq!(sale.timer_at().unwrap().since(START), 63_700, "1.5 s after the return");
        // A second signal about the same return does not postpone it.
        sale.wait(500).handle(Event::BrowserClosed);
        assert!(sale.timer_at().unwrap().since(START) <= 63_700);
    }
    let mut sale = Sale::polling(Plan::default());
    sale.status(&redirect_to("https://acs.example/1"))
        .wait(100)
        .handle(Event::BrowserReturned);
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
            .handle(signal.clone());
        assert!(!is_polling(&sale));
        assert_eq!(sale.timer_at().unwrap().since(START), 3_000);
        let mut sale = Sale::polling(Plan::default());
        sale.status(&redirect_to("https://acs.example/1"))
            .wait(3_500)
            .handle(signal);
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
    sale.wait(60_000).handle(Event::Foreground);
    assert!(is_polling(&sale));
    sale.handle(Event::Status(old, Err(LOST)));
    assert!(sale.effects.is_empty(), "the dead one's failure means nothing any more");
    sale.status(APPROVED);
    assert_eq!(outcome(&sale).charge(), Charge::Charged);
}

/// Gateways may use one page address for a session, and may have replicas that lag behind each other.
#[test]
fn a_stale_answer_neither_closes_the_page_nor_keeps_it_from_being_opened_again() {
    let page = redirect_to("https://acs.example/1");
    let mut sale = Sale::polling(Plan::default());
    sale.status(&page).timer().status(PROCESSING).timer().status(&page);
    assert_eq!(sale.count(|effect| opened(effect).is_some()), 1);
    assert_eq!(sale.count(|effect| matches!(effect, Effect::CloseBrowser)), 0);

    // Two stale answers close it, and the next redirect opens it again.
    sale.timer().status(PROCESSING).timer().status(PROCESSING);
    assert_eq!(
        (
            sale.shows(),
            sale.count(|effect| matches!(effect, Effect::CloseBrowser))
        ),
        ("processing", 1)
    );
    sale.timer().status(&page);
    assert_eq!(sale.count(|effect| opened(effect).is_some()), 2);
}

#[test]
fn the_word_that_the_gateway_is_processing_is_confirmed_soon() {
    let mut sale = Sale::polling(Plan::default());
    sale.status(&redirect_to("https://acs.example/1"))
        .timer()
        .status(PROCESSING);
    let first = sale.now;
    sale.timer();
    assert_eq!(sale.now.since(first), 3_000);
    sale.status(PROCESSING);
    assert_eq!(sale.shows(), "processing");
}

#[test]
fn after_the_browser_came_back_one_answer_is_enough() {
    for signal in [Event::BrowserReturned, Event::BrowserClosed] {
        let mut sale = Sale::polling(Plan::default());
        sale.status(&redirect_to("https://acs.example/1"))
            .handle(signal)
            .timer()
            .status(PROCESSING);
        assert_eq!(sale.shows(), "processing");
        assert!(sale.effects.iter().any(|effect| matches!(effect, Effect::CloseBrowser)));
    }
}

/// The link by which a browser returned may be forged.
#[test]
fn a_forged_return_does_not_keep_the_page_closed() {
    let page = redirect_to("https://acs.example/1");
    let mut sale = Sale::polling(Plan::default());
    sale.status(&page).wait(5_000).handle(Event::BrowserReturned).timer();
    let soon = sale.now;
    sale.status(&page);
    assert_eq!(
        sale.count(|effect| opened(effect).is_some()),
        1,
        "so soon after the return the gateway may not know of it"
    );
    sale.timer().status(&page);
    assert!(sale.now.since(soon) <= 5_000);
    assert_eq!(sale.count(|effect| opened(effect).is_some()), 2);

    // A page that the cardholder closed does not open again by itself.
    let mut sale = Sale::polling(Plan::default());
    sale.status(&page).wait(5_000).handle(Event::BrowserClosed);
    for _ in 0..3 {
        sale.timer().status(&page);
    }
    assert_eq!(sale.count(|effect| opened(effect).is_some()), 1);
}
