//! A sale in every phase in which it can be stored, reached through the public state machine.

use salekit_core::{
    CardBrand, CardSummary, Money, SaleId, Secret, Unanswered,
    flow::{Event, Jitter, Order, Plan, State},
    wire::{
        Reply,
        merchant::{self, SessionAnswer},
    },
};

use salekit_testkit::sale::{INVOICE, LOST, START, Sale, UNREACHABLE, access_token, initiate, parties, session_token};

pub(crate) const PROCESSING: &str = r#"{"state":"PROCESSING","orderId":"9876543"}"#;
pub(crate) const CHALLENGE: &str = r#"{"state":"REDIRECT_REQUEST","redirectUrl":"https://acs.example/1"}"#;
pub(crate) const SECOND_CHALLENGE: &str = r#"{"state":"REDIRECT_REQUEST","redirectUrl":"https://acs.example/2"}"#;
pub(crate) const APPROVED: &str = r#"{"state":"APPROVED","orderId":"9876543","bankOrderId":"b1","transaction":{"amountCentis":1050,"currency":"EUR","commissionCentis":5,"orderCreatedDate":"2027-01-15 08:00:00.000+0000"},"secure3DAuthStatus":"AUTHENTICATED"}"#;
const REFUSAL: &str = r#"{"error":{"cause":"FILTERED","code":"ref-1","message":"velocity"}}"#;
pub(crate) const DECLINED: &str = r#"{"state":"DECLINED","errorCode":116,"errorMessage":"Insufficient funds"}"#;

/// Each name is the name of a fixture.
pub(crate) fn all() -> Vec<(&'static str, Sale)> {
    let mut sales = before_perform();
    sales.extend(around_perform());
    sales.extend(after_perform());
    sales.extend(finished());
    sales
}

fn begun(plan: Plan, token: Option<Secret>) -> Sale {
    let order = Order {
        amount: Money::from_minor_units(1_050, "EUR").unwrap(),
        serial_number: "device-0001".to_owned(),
        card: CardSummary::new(CardBrand::Visa, "1111", 16).ok(),
        merchant_order_id: Some("order 17".to_owned()),
    };
    let state = State::new(
        SaleId::from_random([7; 16]),
        parties(),
        order,
        plan,
        token,
        Jitter(42),
        START,
    );
    let mut sale = Sale::new(plan);
    sale.state = state;
    sale
}

fn started() -> Sale {
    let mut sale = begun(Plan::default(), Some(Secret::new("t".repeat(64))));
    sale.handle(Event::Start);
    sale
}

fn performing() -> Sale {
    performing_with(Plan::default())
}

fn performing_with(plan: Plan) -> Sale {
    let mut sale = begun(plan, Some(Secret::new("t".repeat(64))));
    sale.handle(Event::Start).initiated().saved();
    sale
}

fn polling() -> Sale {
    with(performing(), |sale| {
        sale.accepted().timer();
    })
}

fn paid_by_stored_card() -> Sale {
    let mut sale = begun(Plan::default(), Some(Secret::new("t".repeat(64))));
    let order = Order {
        card: None,
        ..sale.state.order().clone()
    };
    let token = Some(Secret::new("t".repeat(64)));
    let id = sale.state.id().clone();
    sale.state = State::new(id, parties(), order, Plan::default(), token, Jitter(42), START);
    sale
}

fn with(mut sale: Sale, then: impl FnOnce(&mut Sale)) -> Sale {
    then(&mut sale);
    sale
}

fn before_perform() -> Vec<(&'static str, Sale)> {
    let authorising = with(begun(Plan::default(), None), |sale| {
        sale.handle(Event::Start);
    });
    vec![
        ("new", begun(Plan::default(), Some(Secret::new("t".repeat(64))))),
        ("new_without_token", begun(Plan::default(), None)),
        ("authorising", authorising.clone()),
        (
            "authorising_waits",
            with(authorising, |sale| {
                let request = sale.last(access_token);
                sale.wait(200)
                    .handle(Event::AccessToken(request, Err(Unanswered::Failed(LOST))));
            }),
        ),
        ("initiating", started()),
        (
            "initiating_waits",
            with(started(), |sale| {
                let request = sale.last(initiate);
                sale.wait(200).handle(Event::Initiate(request, Err(LOST)));
            }),
        ),
        (
            "committing",
            with(started(), |sale| {
                sale.wait(200).initiated();
            }),
        ),
    ]
}

