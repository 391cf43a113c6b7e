//! Mistakes that the exploration has found in the flow, each as a test of its own.

use salekit_core::{
    SaleOutcome, Unanswered, UnknownReason,
    flow::{Effect, Event, Plan, Snapshot},
};

use salekit_testkit::sale::{LOST, Sale, session_token};

const CHALLENGE: &str = r#"{"state":"REDIRECT_REQUEST","redirectUrl":"https://acs.example/challenge"}"#;
const PROCESSING: &str = r#"{"state":"PROCESSING"}"#;
const DECLINED: &str = r#"{"state":"DECLINED"}"#;

/// The sale as another process restores it.
fn restored(sale: &Sale) -> Sale {
    let Snapshot(state) = Snapshot::decode(&Snapshot(sale.state.clone()).encode()).unwrap();
    Sale {
        state,
        now: sale.now,
        effects: Vec::new(),
        history: Vec::new(),
    }
}

fn closes(sale: &Sale) -> bool {
    sale.effects.iter().any(|effect| matches!(effect, Effect::CloseBrowser))
}

fn opens(sale: &Sale) -> bool {
    sale.effects
        .iter()
        .any(|effect| matches!(effect, Effect::OpenBrowser { .. }))
}

/// A report that a page was closed may be about the page before it, or wrong.
#[test]
fn a_word_that_the_page_is_closed_does_not_leave_one_open() {
    let mut sale = Sale::polling(Plan::default());
    sale.status(CHALLENGE).handle(Event::BrowserClosed);
    sale.timer().status(DECLINED);
    assert!(closes(&sale), "{:?}", sale.effects);
}

/// The process was killed after it opened the page and before it saved that.
#[test]
fn a_page_that_outlived_the_process_is_taken_away() {
    let asked = Sale::polling(Plan::default());
    let mut sale = restored(&asked);
    sale.handle(Event::Resume).status(DECLINED);
    assert!(closes(&sale), "{:?}", sale.effects);

    let plan = Plan {
        can_recover_session: false,
        ..Plan::default()
    };
    let mut sale = restored(&Sale::performing(plan));
    sale.handle(Event::Resume);
    assert!(closes(&sale), "{:?}", sale.effects);
}

/// The first resume of an unknown sale opened a page, but saved nothing before the process was killed.
#[test]
fn a_page_of_a_lost_resume_is_taken_away() {
    let mut sale = Sale::polling(Plan::default());
    sale.handle(Event::Cancel).status(PROCESSING);
    assert!(matches!(sale.outcome(), Some(SaleOutcome::Unknown(_))));
    let mut sale = restored(&sale);
    sale.handle(Event::Resume).status(DECLINED);
    assert!(closes(&sale), "{:?}", sale.effects);
}

#[test]
fn a_page_that_comes_when_the_time_is_over_is_not_opened() {
    let plan = Plan::default();
    let mut sale = Sale::polling(plan);
    sale.status(CHALLENGE).timer();
    sale.wait(plan.challenge_window)
        .status(&CHALLENGE.replace("challenge", "second"));
    assert!(matches!(sale.outcome(), Some(SaleOutcome::Unknown(_))));
    assert!(!opens(&sale), "{:?}", sale.effects);
}

/// Found by reading, not by the exploration: the grace of a resumed sale must also apply to a challenge.
#[test]
fn a_sale_that_is_resumed_late_still_shows_its_page() {
    let plan = Plan::default();
    let mut sale = Sale::polling(plan);
    sale.status(CHALLENGE).timer().status(PROCESSING);
    sale.wait(plan.challenge_window * 2);
    let mut sale = restored(&sale);
    sale.handle(Event::Resume).status(CHALLENGE);
    assert!(opens(&sale), "{:?}", sale.effects);
    assert_eq!(sale.outcome(), None);
}

#[test]
fn a_cancel_before_a_restart_does_not_end_the_resumed_sale() {
    let mut sale = Sale::performing(Plan::default());
    sale.handle(Event::Cancel).handle(Event::Background);
    let mut sale = restored(&sale);
    sale.handle(Event::Resume);
    let request = sale.last(session_token);
    sale.handle(Event::SessionToken(request, Err(Unanswered::Failed(LOST))));
    assert_eq!(sale.outcome(), None);

    let plan = Plan {
        can_recover_session: false,
        ..Plan::default()
    };
    let mut sale = Sale::performing(plan);
    sale.handle(Event::Cancel).handle(Event::Background);
    let mut sale = restored(&sale);
    sale.handle(Event::Resume);
    let Some(SaleOutcome::Unknown(unknown)) = sale.outcome() else {
        panic!("{:?}", sale.effects)
    };
    assert_eq!(unknown.reason, UnknownReason::PerformAnswerLost);
}