fn around_perform() -> Vec<(&'static str, Sale)> {
    let lost = |sale: &mut Sale| {
        sale.wait(300).performed(Err(LOST));
    };
    let refused = |status| {
        let reply = Reply::new(status, r#"{"error":{"cause":"INVALID_REQUEST"}}"#);
        Err(Unanswered::Refused(
            merchant::read_session_token(&reply, INVOICE).unwrap_err(),
        ))
    };
    vec![
        ("performing", performing()),
        (
            "performing_waits",
            with(performing(), |sale| {
                sale.wait(300).performed(Err(UNREACHABLE));
            }),
        ),
        (
            "recovering_refused",
            with(performing(), |sale| {
                sale.wait(300).perform_reply(400, REFUSAL);
            }),
        ),
        (
            "performing_cancelled",
            with(performing(), |sale| {
                sale.handle(Event::Cancel).handle(Event::Background);
            }),
        ),
        ("recovering", with(performing(), lost)),
        (
            "recovering_unclear",
            with(performing(), |sale| {
                sale.wait(300).perform_reply(502, "Bad Gateway");
            }),
        ),
        (
            "recovering_waits",
            with(performing(), |sale| {
                lost(sale);
                let request = sale.last(session_token);
                sale.handle(Event::SessionToken(request, refused(404)));
            }),
        ),
        (
            "recovering_renews",
            with(performing(), |sale| {
                lost(sale);
                let request = sale.last(session_token);
                sale.handle(Event::SessionToken(request, refused(403)));
            }),
        ),
        (
            "recovering_renewed",
            with(performing(), |sale| {
                lost(sale);
                let request = sale.last(session_token);
                sale.handle(Event::SessionToken(request, refused(403)));
                let request = sale.last(access_token);
                sale.handle(Event::AccessToken(request, Ok(Secret::new("u".repeat(64)))));
            }),
        ),
    ]
}

fn after_perform() -> Vec<(&'static str, Sale)> {
    let challenged = with(polling(), |sale| {
        sale.wait(100).status(CHALLENGE);
    });
    vec![
        (
            "processing_unasked",
            with(performing(), |sale| {
                sale.accepted();
            }),
        ),
        ("processing", polling()),
        (
            "processing_waits",
            with(polling(), |sale| {
                sale.wait(100).status(PROCESSING);
            }),
        ),
        (
            "processing_fails",
            with(polling(), |sale| {
                sale.wait(100).status_answer(Err(LOST)).timer().status_reply(502, "");
            }),
        ),
        ("challenge", challenged.clone()),
        (
            "challenge_returned",
            with(challenged.clone(), |sale| {
                sale.wait(900).handle(Event::BrowserReturned);
            }),
        ),
        (
            "challenge_closed",
            with(challenged.clone(), |sale| {
                sale.wait(900).handle(Event::BrowserClosed);
            }),
        ),
        (
            "challenge_second",
            with(challenged.clone(), |sale| {
                sale.timer().status(SECOND_CHALLENGE);
            }),
        ),
        (
            "challenge_passed",
            with(challenged.clone(), |sale| {
                sale.timer().status(PROCESSING);
            }),
        ),
        (
            "challenge_cancelled",
            with(challenged, |sale| {
                sale.handle(Event::Cancel).handle(Event::Background);
            }),
        ),
    ]
}

fn finished() -> Vec<(&'static str, Sale)> {
    let without_recovery = Plan {
        can_recover_session: false,
        ..Plan::default()
    };
    vec![
        (
            "approved",
            with(polling(), |sale| {
                sale.wait(100).status(APPROVED);
            }),
        ),
        (
            "declined",
            with(polling(), |sale| {
                sale.wait(100).status(DECLINED);
            }),
        ),
        (
            "not_charged",
            with(performing(), |sale| {
                sale.perform_reply(400, REFUSAL).session(Ok(SessionAnswer::Void));
            }),
        ),
        (
            "not_charged_voided",
            with(performing(), |sale| {
                sale.performed(Err(LOST)).wait(30_000);
                sale.session(Err(Unanswered::Failed(LOST)))
                    .session(Ok(SessionAnswer::Void));
            }),
        ),
        (
            "approved_by_stored_card",
            with(paid_by_stored_card(), |sale| {
                sale.handle(Event::Start)
                    .initiated()
                    .saved()
                    .accepted()
                    .timer()
                    .status(APPROVED);
            }),
        ),
        (
            "unknown",
            with(polling(), |sale| {
                sale.wait(100).handle(Event::Cancel).status(PROCESSING);
            }),
        ),
        (
            "unknown_unasked",
            with(performing_with(without_recovery), |sale| {
                sale.performed(Err(LOST));
            }),
        ),
    ]
}
